import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monoMs, type WallMs } from '../../src/clock.ts';
import { SIGNALS, type SignalName } from '../../src/lift/signals.ts';
import type { CaptureHead, CaptureItem } from '../../src/trace/capture.ts';
import { CaptureReader, CaptureWriter, parseCapture } from '../../src/trace/file.ts';
import { bytesOf, good, goodItems, head } from './samples.ts';

const SEED = 20_260_101;

const buses = ['line-1', 'line-2', '总线'];
/** Up to ten years after boot, to the microsecond. */
const times = fc.integer({ min: 0, max: 10 * 365 * 86_400_000_000 }).map((us) => monoMs(us / 1000));
const numbers = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0),
);
const { state } = fc.letrec((tie) => ({
  state: fc.oneof(
    { maxDepth: 4 },
    numbers,
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('state'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 6 }), tie('state'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const chunks = fc
  .record({
    bus: fc.constantFrom(...buses),
    dir: fc.constantFrom('tx', 'rx'),
    bytes: fc.uint8Array({ maxLength: 300 }),
  })
  .map((chunk) => ({ kind: 'chunk', chunk }) as const);
const edges = fc
  .record({
    lift: fc.constantFrom('L1', 'A 2', '1号梯', ''),
    signal: fc.constantFrom(...(Object.keys(SIGNALS) as SignalName[])),
    on: fc.boolean(),
  })
  .map((edge) => ({ kind: 'edge', edge }) as const);
const checkpoints = state.map((state) => ({ kind: 'checkpoint', state }) as const);

/** Items in order of time, of which the last may be an end. */
const itemLists = fc
  .tuple(
    fc.array(fc.oneof(chunks, edges, checkpoints), { maxLength: 30 }),
    fc.array(times, { minLength: 31, maxLength: 31 }),
  )
  .map(([rows, at]) => {
    const inOrder = at.toSorted((a, b) => a - b);
    const items = rows.map((row, place): CaptureItem => {
      const atMs = inOrder[place] ?? monoMs(0);
      if (row.kind === 'chunk') return { kind: 'chunk', chunk: { ...row.chunk, atMs } };
      if (row.kind === 'edge') return { kind: 'edge', edge: { kind: 'edge', ...row.edge, atMs } };
      return { ...row, atMs };
    });
    return [...items, { kind: 'end', atMs: inOrder.at(-1) ?? monoMs(0) } satisfies CaptureItem];
  });
const heads = fc.record(
  {
    wallAtZeroMs: fc.double({ min: -1e9, max: 4e12, noNaN: true }).map((ms) => (ms + 0) as WallMs),
    clockTrust: fc.constantFrom('unset', 'rtc', 'ntp', 'stepped'),
    box: fc.string({ unit: 'grapheme' }),
    comment: fc.string({ unit: 'grapheme' }).map((text) => `${text}\nsecond line`),
    buses: fc.constant(buses),
  },
  { noNullPrototype: true },
);

test('what is written is read, to the bit', () => {
  fc.assert(
    fc.property(heads, itemLists, (ofHead: CaptureHead, items: CaptureItem[]) => {
      const read = parseCapture(bytesOf(items, ofHead), 'capture');
      assert.equal(read.head, ofHead, 'the head');
      assert.equal(read.items, items, 'the items');
      assert.is(read.truncated, null, 'nothing lost');
    }),
    { seed: SEED, numRuns: 200 },
  );
});

test('times survive to the bit for seventy years after boot', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 2 ** 41, noNaN: true }),
      fc.double({ min: -1e9, max: 4e12, noNaN: true }),
      (ms, wall) => {
        const atMs = monoMs(ms);
        const { items } = parseCapture(
          bytesOf([{ kind: 'end', atMs }], { ...head, wallAtZeroMs: wall as WallMs }),
          'capture',
        );
        assert.ok(items[0]?.kind === 'end' && Object.is(items[0].atMs, atMs), `${atMs} ms comes back`);
      },
    ),
    { seed: SEED, numRuns: 2000 },
  );
});

test('numbers that JSON cannot write survive in a checkpoint', () => {
  const state = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    -0,
    { deep: [Number.NaN] },
    'Infinity',
  ];
  const { items } = parseCapture(bytesOf([{ kind: 'checkpoint', atMs: monoMs(1), state }]), 'capture');
  const [mark] = items;
  assert.ok(mark?.kind === 'checkpoint', 'a checkpoint comes back');
  const read = mark.state as unknown[];
  state.forEach((value, at) => {
    if (typeof value === 'number') assert.ok(Object.is(read[at], value), `${value} comes back as itself`);
    else assert.equal(read[at], value, `value ${at} comes back`);
  });
});

test('bytes in any chunking give the same items', () => {
  const inPieces = (sizes: Iterator<number>) => {
    const reader = new CaptureReader('capture');
    const items: CaptureItem[] = [];
    for (let at = 0; at < good.length; ) {
      const size = sizes.next().value ?? 1;
      // The piece is wiped after it was taken, as a reader that reuses its buffer would.
      const piece = Buffer.from(good.subarray(at, at + size));
      items.push(...reader.push(piece));
      piece.fill(0xee);
      at += size;
    }
    assert.is(reader.end(), null, 'nothing lost');
    assert.equal(reader.head, head, 'the head');
    return items;
  };
  assert.equal(inPieces([][Symbol.iterator]()), goodItems, 'byte by byte');
  fc.assert(
    fc.property(fc.infiniteStream(fc.integer({ min: 1, max: 90 })), (sizes) => {
      assert.equal(inPieces(sizes), goodItems, 'at random');
    }),
    { seed: SEED, numRuns: 100 },
  );
});

test('bytes that came late keep their own time', () => {
  const late: CaptureItem[] = [
    { kind: 'edge', edge: { kind: 'edge', lift: 'L1', signal: 'doorOpen', on: true, atMs: monoMs(50) } },
    { kind: 'chunk', chunk: { bus: 'line-1', dir: 'rx', bytes: Uint8Array.of(1), atMs: monoMs(20) } },
    { kind: 'end', atMs: monoMs(60) },
  ];
  assert.equal(parseCapture(bytesOf(late), 'capture').items, late, 'in the order they were written');
});

test('a long comment is cut, and the head still comes back', () => {
  const comment = '梯'.repeat(40_000);
  const read = parseCapture(bytesOf([], { ...head, comment }), 'capture');
  assert.ok(comment.startsWith(read.head.comment), 'the beginning of the comment');
  assert.ok(read.head.comment.length > 20_000, 'most of what there is room for');
  assert.is(read.head.box, head.box, 'the box');
});

test('the writer refuses what no reader could place', () => {
  const writer = new CaptureWriter(() => {}, head);
  const chunk = { bus: 'line-9', dir: 'rx', bytes: Uint8Array.of(1), atMs: monoMs(1) } as const;
  assert.throws(() => writer.add({ kind: 'chunk', chunk }), /no bus line-9/, 'a bus that the head lacks');
  const state = 'x'.repeat(300_000);
  assert.throws(() => writer.add({ kind: 'checkpoint', atMs: monoMs(1), state }), /too long/, 'a giant mark');
  assert.throws(() => writer.add({ kind: 'end', atMs: monoMs(-1) }), /no time/, 'a time before boot');
});

test.run();
