/** Our coding of Sparkplug B payloads against that of others, in both directions, and against bytes that are none. */

import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  DATATYPES,
  type Datatype,
  decodePayload,
  encodeMetrics,
  type Metric,
  PROVISIONAL_SEQ,
  restamp,
  signed,
  stamp,
  type Value,
} from '../../../src/uplink/sparkplug/payload.ts';
import { peerDecode, whole } from './peer.ts';

const VALUES: { readonly [D in Datatype]: fc.Arbitrary<Value> } = {
  Int32: fc.integer(),
  Int64: fc.maxSafeInteger(),
  Double: fc.double({ noNaN: true }),
  Boolean: fc.boolean(),
  String: fc.string({ unit: 'grapheme' }),
};
const timeMs = fc.integer({ min: 0, max: 4_102_444_800_000 });
const text = fc.string({ unit: 'grapheme', maxLength: 20 });

function metricOf(datatype: Datatype): fc.Arbitrary<Metric> {
  return fc.record(
    {
      name: text,
      alias: fc.nat(),
      timestampMs: timeMs,
      datatype: fc.constant(datatype),
      datatypeTold: fc.boolean(),
      historical: fc.boolean(),
      value: fc.option(VALUES[datatype]),
      properties: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), text, { maxKeys: 3 }),
    },
    { requiredKeys: ['datatype', 'datatypeTold', 'historical', 'value'] },
  );
}

const metrics = fc.array(fc.oneof(...(Object.keys(VALUES) as Datatype[]).map(metricOf)), { maxLength: 8 });

const told = ({ name, alias, timestampMs, datatype, datatypeTold, historical, value, properties }: Metric) => ({
  ...{ name: name ?? null, alias: alias ?? null, timestampMs: timestampMs ?? null },
  ...{ datatype: datatypeTold ? DATATYPES[datatype] : null, historical, value, properties: { ...properties } },
});

test('what we write, others read', () => {
  fc.assert(
    fc.property(metrics, timeMs, fc.option(fc.integer({ min: 0, max: 255 })), (written, atMs, seq) => {
      const read = peerDecode(stamp(encodeMetrics(written), atMs, seq));
      assert.is(read.timestampMs, atMs, 'the time');
      assert.is(read.seq, seq, 'the number');
      const understood = read.metrics.map(({ isNull: _, ...metric }, n) => ({
        ...metric,
        // An Int32 has an unsigned field, and its datatype says what it means.
        value: written[n]?.datatype === 'Int32' && metric.value !== null ? Number(metric.value) | 0 : metric.value,
      }));
      assert.equal(understood, written.map(told), 'the metrics');
    }),
  );
});

test('what we write, we read', () => {
  fc.assert(
    fc.property(metrics, timeMs, fc.integer({ min: 0, max: 255 }), (written, atMs, seq) => {
      const { metrics: read, ...rest } = decodePayload(stamp(encodeMetrics(written), atMs, seq));
      assert.equal(rest, { timestampMs: atMs, seq }, 'the time and the number');
      const understood = read.map((metric, n) => {
        const { datatype } = written[n] ?? { datatype: 'String' };
        return { ...metric, value: signed(DATATYPES[datatype], metric.value) };
      });
      assert.equal(understood, written.map(told), 'the metrics');
    }),
  );
});

