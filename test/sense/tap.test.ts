/** Frames found on a line that others use: every transaction, none invented, however the bytes were cut into chunks. */

import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MonoMs } from '../../src/clock.ts';
import { exceptionFrame, readFrame, replyFrame, withCrc } from '../../src/sense/frame.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';
import { type Heard, TapReader } from '../../src/sense/tap.ts';

const TIMEOUT_MS = 300;

function tapped() {
  const tap = new TapReader({ bus: 'b', responseTimeoutMs: TIMEOUT_MS });
  const hear = (bytes: Iterable<number>, atMs = 0) =>
    tap.chunk({ bus: 'b', dir: 'rx', bytes: Uint8Array.from(bytes), atMs: atMs as MonoMs });
  return { tap, hear };
}

/** one word for each: ?3 request, =3 values, -3 refused, +6 another reply, ~3 reply without its request */
function word(heard: Heard): string {
  switch (heard.kind) {
    case 'request':
      return `?${heard.functionCode}`;
    case 'values':
      return `=${heard.exchange.table} ${heard.exchange.unit} ${heard.exchange.address} ${heard.exchange.values}`;
    case 'exception':
      return `-${heard.functionCode} ${heard.code}`;
    case 'reply':
      return `${heard.asked ? '+' : '~'}${heard.functionCode}`;
  }
}

const READ: ReadRequest = { unit: 1, table: 'holding', address: 0x10, count: 1 };
const ASK = readFrame(READ);
const REPLY = replyFrame(READ, [0x1234]);
const TOLD = '=holding 1 16 4660';

test('a request and its reply are one exchange', () => {
  const { hear, tap } = tapped();
  assert.equal([...hear(ASK), ...hear(REPLY, 20)].map(word), ['?3', TOLD], 'both');
  assert.equal(tap.counts, { frames: 2, noise: 0 }, 'all bytes used');
});

test('a bus that floats after a frame: zeros and FE, over which the CRC residue of the frame stays 0', () => {
  for (const [name, tail] of Object.entries({ zero: [0], zeros: [0, 0], fe: [0xfe], both: [0, 0xfe] })) {
    const { hear, tap } = tapped();
    const line = [...ASK, ...tail, ...REPLY, ...tail, ...ASK, ...tail, ...REPLY, ...tail];
    const found = [...hear(line), ...hear([], 1000)].map(word);
    assert.equal(found, ['?3', TOLD, '?3', TOLD], `${name}: neither taken for an 8-byte request nor lost`);
    assert.is(tap.counts.noise, 4 * tail.length, `${name}: the tails are noise`);
  }
});

test('where each frame lay among all bytes is told, however they were cut into chunks', () => {
  const line = [0xfe, ...ASK, 0, ...REPLY, 0xfe, 0xfe, ...ASK];
  for (const size of [1, 5, line.length]) {
    const places: number[][] = [];
    const tap = new TapReader({ bus: 'b', responseTimeoutMs: TIMEOUT_MS }, (_, from, length) =>
      places.push([from, length]),
    );
    for (let from = 0; from < line.length; from += size) {
      const bytes = Uint8Array.from(line.slice(from, from + size));
      tap.chunk({ bus: 'b', dir: 'rx', bytes, atMs: 0 as MonoMs });
    }
    const [reply, again] = [1 + ASK.length + 1, 1 + ASK.length + 1 + REPLY.length + 2];
    assert.equal(
      places,
      [
        [1, ASK.length],
        [reply, REPLY.length],
        [again, ASK.length],
      ],
      `in chunks of ${size}`,
    );
  }
});

test('a capture that begins amid a reply finds the next request', () => {
  const { hear } = tapped();
  assert.equal(hear([...REPLY.subarray(2), ...ASK, ...REPLY]).map(word), ['?3', TOLD], 'from there on');
});

test('a reply whose request was not heard tells nothing', () => {
  const { hear } = tapped();
  assert.equal([...hear(REPLY), ...hear([...ASK, ...REPLY])].map(word), ['~3', '?3', TOLD], 'then as usual');
});

test('a request that nobody answers is replaced by the next; a late reply cannot pass for its own', () => {
  const other = { ...READ, address: 0x20 };
  const soon = tapped();
  const found = [...soon.hear(ASK), ...soon.hear([...readFrame(other), ...REPLY], 500)].map(word);
  assert.equal(found, ['?3', '?3', '~3'], 'as long, of the same slave, within a second: whose it is cannot be told');
  assert.equal(soon.hear([...ASK, ...REPLY], 600).map(word), ['?3', TOLD], 'the next is its own');
  const later = tapped();
  const then = [...later.hear(ASK), ...later.hear([...readFrame(other), ...REPLY], 1001)].map(word);
  assert.equal(then, ['?3', '?3', '=holding 1 32 4660'], 'after a second no late reply comes');
  const again = tapped();
  assert.equal(
    [...again.hear(ASK), ...again.hear([...ASK, ...REPLY], 500)].map(word),
    ['?3', '?3', TOLD],
    'asked again',
  );
  const late = tapped();
  assert.equal([...late.hear(ASK), ...late.hear(REPLY, TIMEOUT_MS + 1)].map(word), ['?3', '~3'], 'after the time-out');
});

test('what answers somebody else leaves the open request open', () => {
  const other = { ...READ, unit: 2 };
  const { hear } = tapped();
  const found = [
    ...hear([...ASK, ...REPLY]),
    ...hear(ASK),
    ...hear([...replyFrame(other, [5]), ...exceptionFrame(3, 3, 2)]),
    ...hear(REPLY),
  ];
  assert.equal(
    found.map(word),
    ['?3', TOLD, '?3', '~3', '-3 2', TOLD],
    'a late reply of one and a refusal of another slave',
  );
});

