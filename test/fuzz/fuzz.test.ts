/** A slice of `npm run fuzz` with a fresh seed, which is printed. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fuzzFiles } from './captures.ts';
import { fuzzFrames } from './frames.ts';

const SEED = (Date.now() * 1000) % 2 ** 40;
console.log(`npm run fuzz -- --seed ${SEED}`);

test('frames: no wrong value of a sound one, and no more damaged ones than a CRC of 16 bits lets pass', () => {
  const { told, damaged, wrong, passed } = fuzzFrames(SEED, 200_000);
  assert.ok(told > 50_000 && damaged > 40_000, `${told} told, ${damaged} damaged`);
  assert.is(wrong, passed, 'wrong values of sound frames');
  assert.ok(passed <= 10, `${passed} passed; about 2 are to be expected`);
});

test('files: read or refused, and nothing else', async () => {
  const { files, read, crashes } = await fuzzFiles(SEED, 3000);
  assert.equal(crashes, [], 'crashes');
  assert.ok(read > 100 && read < files, `${read} of ${files} were read in spite of it`);
});

test.run();
