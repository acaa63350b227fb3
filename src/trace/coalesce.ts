/** Joins what a line brings in pieces into one packet per frame, so that Wireshark can decode it and a capture stays small. */

import type { LineChunk } from '../sense/observation.ts';
import { PAUSE_MS } from '../sense/tap.ts';
import type { CaptureItem } from './capture.ts';

/** More than a reader of replies ever looks back on (sense/rtu.ts): bytes that never make a frame are not gathered further. */
export const JOIN_LIMIT_BYTES = 1024;

interface Pending {
  readonly parts: Uint8Array[];
  bytes: number;
  last: LineChunk;
}

/**
 * The replay of what is emitted gives the live verdicts: an exchange counts when its last byte arrives, and just then its
 * packet is emitted, with that time. Only bytes that completed nothing are emitted later than they arrived; they keep
 * their own time, which may lie before that of the item ahead of them.
 */
export class Coalescer {
  readonly #emit: (item: CaptureItem) => void;
  readonly #pending = new Map<string, Pending>();
  /** the lines on which somebody sends: ours */
  readonly #asked = new Set<string>();

  constructor(emit: (item: CaptureItem) => void) {
    this.#emit = emit;
  }

  chunk(chunk: LineChunk): void {
    if (chunk.dir === 'tx') {
      this.#asked.add(chunk.bus);
      this.exchangeDone(chunk.bus);
      this.#emit({ kind: 'chunk', chunk });
      return;
    }
    const before = this.#pending.get(chunk.bus);
    // A reader that only listens parts frames by silence: what it parted is not joined.
    const parted = before && !this.#asked.has(chunk.bus) && chunk.atMs - before.last.atMs > PAUSE_MS;
    if (parted) this.exchangeDone(chunk.bus);
    const pending = this.#pending.get(chunk.bus) ?? { parts: [], bytes: 0, last: chunk };
    pending.parts.push(chunk.bytes);
    pending.bytes += chunk.bytes.length;
    pending.last = chunk;
    this.#pending.set(chunk.bus, pending);
    if (pending.bytes >= JOIN_LIMIT_BYTES) this.exchangeDone(chunk.bus);
  }

  /** Call it straight after the chunk with the last byte, before judgement sees the exchange. */
  exchangeDone(bus: string): void {
    const pending = this.#pending.get(bus);
    if (!pending) return;
    this.#pending.delete(bus);
    const bytes = pending.parts.length === 1 ? pending.last.bytes : Buffer.concat(pending.parts);
    this.#emit({ kind: 'chunk', chunk: { ...pending.last, bytes } });
  }

  /** Anything that is not a chunk passes at once. */
  other(item: Exclude<CaptureItem, { kind: 'chunk' }>): void {
    this.#emit(item);
  }

  /** Emits all that waits, the earliest first. */
  flush(): void {
    const waiting = [...this.#pending].sort(([, a], [, b]) => a.last.atMs - b.last.atMs);
    for (const [bus] of waiting) this.exchangeDone(bus);
  }
}
