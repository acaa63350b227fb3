/**
 * How large the next piece of evidence is. What is on its way cannot be overtaken: an alarm waits for the piece before it, so on a
 * slow line pieces are small. Pure.
 */

const FIRST_BYTES = 4096;
const LEAST_BYTES = 1024;
/** A piece that took longer, waiting for its place included, is followed by one of half its size. */
const SLOW_MS = 500;
/** And one that took less by one of twice its size. */
const QUICK_MS = 100;

export function firstPieceBytes(mostBytes: number): number {
  return Math.min(FIRST_BYTES, mostBytes);
}

export function nextPieceBytes(bytes: number, tookMs: number, mostBytes: number): number {
  if (tookMs > SLOW_MS) return Math.max(Math.min(LEAST_BYTES, mostBytes), Math.floor(bytes / 2));
  return tookMs < QUICK_MS ? Math.min(mostBytes, bytes * 2) : bytes;
}
