/** Frames that controllers push: every one found, none invented, however the bytes were cut into chunks. */

import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import type { MonoMs } from '../../src/clock.ts';
import { framesSchema } from '../../src/config/frames.ts';
import { crc16 } from '../../src/sense/frame.ts';
import type { Exchange } from '../../src/sense/observation.ts';
import { PushReader, type PushSettings } from '../../src/sense/push.ts';
import { PAUSE_MS } from '../../src/sense/tap.ts';

type FramesInput = v.InferInput<typeof framesSchema>;

function pushed(frames: FramesInput, needs: PushSettings['needs'] = { input: 2, holding: 0 }) {
  const reader = new PushReader({ bus: 'b', frames: v.parse(framesSchema, frames), unit: 7, needs });
  const hear = (bytes: Iterable<number>, atMs = 0): Exchange[] => {
    const chunk = { bus: 'b', dir: 'rx', bytes: Uint8Array.from(bytes), atMs: atMs as MonoMs } as const;
    return reader.chunk(chunk).flatMap((heard) => (heard.kind === 'values' ? [heard.exchange] : []));
  };
  return { reader, hear };
}

/** `2:1,255@40`: unit, values, time */
const words = (found: readonly Exchange[]) => found.map(({ unit, values, atMs }) => `${unit}:${values}@${atMs}`);

const xorOf = (bytes: readonly number[]) => bytes.reduce((sum, each) => sum ^ each, 0);
const DIGITS = [...'123456789'].map((each) => each.charCodeAt(0));

/** AA, length of the payload, unit, payload, XOR of all from the length on */
const SHORT: FramesInput = {
  ...{ start: [0xaa], length: { offset: 1, counts: 'payload' }, unitOffset: 2, payloadOffset: 3 },
  ...{ check: 'xor', checkFrom: 1 },
};
function short(unit: number, ...payload: number[]): number[] {
  const body = [payload.length, unit, ...payload];
  return [0xaa, ...body, xorOf(body)];
}

test('a frame is one exchange: its unit, its bytes, its time', () => {
  const { hear, reader } = pushed(SHORT);
  const [exchange] = hear(short(2, 9, 8, 7), 40);
  assert.equal(
    exchange,
    { kind: 'exchange', bus: 'b', unit: 2, table: 'input', address: 0, count: 2, values: [9, 8], atMs: 40 },
    'as much of the payload as the fields need',
  );
  assert.equal(reader.counts, { frames: 1, noise: 0 }, 'all bytes used');
  assert.equal(hear(short(2, 9), 50), [], 'a payload without all fields tells nothing');
  assert.equal(reader.counts, { frames: 2, noise: 0 }, 'and is a frame');
});

test('checks: the published values over 123456789, sums and XOR counted by hand', () => {
  const checks = [
    ['crc16-ccitt', 'high-first', [0x29, 0xb1]],
    ['crc16-ccitt', 'low-first', [0xb1, 0x29]],
    ['crc16-modbus', 'low-first', [0x37, 0x4b]],
    ['crc16-modbus', 'high-first', [0x4b, 0x37]],
    ['sum8', 'low-first', [0xdd]],
    ['sum8-negated', 'low-first', [0x23]],
    ['xor', 'low-first', [0x31]],
  ] as const;
  for (const [check, checkOrder, right] of checks) {
    const frames: FramesInput = {
      start: [2],
      bytes: 10 + right.length,
      payloadOffset: 1,
      check,
      checkOrder,
      checkFrom: 1,
    };
    const name = `${check} ${checkOrder}`;
    assert.equal(words(pushed(frames).hear([2, ...DIGITS, ...right])), ['7:49,50@0'], name);
    for (let at = 0; at < right.length; at++) {
      const wrong = right.map((each, place) => (place === at ? each ^ 0x40 : each));
      const { hear, reader } = pushed(frames);
      assert.equal(hear([2, ...DIGITS, ...wrong]), [], `${name}, wrong`);
      hear([], 1000);
      assert.equal(reader.counts, { frames: 0, noise: 10 + right.length }, `${name}: all of it is noise`);
    }
  }
});

test('no check: a fixed length between start and end bytes', () => {
  const frames: FramesInput = { start: [2, 0x1c], bytes: 6, payloadOffset: 2, check: 'none', end: [3, 13] };
  assert.equal(words(pushed(frames).hear([2, 0x1c, 5, 6, 3, 13])), ['7:5,6@0'], 'told');
  assert.equal(pushed(frames).hear([2, 0x1c, 5, 6, 3, 10]), [], 'another end');
  assert.equal(words(pushed(frames).hear([2, 2, 0x1c, 5, 6, 3, 13])), ['7:5,6@0'], 'a start that breaks off');
});

