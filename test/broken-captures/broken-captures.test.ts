import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayError } from '../../src/errors.ts';
import type { CaptureItem } from '../../src/trace/capture.ts';
import { type Capture, CaptureReader, parseCapture } from '../../src/trace/file.ts';
import { good, goodItems } from '../trace/samples.ts';
import { table } from './table.ts';

const SEED = 50;
const MUTATIONS = 2000;

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return null;
}

/** As parseCapture, but handed over byte by byte. */
function parseSlowly(bytes: Uint8Array): { items: CaptureItem[]; truncated: string | null } {
  const reader = new CaptureReader('FILE');
  const items: CaptureItem[] = [];
  for (let at = 0; at < bytes.length; at++) items.push(...reader.push(bytes.subarray(at, at + 1)));
  return { items, truncated: reader.end() };
}

test('the table is as long as it is said to be', () => {
  assert.ok(table.length >= 50, `${table.length} broken captures`);
  assert.is(new Set(table.map(({ name }) => name)).size, table.length, 'each has a name of its own');
});

for (const { name, bytes, says, reads } of table) {
  test(name, () => {
    if (reads !== undefined) {
      const { items, truncated } = parseCapture(bytes, 'FILE');
      assert.match(truncated ?? 'nothing lost', says, 'the loss is said');
      assert.equal(items, goodItems.slice(0, reads), 'what stands before it is read');
      assert.equal(parseSlowly(bytes), { items, truncated }, 'the same byte by byte');
      return;
    }
    const error = errorOf(() => parseCapture(bytes, 'FILE'));
    assert.instance(error, GatewayError, 'an error for people');
    const { code, message, where, hint } = error as GatewayError;
    assert.is(code, 'capture-invalid', 'its code');
    assert.match(message, says, 'what is wrong');
    assert.match(where, /^FILE, byte \d+$/, 'where');
    assert.ok(hint.length > 10, 'what to do');
    const slow = errorOf(() => parseSlowly(bytes)) as Error;
    assert.match(slow.message, says, 'the same byte by byte');
  });
}

test('what an error says can still be read, can', () => {
  for (const { name, bytes, reads } of table) {
    if (reads !== undefined) continue;
    const error = errorOf(() => parseCapture(bytes, 'FILE')) as GatewayError;
    const [, packets, length] = /the (\d+) packets before it are whole: `head -c (\d+) FILE/.exec(error.hint) ?? [];
    if (packets === undefined) continue;
    const { items } = parseCapture(bytes.subarray(0, Number(length)), 'FILE');
    assert.is(items.length, Number(packets), `${name}: as many as were promised`);
  }
});

/** Bytes changed, removed, doubled or cut off, a few at a time. */
const mutations = fc.array(
  fc.record({
    how: fc.constantFrom('change', 'remove', 'double', 'cut'),
    at: fc.nat(good.length - 1),
    count: fc.integer({ min: 1, max: 40 }),
    byte: fc.nat(255),
  }),
  { minLength: 1, maxLength: 4 },
);

test('random damage never ends in anything but an error for people or a reading', () => {
  let read = 0;
  let refused = 0;
  const startBytes = process.memoryUsage().arrayBuffers;
  let mostBytes = 0;
  fc.assert(
    fc.property(mutations, (list) => {
      const bytes = list.reduce<Uint8Array>((file, { how, at, count, byte }) => {
        if (how === 'cut') return file.subarray(0, Math.max(at, 1));
        if (how === 'change') return file.map((old, place) => (place === at ? byte : old));
        const tail = how === 'remove' ? at + count : Math.max(at - count, 0);
        return Buffer.concat([file.subarray(0, at), file.subarray(tail)]);
      }, Uint8Array.from(good));
      let capture: Capture | null = null;
      const error = errorOf(() => {
        capture = parseCapture(bytes, 'FILE');
      });
      if (error) {
        assert.instance(error, GatewayError, `only errors for people, not ${error}`);
        refused++;
        return;
      }
      read++;
      const { items } = capture as unknown as Capture;
      assert.ok(items.length <= bytes.length / 32, 'no more items than there is room for');
      mostBytes = Math.max(mostBytes, process.memoryUsage().arrayBuffers - startBytes);
    }),
    { seed: SEED, numRuns: MUTATIONS },
  );
  assert.ok(read > 50 && refused > 500, `both happen: ${read} read, ${refused} refused`);
  assert.ok(mostBytes < 64 * 1024 * 1024, `memory stays small: ${mostBytes} bytes`);
});

test.run();
