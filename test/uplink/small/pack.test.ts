/** The container: zlib with a dictionary that, once published, never changes. */

import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dictionaryText } from '../../../hil/small/dictionary.ts';
import { packageRoot } from '../../../src/package.ts';
import { dictionaryOf, packOne, unpack } from '../../../src/uplink/small/pack.ts';
import { samples } from '../samples.ts';

/** Of the published dictionary. Another text is another dictionary: give it a file of its own, and keep this one readable. */
const PUBLISHED = '46380c0a';

const text = (path: string) => readFileSync(`${packageRoot}/${path}`, 'utf8');

test('the dictionary is the published one, and the documents name it', () => {
  assert.is(dictionaryOf(packOne('{}')), PUBLISHED, 'its Adler-32, as each packed message carries it');
  for (const path of ['src/uplink/small/README.md', 'src/uplink/asyncapi.yaml'])
    assert.match(text(path), new RegExp(`\\b${PUBLISHED}\\b`), path);
});

test('zlib reaches all of it, and what would be made of it today is much the same', () => {
  const published = text('src/uplink/small/dictionary.txt');
  assert.ok(Buffer.byteLength(published) <= 32_768 - 262, 'the reach of deflate');
  const again = deflateSync(dictionaryText(), { dictionary: Buffer.from(published), level: 9 });
  assert.ok(again.length < 3000, `${again.length} bytes of it are new: is it time for another dictionary?`);
});

test('every message comes out as it went in, and small', () => {
  for (const { type, payload } of samples) {
    const packed = packOne(payload);
    assert.is(unpack(packed), payload, `${type}: the same text`);
    assert.ok(
      packed.length < (payload.length * 2) / 3,
      `${type}: ${packed.length} bytes of ${Buffer.byteLength(payload)}`,
    );
  }
});

test('plain JSON is left as it is', () => {
  for (const { payload } of samples) assert.is(unpack(Buffer.from(payload)), payload, payload);
});

test('no message begins as zlib does', () => {
  for (const { payload } of samples) assert.is(dictionaryOf(Buffer.from(payload)), null, payload);
  assert.is(dictionaryOf(deflateSync('{}')), null, 'nor does zlib without a dictionary name one');
});

test('what cannot be unpacked says why', () => {
  const packed = packOne(samples[0]?.payload ?? '');
  assert.throws(() => unpack(packed.slice(0, 40)), /cannot be unpacked: unexpected end/, 'cut off');
  const damaged = Uint8Array.from(packed, (byte, at) => (at === packed.length - 1 ? byte ^ 1 : byte));
  assert.throws(() => unpack(damaged), /cannot be unpacked: incorrect data check/, 'a bit is wrong');
  assert.throws(() => unpack(new Uint8Array([0x7b, 0xff])), /not valid/, 'no UTF-8');
});

test.run();
