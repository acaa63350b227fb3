/** Public recordings of other makers' Modbus lines, through the importer and through the reader that live lines use. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MonoMs, plus } from '../../../src/clock.ts';
import { crc16 } from '../../../src/sense/frame.ts';
import type { Exchange, LineChunk } from '../../../src/sense/observation.ts';
import { RtuReader } from '../../../src/sense/rtu.ts';
import { type Heard, TapReader } from '../../../src/sense/tap.ts';
import { heard } from './recordings.ts';

const FLOWMETER = { baud: 9600, parity: 'none', inverted: false } as const;
const BRAINCHILD = { baud: 19_200, parity: 'even', inverted: true } as const;
/** the flowmeter takes 14 ms to reply, the other 13 */
const TIMEOUT_MS = 100;

/** What a live line would have told of these chunks: the reads that were answered. */
function exchanges(chunks: readonly LineChunk[]): Exchange[] {
  const line = new RtuReader({ bus: 'line', responseTimeoutMs: TIMEOUT_MS, byteCountBitsOf: () => 8 });
  return chunks.flatMap((chunk) => {
    const reply = line.chunk(chunk);
    return reply?.kind === 'values' ? [reply.exchange] : [];
  });
}

/** One wire carries both sides, so the sides are told by turn: a request, then its reply. */
function byTurn(frames: readonly LineChunk[]): LineChunk[] {
  return frames.map((frame, turn) => ({ ...frame, dir: turn % 2 === 0 ? 'tx' : 'rx' }));
}

const byFunction = (frames: readonly LineChunk[]) => {
  const counts: { [code: string]: number } = {};
  for (const { bytes } of frames) counts[String(bytes[1])] = (counts[String(bytes[1])] ?? 0) + 1;
  return counts;
};

// Frames: as stated by the notes on the collection. Functions and reads: counted by a decoder of another make, in another language.
for (const { name, frames, functions, reads } of [
  { name: 'flowmeter_graph_tool.sr', frames: 18, functions: { 3: 18 }, reads: 9 },
  { name: 'flowmeter_target0_val0.sr', frames: 74, functions: { 3: 74 }, reads: 37 },
  { name: 'flowmeter_target_0liter_per_min.sr', frames: 112, functions: { 3: 108, 6: 2, 16: 2 }, reads: 54 },
  { name: 'flowmeter_target_15liter_per_min.sr', frames: 132, functions: { 3: 128, 16: 4 }, reads: 64 },
  { name: 'flowmeter_target_20liter_per_min.sr', frames: 66, functions: { 3: 64, 16: 2 }, reads: 32 },
]) {
  const line = heard(name, 2, FLOWMETER, 'rx');

  test(`${name}: ${frames} frames, every CRC right, no byte lost`, () => {
    assert.is(line.frames.length, frames, 'frames');
    assert.equal(
      line.frames.filter(({ bytes }) => crc16(bytes) !== 0),
      [],
      'frames with a wrong CRC',
    );
    assert.equal([...new Set(line.frames.map(({ bytes }) => bytes[0]))], [0xf7], 'all of slave 0xF7');
    assert.equal(
      line.bytes.filter(({ error }) => error !== null),
      [],
      'bytes with an error',
    );
    assert.equal(byFunction(line.frames), functions, 'function codes');
  });

  test(`${name}: our reader finds every read answered, however the bytes come`, () => {
    const sides = byTurn(line.frames);
    const whole = exchanges(sides);
    assert.is(whole.length, reads, 'reads that were answered');

    const bytewise = sides.flatMap((chunk) =>
      chunk.dir === 'tx' ? [chunk] : [...chunk.bytes].map((byte) => ({ ...chunk, bytes: Uint8Array.of(byte) })),
    );
    assert.equal(exchanges(bytewise), whole, 'replies byte by byte');

    // A receiver that stays on hears the request too, as it was on this wire.
    const echoed = sides.flatMap((chunk): LineChunk[] =>
      chunk.dir === 'tx'
        ? [
            { ...chunk, atMs: plus(chunk.atMs, -10) },
            { ...chunk, dir: 'rx' },
          ]
        : [chunk],
    );
    assert.equal(exchanges(echoed), whole, 'with the echo of each request');
  });

  test(`${name}: the tap finds every frame and pairs every read, though nobody says where a frame begins`, () => {
    for (const size of [1, 3, 7, 64]) {
      const tap = new TapReader({ bus: 'line', responseTimeoutMs: TIMEOUT_MS });
      const all = Buffer.concat(line.frames.map(({ bytes }) => bytes));
      const found: Heard[] = [];
      for (let from = 0; from < all.length; from += size) {
        found.push(...tap.chunk({ bus: 'line', dir: 'rx', bytes: all.subarray(from, from + size), atMs: 0 as MonoMs }));
      }
      assert.equal(tap.counts, { frames, noise: 0 }, `in chunks of ${size}`);
      const values = found.flatMap((one) => (one.kind === 'values' ? [one.exchange.values] : []));
      assert.equal(
        values,
        exchanges(byTurn(line.frames)).map((one) => one.values),
        'the same reads',
      );
      assert.equal(
        found.filter((one) => one.kind === 'reply' && !one.asked),
        [],
        'no reply without its request',
      );
    }
  });

  test(`${name}: one bit wrong in a reply, and it is none`, () => {
    const spoilt = byTurn(line.frames).map((chunk) =>
      chunk.dir === 'tx' ? chunk : { ...chunk, bytes: chunk.bytes.map((byte, at) => (at === 3 ? byte ^ 0x10 : byte)) },
    );
    assert.equal(exchanges(spoilt), [], 'no read is answered');
  });
}

