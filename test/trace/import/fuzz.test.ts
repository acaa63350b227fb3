/** Damaged files of every form: a result or a GatewayError, and no more bytes out than went in. */

import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayError } from '../../../src/errors.ts';
import { parseCapture } from '../../../src/trace/file.ts';
import { FORMATS } from '../../../src/trace/import/recording.ts';
import { FILES } from './files.ts';
import { importOf, SETTINGS } from './read.ts';

const SETTINGS_OF_A_WIRE = { ...SETTINGS, channels: [2] };
const RUNS: { readonly [name: string]: number | undefined } = { sigrok: 40 };

/** What happened to the file: bytes put over others, taken out, put in twice, or cut off. */
const damage = fc.record({
  kind: fc.constantFrom('over', 'over', 'out', 'twice', 'cut'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 40 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function damaged(file: Uint8Array, { kind, at, length, bytes }: Damage): Uint8Array {
  const from = Math.floor(at * file.length);
  const parts = {
    over: [file.subarray(0, from), bytes, file.subarray(from + bytes.length)],
    out: [file.subarray(0, from), file.subarray(from + length)],
    twice: [file.subarray(0, from + length), file.subarray(from)],
    cut: [file.subarray(0, from)],
  };
  return Uint8Array.from(Buffer.concat(parts[kind]));
}

/** Whether it was read; a throw that is no GatewayError fails the test. */
function tried(file: Uint8Array, options: Parameters<typeof importOf>[1]): boolean {
  try {
    const { capture, lines } = importOf(file, options);
    const out = lines.flatMap(({ chunks }) => chunks).reduce((sum, { bytes }) => sum + bytes.length, 0);
    assert.is(
      out,
      lines.reduce((sum, { counts }) => sum + counts.bytes, 0),
      'every byte is in the capture, once',
    );
    assert.ok(out <= file.length, `${out} bytes out of a file of ${file.length}`);
    assert.is(parseCapture(capture, 'made').truncated, null, 'the capture that was made can be read');
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    assert.match(error.hint, /\S/, 'what to do next');
    return false;
  }
}

for (const [name, file] of Object.entries(FILES)) {
  test(`${name}: damaged anywhere, it is read or refused`, () => {
    const settings = name === 'sigrok' ? SETTINGS_OF_A_WIRE : SETTINGS;
    assert.ok(tried(file, { settings }), 'it is read as it is');
    let read = 0;
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (all) => {
        if (tried(all.reduce(damaged, file), { settings })) read++;
      }),
      { numRuns: RUNS[name] ?? 300 },
    );
    if (name !== 'sigrok') assert.ok(read > 0, `${read} were still read`);
  });
}

test('any bytes under any name of a format are read or refused', () => {
  const files = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .string({ unit: fc.constantFrom(...'0123456789abcdefx<>[]:,. \n\t-/TR'), maxLength: 400 })
      .map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(files, fc.constantFrom(...FORMATS, undefined), (file, format) => {
      tried(file, format ? { format } : {});
    }),
    { numRuns: 2000 },
  );
});

test.run();
