/**
 * Frames of every kind, sound, damaged and at random, cut anywhere, through the master's reader and the tap. What the slave said is
 * known: a value that is told otherwise came of a damaged frame that its CRC let pass, or is a defect.
 */

import { Random } from '../../hil/lift/random.ts';
import type { MonoMs } from '../../src/clock.ts';
import { exceptionFrame, identifyFrame, readFrame, replyFrame, withCrc } from '../../src/sense/frame.ts';
import { type Exchange, type ReadRequest, TABLES } from '../../src/sense/observation.ts';
import { RtuReader } from '../../src/sense/rtu.ts';
import { TapReader } from '../../src/sense/tap.ts';

export interface FuzzedFrames {
  readonly frames: number;
  readonly damaged: number;
  /** values told, by the master's reader and by the tap */
  readonly told: number;
  /** told, and not what the slave said; of them, those whose frame was damaged */
  readonly wrong: number;
  readonly passed: number;
  /** bytes in use, after a tenth of the frames and after all */
  readonly heapBytes: readonly [number, number];
}

const TIMEOUT_MS = 300;
const BUS = 'b';
const RECENT = 4;

export function fuzzFrames(seed: number, count: number): FuzzedFrames {
  const fuzz = new Fuzz(seed);
  let early = 0;
  for (let frames = 0; frames < count; frames += 2) {
    fuzz.exchange();
    if (frames >= count / 10 && early === 0) early = inUse();
  }
  return { frames: count, ...fuzz.counts, heapBytes: [early, inUse()] };
}

function inUse(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

class Fuzz {
  readonly counts = { damaged: 0, told: 0, wrong: 0, passed: 0 };
  readonly #random: Random;
  readonly #master = new RtuReader({
    bus: BUS,
    responseTimeoutMs: TIMEOUT_MS,
    byteCountBitsOf: (unit) => (unit % 9 === 0 ? 16 : 8),
  });
  readonly #tap = new TapReader({ bus: BUS, responseTimeoutMs: TIMEOUT_MS });
  readonly #recent: { readonly request: ReadRequest; readonly values: readonly number[]; readonly whole: boolean }[] =
    [];
  #nowMs = 0;
  #answers = 0;

  constructor(seed: number) {
    this.#random = new Random(`fuzz ${seed}`);
  }

  /** A request and what comes of it. */
  exchange(): void {
    const random = this.#random;
    const unit = random.whole(1, 247);
    const table = random.pick(TABLES);
    const request: ReadRequest = { unit, table, address: random.whole(0, 60_000), count: random.whole(1, 12) };
    const asked = readFrame(request);
    this.#nowMs += random.chance(0.01) ? 2000 : random.whole(0, 120);
    const values = this.#values(request);
    const reply = replyFrame(request, values, unit % 9 === 0 ? 16 : 8);
    const [said, whole] = this.#said(request, reply);
    if (!whole) this.counts.damaged++;
    const heardAsked = random.chance(0.05) ? this.#mutated(asked) : asked;
    this.#master.chunk({ bus: BUS, dir: 'tx', bytes: asked, atMs: this.#nowMs as MonoMs });
    this.#recent.unshift({ request, values, whole: whole && heardAsked === asked });
    this.#recent.length = Math.min(this.#recent.length, RECENT);
    this.#tapped(heardAsked);
    this.#nowMs += random.whole(0, 20);
    for (const bytes of this.#pieces(said)) {
      const told = this.#master.chunk({ bus: BUS, dir: 'rx', bytes, atMs: this.#nowMs as MonoMs });
      if (told?.kind === 'values') this.#told(told.exchange);
      this.#tapped(bytes);
      this.#nowMs += random.whole(0, 4);
    }
    if (random.chance(0.2)) this.#master.giveUp();
  }

  #tapped(bytes: Uint8Array): void {
    for (const heard of this.#tap.chunk({ bus: BUS, dir: 'rx', bytes, atMs: this.#nowMs as MonoMs })) {
      if (heard.kind === 'values') this.#told(heard.exchange);
    }
  }

  /** The tap may be sure of a frame only when the next one comes. */
  #told({ unit, table, address, values }: Exchange): void {
    this.counts.told++;
    const its = this.#recent.find(
      ({ request }) => request.unit === unit && request.table === table && request.address === address,
    );
    if (its && values.every((value, at) => value === its.values[at])) return;
    this.counts.wrong++;
    if (its ? !its.whole : this.#recent.some(({ whole }) => !whole)) this.counts.passed++;
  }

  /** No two answers are alike. */
  #values({ table, count }: ReadRequest): number[] {
    const n = ++this.#answers;
    const bits = table === 'coil' || table === 'discrete';
    return Array.from({ length: count }, (_, at) =>
      bits ? (Math.imul(n, 40_503) >> (at % 16)) & 1 : (Math.imul(n, 40_503) + at * 7919) & 0xffff,
    );
  }

  /** What is heard in answer, and whether it is the reply as it was sent. */
  #said(request: ReadRequest, reply: Uint8Array): [Uint8Array, boolean] {
    const random = this.#random;
    const kind = random.next();
    if (kind < 0.4) return [reply, true];
    if (kind < 0.8) return [this.#mutated(reply), false];
    if (kind < 0.85) return [this.#noise(300), false];
    if (kind < 0.9) return [exceptionFrame(request.unit, 3, random.whole(1, 11)), false];
    if (kind < 0.93) return [identifyFrame(request.unit), false];
    if (kind < 0.96) return [withCrc([request.unit, 6, 0, 1, 0, random.whole(0, 255)]), false];
    return [withCrc([request.unit, 16, 0, 1, 0, 1, 2, 0, 7]), false];
  }

  #mutated(frame: Uint8Array): Uint8Array {
    const random = this.#random;
    const at = random.whole(0, frame.length - 1);
    switch (random.whole(0, 6)) {
      case 0: {
        const flipped = Uint8Array.from(frame);
        for (let bits = random.whole(1, 6); bits > 0; bits--) {
          const byte = random.whole(0, frame.length - 1);
          flipped[byte] = (flipped[byte] ?? 0) ^ (1 << random.whole(0, 7));
        }
        return flipped;
      }
      case 1:
        return frame.filter((_, index) => index !== at);
      case 2:
        return Uint8Array.from([...frame.subarray(0, at), random.whole(0, 255), ...frame.subarray(at)]);
      case 3:
        return frame.subarray(0, at);
      case 4: {
        const swapped = Uint8Array.from(frame);
        const other = random.whole(0, frame.length - 1);
        [swapped[at], swapped[other]] = [frame[other] ?? 0, frame[at] ?? 0];
        return swapped;
      }
      case 5: {
        const over = Uint8Array.from(frame);
        over.set(this.#noise(4).subarray(0, Math.min(4, frame.length - at)), at);
        return over;
      }
      default:
        return Uint8Array.from([...frame.subarray(at), ...frame.subarray(0, at)]);
    }
  }

  #noise(most: number): Uint8Array {
    return Uint8Array.from({ length: this.#random.whole(1, most) }, () => this.#random.whole(0, 255));
  }

  #pieces(bytes: Uint8Array): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (let from = 0; from < bytes.length; ) {
      const to = from + this.#random.whole(1, bytes.length);
      pieces.push(bytes.subarray(from, to));
      from = to;
    }
    return pieces;
  }
}
