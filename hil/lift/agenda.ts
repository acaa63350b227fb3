/** What is planned for one lift, in order of time; what falls on one moment runs in the order it was planned. */

import type { MonoMs, Stop } from '../../src/clock.ts';

interface Plan {
  readonly atMs: MonoMs;
  readonly run: () => void;
}

export class Agenda {
  readonly #plans: Plan[] = [];
  #nowMs: MonoMs;

  constructor(startMs: MonoMs) {
    this.#nowMs = startMs;
  }

  get nowMs(): MonoMs {
    return this.#nowMs;
  }

  /** When the next plan falls due; Infinity where there is none. */
  get nextMs(): MonoMs {
    return this.#plans[0]?.atMs ?? (Number.POSITIVE_INFINITY as MonoMs);
  }

  at(atMs: MonoMs, run: () => void): Stop {
    const plan = { atMs, run };
    const later = this.#plans.findIndex((other) => other.atMs > atMs);
    const place = later < 0 ? this.#plans.length : later;
    this.#plans.splice(place, 0, plan);
    return () => {
      const place = this.#plans.indexOf(plan);
      if (place >= 0) this.#plans.splice(place, 1);
    };
  }

  /** Runs everything due up to and at `toMs`, each at its own moment. Never goes back. */
  advanceTo(toMs: MonoMs): void {
    for (let next = this.#plans[0]; next && next.atMs <= toMs; next = this.#plans[0]) {
      this.#plans.shift();
      if (next.atMs > this.#nowMs) this.#nowMs = next.atMs;
      next.run();
    }
    if (toMs > this.#nowMs) this.#nowMs = toMs;
  }
}
