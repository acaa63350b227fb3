import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MonoMs, monoMs } from '../../src/clock.ts';
import type { Exchange } from '../../src/sense/observation.ts';
import type { CaptureItem } from '../../src/trace/capture.ts';
import { type Capture, parseCapture } from '../../src/trace/file.ts';
import { FlightRecorder, type RecorderOptions } from '../../src/trace/recorder.ts';
import { good, head, timeOf } from './samples.ts';
import { pairing, traffic } from './traffic.ts';

const root = mkdtempSync(join(tmpdir(), 'hoistway-recorder-'));
test.after(() => rmSync(root, { recursive: true }));

function rig(options: Partial<RecorderOptions> = {}) {
  const dir = options.dir ?? join(mkdtempSync(join(root, 'run-')), 'captures');
  const troubles: string[] = [];
  let checkpoints = 0;
  const recorder = new FlightRecorder({
    dir,
    keepMs: 1000,
    afterMs: 500,
    maxBytes: 1_000_000,
    head: () => head,
    checkpoint: () => ++checkpoints,
    onTrouble: (why) => troubles.push(why),
    ...options,
  });
  const edge = (atMs: number, on = true) =>
    recorder.edge({ kind: 'edge', lift: 'L1', signal: 'doorOpen', on, atMs: monoMs(atMs) });
  const line = (dir: 'tx' | 'rx', atMs: number, bytes: number[], bus = 'line-1') =>
    recorder.chunk({ bus, dir, bytes: Uint8Array.from(bytes), atMs: monoMs(atMs) });
  const read = (name: string): Capture => parseCapture(readFileSync(join(dir, `${name}.pcapng`)), name);
  return { dir, recorder, troubles, edge, line, read };
}

/** `checkpoint 3 @1000`, `edge @1100`, `tx 1,2 @5`, `end @2000` */
function told(items: readonly CaptureItem[]): string[] {
  return items.map((item) => {
    if (item.kind === 'chunk') return `${item.chunk.dir} ${[...item.chunk.bytes]} @${item.chunk.atMs}`;
    return `${item.kind}${item.kind === 'checkpoint' ? ` ${item.state}` : ''} @${timeOf(item)}`;
  });
}

test('a freeze holds the past, goes on, and ends with a mark', async () => {
  const { dir, recorder, edge, read } = rig();
  edge(100);
  edge(200);
  assert.is(recorder.freeze('fault-1', monoMs(210)), 'fault-1', 'the name of the file');
  edge(300);
  recorder.tick(monoMs(709.999));
  edge(709.999);
  recorder.tick(monoMs(900));
  edge(950);
  await recorder.close();
  const { items, truncated, head: written } = read('fault-1');
  const expected = ['checkpoint 1 @100', 'edge @100', 'edge @200', 'edge @300', 'edge @709.999', 'end @710'];
  // A segment lasts 250 ms, so the checkpoint of a later one was asked for meanwhile; a file has only its first.
  assert.equal(told(items), expected, 'all from the oldest checkpoint to 500 ms after');
  assert.is(truncated, null, 'whole');
  assert.equal(written, head, 'the head');
  assert.equal(readdirSync(dir), ['fault-1.pcapng'], 'nothing else is left');
});

test('a freeze while a file is open extends it', async () => {
  const { recorder, edge, read, dir } = rig();
  edge(100);
  recorder.freeze('first', monoMs(100));
  edge(500);
  assert.is(recorder.freeze('second', monoMs(500)), 'first', 'the open one is named');
  edge(999);
  edge(1000);
  assert.is(recorder.freeze('third', monoMs(1000)), 'third', 'a new one once it has ended');
  await recorder.close();
  assert.equal(told(read('first').items).at(-1), 'end @1000', 'extended');
  assert.equal(told(read('first').items).at(-2), 'edge @999', 'up to its end');
  assert.equal(readdirSync(dir).sort(), ['first.pcapng', 'third.pcapng'], 'two files');
});

test('the past is kept for as long as asked, and not much longer', async () => {
  const { recorder, edge, read } = rig();
  for (let at = 0; at < 20_000; at += 10) edge(at);
  recorder.freeze('past', monoMs(19_990));
  await recorder.close();
  const [first] = read('past').items;
  assert.ok(first, 'something was kept');
  const ageMs = 19_990 - timeOf(first);
  assert.ok(ageMs >= 1000 && ageMs <= 1250, `between the whole and five quarters: ${ageMs} ms`);
  assert.is(recorder.droppedSegments, 0, 'nothing dropped early');
});

