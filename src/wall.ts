/** How far the wall clock can be trusted. A Pi has no clock battery: after a power cut it starts somewhere in the past. */

import { statSync } from 'node:fs';
import type { Clock, ClockTrust } from './clock.ts';

/** Made before this release: no clock that has been set shows it. */
const SURELY_UNSET_BEFORE_MS = Date.UTC(2026, 0, 1);
/** More than a slewed correction would move it between two looks. */
const STEP_MS = 1000;

/** systemd-timesyncd and chrony (through its own helper) leave this mark once the clock was synchronised. */
const SYNCHRONISED = '/run/systemd/timesync/synchronized';

export class WallTrust {
  readonly #clock: Clock;
  readonly #mark: string;
  #offsetMs: number;
  #stepped = false;
  #markMs: number | null;
  #set: boolean;

  constructor(clock: Clock, mark = SYNCHRONISED) {
    this.#clock = clock;
    this.#mark = mark;
    this.#offsetMs = clock.wallMs() - clock.monoMs();
    this.#markMs = madeMs(mark);
    this.#set = clock.wallMs() >= SURELY_UNSET_BEFORE_MS;
  }

  /** The trust at this moment. A step stays told until the next synchronisation; being set for the first time is none. */
  now(): ClockTrust {
    const offsetMs = this.#clock.wallMs() - this.#clock.monoMs();
    const moved = Math.abs(offsetMs - this.#offsetMs) > STEP_MS;
    const markMs = madeMs(this.#mark);
    const synchronised = markMs !== null && markMs !== this.#markMs;
    if (synchronised) this.#stepped = false;
    else if (moved && this.#set) this.#stepped = true;
    this.#offsetMs = offsetMs;
    this.#markMs = markMs;
    this.#set ||= this.#clock.wallMs() >= SURELY_UNSET_BEFORE_MS;
    if (this.#stepped) return 'stepped';
    if (this.#clock.wallMs() < SURELY_UNSET_BEFORE_MS) return 'unset';
    return markMs === null ? 'rtc' : 'ntp';
  }
}

/** When the mark was last renewed, which is at every synchronisation; null where there is none. */
function madeMs(mark: string): number | null {
  return statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