test('the length counts the payload or the frame, in one byte or two of either order', () => {
  const payload = [1, 2, 3];
  const lengths = [
    [{ offset: 1, counts: 'frame' }, [7], 2],
    [{ offset: 1, width: 2, counts: 'payload' }, [0, 3], 3],
    [{ offset: 1, width: 2, order: 'low-first', counts: 'frame' }, [8, 0], 3],
  ] as const;
  for (const [length, said, payloadOffset] of lengths) {
    const { hear } = pushed({ start: [0x68], length, payloadOffset, check: 'sum8', end: [0x16] });
    const body = [0x68, ...said, ...payload];
    const sum = body.reduce((all, each) => all + each, 0) & 0xff;
    assert.equal(words(hear([...body, sum, 0x16])), ['7:1,2@0'], JSON.stringify(length));
  }
});

test('frames of another type are none, and do not keep their bytes back', () => {
  const { hear, reader } = pushed({ ...SHORT, unitOffset: undefined, type: { offset: 2, value: 0x31 } });
  assert.equal(words(hear([...short(0x30, 1, 2), ...short(0x31, 3, 4)])), ['7:3,4@0'], 'the one that is meant');
  assert.is(reader.counts.noise, 6, 'the other is noise');
});

test('zeros and FE between frames, and a start byte that is none, cost no frame', () => {
  for (const between of [[0], [0xfe], [0, 0xfe], [0, 0, 0], [0xaa], [0xff, 0xaa, 0xaa]]) {
    const { hear, reader } = pushed(SHORT);
    const line = [...short(1, 4, 5), ...between, ...short(1, 6, 7), ...between, ...short(1, 8, 9)];
    assert.equal(words([...hear(line), ...hear([], 1000)]), ['1:4,5@0', '1:6,7@0', '1:8,9@0'], `${between}`);
    assert.is(reader.counts.noise, 2 * between.length, `${between} is noise`);
  }
});

test('a head whose frame does not come is given up after a silence, and what stood behind it is found', () => {
  const { hear, reader } = pushed(SHORT);
  const head = [0xaa, 100, 1];
  assert.equal(hear([...head, ...short(1, 4, 5)], 10), [], 'it may be a long frame yet');
  assert.equal(hear(short(1, 6, 7), 10 + PAUSE_MS), [], 'no silence yet');
  assert.equal(words(hear([], 11 + 2 * PAUSE_MS)), ['1:4,5@111', '1:6,7@111'], 'then');
  assert.is(reader.counts.noise, head.length, 'the head is noise');
});

test('a frame that says it is longer than any is none at once', () => {
  const { hear } = pushed({ ...SHORT, maxBytes: 16 });
  assert.equal(words(hear([0xaa, 200, 1, ...short(1, 4, 5)])), ['1:4,5@0'], 'the next is not kept waiting');
});

test('16-bit numbers begin at any byte, in the order of the profile', () => {
  const needs = { input: 0, holding: 4 };
  const read = (order: 'high-first' | 'low-first') =>
    words(pushed({ ...SHORT, order }, needs).hear(short(1, 1, 2, 3, 4)));
  assert.equal(read('high-first'), [`1:${[0x0102, 0x0203, 0x0304]}@0`], 'high byte first');
  assert.equal(read('low-first'), [`1:${[0x0201, 0x0302, 0x0403]}@0`], 'low byte first');
});

test('or: the bits of the last two frames together, while the other is no older than a second', () => {
  const { hear } = pushed({ ...SHORT, combine: 'or' });
  assert.equal(hear(short(1, 1, 0)), [], 'one party alone tells nothing');
  assert.equal(words(hear(short(1, 2, 0), 5)), ['1:3,0@5'], 'both');
  assert.equal(words(hear(short(1, 4, 0), 10)), ['1:6,0@10'], 'the last two');
  assert.equal(words(hear(short(1, 1, 0), 1010)), ['1:5,0@1010'], 'a second');
  assert.equal(hear(short(1, 2, 0), 2011), [], 'more than a second');
});

