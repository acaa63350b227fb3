/**
 * Who is the master: makes the chunks of a capture out of what a tool recorded. A frame becomes one chunk with the time of its last
 * byte, however it came in pieces; what is no frame stays as it came. Where the tool tells two ends apart, the one that asks is the
 * master; where it does not, or contradicts what is said, a request is the master's and all else is not.
 */

import { monoMs } from '../../clock.ts';
import { t } from '../../language.ts';
import { FUNCTION_OF, type LineChunk } from '../../sense/observation.ts';
import { type Heard, TapReader } from '../../sense/tap.ts';
import { JOIN_LIMIT_BYTES } from '../coalesce.ts';
import type { Piece } from './recording.ts';

/** A reply that comes later than this is to nothing. */
const RESPONSE_TIMEOUT_MS = 1000;
/** Bytes of no frame are one chunk while they are no further apart: 3.5 characters at 9600 baud. */
const SILENCE_MS = 4;

export interface LineCounts {
  readonly bytes: number;
  readonly frames: number;
  readonly requests: number;
  /** requests that were answered, by values, an exception or otherwise */
  readonly pairs: number;
  /** bytes that belong to no frame */
  readonly noise: number;
}

export interface Line {
  readonly chunks: readonly LineChunk[];
  readonly counts: LineCounts;
  readonly notes: readonly string[];
}

interface Span {
  readonly heard: Heard;
  readonly from: number;
  readonly to: number;
  /** null: of a line whose sides nobody knows, or of both */
  readonly side: Piece['side'];
}

/** `pieces`: of one line, their times never going back; the first may be at any time from 0 on. */
export function lineOf(pieces: readonly Piece[], bus: string): Line {
  const offsets: number[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    offsets.push(bytes);
    bytes += piece.bytes.length;
  }
  const found = spansOf(pieces, bus);
  const spans = placed(found, pieces, offsets);
  const master = masterOf(pieces, spans);
  const writer = new ChunkWriter(pieces, offsets, bus, master.side);
  for (const span of spans) writer.frame(span);
  writer.noiseUpTo(bytes);
  const frames = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  return {
    chunks: writer.chunks,
    counts: { bytes, frames: spans.length, ...countsOf(spans, master.side), noise: bytes - frames },
    notes: master.notes,
  };
}

function spansOf(pieces: readonly Piece[], bus: string): Omit<Span, 'side'>[] {
  const spans: Omit<Span, 'side'>[] = [];
  const tap = new TapReader({ bus, responseTimeoutMs: RESPONSE_TIMEOUT_MS }, (heard, from, length) =>
    spans.push({ heard, from, to: from + length }),
  );
  for (const { bytes, atMs } of pieces) tap.chunk({ bus, dir: 'rx', bytes, atMs: monoMs(atMs) });
  const overMs = (pieces.at(-1)?.atMs ?? 0) + RESPONSE_TIMEOUT_MS + 1;
  tap.chunk({ bus, dir: 'rx', bytes: new Uint8Array(0), atMs: monoMs(overMs) });
  return spans;
}

/** Frames with their sides; what both sides made together is none. */
function placed(spans: readonly Omit<Span, 'side'>[], pieces: readonly Piece[], offsets: readonly number[]): Span[] {
  let at = 0;
  return spans.flatMap((span): Span | [] => {
    while ((offsets[at + 1] ?? Number.POSITIVE_INFINITY) <= span.from) at++;
    const side = pieces[at]?.side ?? null;
    for (let next = at + 1; (offsets[next] ?? span.to) < span.to; next++) {
      if (pieces[next]?.side !== side) return [];
    }
    return { ...span, side };
  });
}

function countsOf(spans: readonly Span[], master: Piece['side']): Pick<LineCounts, 'requests' | 'pairs'> {
  let [requests, pairs] = [0, 0];
  let open: { unit: number; functionCode: number } | null = null;
  for (const span of spans) {
    const head = headOf(span.heard);
    if (asks(span, master)) {
      requests++;
      open = head;
      continue;
    }
    if (open?.unit === head.unit && open.functionCode === head.functionCode) pairs++;
    open = null;
  }
  return { requests, pairs };
}

