/** Records of any JSON, by chance: most with the names that the plans know, so that each way of foretelling meets each value. */

import * as fc from 'fast-check';
import type { BatchRecord } from '../../../src/uplink/small/form.ts';

const number = fc.oneof(
  fc.integer({ min: -50, max: 50 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(2 ** 53, 2 ** 53 + 2, -(2 ** 60), 1e21, 1e300, -0, 0.1, Number.MIN_VALUE, 36 ** 5, 36 ** 5 - 1),
);
const value = fc.oneof(
  { weight: 6, arbitrary: number },
  { weight: 2, arbitrary: fc.constantFrom(true, false, null, '', 'T', 'N', '*', '0', [0], []) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
);
const name = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom(
      ...['atMs', 'startMs', 'from', 'to', 'direction', 'distanceMm', 'levelErrorMm', 'landing', 'lift', 'wallMs'],
      ...['openingMs', 'registrationNumber', 'box', 'boot', 'seq', '__proto__', 'constructor', '7', 'toString'],
    ),
  },
  { weight: 1, arbitrary: fc.string() },
);
const type = fc.constantFrom('trip', 'door-cycle', 'totals', 'clock', 'toString', '__proto__', 7, undefined);
const body = fc
  .tuple(type, fc.array(fc.tuple(name, value), { maxLength: 8 }))
  .map(([of, entries]) => ({ ...(of === undefined ? {} : { type: of }), ...Object.fromEntries(entries) }));
const record = fc.record({
  lift: fc.constantFrom(null, 'a', 'b', 'lift-c'),
  boot: fc.constantFrom('store.1', 'store.2'),
  seq: fc.oneof(fc.nat(5), fc.maxSafeInteger().map(Math.abs)),
  body,
});
/** The same properties again and again, as in life. */
const alike = fc
  .tuple(fc.uniqueArray(name, { maxLength: 6 }), fc.constantFrom('trip', 'door-cycle', 'clock'))
  .chain(([names, of]) => {
    const row = fc.tuple(...names.map(() => value)).map((values) => ({
      ...{ lift: 'a', boot: 'store.1', seq: 3 },
      body: { type: of, ...Object.fromEntries(names.map((one, at) => [one, values[at]])) },
    }));
    return fc.array(row, { maxLength: 12 });
  });

export const anyRecords: fc.Arbitrary<BatchRecord[]> = fc.oneof(fc.array(record, { maxLength: 20 }), alike);