test('memory is bounded: the oldest goes first and is counted', async () => {
  const { recorder, line, read } = rig({ keepMs: 3_600_000, maxBytes: 400_000 });
  for (let at = 0; at < 2000; at++) line('tx', at, new Array(200).fill(at % 256));
  recorder.freeze('bounded', monoMs(2000));
  await recorder.close();
  const { items } = read('bounded');
  assert.ok(recorder.droppedSegments > 5, `${recorder.droppedSegments} segments dropped`);
  const bytes = items.length * 256;
  assert.ok(bytes > 30_000 && bytes < 70_000, `about half of a quarter of 400 kB: ${bytes}`);
  assert.is(items[0]?.kind, 'checkpoint', 'begins with a checkpoint');
  assert.is(told(items).at(-2)?.split('@')[1], '1999', 'ends with the newest');
});

test('a checkpoint brings the exchange that is open at it', async () => {
  const { recorder, line, edge, read } = rig();
  line('tx', 100, [1, 3]);
  line('tx', 100, [2, 3], 'line-2');
  line('rx', 105, [2], 'line-2');
  recorder.exchangeDone('line-2');
  line('rx', 110, [7, 8]);
  // By the time of the freeze the first segment is past; the next one begins amid the exchange of line-1.
  edge(1200);
  edge(1400);
  line('rx', 1401, [9]);
  recorder.exchangeDone('line-1');
  edge(2500);
  recorder.freeze('open', monoMs(2500));
  await recorder.close();
  const items = told(read('open').items);
  const expected = ['checkpoint 2 @1200', 'tx 1,3 @100', 'edge @1200', 'edge @1400', 'rx 7,8,9 @1401', 'edge @2500'];
  assert.equal(items, [...expected, 'end @2500'], 'the request again; the answered line not; the reply in one piece');
});

test('of an open exchange that babbles, a checkpoint brings the request and the last kilobyte', async () => {
  const { recorder, line, edge, read } = rig();
  line('tx', 100, [1, 3]);
  for (const part of [1, 2, 3]) line('rx', 100 + part, new Array(1024).fill(part));
  edge(1200);
  edge(2500);
  recorder.freeze('babble', monoMs(2500));
  await recorder.close();
  const items = told(read('babble').items).map((item) => `${item.slice(0, 6)} ${item.split('@')[1]}`);
  assert.equal(
    items.slice(1, 4),
    ['tx 1,3 100', 'rx 3,3 103', 'edge @ 1200'],
    'what a reader of replies looks back on',
  );
});

test('bytes without an end are in the file when it ends', async () => {
  const { recorder, line, read } = rig();
  line('tx', 100, [1, 3]);
  recorder.freeze('torn', monoMs(100));
  line('rx', 110, [7, 8]);
  recorder.tick(monoMs(700));
  line('rx', 710, [9]);
  await recorder.close();
  assert.equal(told(read('torn').items).slice(-2), ['rx 7,8 @110', 'end @600'], 'what was heard by then');
});

test('a freeze before anything was seen gets the checkpoint of the first observation', async () => {
  const { recorder, edge, read } = rig();
  recorder.freeze('early', monoMs(5));
  edge(10);
  await recorder.close();
  assert.equal(told(read('early').items), ['checkpoint 1 @10', 'edge @10', 'end @10'], 'from there on');
});

test('all files together stay within their room; the oldest go first', async () => {
  const { dir, recorder, line, troubles } = rig({ maxBytes: 100_000, keepMs: 100, afterMs: 50 });
  for (let one = 0; one < 40; one++) {
    const atMs = one * 1000;
    line('tx', atMs, new Array(3000).fill(1));
    recorder.freeze(`fault-${String(one).padStart(2, '0')}`, monoMs(atMs));
    recorder.tick(monoMs(atMs + 60));
  }
  await recorder.close();
  const names = readdirSync(dir).sort();
  const bytes = names.reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
  assert.ok(bytes <= 100_000, `${bytes} bytes`);
  assert.ok(bytes > 50_000, `the room is used: ${bytes} bytes`);
  assert.is(names.at(-1), 'fault-39.pcapng', 'the newest is there');
  assert.is(names[0], `fault-${40 - names.length}.pcapng`, 'without gaps');
  assert.equal(troubles, [], 'no trouble');
});

test('files of this run outlive older ones, whatever the clock said', async () => {
  const { dir, recorder: first } = rig({ maxBytes: 100_000 });
  await first.close();
  for (const name of ['a', 'b']) {
    writeFileSync(join(dir, `${name}.pcapng`), Buffer.alloc(40_000));
    utimesSync(join(dir, `${name}.pcapng`), name === 'a' ? 4e9 : 3e9, name === 'a' ? 4e9 : 3e9);
  }
  const { recorder, edge } = rig({ dir, maxBytes: 100_000 });
  for (const [name, atMs] of [
    ['x', 1000],
    ['y', 3000],
  ] as const) {
    edge(atMs);
    recorder.freeze(name, monoMs(atMs));
    recorder.tick(monoMs(atMs + 600));
  }
  await recorder.close();
  assert.equal(readdirSync(dir).sort(), ['a.pcapng', 'x.pcapng', 'y.pcapng'], 'the older of the old ones went');
});