/** Where the sides are known, they say more than the form: a write and its reply look the same. */
function asks({ heard, side }: Span, master: Piece['side']): boolean {
  return master === null ? heard.kind === 'request' : side === master;
}

function headOf(heard: Heard): { unit: number; functionCode: number } {
  if (heard.kind !== 'values') return heard;
  return { unit: heard.exchange.unit, functionCode: FUNCTION_OF[heard.exchange.table] };
}

/** The side that asks; null where sides are unknown, or where requests and replies come from both. */
function masterOf(pieces: readonly Piece[], spans: readonly Span[]): { side: Piece['side']; notes: string[] } {
  const sides = new Set(pieces.map(({ side }) => side));
  if (sides.has(null) || sides.size < 2) return { side: null, notes: [] };
  const asksAs = (master: 0 | 1) => spans.filter(({ heard, side }) => (heard.kind === 'request') === (side === master));
  const [first, second] = [asksAs(0).length, asksAs(1).length];
  const [side, rest] = second > first ? ([1, first] as const) : ([0, second] as const);
  if (rest * 4 <= Math.max(first, second)) return { side, notes: [] };
  return {
    side: null,
    notes: [
      t('requests come from both sides, so who spoke is told by turn instead', '两端都发出请求，故按问答顺序判断方向'),
    ],
  };
}

/** A piece as pieces of no more than a chunk of noise may have. */
function short(piece: Piece): Piece[] {
  const count = Math.ceil(piece.bytes.length / JOIN_LIMIT_BYTES);
  return Array.from({ length: count }, (_, n) => ({
    ...piece,
    bytes: piece.bytes.subarray(n * JOIN_LIMIT_BYTES, (n + 1) * JOIN_LIMIT_BYTES),
  }));
}

/** Cuts the pieces into chunks, in their order. */
class ChunkWriter {
  readonly chunks: LineChunk[] = [];
  readonly #pieces: readonly Piece[];
  readonly #offsets: readonly number[];
  readonly #bus: string;
  readonly #master: Piece['side'];
  /** how far the bytes are written, and the piece in which that is */
  #at = 0;
  #piece = 0;
  /** the last chunk is no frame, and more of the same may join it */
  #open = false;

  constructor(pieces: readonly Piece[], offsets: readonly number[], bus: string, master: Piece['side']) {
    this.#pieces = pieces;
    this.#offsets = offsets;
    this.#bus = bus;
    this.#master = master;
  }

  frame(span: Span): void {
    this.noiseUpTo(span.from);
    const parts = this.#take(span.to);
    this.#add(
      asks(span, this.#master) ? 'tx' : 'rx',
      Buffer.concat(parts.map(({ bytes }) => bytes)),
      parts.at(-1)?.atMs ?? 0,
    );
    this.#open = false;
  }

  noiseUpTo(to: number): void {
    for (const { bytes, atMs, side } of this.#take(to).flatMap(short)) {
      const dir = this.#master !== null && side === this.#master ? 'tx' : 'rx';
      const last = this.chunks.at(-1);
      const joins = this.#open && last?.dir === dir && atMs - last.atMs <= SILENCE_MS;
      if (last && joins && last.bytes.length + bytes.length <= JOIN_LIMIT_BYTES) {
        this.chunks.pop();
        this.#add(dir, Buffer.concat([last.bytes, bytes]), atMs);
      } else {
        this.#add(dir, bytes, atMs);
      }
      this.#open = true;
    }
  }

  #take(to: number): Piece[] {
    const parts: Piece[] = [];
    while (this.#at < to) {
      const piece = this.#pieces[this.#piece];
      if (!piece) break;
      const offset = this.#offsets[this.#piece] ?? 0;
      const bytes = piece.bytes.subarray(this.#at - offset, to - offset);
      if (bytes.length > 0) parts.push({ ...piece, bytes });
      this.#at += bytes.length;
      if (this.#at === offset + piece.bytes.length) this.#piece++;
    }
    return parts;
  }

  #add(dir: LineChunk['dir'], bytes: Uint8Array, atMs: number): void {
    this.chunks.push({ bus: this.#bus, dir, bytes: Uint8Array.from(bytes), atMs: monoMs(atMs) });
  }
}
