/**
 * Volt-free inputs by onoff (sysfs). No debounce and no time stamp of the kernel: an edge has the time at which it was
 * handled. What sysfs loses is found by reading the level again every second.
 */

import { type Clock, sleep } from '../../src/clock.ts';
import { GatewayError } from '../../src/errors.ts';
import type { InputLine, Level } from '../../src/ports.ts';
import { failed, watchedTwice } from './chip.ts';
import { type Inputs, RETRY_FIRST_MS, RETRY_MOST_MS, Told } from './inputs.ts';
import { type LineOpener, type OpenedLine, openOnoffLine } from './onoff-line.ts';
import { findLine, GPIO_ROOT } from './sysfs.ts';

const REREAD_MS = 1000;
/** An edge that is on its way is handled within this, ms. */
const EDGE_TURN_MS = 10;

export interface InputsOptions {
  readonly clock: Clock;
  /** another tree than the kernel's goes with another `openLine`: onoff knows only the kernel's */
  readonly root?: string;
  readonly openLine?: LineOpener;
}

/** Never throws: a line that cannot be opened, and a machine without GPIO, are told through `onTrouble` of each watch. */
export function openInputs({ clock, root = GPIO_ROOT, openLine = openOnoffLine }: InputsOptions): Inputs {
  const watched = new Set<WatchedLine>();
  const held = new Set<number>();
  let lost = 0;
  return {
    get lost() {
      return lost;
    },
    watch(line, onLevel, onTrouble) {
      const watch = new WatchedLine(line, {
        clock,
        root,
        openLine,
        held,
        onLevel,
        onTrouble,
        onLost: (n) => (lost += n),
      });
      watched.add(watch);
      return () => {
        watch.stop();
        void watch.ended.then(() => watched.delete(watch));
      };
    },
    async close() {
      for (const watch of watched) watch.stop();
      await Promise.all([...watched].map(({ ended }) => ended));
    },
  };
}

interface WatchParts {
  readonly clock: Clock;
  readonly root: string;
  readonly openLine: LineOpener;
  /** numbers of the lines that are open: sysfs would share one between two watches, and the first to close takes it away */
  readonly held: Set<number>;
  onLevel(level: Level): void;
  onTrouble(why: string): void;
  onLost(edges: number): void;
}

/** One line, opened again and again until it is stopped. */
class WatchedLine {
  /** the line is given back, and nothing more will be reported */
  readonly ended: Promise<void>;
  readonly #line: InputLine;
  readonly #parts: WatchParts;
  readonly #stop = new AbortController();
  /** null until the level of the line as it is now open has been reported */
  #on: boolean | null = null;
  readonly #told: Told;

  constructor(line: InputLine, parts: WatchParts) {
    this.#line = line;
    this.#parts = parts;
    this.#told = new Told(parts.onTrouble);
    this.ended = this.#run();
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let waitMs = RETRY_FIRST_MS;
    while (!signal.aborted) {
      try {
        await this.#hold();
      } catch (error) {
        this.#told.trouble(error);
        if (this.#on !== null) {
          waitMs = RETRY_FIRST_MS;
          this.#parts.onLevel({ on: null, atMs: this.#parts.clock.monoMs() });
        }
        await sleep(this.#parts.clock, waitMs, signal);
        waitMs = Math.min(waitMs * 2, RETRY_MOST_MS);
      }
    }
  }

  /** Opens the line and reports it until it is stopped. Throws when the line cannot be opened, or is lost. */
  async #hold(): Promise<void> {
    const { chip, offset, activeLow } = this.#line;
    const { clock, root, openLine, held } = this.#parts;
    this.#on = null;
    const number = findLine(root, chip, offset);
    const where = `${chip} ${offset}`;
    if (held.has(number)) throw watchedTwice(where);
    held.add(number);
    const lost = new AbortController();
    try {
      const opened = await openLine(
        { root, number, clock, activeLow },
        { onEdge: (on) => this.#edge(on), onError: (error) => lost.abort(error) },
      );
      try {
        await this.#follow(opened, lost.signal);
      } finally {
        opened.close();
      }
      if (lost.signal.aborted) throw lost.signal.reason;
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      throw failed(where, error, { en: 'the line was lost; it is tried again', zh: '线路丢失，将自动重试' });
    } finally {
      held.delete(number);
    }
  }

  async #follow(opened: OpenedLine, lost: AbortSignal): Promise<void> {
    const { clock, onLost } = this.#parts;
    const signal = AbortSignal.any([this.#stop.signal, lost]);
    if (signal.aborted) return;
    this.#report(opened.read());
    this.#told.trouble(null);
    for (;;) {
      await sleep(clock, REREAD_MS, signal);
      if (signal.aborted) return;
      if (opened.read() === this.#on) continue;
      await sleep(clock, EDGE_TURN_MS, signal);
      if (signal.aborted) return;
      const on = opened.read();
      if (on === this.#on) continue;
      onLost(1);
      this.#report(on);
    }
  }

  #edge(on: boolean): void {
    // Before the first report: that will read the level itself.
    if (this.#on === null || this.#stop.signal.aborted) return;
    if (on === this.#on) this.#parts.onLost(2);
    else this.#report(on);
  }

  #report(on: boolean): void {
    this.#on = on;
    this.#parts.onLevel({ on, atMs: this.#parts.clock.monoMs() });
  }
}
