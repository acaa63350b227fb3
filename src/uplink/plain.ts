/** The plain dialect: each record alone, as a JSON object. */

import type { StoredRecord } from '../outbox/port.ts';
import type { Dialect, Encoded } from './dialect.ts';
import { encodeRecord } from './payload.ts';
import { statusSession } from './status.ts';
import { recordTopic } from './topics.ts';

export function plainDialect(topicPrefix: string, box: string, boot: () => string): Dialect {
  return {
    batchRecords: 1,
    encode: (records) => records.map((record) => plainMessage(topicPrefix, box, record)),
    session: statusSession(topicPrefix, box, boot),
  };
}

export function plainMessage(topicPrefix: string, box: string, record: StoredRecord) {
  const { lift, body } = record;
  const topic = recordTopic(topicPrefix, box, lift, body.type);
  const fault = topic === null ? `no topic for lift ${lift}, type ${String(body.type)}` : null;
  return { records: [record], topic: topic ?? '', payload: encodeRecord(box, record), fault } satisfies Encoded;
}
