/** decode.py, with the standard library of Python alone, reads what this box sends as we do; and both read the vectors. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decode } from '../../../src/uplink/payload.ts';
import { decodeBatch, encodeBatch } from '../../../src/uplink/small/batch.ts';
import { anyRecords } from './draw.ts';
import { VECTORS, type Vector, vectors } from './vectors.ts';

const published: readonly Vector[] = JSON.parse(readFileSync(VECTORS, 'utf8'));
const PROGRAM = `
import json, sys
from decode import decode
for line in sys.stdin:
    print(json.dumps(decode(bytes.fromhex(line))))
`;

/** What Python makes of payloads: of each its messages, as text, so that the order of properties counts. */
function pythonReads(payloads: readonly string[]): string[] {
  const folder = dirname(fileURLToPath(VECTORS));
  const { status, stdout, stderr } = spawnSync('python3', ['-B', '-c', PROGRAM], {
    ...{ input: payloads.join('\n'), encoding: 'utf8', env: { ...process.env, PYTHONPATH: folder } },
    maxBuffer: 64 * 2 ** 20,
  });
  if (status !== 0) throw new Error(stderr);
  const lines = stdout.trim().split('\n');
  return lines.map((line) => JSON.stringify(JSON.parse(line)));
}

const messagesOf = ({ messages }: Vector) => JSON.stringify(messages);

test('the published vectors are those of today: `npx tsx test/uplink/small/vectors.ts` writes them', () => {
  // Not their bytes: another build of zlib packs otherwise, and as well.
  const told = ({ name, topic, messages }: Vector) => ({ name, topic, messages });
  assert.equal(published.map(told), JSON.parse(JSON.stringify(vectors().map(told))), 'what they say');
  assert.ok(published.length > 30, 'there are many');
});

test('we read the vectors', () => {
  for (const { name, topic, payload, messages } of published) {
    const read = decode(topic, Buffer.from(payload, 'hex')).map(({ message }) => message);
    assert.is(JSON.stringify(read), JSON.stringify(messages), name);
  }
});

test('Python reads the vectors', () => {
  const read = pythonReads(published.map(({ payload }) => payload));
  published.forEach((vector, at) => {
    assert.is(read[at], messagesOf(vector), vector.name);
  });
});

test('Python reads batches of any JSON as we do', () => {
  const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const payloads = fc.sample(anyRecords, { numRuns: 400, seed }).map((given) => encodeBatch('box-1', given));
  const read = pythonReads(payloads.map((payload) => Buffer.from(payload).toString('hex')));
  payloads.forEach((payload, at) => {
    const { box, records } = decodeBatch(payload);
    const messages = records.map(({ boot, seq, body }) => ({ box, boot, seq, ...body }));
    assert.is(read[at], JSON.stringify(messages), `batch ${at} of FUZZ_SEED=${seed}`);
  });
});

test('Python refuses what is cut off', () => {
  const [packed] = published.filter(({ name }) => name === 'fault, packed');
  const cut = packed?.payload.slice(0, -8) ?? '';
  assert.throws(() => pythonReads([cut]), /cut off, or unpacks to too much/, 'cut off');
});

test.run();
