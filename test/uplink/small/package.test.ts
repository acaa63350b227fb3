/** What developers of platforms get with the package: the decoder by its name, and the published files. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../src/package.ts';
import * as decoder from '../../../src/uplink/decode.ts';
import { samples } from '../samples.ts';

const { exports, files } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));

test('hoistway/decode is the decoder, as the build writes it', () => {
  assert.equal(
    exports['./decode'],
    { types: './dist/src/uplink/decode.d.ts', default: './dist/src/uplink/decode.js' },
    'its types and its code',
  );
  const [sample] = samples;
  const [decoded] = decoder.decode(sample?.topic ?? '', Buffer.from(sample?.payload ?? ''));
  assert.is(decoded?.kind, sample?.type, 'it reads a message');
});

test('what is published is in the package', () => {
  const published = ['decode.py', 'dictionary.txt', 'vectors.json'].map((name) => `src/uplink/small/${name}`);
  for (const path of [...published, 'src/uplink/asyncapi.yaml']) {
    assert.ok(files.includes(path), `${path} is listed`);
    assert.ok(existsSync(join(packageRoot, path)), `${path} is there`);
  }
});

test.run();
