/**
 * The slave of the wire bench, in a process of its own: a UART that lets bytes pass at its baud rate. It answers every request to
 * read after its turnaround, and notes when each request came and when the last byte of its reply left. Words: baud, turnaround in ms,
 * registers, seconds. Says the path of its line, and, the seconds after the first request, what it saw.
 */

import { readSync, writeSync } from 'node:fs';
import { systemClock } from '../../src/clock.ts';
import { readRequestAt, replyFrame, wholeReadRequestAt } from '../../src/sense/frame.ts';
import { characterMs, silenceMs } from '../../src/sense/wire-time.ts';
import { openTerminal } from '../wire/terminal.ts';

/** What the line carried. */
export interface WireSeen {
  readonly cycles: number;
  /** from one request to the next, on average, ms */
  readonly cycleMs: number;
  /** of it: both frames on the wire and the turnaround of the slave */
  readonly serviceMs: number;
  /** the silence that the standard asks for before a request */
  readonly silenceMs: number;
  /** requests that came before it was over */
  readonly tooSoon: number;
}

const REQUEST_BYTES = 8;
const PIECE_BYTES = 8;
const SPIN_MS = 0.2;

const [baud = 9600, turnaroundMs = 3, registers = 2, seconds = 3] = process.argv.slice(2).map(Number);
const form = { baud, parity: 'none', stopBits: 1 } as const;
const byteMs = characterMs(form);
const cell = new Int32Array(new SharedArrayBuffer(4));
const { fd, path } = openTerminal();
console.log(path);

function until(dueMs: number): void {
  const waitMs = dueMs - systemClock.monoMs() - SPIN_MS;
  if (waitMs > 0) Atomics.wait(cell, 0, 0, waitMs);
  while (systemClock.monoMs() < dueMs);
}

const buffer = Buffer.alloc(256);
let length = 0;
let firstMs: number | null = null;
let lastMs: number | null = null;
let [cycles, serviceMs, tooSoon, endMs] = [0, 0, 0, 0];

for (;;) {
  length += readSync(fd, buffer, length, buffer.length - length, null);
  const askedMs = systemClock.monoMs();
  while (length >= REQUEST_BYTES && wholeReadRequestAt(buffer, 0, length) === null) buffer.copyWithin(0, 1, length--);
  const request = length >= REQUEST_BYTES ? readRequestAt(buffer, 0) : null;
  if (request === null) continue;
  length = 0;
  if (firstMs === null) firstMs = askedMs;
  else {
    cycles++;
    if (askedMs - endMs < silenceMs(form)) tooSoon++;
    if (askedMs - firstMs >= seconds * 1000) {
      lastMs = askedMs;
      break;
    }
  }
  const reply = replyFrame(
    request,
    Array.from({ length: Math.min(request.count, registers) }, (_, at) => at),
  );
  const startMs = askedMs + REQUEST_BYTES * byteMs + turnaroundMs;
  for (let from = 0; from < reply.length; from += PIECE_BYTES) {
    const to = Math.min(from + PIECE_BYTES, reply.length);
    until(startMs + to * byteMs);
    endMs = systemClock.monoMs();
    writeSync(fd, reply.subarray(from, to));
  }
  serviceMs += endMs - askedMs;
}
const seen: WireSeen = {
  cycles,
  cycleMs: (lastMs - firstMs) / cycles,
  serviceMs: serviceMs / cycles,
  silenceMs: silenceMs(form),
  tooSoon,
};
console.log(JSON.stringify(seen));
process.exit(0);
