/** Many records in one payload: whatever JSON they are, they come out as they went in. */

import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeRecord } from '../../../src/uplink/payload.ts';
import { decodeBatch, encodeBatch } from '../../../src/uplink/small/batch.ts';
import { fold } from '../../../src/uplink/small/fold.ts';
import type { BatchRecord } from '../../../src/uplink/small/form.ts';
import { packOne } from '../../../src/uplink/small/pack.ts';
import { unfold } from '../../../src/uplink/small/unfold.ts';
import { records } from '../samples.ts';
import { anyRecords } from './draw.ts';

const namesOnly = ({ lift, boot, seq, body }: BatchRecord) => ({ lift, boot, seq, body });

/** As text, so that the order of properties counts too. */
function textOf(given: readonly BatchRecord[]): string {
  return JSON.stringify(given.map(namesOnly));
}

test('whatever JSON the bodies are, they come out byte for byte, in their order and with their names', () => {
  void fc.assert(
    fc.property(anyRecords, (given) => {
      const decoded = decodeBatch(encodeBatch('box-1', given));
      assert.is(decoded.box, 'box-1', 'the box');
      // What JSON does not hold (-0) is as JSON has it.
      assert.is(textOf(decoded.records), textOf(JSON.parse(JSON.stringify(given))), 'the records');
    }),
    { numRuns: 1500 },
  );
});

test('records of the box itself, of every type and several boots, in one batch', () => {
  const twice = [...records, ...records.map((one) => ({ ...one, boot: 'boot-2' }))];
  const decoded = decodeBatch(encodeBatch('box-1', twice));
  assert.is(textOf(decoded.records), textOf(twice), 'as they were');
  const sent = decoded.records.map((one) => encodeRecord(decoded.box, { ...one, id: 1, lane: 'alarm' }));
  assert.equal(
    sent,
    twice.map((one) => encodeRecord('box-1', one)),
    'byte for byte the messages they would have been',
  );
});

test('the same records give the same bytes', () => {
  assert.equal(encodeBatch('box-1', records), encodeBatch('box-1', structuredClone(records)), 'again');
});

test('no records are a batch too', () => {
  assert.equal(decodeBatch(encodeBatch('box-1', [])), { box: 'box-1', records: [] }, 'empty');
});

test('plain JSON of the same form is read as well', () => {
  const plain = new TextEncoder().encode(JSON.stringify(fold('box-1', records)));
  assert.is(textOf(decodeBatch(plain).records), textOf(records), 'not packed');
});

const trips = [10, 20, 35].map((atMs, at) => ({
  ...{ lift: 'a', boot: 'store.1', seq: at + 1 },
  body: { type: 'trip', lift: 'a', atMs, startMs: atMs - 5, from: 0, to: 1 },
}));

/** What is wrong with a batch that was changed so. */
function refusal(change: object): string {
  try {
    unfold({ ...fold('box-1', trips), ...change });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'it was read';
}

test('what is no batch is refused with the reason', () => {
  assert.match(refusal({ batch: 2 }), /batch: /, 'a later form');
  assert.match(refusal({ lifts: [['a', -1, ['']]] }), /lifts\.0\.1/, 'the property is named');
  assert.match(refusal({ runs: [['store.1', 1, 2]] }), /differ in number/, 'fewer names than rows');
  assert.match(refusal({ runs: [['store.1', 1, 1e15]] }), /differ in number/, 'far more names than rows');
  assert.match(refusal({ lifts: [['a', 3, ['100']]] }), /no shape 1/, 'a shape that is not told');
  assert.match(refusal({ lifts: [['a', 3, ['T']]] }), /no shape NaN/, 'a shape that is no number');
  assert.match(refusal({ lifts: [['a', 1e9, ['']]] }), /more than is read/, 'a few bytes that claim many rows');
  const bare = { shapes: [{ same: {}, keys: [] }], columns: [] };
  assert.match(refusal({ ...bare, lifts: [['a', 1e9, []]] }), /more than is read/, 'also where they have no property');
  const looks = [{ of: 0, name: 'lift', like: Array.from({ length: 10_000 }, () => 'lift') }];
  assert.match(
    refusal({ columns: looks, lifts: [['a', 1000, []]] }),
    /more than is read/,
    'or where each looks at many',
  );
  assert.match(refusal({ values: Array.from({ length: 12 }, () => []) }), /values/, 'more places than a number has');
  assert.match(refusal({ order: [3] }), /out of place/, 'beyond the rows');
  const { values, columns } = fold('box-1', trips);
  assert.match(refusal({ values: values.map((place) => place.map(() => '?')) }), /'.*\?' is no number/, 'no digits');
  assert.is(refusal({ values: [columns.map(() => '')] }), 'it was read', 'any digits will do');
  assert.match(refusal({ values: [columns.map(() => '*')], others: [] }), /others/, 'fewer others than are asked for');
});

test('more of a batch than can be is refused before it is unpacked whole', () => {
  const bomb = packOne(JSON.stringify({ batch: 1, box: 'x'.repeat(9 * 2 ** 20) }));
  assert.ok(bomb.length < 20_000, 'a small message');
  assert.throws(() => decodeBatch(bomb), /more than 8388608 bytes/, 'refused');
});

test.run();
