/**
 * The reader of a line whose master we are: pairs what comes back with what was asked. One for the live line and for replays, so
 * both accept the very same replies.
 *
 * A reply is found by unit, function, byte count and CRC anywhere in what was heard since the request: an echo of the
 * request or noise before it is stepped over. What arrives after the time-out is late and answers nothing. A later request
 * to the same slave could still be answered by it: so the scan loop leaves a silent slave alone for `lateReplyWindowMs`, which must
 * be its slowest answer or more. Where another master asked the same slave for as much, nobody can tell whose reply it is: it is
 * nobody's.
 */

import { type MonoMs, plus } from '../clock.ts';
import { crc16, isBits, readRequestAt, replyAt, valuesAt, wholeReadRequestAt } from './frame.ts';
import type { Exchange, LineChunk, ReadRequest } from './observation.ts';
import { TapReader } from './tap.ts';

/** RTU frames are at most 256 bytes; an echo and some noise may stand before one. */
const HEARD_LIMIT = 1024;
const REQUEST_BYTES = 8;

export type Reply =
  | { readonly kind: 'values'; readonly exchange: Exchange }
  | { readonly kind: 'exception'; readonly code: number; readonly atMs: MonoMs };

interface Asked {
  readonly request: ReadRequest;
  readonly untilMs: MonoMs;
  /** another master asked the same slave for as much: a reply may be to that one */
  readonly shared: boolean;
}

export interface RtuSettings {
  readonly bus: string;
  readonly responseTimeoutMs: number;
  /** bits of the byte count in the read replies of a unit */
  readonly byteCountBitsOf: (unit: number) => 8 | 16;
}

/** Bytes that led to nothing, since the reader was made. */
export interface RtuCounts {
  /** after the time-out of their request, or with no request open */
  late: number;
  /** within a request but no part of its reply */
  noise: number;
  /** requests of another master */
  strangers: number;
}

/** Pairs the requests and replies of one line. */
export class RtuReader {
  readonly counts: RtuCounts = { late: 0, noise: 0, strangers: 0 };
  readonly #settings: RtuSettings;
  /** hears what is said while nothing of ours is open */
  readonly #idle: TapReader;
  #asked: Asked | null = null;
  #heard: Uint8Array = new Uint8Array(HEARD_LIMIT);
  #length = 0;

  constructor(settings: RtuSettings) {
    this.#settings = settings;
    this.#idle = new TapReader(settings);
  }

  /** A reply to the open request, once its last byte is here. */
  chunk(chunk: LineChunk): Reply | null {
    if (chunk.dir === 'tx') {
      this.#ask(chunk.bytes, chunk.atMs);
      return null;
    }
    const asked = this.#asked;
    if (!asked || chunk.atMs > asked.untilMs) {
      this.#asked = null;
      this.counts.late += chunk.bytes.length;
      for (const { kind } of this.#idle.chunk(chunk)) if (kind === 'request') this.counts.strangers++;
      return null;
    }
    for (const byte of chunk.bytes) {
      if (this.#length === HEARD_LIMIT) {
        this.#heard.copyWithin(0, 1);
        this.#length--;
        this.counts.noise++;
      }
      this.#heard[this.#length++] = byte;
    }
    return this.#find(asked, chunk.atMs);
  }

  /** Drops the open request: what still comes is late. */
  giveUp(): void {
    this.#asked = null;
  }

  #ask(frame: Uint8Array, atMs: MonoMs): void {
    this.#asked = null;
    this.#length = 0;
    const request = frame.length === REQUEST_BYTES ? readRequestAt(frame, 0) : null;
    if (!request || crc16(frame) !== 0) return;
    const stranger = this.#idle.openAt(atMs);
    const shared = stranger?.request !== undefined && isLike(stranger.request, request);
    this.#asked = { request, untilMs: plus(atMs, this.#settings.responseTimeoutMs), shared };
  }

  /** With a byte count of 16 bits the reply of one register has the bytes of a request at address 2: our own reply goes first. */
  #find({ request, shared }: Asked, atMs: MonoMs): Reply | null {
    const bits = this.#settings.byteCountBitsOf(request.unit);
    for (let from = 0; from < this.#length; ) {
      const other = wholeReadRequestAt(this.#heard, from, this.#length);
      if (other && isSame(other, request)) {
        from += REQUEST_BYTES;
        continue;
      }
      const reply = replyAt(request, bits, this.#heard, from, this.#length);
      if (reply?.standing !== 'whole') {
        if (isLike(other, request)) return this.#leave();
        from++;
        continue;
      }
      if (shared) return this.#leave();
      this.#asked = null;
      this.counts.noise += this.#length - from - reply.length;
      if (reply.exception !== null) return { kind: 'exception', code: reply.exception, atMs };
      const values = valuesAt(request, bits, this.#heard, from);
      return { kind: 'values', exchange: { kind: 'exchange', bus: this.#settings.bus, ...request, values, atMs } };
    }
    return null;
  }

  /** Whose reply it is cannot be told: the request ends with its time-out. */
  #leave(): null {
    this.#asked = null;
    this.counts.strangers++;
    return null;
  }
}

/** A reply to the one passes for a reply to the other. */
function isLike(a: ReadRequest | null, b: ReadRequest): boolean {
  return (
    a !== null && a.unit === b.unit && a.table === b.table && (a.count === b.count || (isBits(a) && sameSize(a, b)))
  );
}

function sameSize(a: ReadRequest, b: ReadRequest): boolean {
  return Math.ceil(a.count / 8) === Math.ceil(b.count / 8);
}

/** An RS-485 adapter whose receiver stays on hears its own request first. */
function isSame(a: ReadRequest, b: ReadRequest): boolean {
  return a.unit === b.unit && a.table === b.table && a.address === b.address && a.count === b.count;
}
