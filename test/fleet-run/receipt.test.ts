import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Heard, Receipt } from '../../hil/fleet-run/receipt.ts';
import { atMsOf, recordOf } from '../../hil/fleet-run/records.ts';
import type { StoredRecord } from '../../src/outbox/port.ts';
import { decode } from '../../src/uplink/payload.ts';
import { plainMessage } from '../../src/uplink/plain.ts';

/** As a listener prints the n-th record of a box. */
function heard(n: number, more: Partial<Heard> = {}): Heard {
  const { body, lift } = recordOf(n, 0);
  return { ...body, lift, box: 'b', boot: 'c', seq: n, ...more } as unknown as Heard;
}

function receiptOf(...all: readonly Heard[]): Receipt {
  const receipt = new Receipt();
  for (const one of all) receipt.note(one);
  return receipt;
}

const made = (records: number) => [{ box: 'b', boot: 'c', records }];

test('every record of the fleet is one that a box may send', () => {
  const types = new Set<unknown>();
  for (let n = 1; n <= 240; n++) {
    const record = { ...recordOf(n, 1_766_000_000_000), id: n, boot: 'c', seq: n } as StoredRecord;
    const { topic, payload, fault } = plainMessage('hoistway/v1/0', 'b', record);
    assert.is(fault, null, `record ${n} has a topic`);
    for (const decoded of decode(topic, Buffer.from(payload)))
      types.add(decoded.kind === 'fault' ? decoded.message.fault : decoded.kind);
  }
  assert.equal(
    [...types].sort(),
    ['alarm-button', 'door-held-open', 'entrapment', 'trip'],
    'trips and all three faults',
  );
});

test('all there, in order, with repeats: nothing is wrong', () => {
  const receipt = receiptOf(heard(1), heard(2), heard(1, { repeat: true }), heard(3), heard(2, { repeat: true }));
  const { records, repeats, missing, disordered, false: wrong } = receipt.verdict(made(3));
  assert.equal([records, repeats, missing, disordered, wrong], [3, 2, 0, 0, 0], 'the verdict');
});

test('a status is no record', () => {
  const receipt = receiptOf({ type: 'status', box: 'b', boot: 'c', seq: 0 });
  assert.is(receipt.records, 0, 'not counted');
});

for (const [what, heards, records, wrong, said] of [
  [
    'a record that never came',
    [heard(1), heard(3)],
    3,
    { missing: 1, disordered: 0, false: 0 },
    /b: 1 of 3 never came/,
  ],
  ['a box of which nothing came', [], 2, { missing: 2, disordered: 0, false: 0 }, /b: 2 of 2 never came/],
  ['one more than were made', [heard(1), heard(2)], 1, { missing: 1, disordered: 0, false: 0 }, /b: -1 of 1/],
  [
    'an older trip after a newer one of its lift',
    [heard(1), heard(3), heard(2)],
    3,
    { missing: 0, disordered: 1, false: 0 },
    /b 2: after/,
  ],
  [
    'a repeat that the worker took for new',
    [heard(1), heard(1)],
    1,
    { missing: 0, disordered: 0, false: 1 },
    /b 1: a repeat/,
  ],
  [
    'a new one that the worker took for a repeat',
    [heard(1, { repeat: true })],
    1,
    { missing: 0, disordered: 0, false: 1 },
    /b 1: a/,
  ],
  [
    'the content of another',
    [heard(1), heard(2, { atMs: atMsOf(1) })],
    2,
    { missing: 0, disordered: 0, false: 1 },
    /b 2: another's/,
  ],
] as const) {
  test(`told: ${what}`, () => {
    const verdict = receiptOf(...heards).verdict(made(records));
    const { missing, disordered, false: wrongs, examples } = verdict;
    assert.equal({ missing, disordered, false: wrongs }, wrong, 'how many of what');
    assert.match(examples.join('; '), said, 'by name');
  });
}

test('a fault may pass the trips that were made before it, and another lift is another order', () => {
  const [trip, fault, lateTrip] = [heard(24), heard(20), heard(19)];
  assert.is(fault.type, 'fault', 'the 20th is a fault');
  assert.is(receiptOf(fault, lateTrip).verdict([]).disordered, 0, 'a trip after the fault that came behind it');
  assert.is(receiptOf(trip, heard(19)).verdict([]).disordered, 0, 'of two lifts');
  assert.is(receiptOf(trip, heard(21)).verdict([]).disordered, 1, 'of one lift');
});

test.run();
