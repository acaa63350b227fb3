/** How often a host may ask for a new birth. A birth is large, and one that asks on and on would use up the box's data. */

import type { MonoMs } from '../../clock.ts';

/** So many at once, then one a minute. */
export const REBIRTHS_AT_ONCE = 10;
export const REBIRTH_EVERY_MS = 60_000;

export class Rebirths {
  #left = REBIRTHS_AT_ONCE;
  #countedMs: number;

  constructor(nowMs: MonoMs) {
    this.#countedMs = nowMs;
  }

  /** Takes one; false where none is left. */
  take(nowMs: MonoMs): boolean {
    const earned = Math.floor((nowMs - this.#countedMs) / REBIRTH_EVERY_MS);
    this.#countedMs += earned * REBIRTH_EVERY_MS;
    this.#left = Math.min(REBIRTHS_AT_ONCE, this.#left + earned);
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }
}
