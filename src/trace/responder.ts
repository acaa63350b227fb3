/**
 * The slaves of a capture, served again: each request heard gets the reply that the capture has to the next same one, and the first
 * request that the capture does not hold, or holds elsewhere, is told. After its last request the capture begins anew.
 */

import type { LineChunk } from '../sense/observation.ts';
import { TapReader } from '../sense/tap.ts';
import type { CaptureItem } from './capture.ts';

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

interface Turn {
  readonly request: string;
  /** all that was heard until the next request; empty: silence */
  readonly reply: Uint8Array;
  /** from the request to the end of the reply */
  readonly delayMs: number;
}

/** `place`: of the request that was due, from 1. `found`: where it stands instead; null: nowhere. */
export interface Divergence {
  readonly place: number;
  readonly heard: string;
  readonly due: string;
  readonly found: number | null;
}

export interface Answer {
  readonly reply: Uint8Array;
  readonly delayMs: number;
}

const RESPONSE_TIMEOUT_MS = 1000;

export class Responder {
  readonly counts = { heard: 0, answered: 0, unknown: 0 };
  /** the first of all */
  divergence: Divergence | null = null;
  readonly requests: number;
  readonly #turns: readonly Turn[];
  readonly #tap: TapReader;
  /** bytes given to the tap that may still be of a frame, and the place of the first of them */
  #held: Uint8Array = new Uint8Array(0);
  #offset = 0;
  #frames: string[] = [];
  /** null: nothing was heard yet, and the capture is taken up wherever the master begins */
  #next: number | null = null;

  constructor(items: readonly CaptureItem[], bus: string) {
    this.#turns = turnsOf(items, bus);
    this.requests = this.#turns.length;
    this.#tap = new TapReader({ bus, responseTimeoutMs: RESPONSE_TIMEOUT_MS }, (_, from, length) => {
      this.#frames.push(hexOf(this.#held.subarray(from - this.#offset, from - this.#offset + length)));
    });
  }

  /** Bytes from the master; what is to be sent, in this order. */
  chunk(chunk: LineChunk): Answer[] {
    this.#hear(chunk);
    const frames = this.#frames;
    this.#frames = [];
    return frames.flatMap((frame) => {
      const answer = this.#answer(frame);
      if (!answer) return [];
      // The tap hears the reply too, so that it knows whose turn it is.
      this.#hear({ ...chunk, bytes: answer.reply });
      this.#frames = [];
      return answer;
    });
  }

  #hear(chunk: LineChunk): void {
    this.#held = Buffer.concat([this.#held, chunk.bytes]);
    this.#tap.chunk(chunk);
    const keep = Math.min(this.#held.length, 1024);
    this.#offset += this.#held.length - keep;
    this.#held = this.#held.subarray(this.#held.length - keep);
  }

  #answer(heard: string): Answer | null {
    this.counts.heard++;
    const due = this.#next ?? 0;
    const count = this.#turns.length;
    const steps = Array.from({ length: count }, (_, n) => (due + n) % count);
    const found = steps.find((at) => this.#turns[at]?.request === heard) ?? null;
    if (found === null || (this.#next !== null && found !== due)) {
      this.divergence ??= {
        place: due + 1,
        heard,
        due: this.#turns[due]?.request ?? '',
        found: found === null ? null : found + 1,
      };
    }
    const turn = found === null ? undefined : this.#turns[found];
    if (found === null || !turn) {
      this.counts.unknown++;
      return null;
    }
    this.#next = (found + 1) % count;
    if (turn.reply.length === 0) return null;
    this.counts.answered++;
    return turn;
  }
}

function turnsOf(items: readonly CaptureItem[], bus: string): Turn[] {
  const turns: { request: string; askedMs: number; parts: Uint8Array[]; delayMs: number }[] = [];
  for (const item of items) {
    if (item.kind !== 'chunk' || item.chunk.bus !== bus) continue;
    const { dir, bytes, atMs } = item.chunk;
    const open = turns.at(-1);
    if (dir === 'tx') turns.push({ request: hexOf(bytes), askedMs: atMs, parts: [], delayMs: 0 });
    else if (open) {
      open.parts.push(bytes);
      open.delayMs = Math.max(0, atMs - open.askedMs);
    }
  }
  return turns.map(({ request, parts, delayMs }) => ({ request, reply: Buffer.concat(parts), delayMs }));
}
