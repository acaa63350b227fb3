/**
 * What is heard on a line while it is scouted: whether another master is there and what it asks, which slave answers late, and
 * bytes that nothing explains. Fed with our own requests as well, so it knows what is ours. Pure and bounded.
 *
 * One whole request of somebody else is a master; of replies that nobody was heard to ask for it takes two, for five
 * bytes of noise pass for a refusal now and then.
 */

import type { MonoMs } from '../clock.ts';
import { FUNCTION_OF, type ReadRequest } from '../sense/observation.ts';
import { type Heard, TapReader } from '../sense/tap.ts';

/** Slaves that answer later than this are told as strangers. */
const LATE_MS = 3000;
const MOST_ASKS = 64;
const ORPHANS_OF_A_MASTER = 2;
const PAUSE_IN_FRAME_MS = 1000;

export interface Sent {
  readonly unit: number;
  readonly functionCode: number;
  /** of a read; null: device identification */
  readonly request: ReadRequest | null;
}

/** `request` null: `functionCode` reads nothing that Hoistway reads. */
export interface MasterAsk {
  readonly unit: number;
  readonly functionCode: number;
  readonly request: ReadRequest | null;
  readonly times: number;
}

export class Ear {
  /** bytes heard since the last frame or `forget` that belong to nothing */
  strayBytes = 0;
  /** how many times such bytes came */
  strayTimes = 0;
  readonly #tap = new TapReader({ bus: 'scout', responseTimeoutMs: PAUSE_IN_FRAME_MS });
  readonly #asks = new Map<string, MasterAsk>();
  readonly #late = new Set<number>();
  #sent: (Sent & { atMs: MonoMs })[] = [];
  #open = false;
  #orphans = 0;

  /** Somebody else asks on this line. */
  get master(): boolean {
    return this.#asks.size > 0 || this.#orphans >= ORPHANS_OF_A_MASTER;
  }

  /** What that master was heard to ask, the most frequent first. */
  get asks(): MasterAsk[] {
    return [...this.#asks.values()].sort((a, b) => b.times - a.times);
  }

  /** Units that answered after their time, each told once. */
  takeLate(): number[] {
    const units = [...this.#late];
    this.#late.clear();
    return units;
  }

  forget(): void {
    this.strayBytes = 0;
    this.strayTimes = 0;
  }

  sent(sent: Sent, frame: Uint8Array, atMs: MonoMs): void {
    this.#sent = [...this.#sent.filter((each) => atMs - each.atMs <= LATE_MS), { ...sent, atMs }];
    this.#open = true;
    this.#tap.chunk({ bus: 'scout', dir: 'tx', bytes: frame, atMs });
  }

  /** The request is answered, or its time is over. */
  done(): void {
    this.#open = false;
  }

  heard(bytes: Uint8Array, atMs: MonoMs): void {
    const frames = this.#tap.chunk({ bus: 'scout', dir: 'rx', bytes, atMs });
    if (frames.length > 0) this.forget();
    else {
      this.strayBytes += bytes.length;
      this.strayTimes++;
    }
    for (const frame of frames) this.#note(frame, atMs);
  }

  #note(heard: Heard, atMs: MonoMs): void {
    if (heard.kind === 'values') this.#reply(heard.exchange.unit, FUNCTION_OF[heard.exchange.table], atMs);
    else if (heard.kind === 'request') this.#request(heard.unit, heard.functionCode, heard.request, atMs);
    else this.#reply(heard.unit, heard.functionCode, atMs);
  }

  #request(unit: number, functionCode: number, request: ReadRequest | null, atMs: MonoMs): void {
    if (this.#open && this.#isEcho(unit, functionCode, request)) return;
    if (this.#isWideReply(unit, functionCode, request, atMs)) {
      this.#late.add(unit);
      return;
    }
    const key = `${unit} ${functionCode} ${request?.address} ${request?.count}`;
    const known = this.#asks.get(key);
    if (known || this.#asks.size < MOST_ASKS) {
      this.#asks.set(key, { unit, functionCode, request, times: (known?.times ?? 0) + 1 });
    }
  }

  #reply(unit: number, functionCode: number, atMs: MonoMs): void {
    const asked = this.#recent(unit, functionCode, atMs);
    if (!asked) this.#orphans++;
    else if (!this.#open || asked !== this.#sent.at(-1)) this.#late.add(unit);
  }

  #recent(unit: number, functionCode: number, atMs: MonoMs): Sent | undefined {
    const isIt = (sent: Sent & { atMs: MonoMs }) =>
      sent.unit === unit && sent.functionCode === functionCode && atMs - sent.atMs <= LATE_MS;
    return this.#sent.findLast(isIt);
  }

  /** An adapter whose receiver stays on hears what we send. */
  #isEcho(unit: number, functionCode: number, request: ReadRequest | null): boolean {
    const last = this.#sent.at(-1);
    if (last?.unit !== unit || last.functionCode !== functionCode) return false;
    return last.request?.address === request?.address && last.request?.count === request?.count;
  }

  /** A late reply of one register with a 16-bit byte count looks like a request to read from address 2. */
  #isWideReply(unit: number, functionCode: number, request: ReadRequest | null, atMs: MonoMs): boolean {
    return request?.address === 2 && this.#recent(unit, functionCode, atMs)?.request?.count === 1;
  }
}
