/** How far the wall clock can be trusted. A Pi has no clock battery: after a power cut it starts somewhere in the past. */

import { existsSync } from 'node:fs';
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

  constructor(clock: Clock, mark = SYNCHRONISED) {
    this.#clock = clock;
    this.#mark = mark;
    this.#offsetMs = clock.wallMs() - clock.monoMs();
  }

  /** The trust at this moment. A step stays told for the life of the process. */
  now(): ClockTrust {
    const offsetMs = this.#clock.wallMs() - this.#clock.monoMs();
    if (Math.abs(offsetMs - this.#offsetMs) > STEP_MS) this.#stepped = true;
    this.#offsetMs = offsetMs;
    if (this.#stepped) return 'stepped';
    if (this.#clock.wallMs() < SURELY_UNSET_BEFORE_MS) return 'unset';
    return existsSync(this.#mark) ? 'ntp' : 'rtc';
  }
}
