/** What is wrong in the `frames` of a profile, each with its line and what should stand there. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';

// The language is read once, when the first module asks for it.
process.env.LC_ALL = 'C';
const { problemLine } = await import('../../src/config/problems.ts');
const { parseProfile, readProfile, shippedProfiles } = await import('../../src/config/profiles.ts');
const { fieldsOf, payloadNeeds } = await import('../../src/sense/decode.ts');

/** AA 55, length of the payload, payload, XOR */
const SOUND = [
  ...['start: [0xaa, 0x55]', 'length: { offset: 2, counts: payload }', 'payloadOffset: 3', 'check: xor'],
  ...['maxBytes: 32'],
];

const FIELDS = [
  '{ signal: moving, table: input, address: 0, bit: 0 }',
  '{ signal: speedMmPerS, table: holding, address: 1, type: int16 }',
  '{ signal: positionMm, table: holding, address: 3, type: int32 }',
  '{ signal: loadPercent, table: holding, address: 7, type: float32 }',
];

function read(frames: readonly string[], fields: readonly string[] = FIELDS) {
  const lines = [
    ...['profile: own', 'title: { en: Own, zh: 自有 }', 'source: Made for this test alone.', 'tested: simulated'],
    ...['addressBase: 0', 'wordOrder: low-first', 'frames:', ...frames.map((line) => `  ${line}`)],
    ...['fields:', ...fields.map((line) => `  - ${line}`)],
  ];
  return parseProfile(`${lines.join('\n')}\n`, 'own.yaml');
}

function said(frames: readonly string[], fields?: readonly string[]): string[] {
  const outcome = read(frames, fields);
  return outcome.kind === 'wrong' ? outcome.problems.map(problemLine) : [];
}

/** SOUND with lines of its own; null leaves one out. */
function but(changes: { readonly [key: string]: string | null }): string[] {
  const kept = SOUND.filter((line) => !Object.hasOwn(changes, line.split(':')[0] ?? ''));
  return [...kept, ...Object.entries(changes).flatMap(([key, value]) => (value === null ? [] : `${key}: ${value}`))];
}

test('a sound one has none', () => {
  assert.equal(said(SOUND), [], 'with a length');
  assert.equal(said(but({ length: null, maxBytes: null, bytes: '15' })), [], 'of one length');
  const open = but({ start: null, length: null, payloadOffset: '0', bytes: '12' });
  assert.equal(said(open), [], 'without start bytes, of one length, checked');
});

test('each mistake is told at its place, with what should stand there', () => {
  const mistakes: [changes: { readonly [key: string]: string | null }, words: string][] = [
    [{ length: null }, 'frames: no length; expected `bytes` or `length`'],
    [{ bytes: '15' }, 'frames: two lengths; expected `bytes` or `length`'],
    [{ check: 'none' }, 'frames.check: none; expected a check, or `start`, `bytes` and `end`'],
    [{ start: null }, 'frames.start: no start bytes; expected some, or `bytes`'],
    [{ payloadOffset: '1' }, 'frames.payloadOffset: 1; expected 2 or more'],
    [{ length: '{ offset: 1, counts: frame }' }, 'frames.length.offset: bytes 1 to 1; expected between'],
    [{ length: '{ offset: 2, width: 2, counts: frame }' }, 'frames.length.offset: bytes 2 to 3; expected between'],
    [{ maxBytes: '4' }, 'frames.maxBytes: 4; expected 5 or more'],
    [{ maxBytes: null, length: null, bytes: '4' }, 'frames.bytes: 4; expected 5 or more'],
    [{ unitOffset: '5' }, 'frames.unitOffset: 5; expected less than 5'],
    [{ type: '{ offset: 9, value: 1 }' }, 'frames.type.offset: 9; expected less than 5'],
    [{ checkFrom: '4' }, 'frames.checkFrom: 4; expected less than 4'],
    [{ maxBytes: '513' }, 'frames.maxBytes: 513; expected a whole number from 2 to 512'],
    [{ start: '[0x1aa]' }, 'frames.start[0]: '],
    [{ check: 'crc16' }, 'did you mean crc16-'],
    [{ payloadOfset: '3' }, 'did you mean payloadOffset?'],
  ];
  for (const [changes, words] of mistakes) {
    const problems = said(but(changes));
    assert.ok(
      problems.some((line) => line.includes(words)),
      `${words} in:\n${problems.join('\n')}`,
    );
    assert.match(problems[0] ?? '', /^own\.yaml:\d+:\d+ /, 'with its line');
  }
});

test('a field that the payload cannot hold is told', () => {
  const mistakes = [
    ['{ signal: moving, table: coil, address: 0, type: bit }', 'table `input` (a byte) or `holding`'],
    ['{ signal: speedMmPerS, table: input, address: 0, type: int16 }', 'int16 is read from `holding`'],
    // 32 bytes less two of start, one of length and one of check: 28
    ['{ signal: positionMm, table: holding, address: 25, type: int32 }', 'byte 29 of a payload that has 28 at most'],
    ['{ signal: positionMm, table: holding, address: 25, type: uint32 }', 'byte 29 of a payload that has 28 at most'],
    ['{ signal: landing, table: input, address: 28 }', 'byte 29 of a payload that has 28 at most'],
    ['{ signal: landing, table: holding, address: 27 }', 'byte 29 of a payload that has 28 at most'],
  ] as const;
  for (const [field, words] of mistakes) {
    const problems = said(SOUND, [field]).join('\n');
    assert.ok(problems.includes(words), `${words} in:\n${problems}`);
  }
  assert.equal(
    said(SOUND, ['{ signal: positionMm, table: holding, address: 24, type: int32 }']),
    [],
    'the last that fits',
  );
  assert.equal(said(SOUND, ['{ signal: landing, table: input, address: 27 }']), [], 'the last byte');
  assert.equal(said(SOUND, ['{ signal: landing, table: holding, address: 26 }']), [], 'the last number of 16 bits');
  assert.equal(said(SOUND, ['{ signal: moving, table: input, address: 0, bit: 1, type: bit }']), [], 'a bit of a byte');
});

test('long numbers take two registers that do not overlap, in the word order of the profile', () => {
  const outcome = read(SOUND);
  if (outcome.kind !== 'read') throw new Error('it is sound');
  assert.equal(payloadNeeds(outcome.profile), { input: 1, holding: 11 }, 'bytes from the first on');
  const payload = new DataView(new ArrayBuffer(11));
  payload.setInt16(1, -1750);
  // Low word first, as the profile says.
  payload.setUint16(3, -42_000 & 0xffff);
  payload.setUint16(5, (-42_000 >> 16) & 0xffff);
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, 62.5);
  payload.setUint16(7, bits.getUint16(2));
  payload.setUint16(9, bits.getUint16(0));
  const registers = Array.from({ length: 10 }, (_, at) => payload.getUint16(at));
  const fields = fieldsOf(outcome.profile).filter(({ table }) => table === 'holding');
  assert.equal(
    fields.map(({ signal, address, size, decode }) => [signal, address + size, decode(registers, address)]),
    [
      ['speedMmPerS', 2, -1750],
      ['positionMm', 6, -42_000],
      ['loadPercent', 10, 62.5],
    ],
    'each, and the register after its last',
  );
});

test('a profile of pushed frames is shipped, and scan does not ask for it', () => {
  const shipped = readProfile('dcp-tap', 'site.yaml');
  assert.ok(shipped.kind === 'read' && shipped.profile.frames, 'dcp-tap');
  assert.ok(
    shippedProfiles().every(({ frames }) => !frames),
    'those that are asked',
  );
});

test.run();
