/** Random traffic of two Modbus lines: replies in pieces, exceptions, silence, late bytes and noise. */

import fc from 'fast-check';
import { monoMs } from '../../src/clock.ts';
import { exceptionFrame, readFrame, replyFrame } from '../../src/sense/frame.ts';
import type { Exchange, LineChunk } from '../../src/sense/observation.ts';
import { RtuReader } from '../../src/sense/rtu.ts';

export const BUSES = ['line-1', 'line-2'];
const TIMEOUT_MS = 100;

const poll = fc.record({
  bus: fc.constantFrom(...BUSES),
  ends: fc.constantFrom('reply', 'reply', 'reply', 'noisy', 'exception', 'silence', 'late', 'babble'),
  count: fc.integer({ min: 1, max: 60 }),
  cuts: fc.array(fc.nat(130), { maxLength: 5 }),
  gapUs: fc.integer({ min: 500, max: 300_000 }),
  stepUs: fc.integer({ min: 1, max: 15_000 }),
});
type Poll = typeof poll extends fc.Arbitrary<infer T> ? T : never;

/** Chunks of both lines in order of arrival. */
export const traffic = fc
  .array(poll, { minLength: 1, maxLength: 40 })
  .map((polls) =>
    BUSES.flatMap((bus) => chunksOf(polls.filter((one) => one.bus === bus))).sort((a, b) => a.atMs - b.atMs),
  );

function chunksOf(polls: readonly Poll[]): LineChunk[] {
  const chunks: LineChunk[] = [];
  let atUs = 0;
  for (const { bus, ends, count, cuts, gapUs, stepUs } of polls) {
    const request = { unit: 1, table: 'holding', address: 0, count } as const;
    const reply = replyFrame(
      request,
      Array.from({ length: count }, (_, one) => one * 1000),
    );
    const tell = (dir: LineChunk['dir'], bytes: Uint8Array) =>
      chunks.push({ bus, dir, bytes: Uint8Array.from(bytes), atMs: monoMs(atUs / 1000) });
    atUs += gapUs;
    tell('tx', readFrame(request));
    if (ends === 'silence') atUs += TIMEOUT_MS * 1000;
    if (ends === 'late') atUs += TIMEOUT_MS * 1000 - 2 * stepUs;
    const heard = {
      ...{ reply, late: reply, silence: new Uint8Array(0), exception: exceptionFrame(1, 3, 2) },
      ...{ noisy: Buffer.concat([Uint8Array.of(1, 3, 255, 0), reply]), babble: new Uint8Array(2500).fill(0x55) },
    }[ends];
    const borders = [0, ...cuts.map((cut) => Math.min(cut, heard.length)).sort((a, b) => a - b), heard.length];
    borders.slice(1).forEach((border, one) => {
      const piece = heard.subarray(borders[one], border);
      atUs += stepUs;
      if (piece.length > 0) tell('rx', piece);
    });
  }
  return chunks;
}

/** Pairs requests and replies of both lines, as the live lines and replays do. */
export function pairing(): (chunk: LineChunk) => Exchange | null {
  const readers = new Map(
    BUSES.map((bus) => [bus, new RtuReader({ bus, responseTimeoutMs: TIMEOUT_MS, byteCountBitsOf: () => 8 })]),
  );
  return (chunk) => {
    const reply = readers.get(chunk.bus)?.chunk(chunk);
    return reply?.kind === 'values' ? reply.exchange : null;
  };
}