test('flowmeter_target_15liter_per_min.sr: what the meter says of itself is read: 23.0 degrees', () => {
  const { frames } = heard('flowmeter_target_15liter_per_min.sr', 2, FLOWMETER, 'rx');
  const read = exchanges(byTurn(frames)).find(({ address, count }) => address === 0 && count === 15);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16BE(read?.values[2] ?? 0, 0);
  bytes.writeUInt16BE(read?.values[3] ?? 0, 2);
  assert.is(bytes.toString('hex'), '41b80194', 'registers 2 and 3');
  assert.is(bytes.readFloatBE().toFixed(1), '23.0', 'as a float');
});

test('brainchild-io-16do.sr: requests on channel 1, replies on channel 0, inverted, even parity: 15 frames each', () => {
  const requests = heard('brainchild-io-16do.sr', 1, BRAINCHILD, 'tx');
  const replies = heard('brainchild-io-16do.sr', 0, BRAINCHILD, 'rx');
  for (const [side, { bytes, frames }] of Object.entries({ requests, replies })) {
    assert.is(frames.filter((frame) => crc16(frame.bytes) === 0).length, 15, `${side} with a right CRC`);
    assert.is(frames.length, 15, `${side} in all`);
    assert.equal(
      bytes.filter(({ error }) => error !== null),
      [],
      `${side}: bytes with an error`,
    );
  }
  const functions = { 1: 2, 2: 2, 3: 2, 4: 2, 5: 2, 6: 2, 15: 2, 16: 1 };
  assert.equal(byFunction(requests.frames), functions, 'functions asked');
  assert.equal(byFunction(replies.frames), functions, 'functions answered');
  const both = [...requests.frames, ...replies.frames].sort((a, b) => a.atMs - b.atMs);
  const reads = exchanges(both).map(({ table, address, values }) => [table, address, ...values]);
  const round = [
    ['coil', 3, 1],
    ['discrete', 0, 0],
    ['holding', 99, 513],
    ['input', 120, 19_200],
  ];
  assert.equal(reads, [...round, ...round], 'the reads of both rounds, and no write');
});

test('with the wrong settings little is read, and nothing is made up', () => {
  const wrong = [
    heard('brainchild-io-16do.sr', 0, { ...BRAINCHILD, inverted: false }, 'rx'),
    heard('brainchild-io-16do.sr', 0, { ...BRAINCHILD, baud: 9600 }, 'rx'),
    heard('flowmeter_graph_tool.sr', 2, { ...FLOWMETER, baud: 19_200 }, 'rx'),
    heard('flowmeter_graph_tool.sr', 3, FLOWMETER, 'rx'),
  ];
  for (const [at, { frames }] of wrong.entries()) {
    assert.equal(
      frames.filter(({ bytes }) => bytes.length > 3 && crc16(bytes) === 0),
      [],
      `frames of setting ${at}`,
    );
  }
});

test.run();
