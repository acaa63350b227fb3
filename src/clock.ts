/** Monotonic time in milliseconds, in steps of one microsecond. Counts from the system's boot; never steps. */
export type MonoMs = number & { readonly __unit: 'mono ms' };
/** Wall time in milliseconds since 1970-01-01 UTC. May be wrong by decades until the first sync; see ClockTrust. */
export type WallMs = number & { readonly __unit: 'wall ms' };

/** How far a wall time can be trusted: never set since boot, taken from a clock chip, synchronised, or stepped since. */
export type ClockTrust = 'unset' | 'rtc' | 'ntp' | 'stepped';

/** Ends a timer or a subscription. Calling it twice is harmless. */
export type Stop = () => void;

/** The only way to time anything in Hoistway. */
export interface Clock {
  monoMs(): MonoMs;
  wallMs(): WallMs;
  /** Calls `run` once, at `dueMs` or as soon after it as the machine can. */
  at(dueMs: MonoMs, run: () => void): Stop;
}

/** Rounds to whole microseconds, so that a time survives a capture file unchanged. */
export function monoMs(ms: number): MonoMs {
  return (Math.round(ms * 1000) / 1000) as MonoMs;
}

export function plus(at: MonoMs, ms: number): MonoMs {
  return monoMs(at + ms);
}

/** Resolves after `ms`, or at once when `signal` aborts. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      stop();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const stop = clock.at(plus(clock.monoMs(), ms), done);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** setTimeout fires at once past this (2^31 - 1 ms): longer waits are taken in hops. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  monoMs: () => monoMs(Number(process.hrtime.bigint() / 1000n) / 1000),
  wallMs: () => Date.now() as WallMs,
  at(dueMs, run) {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const left = dueMs - systemClock.monoMs();
      if (left <= 0) timer = setTimeout(run, 0);
      else timer = setTimeout(left > LONGEST_TIMER_MS ? arm : check, Math.min(Math.ceil(left), LONGEST_TIMER_MS));
    };
    const check = () => (systemClock.monoMs() < dueMs ? arm() : run());
    arm();
    return () => clearTimeout(timer);
  },
};

/** Time that moves only when told to: replays, simulations and tests. Timers run in order of their due time. */
export class VirtualClock implements Clock {
  #now: MonoMs;
  readonly #wallAtZero: number;
  readonly #timers: { dueMs: MonoMs; order: number; run: () => void }[] = [];
  #order = 0;

  constructor(startMs = 0, wallAtZeroMs = Date.UTC(2026, 0, 1)) {
    this.#now = monoMs(startMs);
    this.#wallAtZero = wallAtZeroMs;
  }

  monoMs(): MonoMs {
    return this.#now;
  }

  wallMs(): WallMs {
    return (this.#wallAtZero + this.#now) as WallMs;
  }

  at(dueMs: MonoMs, run: () => void): Stop {
    const timer = { dueMs, order: this.#order++, run };
    this.#timers.push(timer);
    this.#timers.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }

  /** Moves to `toMs`, running every timer due on the way, each at its own time. Lets promises settle between timers. */
  async advanceTo(toMs: MonoMs): Promise<void> {
    await settle();
    for (let next = this.#timers[0]; next && next.dueMs <= toMs; next = this.#timers[0]) {
      this.#timers.shift();
      if (next.dueMs > this.#now) this.#now = next.dueMs;
      next.run();
      await settle();
    }
    if (toMs > this.#now) this.#now = toMs;
  }

  advance(ms: number): Promise<void> {
    return this.advanceTo(plus(this.#now, ms));
  }
}

/** Gives already resolved promises (and what they resolve in turn) their run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