test('a file that grows too large is ended, and that is told', async () => {
  const { recorder, line, read, troubles } = rig({ maxBytes: 100_000, afterMs: 10_000 });
  line('tx', 1, [1]);
  recorder.freeze('large', monoMs(1));
  for (let at = 2; at < 100; at++) line('tx', at, new Array(1000).fill(1));
  await recorder.close();
  assert.match(troubles.join(), /large ends early/, 'told');
  assert.is(troubles.length, 1, 'once');
  assert.ok(read('large').items.length < 30, 'a quarter of the room');
  assert.is(read('large').truncated, null, 'it has an end');
});

test('what a power cut left is taken up, and can be read', async () => {
  const { dir, recorder } = rig();
  await recorder.close();
  writeFileSync(join(dir, 'cut.part'), good.subarray(0, good.length - 10));
  const { recorder: next, read } = rig({ dir });
  await next.close();
  assert.not.ok(existsSync(join(dir, 'cut.part')), 'renamed');
  assert.match(read('cut').truncated ?? '', /the 6 packets before it are whole/, 'and its loss is said');
});

test('a folder that cannot be written is told and harms nothing', async () => {
  const dir = join(mkdtempSync(join(root, 'run-')), 'captures');
  writeFileSync(dir, 'a file stands here');
  const { recorder, edge, troubles } = rig({ dir });
  edge(1);
  recorder.freeze('lost', monoMs(1));
  edge(2);
  await recorder.close();
  assert.ok(troubles.length > 0, 'told');
  assert.match(troubles[0] ?? '', /a capture cannot be kept: .*captures/, 'with its place');
});

test('after an error the next freeze begins a new file', async () => {
  const { dir, recorder, edge, troubles, read } = rig();
  edge(1);
  recorder.freeze('no/such/folder', monoMs(1));
  while (troubles.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.is(recorder.freeze('next', monoMs(2)), 'next', 'not the one that failed');
  await recorder.close();
  assert.is(troubles.length, 1, 'one error told');
  assert.equal(readdirSync(dir), ['next.pcapng'], 'the next one is there');
  assert.is(read('next').truncated, null, 'and whole');
});

test('a checkpoint that cannot be written is told, and the observations are kept', async () => {
  const { recorder, edge, read, troubles } = rig({ checkpoint: () => 'x'.repeat(300_000) });
  edge(1);
  recorder.freeze('bare', monoMs(1));
  await recorder.close();
  assert.match(troubles.join(), /without the state of judgement/, 'told');
  assert.equal(told(read('bare').items), ['edge @1', 'end @1'], 'kept');
});

test('a replay from any frozen checkpoint gives the live exchanges', async () => {
  let compared = 0;
  let amid = 0;
  await fc.assert(
    fc.asyncProperty(traffic, fc.nat(100), fc.integer({ min: 0, max: 2000 }), async (chunks, where, afterMs) => {
      const live: Exchange[] = [];
      const keepMs = 120;
      const { recorder, read, troubles } = rig({ keepMs, afterMs, maxBytes: 4_000_000, checkpoint: () => live.length });
      const lines = pairing();
      const freezeAfter = Math.floor((where / 101) * chunks.length);
      let frozenMs = monoMs(0);
      chunks.forEach((chunk, place) => {
        recorder.chunk(chunk);
        const exchange = lines(chunk);
        if (exchange) {
          recorder.exchangeDone(chunk.bus);
          live.push(exchange);
        }
        if (place !== freezeAfter) return;
        frozenMs = chunk.atMs;
        recorder.freeze('one', frozenMs);
      });
      await recorder.close();
      assert.equal(troubles, [], 'no trouble');
      const { items, truncated } = read('one');
      assert.is(truncated, null, 'whole');
      const [first, ...rest] = items;
      assert.ok(first?.kind === 'checkpoint', 'begins with a checkpoint');
      const again = pairing();
      const replayed = rest
        .map((item) => (item.kind === 'chunk' ? again(item.chunk) : null))
        .filter((one) => one !== null);
      const endMs = (frozenMs + afterMs) as MonoMs;
      const expected = live.slice(first.state as number).filter(({ atMs }) => atMs <= frozenMs || atMs < endMs);
      assert.equal(replayed, expected, 'the exchanges since the checkpoint');
      compared += replayed.length;
      if ((first.state as number) > 0) amid++;
    }),
    { seed: 1234, numRuns: 300 },
  );
  assert.ok(compared > 500 && amid > 30, `${compared} exchanges compared, ${amid} captures began amid the run`);
});

test.run();
