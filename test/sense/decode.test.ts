import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { profileSchema } from '../../src/config/profile.ts';
import { GatewayError } from '../../src/errors.ts';
import { fieldsOf, fieldsWithin, planReads } from '../../src/sense/decode.ts';

const profile = (fields: object[], more: object = {}) =>
  v.parse(profileSchema, {
    profile: 'test',
    title: { en: 'test', zh: '测试' },
    source: 'made for this test',
    tested: 'simulated',
    addressBase: 0,
    wordOrder: 'high-first',
    fields,
    ...more,
  });

function decode(field: object, words: number[], more: object = {}): unknown {
  const [ready] = fieldsOf(profile([field], more));
  return ready?.decode(words, 0);
}

const number = { signal: 'positionMm', table: 'holding', address: 1 };

test('numbers of every type, in both word orders', () => {
  assert.is(decode({ ...number, type: 'uint16' }, [0xffff]), 65_535, 'uint16');
  assert.is(decode({ ...number, type: 'int16' }, [0xfff6]), -10, 'int16');
  assert.is(decode({ ...number, type: 'uint32' }, [0x0001, 0x0002]), 65_538, 'uint32, high first');
  assert.is(decode({ ...number, type: 'uint32' }, [0x0002, 0x0001], { wordOrder: 'low-first' }), 65_538, 'low first');
  assert.is(decode({ ...number, type: 'int32' }, [0xffff, 0xfffe]), -2, 'int32');
  // A flow meter in a public capture sends 23.0 so.
  assert.is(Math.round(Number(decode({ ...number, type: 'float32' }, [0x41b8, 0x0194])) * 1000), 23_001, 'float32');
});

test('scale and offset give the unit in the name, without dust', () => {
  assert.is(decode({ ...number, scale: 0.1 }, [3]), 0.3, '3 * 0.1');
  assert.is(decode({ ...number, offset: -1 }, [4]), 3, 'landings counted from 1');
});

test('flags: a bit, its inverse, a coil', () => {
  const door = { signal: 'doorClosed', table: 'holding', address: 0 };
  assert.is(decode({ ...door, bit: 3 }, [0b1000]), true, 'bit 3');
  assert.is(decode({ ...door, bit: 3, invert: true }, [0b1000]), false, 'inverted');
  assert.is(decode({ ...door, table: 'coil', type: 'bit' }, [1]), true, 'a coil');
});

test('named values: packed bits, unknown numbers are unknown', () => {
  const mode = { signal: 'mode', table: 'holding', address: 0, bits: [4, 7], values: { 7: 'normal' } };
  assert.is(decode(mode, [0x0070]), 'normal', 'bits 4 to 7');
  assert.is(decode(mode, [0x0060]), null, 'a number that the profile does not list');
});

test('not a number is not known', () => {
  assert.is(decode({ ...number, type: 'float32' }, [0x7fc0, 0]), null, 'NaN');
});

for (const [name, field, words] of [
  ['a flag without a bit', { signal: 'doorClosed', table: 'input', address: 0 }, /bit/],
  ['a number from a bit', { signal: 'landing', table: 'input', address: 0, bit: 1 }, /register/],
  ['a mode without values', { signal: 'mode', table: 'input', address: 0 }, /values/],
  ['an address off the wire', { signal: 'landing', table: 'input', address: 65_535, type: 'uint32' }, /65535/],
  ['address 0 of a table that counts from 1', { signal: 'landing', table: 'input', address: 0, base: 1 }, /65535/],
  [
    'bits the wrong way round',
    { signal: 'mode', table: 'input', address: 0, bits: [7, 4], values: { 0: 'normal' } },
    /lowest/,
  ],
  ['a bit of a 32-bit value', { signal: 'doorClosed', table: 'input', address: 0, bit: 1, type: 'uint32' }, /16-bit/],
] as const) {
  test(`refused: ${name}`, () => {
    const { base = 0, ...rest } = field as typeof field & { base?: number };
    assert.throws(
      () => fieldsOf(profile([rest], { addressBase: base })),
      (error: unknown) => error instanceof GatewayError && words.test(error.hint) && error.where.includes('fields[0]'),
      'says what and which field',
    );
  });
}

test('the plan merges neighbours across small holes, keeps tables apart, and never asks for too many', () => {
  const at = (address: number, table = 'input') => ({ signal: 'landing', table, address });
  const plan = (fields: object[], quirks: object) => {
    const ready = profile(fields, { quirks });
    return planReads(fieldsOf(ready), ready.quirks).map(({ table, address, count }) => `${table} ${address}+${count}`);
  };
  assert.equal(plan([at(0), at(3), at(12)], { mergeGap: 4 }), ['input 0+4', 'input 12+1'], 'a hole of 2 and one of 8');
  assert.equal(plan([at(0), at(1, 'holding')], {}), ['holding 1+1', 'input 0+1'], 'two tables');
  assert.equal(
    plan([at(0), at(9), at(10)], { maxRegisters: 10, mergeGap: 20 }),
    ['input 0+10', 'input 10+1'],
    'ten at most',
  );
  assert.equal(plan([at(5), at(5), at(4)], {}), ['input 4+2'], 'overlapping');
});

test('fields lie within any read that covers them, whoever made it', () => {
  const fields = fieldsOf(profile([{ ...number, type: 'int32', address: 5 }]));
  const within = (address: number, count: number) =>
    fieldsWithin(fields, { table: 'holding', address, count }).map(({ at }) => at);
  assert.equal(within(0, 10), [5], 'in the middle of a long read');
  assert.equal(within(5, 2), [0], 'exactly');
  assert.equal(within(5, 1), [], 'only half of it');
});

test.run();
