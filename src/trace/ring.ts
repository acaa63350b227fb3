/** The near past in memory, encoded, in segments that can each begin a capture. */

import type { MonoMs } from '../clock.ts';
import type { CaptureItem } from './capture.ts';
import type { CaptureEncoder } from './file.ts';

const SEGMENTS = 4;
/** A segment is also closed by its bytes, so that dropping one drops little. */
const SEGMENT_SHARE = 1 / 8;

export class Segment {
  readonly startMs: MonoMs;
  /** what a capture that starts with this segment begins with: a checkpoint and the exchanges open at it */
  readonly prefix: Uint8Array;
  readonly #encoder: CaptureEncoder;
  #buffer = new Uint8Array(4096);
  #length = 0;

  constructor(startMs: MonoMs, encoder: CaptureEncoder, start: readonly CaptureItem[]) {
    this.startMs = startMs;
    this.#encoder = encoder;
    this.prefix = Buffer.concat(start.map((item) => encoder.item(item)));
  }

  /** All since the prefix. A view that later items leave as it is. */
  get body(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  get bytes(): number {
    return this.prefix.length + this.#length;
  }

  /** Returns the item's bytes. */
  add(item: CaptureItem): Uint8Array {
    const bytes = this.#encoder.item(item);
    if (this.#length + bytes.length > this.#buffer.length) {
      const grown = new Uint8Array(2 * (this.#length + bytes.length));
      grown.set(this.body);
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    return bytes;
  }
}

/** Holds at least the last `keepMs`, a quarter more at most, unless that takes more than `maxBytes`. */
export class Ring {
  /** dropped for want of room before their time */
  dropped = 0;
  readonly #keepMs: number;
  readonly #maxBytes: number;
  #segments: Segment[] = [];

  constructor(keepMs: number, maxBytes: number) {
    this.#keepMs = keepMs;
    this.#maxBytes = maxBytes;
  }

  get newest(): Segment | undefined {
    return this.#segments.at(-1);
  }

  /** Whether the next item, at `atMs`, needs a segment of its own. */
  wantsSegment(atMs: MonoMs): boolean {
    const { newest } = this;
    if (!newest) return true;
    return atMs - newest.startMs >= this.#keepMs / SEGMENTS || newest.body.length >= this.#maxBytes * SEGMENT_SHARE;
  }

  begin(segment: Segment): void {
    this.#segments.push(segment);
    const { startMs } = segment;
    while (this.#segments[1] && this.#segments[1].startMs <= startMs - this.#keepMs) this.#segments.shift();
    let bytes = this.#segments.reduce((sum, one) => sum + one.bytes, 0);
    for (const oldest of this.#segments.slice(0, -1)) {
      if (bytes <= this.#maxBytes) break;
      this.#segments.shift();
      this.dropped++;
      bytes -= oldest.bytes;
    }
  }

  /** The oldest checkpoint and all since. */
  contents(): Uint8Array[] {
    const [oldest] = this.#segments;
    return oldest ? [oldest.prefix, ...this.#segments.map(({ body }) => body)] : [];
  }
}
