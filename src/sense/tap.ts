/**
 * A line that another master polls, listened to: finds every frame in what is heard, and pairs requests with replies. Never
 * sends. Pure: the same chunks give the same frames, however the bytes were cut into chunks.
 *
 * A place is read for the reply to the open request first, then for any frame its head allows, the shortest first, but after an
 * answer a request before all others; what is none is noise. A head whose frame is not all here yet is waited for, up to a silence; only
 * the open request's own reply and a whole request to read, whose heads say much, are taken from behind it, and with them all that it
 * hid. A reply without its request tells nothing, nor does one that may be the late reply to another.
 * Bounded: it holds less than two frames.
 */

import type { MonoMs } from '../clock.ts';
import { crc16, isLike, isSame, readRequestAt, replyAt, valuesAt, wholeReadRequestAt } from './frame.ts';
import { type Candidate, candidatesAt, LONGEST_FRAME } from './heads.ts';
import { type Exchange, type LineChunk, type ReadRequest, TABLE_OF } from './observation.ts';

/** `atMs`: of the chunk that made it sure. `request`: null where it is no read. */
export type Heard =
  | {
      readonly kind: 'request';
      readonly unit: number;
      readonly functionCode: number;
      readonly request: ReadRequest | null;
      readonly atMs: MonoMs;
    }
  | { readonly kind: 'values'; readonly exchange: Exchange }
  | {
      readonly kind: 'exception';
      readonly unit: number;
      readonly functionCode: number;
      readonly code: number;
      readonly request: ReadRequest | null;
      readonly atMs: MonoMs;
    }
  /** to a request that reads nothing, or that may be another's; `asked`: it was heard, and just before */
  | {
      readonly kind: 'reply';
      readonly unit: number;
      readonly functionCode: number;
      readonly asked: boolean;
      readonly atMs: MonoMs;
    };

/** A reader of a line that is only listened to. */
export interface ListeningReader {
  readonly counts: { readonly frames: number; readonly noise: number };
  chunk(chunk: LineChunk): readonly Heard[];
}

export interface TapSettings {
  readonly bus: string;
  /** no reply comes later, ms */
  readonly responseTimeoutMs: number;
}

interface Open {
  readonly unit: number;
  readonly functionCode: number;
  readonly request: ReadRequest | null;
  readonly frame: Uint8Array;
  readonly atMs: MonoMs;
  /** one like it, of other registers, was not answered just before: a reply may be to that one */
  readonly doubtful: boolean;
}

/** A frame that was found: `from` counts the bytes given since the reader was made. */
export type OnFrame = (heard: Heard, from: number, length: number) => void;

/** `open`: the request that is open once this frame is taken. */
type Found = {
  readonly length: number;
  readonly heard: Heard;
  readonly sure: boolean;
  readonly open: Open | null;
};

const EXCEPTION_BIT = 0x80;
/** A slave's late reply comes no later than this. */
const LATE_MS = 1000;
/** A reply that has the form of a request repeats its request; of these functions only so many bytes of it. */
const REPEATED: { readonly [functionCode: number]: number | undefined } = { 8: 4, 20: 2 };
const HELD_BYTES = 2 * LONGEST_FRAME;
const SLICE_BYTES = LONGEST_FRAME;
/** No frame pauses for as long, whatever an adapter does: 16 ms is what the slowest of them gather for. */
export const PAUSE_MS = 50;
const NOTHING: readonly Heard[] = [];

export class TapReader implements ListeningReader {
  /** frames found, and bytes that belong to none, since it was made */
  readonly counts = { frames: 0, noise: 0 };
  readonly #settings: TapSettings;
  readonly #bytes = new Uint8Array(HELD_BYTES);
  #length = 0;
  /** of #bytes[0] among all bytes given */
  #offset = 0;
  /** when the last byte of #bytes came */
  #lastMs = Number.NEGATIVE_INFINITY as MonoMs;
  #open: Open | null = null;
  readonly #onFrame: OnFrame | undefined;
  /** the last frame was the answer to the one before: it is a request's turn */
  #inTurn = false;

  constructor(settings: TapSettings, onFrame?: OnFrame) {
    this.#settings = settings;
    this.#onFrame = onFrame;
  }

  /** The request that is not yet answered, as long as it may be. */
  openAt(nowMs: MonoMs): Pick<Open, 'unit' | 'request'> | null {
    return this.#open && nowMs - this.#open.atMs <= this.#settings.responseTimeoutMs ? this.#open : null;
  }

  /** Frames that are sure now. Both directions are one line here: `dir` is not looked at. */
  chunk({ bytes, atMs }: LineChunk): readonly Heard[] {
    const found: Heard[] = [];
    if (atMs - this.#lastMs > PAUSE_MS) this.#read(atMs, true, found);
    this.#lastMs = atMs;
    for (let from = 0; from < bytes.length; from += SLICE_BYTES) {
      const slice = bytes.subarray(from, from + SLICE_BYTES);
      this.#bytes.set(slice, this.#length);
      this.#length += slice.length;
      this.#read(atMs, false, found);
    }
    return found.length === 0 ? NOTHING : found;
  }

  /** Takes all frames that are sure out of what is held. `over`: nothing more comes of what is unfinished. */
  #read(atMs: MonoMs, over: boolean, into: Heard[]): void {
    let head = 0;
    /** the first place whose frame is not all here */
    let waiting = -1;
    /** what is unfinished before here stays so */
    let overTo = over ? this.#length : 0;
    for (let at = 0; at < this.#length; ) {
      const found = this.#at(at, atMs, at < overTo);
      if (found === 'own-unfinished' && at >= overTo) {
        if (waiting < 0) waiting = at;
        break;
      }
      if (found === 'unfinished' && at >= overTo && waiting < 0) waiting = at;
      if (found === null || typeof found === 'string' || (waiting >= 0 && !found.sure)) {
        at++;
        continue;
      }
      if (waiting >= 0) {
        // A sure frame stands where it would go on, so what was waited for is none; what it hid is looked for again.
        overTo = at;
        at = waiting;
        waiting = -1;
        continue;
      }
      this.counts.frames++;
      this.counts.noise += at - head;
      this.#open = found.open;
      into.push(found.heard);
      this.#inTurn = isAnswer(found.heard);
      this.#onFrame?.(found.heard, this.#offset + at, found.length);
      at += found.length;
      head = at;
      waiting = -1;
    }
    const keepFrom = waiting < 0 ? this.#length : waiting;
    this.counts.noise += keepFrom - head;
    this.#bytes.copyWithin(0, keepFrom, this.#length);
    this.#length -= keepFrom;
    this.#offset += keepFrom;
  }

