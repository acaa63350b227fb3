import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monoMs } from '../../src/clock.ts';
import type { Exchange } from '../../src/sense/observation.ts';
import type { CaptureItem } from '../../src/trace/capture.ts';
import { Coalescer } from '../../src/trace/coalesce.ts';
import { pairing, traffic } from './traffic.ts';

const SEED = 485;

/** A coalescer, and a short way to read what it emitted: `line-1 rx 1,2,3 @5` */
function rig() {
  const items: CaptureItem[] = [];
  const coalescer = new Coalescer((item) => items.push(item));
  const say = (dir: 'tx' | 'rx', atMs: number, bytes: number[], bus = 'line-1') =>
    coalescer.chunk({ bus, dir, bytes: Uint8Array.from(bytes), atMs: monoMs(atMs) });
  const told = () =>
    items
      .splice(0)
      .map((item) =>
        item.kind === 'chunk'
          ? `${item.chunk.bus} ${item.chunk.dir} ${[...item.chunk.bytes]} @${item.chunk.atMs}`
          : item.kind,
      );
  return { coalescer, say, told };
}

test('a reply in pieces is one packet, with the time of its last byte, at that moment', () => {
  const { coalescer, say, told } = rig();
  say('tx', 1, [9]);
  assert.equal(told(), ['line-1 tx 9 @1'], 'a request goes at once');
  say('rx', 2, [1]);
  say('rx', 3, [2, 3]);
  assert.equal(told(), [], 'the reply waits for its end');
  coalescer.exchangeDone('line-1');
  assert.equal(told(), ['line-1 rx 1,2,3 @3'], 'joined');
  coalescer.exchangeDone('line-1');
  coalescer.flush();
  assert.equal(told(), [], 'once only');
});

test('what completed nothing goes before the next request, with its own time', () => {
  const { coalescer, say, told } = rig();
  say('rx', 2, [1]);
  coalescer.other({ kind: 'end', atMs: monoMs(4) });
  say('rx', 5, [7], 'line-2');
  coalescer.exchangeDone('line-2');
  say('tx', 6, [9]);
  assert.equal(told(), ['end', 'line-2 rx 7 @5', 'line-1 rx 1 @2', 'line-1 tx 9 @6'], 'nothing waits for it meanwhile');
});

test('flush empties all lines, the earliest first', () => {
  const { coalescer, say, told } = rig();
  say('rx', 3, [1], 'line-2');
  say('rx', 2, [2]);
  coalescer.flush();
  assert.equal(told(), ['line-1 rx 2 @2', 'line-2 rx 1 @3'], 'by time');
});

test('a line that babbles for ever is not gathered for ever', () => {
  const { say, told } = rig();
  for (let at = 0; at < 100; at++) say('rx', at, new Array(100).fill(at));
  assert.is(told().length, 9, 'a packet for each 1100 bytes');
});

test('a replay of the packets gives the exchanges of the pieces, in the same order and at the same times', () => {
  let exchanges = 0;
  fc.assert(
    fc.property(traffic, (chunks) => {
      const items: CaptureItem[] = [];
      const coalescer = new Coalescer((item) => items.push(item));
      const lines = pairing();
      const live: Exchange[] = [];
      for (const chunk of chunks) {
        coalescer.chunk(chunk);
        const exchange = lines(chunk);
        if (!exchange) continue;
        coalescer.exchangeDone(chunk.bus);
        live.push(exchange);
        exchanges++;
      }
      coalescer.flush();
      const again = pairing();
      const replayed = items
        .map((item) => (item.kind === 'chunk' ? again(item.chunk) : null))
        .filter((one) => one !== null);
      assert.equal(replayed, live, 'the exchanges');
      const sum = (list: readonly { bytes: Uint8Array }[]) => list.reduce((bytes, one) => bytes + one.bytes.length, 0);
      assert.is(sum(items.flatMap((item) => (item.kind === 'chunk' ? [item.chunk] : []))), sum(chunks), 'no byte lost');
    }),
    { seed: SEED, numRuns: 300 },
  );
  assert.ok(exchanges > 1000, `${exchanges} exchanges were compared`);
});

test.run();
