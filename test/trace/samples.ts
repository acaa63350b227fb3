/** Captures for tests, and ways to take them apart. */

import { type MonoMs, monoMs, type WallMs } from '../../src/clock.ts';
import { readFrame, replyFrame } from '../../src/sense/frame.ts';
import type { CaptureHead, CaptureItem } from '../../src/trace/capture.ts';
import { CaptureWriter } from '../../src/trace/file.ts';

export const head: CaptureHead = {
  wallAtZeroMs: 1_767_225_600_123.456 as WallMs,
  clockTrust: 'ntp',
  box: 'box-7',
  comment: 'synthetic: made by a test',
  buses: ['line-1', 'line-2'],
};

export function bytesOf(items: readonly CaptureItem[], ofHead = head): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = new CaptureWriter((bytes) => parts.push(bytes), ofHead);
  for (const item of items) writer.add(item);
  return Buffer.concat(parts);
}

const request = { unit: 3, table: 'holding', address: 0x10, count: 2 } as const;

/** Two polls of unit 3 that read registers 16 and 17 (first 4660 and 7), an edge, and marks around them. */
export const goodItems: readonly CaptureItem[] = [
  { kind: 'checkpoint', atMs: monoMs(1000), state: { dueMs: Number.POSITIVE_INFINITY, lifts: ['L1'] } },
  chunk('tx', 1100.001, readFrame(request)),
  chunk('rx', 1120.5, replyFrame(request, [4660, 7])),
  { kind: 'edge', edge: { kind: 'edge', lift: 'L1', signal: 'doorClosed', on: false, atMs: monoMs(1130) } },
  chunk('tx', 1200, readFrame(request)),
  chunk('rx', 1220.25, replyFrame(request, [4661, 7])),
  { kind: 'end', atMs: monoMs(1500) },
];

export const good = bytesOf(goodItems);

export function chunk(dir: 'tx' | 'rx', atMs: number, bytes: Uint8Array, bus = 'line-1'): CaptureItem {
  return { kind: 'chunk', chunk: { bus, dir, bytes: Uint8Array.from(bytes), atMs: monoMs(atMs) } };
}

/** Where each block of a little-endian file begins, and, last, where the file ends. */
export function bordersOf(file: Uint8Array): number[] {
  const borders = [0];
  for (let at = 0; at < file.length; borders.push(at)) at += u32(file, at + 4);
  return borders;
}

export function u32(file: Uint8Array, at: number): number {
  return new DataView(file.buffer, file.byteOffset).getUint32(at, true);
}

/** A copy with `bytes` put over what stands at `at`. */
export function patched(file: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  const copy = Uint8Array.from(file);
  copy.set(bytes, at);
  return copy;
}

/** A copy with a 32-bit little-endian word put at each of these places. */
export function patchedWord(file: Uint8Array, word: number, ...places: number[]): Uint8Array {
  const copy = Uint8Array.from(file);
  for (const at of places) new DataView(copy.buffer).setUint32(at, word, true);
  return copy;
}

export function timeOf(item: CaptureItem): MonoMs {
  if (item.kind === 'chunk') return item.chunk.atMs;
  return item.kind === 'edge' ? item.edge.atMs : item.atMs;
}
