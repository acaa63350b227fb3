/** Real records of each type, as they lie in the outbox. */

import type { StoredRecord } from '../../../src/outbox/port.ts';
import { placeOf } from '../../../src/uplink/topics.ts';
import { samples } from '../samples.ts';

export const lifts = [
  {
    id: 'a',
    registrationNumber: '3110-1234',
    rescueLabelNumber: '12345',
    address: '1 Example Road, entrance 2',
  },
  {
    id: 'b',
    registrationNumber: '3110-1235',
    rescueLabelNumber: '12346',
    address: '1 Example Road, entrance 3',
  },
];

export const records: readonly StoredRecord[] = samples.flatMap(({ topic, payload }, n) => {
  const place = placeOf(topic);
  if (place?.kind !== 'record') return [];
  const { box: _, boot, seq, ...body } = JSON.parse(payload);
  return [{ id: n + 1, lane: 'alarm' as const, lift: place.lift, boot, seq, body }];
});

/** A trip that ended at this second of the simulated day. */
export function trip(id: number, second = id, lift = 'a'): StoredRecord {
  const body = {
    ...{
      type: 'trip',
      lift,
      atMs: second * 1000,
      startMs: second * 1000 - 800,
      from: 0,
      to: 1 + (id % 3),
      direction: 'up',
    },
    ...{ distanceMm: 3000, topSpeedMmPerS: 1750, passenger: true, levelErrorMm: -3, registrationNumber: '3110-1234' },
    ...{ wallMs: Date.UTC(2026, 0, 1) + second * 1000, clockTrust: 'ntp' },
  };
  return { id, lane: 'telemetry', lift, boot: '0badcafe.1', seq: id, body };
}
