/** The small dialect: telemetry of the box in batches, everything else alone and at once, packed with the published dictionary. */

import type { StoredRecord } from '../../outbox/port.ts';
import type { Dialect, Encoded } from '../dialect.ts';
import { plainMessage } from '../plain.ts';
import { statusSession } from '../status.ts';
import { batchTopic } from '../topics.ts';
import { packOne } from './pack.ts';
import { Packer } from './packer.ts';

/** The busiest hour of eight lifts, some 13 kB packed. Of 500 each batch would begin anew so often that a trip costs a sixth more. */
const BATCH_RECORDS = 2000;

export function smallDialect(topicPrefix: string, box: string, boot: () => string): Dialect {
  const packer = new Packer();
  const alone = (record: StoredRecord): Encoded => {
    const plain = plainMessage(topicPrefix, box, record);
    return { ...plain, payload: packOne(plain.payload) };
  };
  return {
    batchRecords: BATCH_RECORDS,
    async encode(records) {
      if (records[0]?.lane !== 'telemetry') return records.map(alone);
      const payload = await packer.batch(box, records);
      return [{ records, topic: batchTopic(topicPrefix, box), payload, fault: null }];
    },
    session: statusSession(topicPrefix, box, boot),
    close: () => packer.close(),
  };
}
