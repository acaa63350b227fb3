import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { profileSchema } from '../../src/config/profile.ts';
import { GatewayError } from '../../src/errors.ts';
import { fieldsOf, fieldsWithin, payloadNeeds, planReads } from '../../src/sense/decode.ts';

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
  assert.is(decode({ ...number, type: 'uint32' }, [0xffff, 0xfffe]), 4_294_967_294, 'uint32, above its half');
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
  ['a number from a coil', { signal: 'landing', table: 'coil', address: 0 }, /register/],
  ['a number with values', { signal: 'landing', table: 'input', address: 0, values: { 0: true } }, /register/],
  ['a direction without values', { signal: 'direction', table: 'input', address: 0 }, /values/],
  ['bits of a 32-bit value', { signal: 'landing', table: 'input', address: 0, bits: [0, 3], type: 'int32' }, /16-bit/],
  ['a float at the last register', { signal: 'landing', table: 'input', address: 65_535, type: 'float32' }, /65535/],
  [
    'a signed pair at the last register',
    { signal: 'landing', table: 'input', address: 65_535, type: 'int32' },
    /65535/,
  ],
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

test('what is refused is refused as a part of its profile', () => {
  assert.throws(
    () => fieldsOf(profile([number, { signal: 'mode', table: 'input', address: 0 }])),
    (error: unknown) =>
      error instanceof GatewayError &&
      error.code === 'profile-invalid' &&
      error.op === 'reading a controller profile' &&
      error.where === 'test, fields[1] (mode)',
    'profile, field and signal',
  );
});

test('sound at their edges: the last register and the last pair, a single bit of bits, a flag and a number by their names', () => {
  const sound = (field: object) => fieldsOf(profile([{ table: 'input', ...field }])).length;
  assert.is(sound({ signal: 'landing', address: 65_535 }), 1, 'one word at the end of the table');
  assert.is(sound({ signal: 'landing', address: 65_534, type: 'float32' }), 1, 'two words at the end of the table');
  assert.is(sound({ signal: 'landing', address: 0, bits: [4, 4] }), 1, 'bits from 4 to 4');
  assert.is(
    sound({ signal: 'doorClosed', address: 0, values: { 2: true } }),
    1,
    'a flag that is a number with a meaning',
  );
  assert.is(sound({ signal: 'doorClosed', address: 0, table: 'discrete' }), 1, 'a discrete input');
  assert.is(sound({ signal: 'direction', address: 0, values: { 1: 'up' } }), 1, 'a direction');
});

test('packed bits are taken out of their word alone, lowest and highest', () => {
  const packed = (bits: [number, number], word: number) =>
    decode({ signal: 'landing', table: 'input', address: 0, bits }, [word]);
  assert.is(packed([0, 3], 0xabcd), 0xd, 'the low four');
  assert.is(packed([4, 11], 0xabcd), 0xbc, 'eight amid it');
  assert.is(packed([12, 15], 0xabcd), 0xa, 'the high four');
  assert.is(packed([5, 5], 0b10_0000), 1, 'one');
});

test('a word that is missing reads as 0', () => {
  assert.is(decode(number, []), 0, 'a register');
  assert.is(decode({ ...number, type: 'uint32' }, [1]), 65_536, 'the lower half');
  assert.is(decode({ ...number, type: 'uint32' }, [1], { wordOrder: 'low-first' }), 1, 'the higher half');
  assert.is(decode({ ...number, type: 'int16' }, []), 0, 'with a sign');
  assert.is(decode({ ...number, bits: [0, 3] }, []), 0, 'bits');
  assert.is(decode({ signal: 'doorClosed', table: 'input', address: 0, bit: 0 }, []), false, 'a bit');
});

test('numbers keep their sign and six decimals; a flag of values is what the profile says', () => {
  assert.is(decode({ ...number, type: 'int16' }, [0x7fff]), 32_767, 'the greatest');
  assert.is(decode({ ...number, type: 'int32' }, [0x0001, 0x0000]), 65_536, 'above 16 bits');
  assert.is(decode({ ...number, scale: 1e-6 }, [7]), 0.000007, 'a millionth');
  assert.is(decode({ ...number, scale: 1e-7 }, [7]), 0.000001, 'and no less');
  const flag = { signal: 'doorClosed', table: 'input', address: 0, values: { 2: true, 3: false } };
  assert.equal(
    [2, 3, 4].map((word) => decode(flag, [word])),
    [true, false, null],
    'closed, open, anything else',
  );
});

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
  assert.equal(plan([at(100), at(101)], { maxRegisters: 10 }), ['input 100+2'], 'far up the table');
  const wide = { signal: 'positionMm', table: 'input', address: 4, type: 'uint32' };
  assert.equal(plan([wide, at(4)], {}), ['input 4+2'], 'one within another, the longer first');
  assert.equal(plan([at(0), at(5)], { mergeGap: 4 }), ['input 0+6'], 'a hole of just so many');
  const slow = { ...at(1), group: 'slow' };
  assert.equal(
    plan([slow, at(0), at(2)], { mergeGap: 0 }),
    ['input 0+1', 'input 2+1', 'input 1+1'],
    'fast ones apart from slow ones',
  );
});

test('fields lie within any read that covers them, whoever made it', () => {
  const fields = fieldsOf(profile([{ ...number, type: 'int32', address: 5 }]));
  const within = (address: number, count: number) =>
    fieldsWithin(fields, { table: 'holding', address, count }).map(({ at }) => at);
  assert.equal(within(0, 10), [5], 'in the middle of a long read');
  assert.equal(within(5, 2), [0], 'exactly');
  assert.equal(within(5, 1), [], 'only half of it');
  assert.equal(within(6, 4), [], 'only the other half');
  assert.equal(fieldsWithin(fields, { table: 'input', address: 0, count: 10 }), [], 'another table');
});

test('bytes of a payload that the fields need, counted from the base of the profile', () => {
  const fields = [
    { signal: 'landing', table: 'input', address: 3 },
    { ...number, address: 5 },
    { ...number, address: 1, type: 'uint32' },
  ];
  assert.equal(payloadNeeds(profile(fields)), { input: 4, holding: 7 }, 'from 0');
  assert.equal(payloadNeeds(profile(fields, { addressBase: 1 })), { input: 3, holding: 6 }, 'from 1');
});

test.run();
