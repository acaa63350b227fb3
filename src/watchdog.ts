/**
 * Feeds systemd's watchdog by progress: the outbox has just answered, and since it last did every scan loop has turned.
 * A disk that cannot be written or a dead bus is told elsewhere and does not starve it: a restart would mend neither. What
 * starves it is a loop or a thread that hangs.
 */

import { type Clock, sleep } from './clock.ts';
import type { LineLoop } from './loop.ts';
import type { Outbox, OutboxStats } from './outbox/port.ts';
import type { ServiceManager } from './ports.ts';

/** How often progress is looked for where nobody watches, ms. */
const LOOK_MS = 5000;

export class Watchdog {
  /** as of the last look */
  stats: OutboxStats | null = null;
  readonly #stop = new AbortController();

  constructor(options: { service: ServiceManager; outbox: Outbox; loops: readonly LineLoop[]; clock: Clock }) {
    void this.#run(options);
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run({ service, outbox, loops, clock }: ConstructorParameters<typeof Watchdog>[0]): Promise<void> {
    const everyMs = Math.min(LOOK_MS, (service.watchdogMs ?? LOOK_MS) / 3);
    let turns = loops.map(() => -1);
    while (!this.#stop.signal.aborted) {
      // An outbox that never answers holds this loop, and the watchdog bites.
      this.stats = await outbox.stats().catch(() => null);
      const now = loops.map((loop) => loop.turns);
      const moved = now.every((count, at) => count !== turns[at] || loops[at]?.slaves.length === 0);
      turns = now;
      if (this.stats && moved) service.alive();
      await sleep(clock, everyMs, this.#stop.signal);
    }
  }
}
