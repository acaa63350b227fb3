/**
 * A line on which controllers push frames that are not Modbus, listened to: finds the frames that the `frames` section of a profile
 * describes, and tells their payload as exchanges. Never sends. Pure: the same chunks give the same frames, however the bytes were
 * cut into chunks.
 *
 * A place where no frame stands is noise, one byte of it. A head whose frame is not all here yet is waited for, up to a silence.
 * Without start bytes the check alone would say where a frame begins, and XOR over a frame holds over every rotation of it: there
 * a frame is believed as the third that follows another straight, of frames that are not all the same.
 * Bounded: it holds less than two frames.
 */

import type { MonoMs } from '../clock.ts';
import type { Frames } from '../config/frames.ts';
import { crc16 } from './frame.ts';
import type { Exchange, LineChunk } from './observation.ts';
import { type Heard, type ListeningReader, PAUSE_MS } from './tap.ts';

/** The tables that a payload is told as. */
export type PushTable = 'input' | 'holding';

export interface PushSettings {
  readonly bus: string;
  readonly frames: Frames;
  /** whose frames they are, where they do not say it */
  readonly unit: number;
  /** bytes of the payload that the fields of a table need, 0: none. A payload that is shorter tells nothing */
  readonly needs: { readonly [T in PushTable]: number };
}

/** Right frames in a row, without a byte between them, of which the last is believed where they have no start bytes. */
const IN_STEP = 3;
/** The other party's frame counts for so long. */
const TURN_MS = 1000;
const NOTHING: readonly Heard[] = [];

export class PushReader implements ListeningReader {
  /** frames that were believed, and bytes that belong to none, since it was made */
  readonly counts = { frames: 0, noise: 0 };
  readonly #settings: PushSettings;
  readonly #most: number;
  readonly #bytes: Uint8Array;
  #length = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #step = 0;
  /** the frame before */
  #before: { readonly frame: Uint8Array; readonly atMs: MonoMs } | null = null;

  constructor(settings: PushSettings) {
    this.#settings = settings;
    this.#most = settings.frames.bytes ?? settings.frames.maxBytes;
    this.#bytes = new Uint8Array(2 * this.#most);
  }

