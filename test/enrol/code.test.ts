import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fingerprintOf, newSecret, readCode, writeCode } from '../../src/enrol/code.ts';
import { Guesses } from '../../src/enrol/guesses.ts';

test('a code is read back, typed in capitals, with spaces or without hyphens', () => {
  const code = { secret: newSecret(), fingerprint: fingerprintOf(Buffer.from('a certificate')) };
  const text = writeCode(code);
  assert.match(text, /^([a-kmnp-z2-9]{6}-){6}[a-kmnp-z2-9]{6}$/, 'groups of six');
  for (const typed of [text, text.toUpperCase(), text.replaceAll('-', ' '), ` ${text.replaceAll('-', '')}\n`])
    assert.equal(readCode(typed), code, typed);
});

test('what is short, long or has another letter is no code', () => {
  const text = writeCode({ secret: newSecret(), fingerprint: fingerprintOf(Buffer.from('a')) });
  for (const wrong of ['', text.slice(1), `${text}a`, text.replace(/^./, 'l'), text.replace(/^./, '0')])
    assert.is(readCode(wrong), null, wrong);
});

test('fingerprints differ where a bit of the first 128 of the hash does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.uint8Array({ minLength: 1 }), (a, b) => {
      const same = Buffer.compare(a, b) === 0;
      assert.is(fingerprintOf(a) === fingerprintOf(b), same, 'only the same');
      assert.is(fingerprintOf(a).length, 26, 'always as long');
    }),
    { seed: 20_260_101 },
  );
  assert.is(new Set(Array.from({ length: 1000 }, newSecret)).size, 1000, 'secrets differ');
});

test('after five wrong codes an address rests for ten minutes; another does not, nor one that got it right', () => {
  const guesses = new Guesses();
  for (let n = 0; n < 5; n++) {
    assert.ok(guesses.allows('a', n), `the ${n + 1}st is heard`);
    guesses.noteWrong('a', n);
  }
  assert.not(guesses.allows('a', 5), 'the sixth is not');
  assert.ok(guesses.allows('b', 5), 'another address');
  assert.not(guesses.allows('a', 600_003), 'still resting');
  assert.ok(guesses.allows('a', 600_004), 'rested');
  for (let n = 0; n < 4; n++) guesses.noteWrong('c', 0);
  guesses.forget('c');
  guesses.noteWrong('c', 0);
  assert.ok(guesses.allows('c', 0), 'the right one is forgiven what was wrong before');
});

test('addresses are bounded', () => {
  const guesses = new Guesses();
  for (let n = 0; n < 5; n++) guesses.noteWrong('first', 0);
  for (let n = 0; n < 10_000; n++) guesses.noteWrong(`other-${n}`, 0);
  assert.ok(guesses.allows('first', 0), 'the one heard longest ago is dropped');
});

test.run();