test('writes, refusals and other functions are stepped over, each with its turn', () => {
  const write = withCrc([1, 6, 0, 3, 0, 9]);
  const many = withCrc([1, 16, 0, 3, 0, 2, 4, 0, 1, 0, 2]);
  const identify = withCrc([1, 43, 14, 1, 0]);
  const identity = withCrc([1, 43, 14, 1, 1, 0, 0, 2, 0, 2, 65, 66, 1, 0]);
  const { hear, tap } = tapped();
  const line = [
    ...[...write, ...write, ...many, ...withCrc([1, 16, 0, 3, 0, 2])],
    ...[...ASK, ...exceptionFrame(1, 3, 2), ...identify, ...identity, ...ASK, ...REPLY],
  ];
  const expected = ['?6', '+6', '?16', '+16', '?3', '-3 2', '?43', '+43', '?3', TOLD];
  assert.equal(hear(line).map(word), expected, 'in order');
  assert.is(tap.counts.noise, 0, 'no byte left over');
});

test('a request whose CRC ends with a zero is whole as a reply a byte before its end: after an answer it is the request', () => {
  const read: ReadRequest = { unit: 220, table: 'coil', address: 701, count: 36 };
  const ask = readFrame(read);
  assert.is(ask[7], 0, 'its last byte');
  const reply = replyFrame(read, new Array<number>(36).fill(1));
  const { hear } = tapped();
  const found = [...[...ASK, ...REPLY, ...ask, ...reply]].flatMap((byte) => hear([byte]).map(word));
  assert.equal(found.slice(0, 3), ['?3', TOLD, '?1'], 'byte by byte');
  assert.match(found[3] ?? '', /^=coil 220 701 /, 'and its reply');
});

test('a reply with a 16-bit byte count is found too', () => {
  const { hear } = tapped();
  assert.equal(hear([...ASK, ...replyFrame(READ, [0x1234], 16)]).map(word), ['?3', TOLD], 'the dialect');
});

test('a damaged byte count costs its own frame, and no other', () => {
  const broken = Uint8Array.from(REPLY);
  broken[2] = 0xf0;
  const { hear } = tapped();
  const line = [...ASK, ...broken, ...ASK, ...REPLY, ...ASK, ...REPLY];
  assert.equal(
    hear(line).map(word),
    ['?3', '?3', TOLD, '?3', TOLD],
    'the request behind it says so much that it is believed',
  );
});

test('what is unfinished when the line falls silent is given up', () => {
  const { hear, tap } = tapped();
  hear([1, 16, 0, 3, 0, 100, 200, 7]);
  assert.equal(hear([...ASK, ...REPLY], 1000).map(word), ['?3', TOLD], 'a write of 200 bytes that never came');
  assert.is(tap.counts.noise, 8, 'its bytes are noise');
});

test('however it is cut into chunks, the same transactions are found', () => {
  const reads = fc.record({
    unit: fc.integer({ min: 1, max: 247 }),
    table: fc.constantFrom('coil', 'discrete', 'holding', 'input') as fc.Arbitrary<ReadRequest['table']>,
    address: fc.integer({ min: 0, max: 60_000 }),
    count: fc.integer({ min: 1, max: 125 }),
  });
  const turn = fc.record({
    read: reads,
    seed: fc.nat(65_535),
    tail: fc.constantFrom<number[][]>([], [0], [0xfe], [0, 0]),
  });
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
  void fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 12 }), cuts, (turns, sizes) => {
      const bytes: number[] = [];
      const expected: string[] = [];
      for (const { read, seed, tail } of turns) {
        const bits = read.table === 'coil' || read.table === 'discrete';
        const values = Array.from({ length: read.count }, (_, at) =>
          bits ? (seed >> (at % 16)) & 1 : (seed * (at + 1)) % 65_536,
        );
        bytes.push(...readFrame(read), ...replyFrame(read, values), ...tail);
        expected.push(`=${read.table} ${read.unit} ${read.address} ${values}`);
      }
      const { hear } = tapped();
      // Which of two frames a head is, only the turn can tell: one whole transaction comes first.
      hear([...ASK, ...REPLY]);
      const found: string[] = [];
      for (let from = 0, at = 0; from < bytes.length; at++) {
        const size = sizes[at % sizes.length] ?? 1;
        found.push(...hear(bytes.slice(from, from + size), at).map(word));
        from += size;
      }
      found.push(...hear([], 100_000).map(word));
      assert.equal(
        found.filter((one) => one.startsWith('=')),
        expected,
        'every transaction, none invented',
      );
    }),
    { numRuns: 300 },
  );
});

test('the head of the longest frame, and then noise without end, fit into what is held', () => {
  for (let size = 0xf0; size <= 0xff; size++) {
    const { hear, tap } = tapped();
    hear([1, 43, 14, 1, 1, 0, 0, 1, 0, size]);
    for (const length of [246, 1, 1, 257, 700]) hear(new Uint8Array(length).fill(0xff));
    hear([], 10_000);
    assert.is(tap.counts.noise, 1215, `an object of ${size} bytes that never comes whole: all of it is noise`);
  }
});

test('noise of any kind is borne, in bounded memory', () => {
  void fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 20 }), (chunks) => {
      const { hear, tap } = tapped();
      for (const [at, bytes] of chunks.entries()) hear(bytes, at);
      hear([], 10_000);
      const sum = chunks.reduce((all, { length }) => all + length, 0);
      assert.ok(tap.counts.noise <= sum, 'no byte counted twice');
    }),
    { numRuns: 300 },
  );
});

test.run();