  /** Frames that are whole now, with the time of this chunk. Both directions are one line here: `dir` is not looked at. */
  chunk({ bytes, atMs }: LineChunk): readonly Heard[] {
    const found: Heard[] = [];
    if (atMs - this.#lastMs > PAUSE_MS) this.#read(atMs, true, found);
    this.#lastMs = atMs;
    for (let from = 0; from < bytes.length; from += this.#most) {
      const slice = bytes.subarray(from, from + this.#most);
      this.#bytes.set(slice, this.#length);
      this.#length += slice.length;
      this.#read(atMs, false, found);
    }
    return found.length === 0 ? NOTHING : found;
  }

  /** Takes all whole frames out of what is held. `over`: nothing more comes of what is unfinished. */
  #read(atMs: MonoMs, over: boolean, into: Heard[]): void {
    let at = 0;
    while (at < this.#length) {
      const size = this.#sizeAt(at);
      if (size === 'unfinished' && !over) break;
      if (typeof size === 'number') {
        this.#take(this.#bytes.slice(at, at + size), atMs, into);
        at += size;
      } else {
        this.counts.noise++;
        this.#step = 0;
        at++;
      }
    }
    this.#bytes.copyWithin(0, at, this.#length);
    this.#length -= at;
  }

  /** Bytes of the right frame that begins at `at`; whether one may that is not all here; null: none. */
  #sizeAt(at: number): number | 'unfinished' | null {
    const { start, type, end, check, checkFrom } = this.#settings.frames;
    const here = this.#length - at;
    if (!this.#has(start, at)) return null;
    if (type && type.offset < here && this.#bytes[at + type.offset] !== type.value) return null;
    const size = this.#saidAt(at);
    if (typeof size !== 'number') return size;
    if (size > here) return 'unfinished';
    const checkAt = at + size - end.length - CHECKS[check].bytes;
    if (!this.#has(end, at + size - end.length)) return null;
    return CHECKS[check].of(this.#bytes, at + checkFrom, checkAt) === this.#number(checkAt, CHECKS[check].bytes)
      ? size
      : null;
  }

  /** How long the frame at `at` says that it is. */
  #saidAt(at: number): number | 'unfinished' | null {
    const { frames } = this.#settings;
    if (!frames.length) return this.#most;
    const { offset, width, order, counts } = frames.length;
    if (at + offset + width > this.#length) return 'unfinished';
    const [first = 0, second = 0] = this.#bytes.subarray(at + offset, at + offset + width);
    const said = width === 1 ? first : wordOf(first, second, order);
    const size = counts === 'frame' ? said : said + overheadBytes(frames);
    return size <= overheadBytes(frames) || size > this.#most ? null : size;
  }

  /** These bytes stand at `at`, as far as it is here. */
  #has(wanted: readonly number[], at: number): boolean {
    for (let each = 0; each < wanted.length && at + each < this.#length; each++) {
      if (this.#bytes[at + each] !== wanted[each]) return false;
    }
    return true;
  }

  #number(at: number, width: number): number {
    const [first = 0, second = 0] = this.#bytes.subarray(at, at + width);
    return width < 2 ? (width === 0 ? 0 : first) : wordOf(first, second, this.#settings.frames.checkOrder);
  }

  #take(frame: Uint8Array, atMs: MonoMs, into: Heard[]): void {
    const before = this.#before;
    this.#before = { frame, atMs };
    if (!this.#isBelieved(frame, before?.frame)) {
      this.counts.noise += frame.length;
      return;
    }
    this.counts.frames++;
    const { frames } = this.#settings;
    if (frames.combine === 'last') this.#tell(frame, frame, atMs, into);
    else if (before && atMs - before.atMs <= TURN_MS) this.#tell(frame, before.frame, atMs, into);
  }

  /** Zeros are a right frame to a check that is 0 over them: two such in a row are a line that is held low. */
  #isBelieved(frame: Uint8Array, before: Uint8Array | undefined): boolean {
    if (this.#settings.frames.start.length > 0) return true;
    // After noise a frame follows none.
    const again = this.#step > 0 && before !== undefined && isSame(frame, before);
    if (again && frame.every((each) => each === frame[0])) this.#step = 0;
    else if (!again) this.#step++;
    return this.#step >= IN_STEP;
  }

  /** The bits that are set in either. */
  #tell(frame: Uint8Array, other: Uint8Array, atMs: MonoMs, into: Heard[]): void {
    const { bus, needs, unit, frames } = this.#settings;
    const { payloadOffset, unitOffset } = frames;
    const from = unitOffset === undefined ? unit : (frame[unitOffset] ?? 0);
    const payload = frame.subarray(payloadOffset, frame.length - tailBytes(frames));
    const others = other.subarray(payloadOffset, other.length - tailBytes(frames));
    if (payload.length < Math.max(needs.input, needs.holding)) return;
    const bytes = payload.map((each, at) => each | (others[at] ?? 0));
    const values: { readonly [T in PushTable]: number[] } = { input: [...bytes.subarray(0, needs.input)], holding: [] };
    for (let at = 0; at + 1 < needs.holding; at++) {
      values.holding.push(wordOf(bytes[at] ?? 0, bytes[at + 1] ?? 0, frames.order));
    }
    for (const table of ['input', 'holding'] as const) {
      if (needs[table] === 0) continue;
      const read = { unit: from, table, address: 0, count: values[table].length };
      const exchange: Exchange = { kind: 'exchange', bus, ...read, values: values[table], atMs };
      into.push({ kind: 'values', exchange });
    }
  }
}

/** Of the check and the end bytes. */
export function tailBytes({ check, end }: Pick<Frames, 'check' | 'end'>): number {
  return CHECKS[check].bytes + end.length;
}

/** What of a frame is no payload. */
export function overheadBytes(frames: Frames): number {
  return frames.payloadOffset + tailBytes(frames);
}

type Order = Frames['order'];

function wordOf(first: number, second: number, order: Order): number {
  return order === 'high-first' ? (first << 8) | second : (second << 8) | first;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((each, at) => each === other[at]);
}

type CheckOf = (bytes: Uint8Array, from: number, to: number) => number;

const CHECKS: { readonly [C in Frames['check']]: { readonly bytes: 0 | 1 | 2; readonly of: CheckOf } } = {
  none: { bytes: 0, of: () => 0 },
  xor: { bytes: 1, of: (bytes, from, to) => bytes.subarray(from, to).reduce((sum, each) => sum ^ each, 0) },
  sum8: { bytes: 1, of: (bytes, from, to) => sumOf(bytes, from, to) & 0xff },
  'sum8-negated': { bytes: 1, of: (bytes, from, to) => -sumOf(bytes, from, to) & 0xff },
  'crc16-modbus': { bytes: 2, of: crc16 },
  'crc16-ccitt': { bytes: 2, of: ccitt },
};

function sumOf(bytes: Uint8Array, from: number, to: number): number {
  return bytes.subarray(from, to).reduce((sum, each) => sum + each, 0);
}

function ccitt(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffff;
  for (let at = from; at < to; at++) {
    crc ^= (bytes[at] ?? 0) << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}
