/**
 * Records as Sparkplug messages, for a comparison of bytes: one message a record with all that the record has, under aliases,
 * without names and datatypes. Sparkplug asks for QoS 0, so no acknowledgement belongs to it.
 */

import { VirtualClock } from '../../src/clock.ts';
import type { StoredRecord } from '../../src/outbox/port.ts';
import type { Publication } from '../../src/uplink/client.ts';
import { SparkplugDialect } from '../../src/uplink/sparkplug/sparkplug.ts';

export interface SparkplugNames {
  readonly group: string;
  readonly box: string;
}

const NAMES: SparkplugNames = { group: 'city', box: 'box-1' };

/** What a session costs before its first record: NBIRTH, and DBIRTH of each lift that the records are about. */
export function sparkplugBirths(records: readonly StoredRecord[], names = NAMES): readonly Publication[] {
  return begun(records, names).births;
}

/** The records of a session that stands, each in a message of its own. */
export function sparkplugPublications(records: readonly StoredRecord[], names = NAMES): readonly Publication[] {
  const { dialect } = begun(records, names);
  return records.flatMap((record) =>
    dialect.encode([record]).map(({ topic, payload }) => dialect.seal({ topic, payload, retain: false })),
  );
}

function begun(records: readonly StoredRecord[], names: SparkplugNames) {
  const known = new Map(records.flatMap(({ lift, body }) => (lift === null ? [] : [[lift, body] as const])));
  const lifts = [...known].map(([id, { registrationNumber, rescueLabelNumber, address }]) => ({
    id,
    registrationNumber: String(registrationNumber ?? '31101234567890123456'),
    rescueLabelNumber: String(rescueLabelNumber ?? '123456'),
    address: String(address ?? '1 Example Road, entrance 2'),
  }));
  const dialect = new SparkplugDialect({ ...names, lifts, clock: new VirtualClock(), bdSeq: { next: () => 0 } });
  dialect.will();
  const births = dialect.greet();
  dialect.note(records);
  return { dialect, births };
}