  /** The frame that begins at `at`; whether one may that is not all here; null: none. */
  #at(at: number, atMs: MonoMs, over: boolean): Found | 'own-unfinished' | 'unfinished' | null {
    const end = this.#length;
    const open = this.#open;
    let unfinished = false;
    if (open?.request) {
      const own = this.#replyTo(open, open.request, at, atMs);
      if (own !== null && typeof own !== 'string') return own;
      if (own === 'unfinished') return 'own-unfinished';
    }
    for (const candidate of this.#candidates(at)) {
      if (at + candidate.length <= end) {
        if (crc16(this.#bytes, at, at + candidate.length) === 0) return this.#frame(candidate, at, atMs);
        continue;
      }
      unfinished = true;
      // A request whose CRC ends with a zero may be whole as a reply one byte before its end.
      if (this.#inTurn && candidate.kind === 'request' && !over) break;
    }
    return unfinished ? 'unfinished' : null;
  }

  #candidates(at: number): Candidate[] {
    const found = candidatesAt(this.#bytes, at, this.#length);
    if (!this.#inTurn) return found;
    const [requests, others] = [
      found.filter(({ kind }) => kind === 'request'),
      found.filter(({ kind }) => kind !== 'request'),
    ];
    return [...requests, ...others];
  }

  #replyTo(open: Open, request: ReadRequest, at: number, atMs: MonoMs): Found | 'unfinished' | null {
    for (const byteCountBits of [8, 16] as const) {
      const reply = replyAt(request, byteCountBits, this.#bytes, at, this.#length);
      if (reply?.standing === 'unfinished') return 'unfinished';
      if (reply?.standing !== 'whole') continue;
      const taken = { length: reply.length, sure: true, open: null };
      if (reply.exception !== null) {
        const functionCode = (this.#bytes[at + 1] ?? 0) & ~EXCEPTION_BIT;
        const { unit } = request;
        const heard: Heard = { kind: 'exception', unit, functionCode, code: reply.exception, request, atMs };
        return { ...taken, heard };
      }
      const { unit, functionCode, doubtful } = open;
      if (doubtful || atMs - open.atMs > this.#settings.responseTimeoutMs) {
        return { ...taken, heard: { kind: 'reply', unit, functionCode, asked: false, atMs } };
      }
      const values = valuesAt(request, byteCountBits, this.#bytes, at);
      const exchange: Exchange = { kind: 'exchange', bus: this.#settings.bus, ...request, values, atMs };
      return { ...taken, heard: { kind: 'values', exchange } };
    }
    return null;
  }

  #frame({ kind, length }: Candidate, at: number, atMs: MonoMs): Found {
    const unit = this.#bytes[at] ?? 0;
    const said = this.#bytes[at + 1] ?? 0;
    const functionCode = said & ~EXCEPTION_BIT;
    const open = this.#open;
    const answers = open?.unit === unit && open.functionCode === functionCode;
    // What answers somebody else leaves the open request open.
    const answered = { length, sure: false, open: answers ? null : open };
    if (kind === 'exception') {
      const request = answers ? open.request : null;
      const code = this.#bytes[at + 2] ?? 0;
      return { ...answered, heard: { kind, unit, functionCode, code, request, atMs } };
    }
    if (kind === 'reply' || (answers && this.#echoes(open, at))) {
      return { ...answered, heard: { kind: 'reply', unit, functionCode, asked: answers, atMs } };
    }
    const request = TABLE_OF[said] ? readRequestAt(this.#bytes, at) : null;
    const frame = this.#bytes.slice(at, at + length);
    const askedMs = this.#lastMs;
    const before = open?.request && request && askedMs - open.atMs <= LATE_MS ? open.request : null;
    const doubtful = before !== null && request !== null && isLike(before, request) && !isSame(before, request);
    const asks = unit === 0 ? null : { unit, functionCode, request, frame, atMs: askedMs, doubtful };
    const sure = wholeReadRequestAt(this.#bytes, at, this.#length) !== null;
    return { length, sure, open: asks, heard: { kind: 'request', unit, functionCode, request, atMs } };
  }

  /**
   * A write is answered by its own bytes: which of the two it is, the turn says. After the time-out nobody answers, and the same is
   * asked again.
   */
  #echoes({ functionCode, request, frame, atMs }: Open, at: number): boolean {
    if (request !== null || this.#lastMs - atMs > this.#settings.responseTimeoutMs) return false;
    return frame.subarray(0, REPEATED[functionCode]).every((byte, offset) => this.#bytes[at + offset] === byte);
  }
}

/** What was asked for: after it somebody asks again. */
function isAnswer(heard: Heard): boolean {
  if (heard.kind === 'reply') return heard.asked;
  return heard.kind === 'values' || (heard.kind === 'exception' && heard.request !== null);
}
