/**
 * Modbus RTU on the wire: requests (reads only), and the pairing of what comes back with what was asked.
 * One reader for the live master and for replays, so both accept the very same replies.
 *
 * Framing follows "Modbus over Serial Line V1.02"; a reply is found by unit, function, expected length and CRC, shortest
 * candidate first, anywhere in what was heard since the request: an echo of the request or noise before it is stepped
 * over. What arrives after the time-out is late and answers nothing. A later request to the same slave could still be answered
 * by it: so the scan loop leaves a silent slave alone for `lateReplyWindowMs`, which must be its slowest answer or more.
 */

import { type MonoMs, plus } from '../clock.ts';
import { type Exchange, FUNCTION_OF, type LineChunk, type ReadRequest, TABLE_OF } from './observation.ts';

const EXCEPTION_BIT = 0x80;
/** RTU frames are at most 256 bytes; an echo and some noise may stand before one. */
const HEARD_LIMIT = 1024;

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

/** CRC-16/MODBUS of `bytes` from `from` up to but not including `to`. Over a frame with its CRC it is 0. */
export function crc16(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  for (let at = from; at < to; at++) crc = (crc >> 8) ^ (CRC_TABLE[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return crc;
}

/** A frame of these bytes with its CRC, low byte first. */
export function withCrc(body: readonly number[]): Uint8Array {
  return sealed(Uint8Array.from([...body, 0, 0]));
}

/** Writes the CRC of a frame into its last two bytes. */
function sealed(frame: Uint8Array): Uint8Array {
  const crc = crc16(frame, 0, frame.length - 2);
  frame[frame.length - 2] = crc & 0xff;
  frame[frame.length - 1] = crc >> 8;
  return frame;
}

/** The 8 bytes that ask for a read. There is no way to make any other request. */
export function readFrame({ unit, table, address, count }: ReadRequest): Uint8Array {
  return withCrc([unit, FUNCTION_OF[table], address >> 8, address & 0xff, count >> 8, count & 0xff]);
}

/** A reply to a read as a slave sends it; used by simulated slaves and for capturing TCP lines. */
export function replyFrame(request: ReadRequest, values: readonly number[], byteCountBits: 8 | 16 = 8): Uint8Array {
  const size = isBits(request) ? Math.ceil(values.length / 8) : values.length * 2;
  const data = byteCountBits === 16 ? 4 : 3;
  const frame = new Uint8Array(data + size + 2);
  frame[0] = request.unit;
  frame[1] = FUNCTION_OF[request.table];
  frame[data - 1] = size & 0xff;
  if (byteCountBits === 16) frame[2] = size >> 8;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (!isBits(request)) {
      frame[data + at * 2] = value >> 8;
      frame[data + at * 2 + 1] = value & 0xff;
    } else if (value) {
      frame[data + (at >> 3)] = (frame[data + (at >> 3)] ?? 0) | (1 << (at & 7));
    }
  }
  return sealed(frame);
}

export function exceptionFrame(unit: number, functionCode: number, exception: number): Uint8Array {
  return withCrc([unit, functionCode | EXCEPTION_BIT, exception]);
}

export type Reply =
  | { readonly kind: 'values'; readonly exchange: Exchange }
  | { readonly kind: 'exception'; readonly code: number; readonly atMs: MonoMs };

interface Asked {
  readonly frame: Uint8Array;
  readonly functionCode: number;
  readonly request: ReadRequest;
  readonly untilMs: MonoMs;
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
}

/** Pairs the requests and replies of one line. */
export class RtuReader {
  readonly counts: RtuCounts = { late: 0, noise: 0 };
  readonly #settings: RtuSettings;
  #asked: Asked | null = null;
  #heard: Uint8Array = new Uint8Array(HEARD_LIMIT);
  #length = 0;

  constructor(settings: RtuSettings) {
    this.#settings = settings;
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
    const [unit = 0, functionCode = 0] = frame;
    const table = TABLE_OF[functionCode];
    if (!table || frame.length !== 8 || crc16(frame) !== 0) return;
    const word = (at: number) => ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
    const request = { unit, table, address: word(2), count: word(4) };
    this.#asked = { frame, functionCode, request, untilMs: plus(atMs, this.#settings.responseTimeoutMs) };
  }

  #find(asked: Asked, atMs: MonoMs): Reply | null {
    const heard = this.#heard.subarray(0, this.#length);
    for (let from = echoEnd(heard, asked.frame); from + 5 <= heard.length; from++) {
      if (heard[from] !== asked.request.unit) continue;
      const reply = this.#replyAt(asked, heard.subarray(from), atMs);
      if (!reply) continue;
      this.counts.noise += heard.length - from - reply.length;
      this.#asked = null;
      return reply.reply;
    }
    return null;
  }

  /** The reply that begins at the first of these bytes: exception (the shortest) first. */
  #replyAt(asked: Asked, bytes: Uint8Array, atMs: MonoMs): { reply: Reply; length: number } | null {
    const functionCode = bytes[1];
    if (functionCode === (asked.functionCode | EXCEPTION_BIT)) {
      if (crc16(bytes, 0, 5) !== 0) return null;
      return { reply: { kind: 'exception', code: bytes[2] ?? 0, atMs }, length: 5 };
    }
    return functionCode === asked.functionCode ? this.#valuesAt(asked.request, bytes, atMs) : null;
  }

  #valuesAt(request: ReadRequest, bytes: Uint8Array, atMs: MonoMs): { reply: Reply; length: number } | null {
    const wide = this.#settings.byteCountBitsOf(request.unit) === 16;
    const data = wide ? 4 : 3;
    const size = isBits(request) ? Math.ceil(request.count / 8) : request.count * 2;
    const said = wide ? ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0) : bytes[2];
    const length = data + size + 2;
    if (said !== size || bytes.length < length || crc16(bytes, 0, length) !== 0) return null;
    const values = new Array<number>(request.count);
    for (let at = 0; at < request.count; at++) {
      values[at] = isBits(request)
        ? ((bytes[data + (at >> 3)] ?? 0) >> (at & 7)) & 1
        : ((bytes[data + at * 2] ?? 0) << 8) | (bytes[data + at * 2 + 1] ?? 0);
    }
    const exchange: Exchange = { kind: 'exchange', bus: this.#settings.bus, ...request, values, atMs };
    return { reply: { kind: 'values', exchange }, length };
  }
}

function isBits({ table }: ReadRequest): boolean {
  return table === 'coil' || table === 'discrete';
}

/** An RS-485 adapter whose receiver stays on hears its own request first, perhaps after noise: the end of it, or 0. */
function echoEnd(heard: Uint8Array, request: Uint8Array): number {
  for (let from = 0; from + request.length <= heard.length; from++) {
    if (request.every((byte, at) => heard[from + at] === byte)) return from + request.length;
  }
  return 0;
}