test('however it is cut into chunks, the same frames are found: noise between them, and some damaged', () => {
  const turn = fc.record({
    unit: fc.integer({ min: 1, max: 247 }),
    payload: fc.array(fc.integer({ min: 0, max: 0x7f }), { minLength: 2, maxLength: 40 }),
    damaged: fc.boolean(),
    noise: fc.array(fc.constantFrom(0, 0xfe, 0xff, 0x55), { maxLength: 6 }),
  });
  const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 });
  void fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 12 }), cuts, (turns, sizes) => {
      const bytes: number[] = [];
      const expected: string[] = [];
      for (const { unit, payload, damaged, noise } of turns) {
        const frame = short(unit, ...payload);
        // No payload byte is a start byte: what is found within a damaged frame is none.
        if (frame.slice(1).includes(0xaa)) continue;
        if (damaged) frame[3] = (frame[3] ?? 0) ^ 1;
        else expected.push(`${unit}:${payload.slice(0, 2)}@1`);
        bytes.push(...frame, ...noise);
      }
      const { hear, reader } = pushed(SHORT);
      const found: string[] = [];
      for (let from = 0, at = 0; from < bytes.length; at++) {
        const size = sizes[at % sizes.length] ?? 1;
        found.push(...words(hear(bytes.slice(from, from + size), 1)));
        from += size;
      }
      assert.equal(found, expected, 'every whole frame, none invented');
      assert.is(reader.counts.frames, expected.length, 'as many are counted');
    }),
    { numRuns: 300 },
  );
});

test('noise of any kind is borne, and every byte of it is counted once', () => {
  void fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 10 }), (chunks) => {
      const { hear, reader } = pushed({ start: [1], bytes: 4, payloadOffset: 1, check: 'xor' });
      for (const bytes of chunks) hear(bytes);
      hear([], 10_000);
      const sum = chunks.reduce((all, { length }) => all + length, 0);
      assert.is(reader.counts.noise + 4 * reader.counts.frames, sum, 'noise and frames are all there is');
    }),
    { numRuns: 300 },
  );
});

test('cut before its type or amid its length, a frame is waited for, whatever stood there before', () => {
  const frames: FramesInput = {
    ...{ start: [0xaa, 0x55], length: { offset: 2, width: 2, counts: 'payload' }, type: { offset: 4, value: 7 } },
    ...{ payloadOffset: 5, check: 'crc16-modbus', checkFrom: 2, checkOrder: 'low-first' },
  };
  const body = [0, 2, 7, 9, 8];
  const crc = crc16(Uint8Array.from(body), 0, body.length);
  const frame = [0xaa, 0x55, ...body, crc & 0xff, crc >> 8];
  for (let cut = 1; cut < frame.length; cut++) {
    const { hear, reader } = pushed(frames);
    hear(frame, 10_000);
    // Noise leaves its bytes where nothing of the next frame has come yet.
    hear(
      frame.map(() => 0x33),
      10_000,
    );
    const first = hear(frame.slice(0, cut), 10_001);
    assert.equal(first, [], `nothing of the first ${cut} bytes`);
    assert.equal(words(hear(frame.slice(cut), 10_002)), ['7:9,8@10002'], `whole after a cut at ${cut}`);
    assert.is(reader.counts.frames, 2, 'both are counted');
  }
});

test('the longest that a profile allows is one, and a payload of nothing is none', () => {
  const { hear } = pushed({ ...SHORT, maxBytes: 8 });
  assert.equal(words(hear(short(2, 4, 3, 2, 1))), ['2:4,3@0'], 'eight bytes');
  assert.equal(hear(short(2, 5, 4, 3, 2, 1)), [], 'nine');
  const empty = pushed(SHORT, { input: 0, holding: 0 });
  empty.hear(short(2));
  assert.is(empty.reader.counts.frames, 0, 'no payload');
});

test('or: a frame that was longer than this one lends it nothing behind its end', () => {
  const { hear } = pushed({ ...SHORT, combine: 'or' }, { input: 2, holding: 0 });
  hear(short(2, 1, 0, 0xff, 0xff));
  assert.equal(words(hear(short(2, 0, 2), 10)), ['2:1,2@10'], 'byte by byte');
  const three = pushed({ ...SHORT, combine: 'or' }, { input: 3, holding: 0 });
  three.hear(short(2, 4, 6), 20);
  assert.equal(words(three.hear(short(2, 1, 1, 1), 30)), ['2:5,7,1@30'], 'the check of the shorter one is no payload');
});

test('where nothing is whole nothing is told', () => {
  const { reader } = pushed(SHORT);
  const chunk = { bus: 'b', dir: 'rx', bytes: Uint8Array.of(1, 2, 3), atMs: 0 as MonoMs } as const;
  assert.equal(reader.chunk(chunk), [], 'of noise');
  assert.is(reader.chunk({ ...chunk, bytes: Uint8Array.from(short(2, 9, 8)) }).length, 1, 'one of a frame');
});

test('one byte of check has no order', () => {
  const { hear } = pushed({ ...SHORT, checkOrder: 'high-first' });
  assert.equal(words(hear(short(2, 9, 8))), ['2:9,8@0'], 'it is found');
});

test.run();