test('what others write, we read', () => {
  const all = [
    { name: 'Int8', type: 'Int8', value: -5 },
    { name: 'Int16', type: 'Int16', value: -30_000 },
    { name: 'Int32', type: 'Int32', value: -2_000_000_000 },
    { name: 'Int64', type: 'Int64', value: -9_000_000_000 },
    { name: 'UInt8', type: 'UInt8', value: 250 },
    { name: 'UInt16', type: 'UInt16', value: 65_000 },
    { name: 'UInt32', type: 'UInt32', value: 4_000_000_000 },
    { name: 'UInt64', type: 'UInt64', value: 9_000_000_000 },
    { name: 'Float', type: 'Float', value: 1.5 },
    { name: 'Double', type: 'Double', value: 1.1 },
    { name: 'Boolean', type: 'Boolean', value: true },
    { name: 'String', type: 'String', value: '电梯' },
    { name: 'DateTime', type: 'DateTime', value: 1_767_225_600_000 },
    { name: 'Text', type: 'Text', value: 'long' },
    { name: 'none', type: 'String', value: null },
  ] as const;
  const bytes = whole.encodePayload({
    timestamp: 1_767_225_600_000,
    metrics: all.map((metric, n) => ({ ...metric, alias: n + 1, timestamp: 1_767_225_600_000 + n })),
    seq: 7,
  });
  const read = decodePayload(bytes);
  assert.is(read.timestampMs, 1_767_225_600_000, 'the time');
  assert.is(read.seq, 7, 'the number');
  assert.equal(
    read.metrics.map(({ name, alias, value, datatype, timestampMs }) => [
      name,
      alias,
      signed(datatype, value),
      timestampMs,
    ]),
    all.map(({ name, value }, n) => [name, n + 1, value, 1_767_225_600_000 + n]),
    'every plain datatype',
  );
});

test('a whole number is rounded, not cut off', () => {
  const whole = (datatype: Datatype): Metric => ({ datatype, datatypeTold: true, historical: false, value: -2.6 });
  const { metrics: read } = peerDecode(stamp(encodeMetrics([whole('Int32'), whole('Int64')]), 1, 0));
  assert.equal(
    read.map(({ value }) => Number(value) | 0),
    [-3, -3],
    'to the nearest',
  );
});

test('what is richer than a plain value is passed over, and what follows it is read', () => {
  const dataSet = { numOfColumns: 1, types: ['Int32'], columns: ['a'], rows: [[1]] };
  const bytes = whole.encodePayload({
    timestamp: 1,
    metrics: [
      { name: 'set', type: 'DataSet', value: dataSet as never },
      { name: 'bytes', type: 'Bytes', value: new Uint8Array([1, 2]) },
      {
        ...{ name: 'after', type: 'Boolean', value: true },
        properties: {
          unit: { type: 'String', value: 'mm' },
          low: { type: 'Int32', value: -3 },
          high: { type: 'Int32', value: null },
        },
      },
    ],
  });
  const { metrics: read } = decodePayload(bytes);
  assert.equal(
    read.map(({ name, value }) => [name, value]),
    [
      ['set', undefined],
      ['bytes', undefined],
      ['after', true],
    ],
    'no value, and then one',
  );
  assert.equal(read[2]?.properties, { unit: 'mm', low: -3, high: null }, 'properties by their keys');
});

test('bytes that are no payload: refused, or read as little; never for long', () => {
  const good = encodeMetrics([
    {
      ...{ name: 'a', alias: 1, datatype: 'String', datatypeTold: true },
      historical: true,
      value: 'x',
      properties: { zh: '文' },
    },
  ]);
  const damaged = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => good.with(at, byte));
  let refused = 0;
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), damaged), (bytes) => {
      try {
        decodePayload(bytes);
      } catch (error) {
        assert.instance(error, Error, 'it throws an Error');
        refused++;
      }
    }),
    { numRuns: 1000 },
  );
  assert.ok(refused > 100, `many are refused: ${refused}`);
});

test('what a value costs', () => {
  const metric: Metric = {
    alias: 5,
    timestampMs: 1_767_225_600_000,
    datatype: 'Int32',
    datatypeTold: false,
    historical: false,
    value: 3,
  };
  assert.is(encodeMetrics([metric]).length, 13, 'of a small number under a small alias');
});

test('a payload with another time and number is as if it had been made so, and no larger', () => {
  fc.assert(
    fc.property(metrics, timeMs, timeMs, fc.integer({ min: 0, max: 255 }), (written, atMs, laterMs, seq) => {
      const body = encodeMetrics(written);
      const provisional = stamp(body, atMs, PROVISIONAL_SEQ);
      const final = restamp(provisional, laterMs, seq);
      assert.equal(final, stamp(body, laterMs, seq), 'the same bytes');
      if (laterMs > 2 ** 36 && atMs > 2 ** 36) assert.ok(final.length <= provisional.length, 'no larger');
    }),
  );
});

test.run();
