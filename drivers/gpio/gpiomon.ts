/**
 * Inputs by the character device, through libgpiod's gpiomon: edges with the time stamps of the kernel, and short pulses kept.
 * One process a chip. The level at opening is read by gpioget just before, because gpiomon holds the lines for itself: an edge
 * in the few milliseconds between the two is found at the next one.
 */

import { type Clock, type MonoMs, monoMs, type Stop, sleep } from '../../src/clock.ts';
import type { InputLine, Level } from '../../src/ports.ts';
import { chipOf, failed, watchedTwice } from './chip.ts';
import { type CharacterChip, detectChips, getLevels, HINT, type Tools } from './gpiotools.ts';
import { type Inputs, RETRY_FIRST_MS, RETRY_MOST_MS, Told } from './inputs.ts';
import { startMonitor } from './monitor.ts';

/** The lines of a site are watched one after the other, and asked for together, ms. */
const GATHER_MS = 20;
/** A stamp further from the time at which it was printed is of another clock (kernels before 5.7: the wall clock), ms. */
const STAMP_LIMIT_MS = 10_000;

/** Never throws: what cannot be opened is told through `onTrouble` of each watch. */
export function openGpiomon({ clock, tools }: { clock: Clock; tools: Tools }): Inputs {
  const chips = new Map<string, WatchedChip>();
  let lost = 0;
  return {
    get lost() {
      return lost;
    },
    watch(line, onLevel, onTrouble) {
      const known = chips.get(line.chip);
      const chip = known ?? new WatchedChip(line.chip, { clock, tools, onLost: (n) => (lost += n) });
      chips.set(line.chip, chip);
      return chip.add(new Watch(line, onLevel, onTrouble));
    },
    async close() {
      await Promise.all([...chips.values()].map((chip) => chip.close()));
    },
  };
}

class Watch {
  readonly line: InputLine;
  readonly told: Told;
  readonly #onLevel: (level: Level) => void;
  #stopped = false;
  #level: Level = { on: null, atMs: 0 as MonoMs };

  constructor(line: InputLine, onLevel: (level: Level) => void, onTrouble: (why: string) => void) {
    this.line = line;
    this.#onLevel = onLevel;
    this.told = new Told((why) => {
      if (!this.#stopped) onTrouble(why);
    });
  }

  get on(): boolean | null {
    return this.#level.on;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** The level on the pin, or null where it is not known. Says whether it is news. */
  pin(high: boolean | null, atMs: MonoMs): boolean {
    const on = high === null ? null : high !== this.line.activeLow;
    if (on === this.#level.on) return false;
    // Kernel stamps and the clock of who reads them meet at an opening; time never goes back.
    this.#level = { on, atMs: monoMs(Math.max(atMs, this.#level.atMs)) };
    if (!this.#stopped) this.#onLevel(this.#level);
    return true;
  }
}

interface ChipParts {
  readonly clock: Clock;
  readonly tools: Tools;
  onLost(edges: number): void;
}

/** The watched lines of one chip, and the process that has them. */
class WatchedChip {
  readonly #label: string;
  readonly #parts: ChipParts;
  readonly #watches = new Set<Watch>();
  readonly #closed = new AbortController();
  readonly #ended: Promise<void>;
  /** the last process ended before it had its lines: one of them cannot be watched, and is looked for one by one */
  #single = false;
  /** aborted when lines are added or taken away */
  #changed = new AbortController();

  constructor(label: string, parts: ChipParts) {
    this.#label = label;
    this.#parts = parts;
    this.#ended = this.#run();
  }

  add(watch: Watch): Stop {
    const { offset } = watch.line;
    // Nothing is opened anew for a line that is watched already.
    if ([...this.#watches].some(({ line }) => line.offset === offset)) {
      watch.told.trouble(watchedTwice(`${this.#label} ${offset}`));
    } else this.#changed.abort();
    this.#watches.add(watch);
    return () => {
      watch.stop();
      if (this.#watches.delete(watch)) this.#changed.abort();
    };
  }

  async close(): Promise<void> {
    for (const watch of this.#watches) watch.stop();
    this.#closed.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { clock } = this.#parts;
    let waitMs = RETRY_FIRST_MS;
    while (!this.#closed.signal.aborted) {
      await sleep(clock, GATHER_MS, this.#closed.signal);
      this.#changed = new AbortController();
      const signal = AbortSignal.any([this.#closed.signal, this.#changed.signal]);
      const watches = [...this.#watches];
      const hadLines = () => watches.some(({ on }) => on !== null);
      try {
        await this.#hold(watches, signal);
        waitMs = RETRY_FIRST_MS;
      } catch (error) {
        if (this.#closed.signal.aborted) return;
        if (hadLines()) waitMs = RETRY_FIRST_MS;
        for (const watch of watches) this.#lose(watch, error);
        await sleep(clock, waitMs, signal);
        waitMs = Math.min(waitMs * 2, RETRY_MOST_MS);
      }
    }
  }

  #lose(watch: Watch, cause: unknown): void {
    watch.told.trouble(cause);
    watch.pin(null, this.#parts.clock.monoMs());
  }

  /** Opens the lines and reports them until something changes. Throws when the chip or its process is lost. */
  async #hold(watches: readonly Watch[], signal: AbortSignal): Promise<void> {
    const { clock, tools } = this.#parts;
    if (watches.length === 0) return sleep(clock, RETRY_MOST_MS, signal);
    const [first] = watches;
    const chips = await detectChips(tools, `${this.#label} ${first?.line.offset}`);
    const chip = chipOf(chips, this.#label, 0);
    const { open, refused } = await this.#read(chip, watches);
    if (signal.aborted) return;
    for (const [watch, why] of refused) this.#lose(watch, why);
    const again = new AbortController();
    const over = AbortSignal.any([signal, again.signal]);
    const retried = this.#retry(chip, [...refused.keys()], over).then((free) => free && again.abort());
    try {
      if (open.size > 0) await this.#follow(chip, open, over);
      else await aborted(over);
    } finally {
      again.abort();
      await retried;
    }
  }

  /** The levels of the lines that can be had, and why the others cannot. One line that is busy costs the others nothing. */
  async #read(chip: CharacterChip, watches: readonly Watch[]) {
    const refused = new Map<Watch, unknown>();
    const lines = new Map<number, Watch>();
    for (const watch of watches) {
      const { offset } = watch.line;
      try {
        chipOf([chip], this.#label, offset);
        if (lines.has(offset)) throw watchedTwice(`${this.#label} ${offset}`);
        lines.set(offset, watch);
      } catch (error) {
        refused.set(watch, error);
      }
    }
    const { tools } = this.#parts;
    const read = async (offsets: readonly number[]) => {
      const levels = offsets.length > 0 ? await getLevels(tools, chip, offsets) : [];
      return new Map(offsets.map((offset, at) => [offset, levels[at] === true]));
    };
    const sift = async () => {
      for (const [offset, watch] of [...lines]) {
        const why = await this.#refusal(chip, offset);
        if (why === null) continue;
        lines.delete(offset);
        refused.set(watch, why);
      }
    };
    if (this.#single) await sift();
    const open = await read([...lines.keys()]).catch(async () => {
      await sift();
      return read([...lines.keys()]);
    });
    const opened = new Map([...lines].map(([offset, watch]) => [watch, open.get(offset) === true]));
    return { open: opened, refused };
  }

  /** Resolves with true when one of the refused lines can be had: others hold it no more. */
  async #retry(chip: CharacterChip, refused: readonly Watch[], signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#parts;
    const twice = (watch: Watch) =>
      [...this.#watches].some((other) => other !== watch && other.line.offset === watch.line.offset);
    const hopeful = refused.filter((watch) => watch.line.offset < chip.ngpio && !twice(watch));
    if (hopeful.length === 0) return false;
    for (let waitMs = RETRY_FIRST_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, RETRY_MOST_MS)) {
      await sleep(clock, waitMs, signal);
      for (const { line } of signal.aborted ? [] : hopeful) {
        if ((await this.#refusal(chip, line.offset)) === null) return true;
      }
    }
    return false;
  }

  async #follow(chip: CharacterChip, open: ReadonlyMap<Watch, boolean>, signal: AbortSignal): Promise<void> {
    const { clock, tools, onLost } = this.#parts;
    const byOffset = new Map([...open.keys()].map((watch) => [watch.line.offset, watch]));
    const readMs = clock.monoMs();
    this.#single = true;
    const monitor = startMonitor(
      { ...{ clock, tools, chip }, offsets: [...byOffset.keys()] },
      {
        ready: () => {
          if (signal.aborted) return;
          this.#single = false;
          for (const [watch, high] of open) this.#begin(watch, high, readMs);
        },
        edge: ({ offset, high, stampMs }) => {
          const watch = signal.aborted ? undefined : byOffset.get(offset);
          if (watch && !watch.pin(high, this.#stampMs(stampMs))) onLost(1);
        },
      },
    );
    const said = await Promise.race([monitor.ended, aborted(signal).then(() => null)]);
    await monitor.end();
    if (signal.aborted) this.#single = false;
    else if (said !== null) throw failed(`${this.#label} ${[...byOffset.keys()].join(' ')}`, said, HINT);
  }

  /** Why the line cannot be watched, by a process for it alone; null where it can. */
  async #refusal(chip: CharacterChip, offset: number): Promise<unknown> {
    const { clock, tools } = this.#parts;
    const monitor = startMonitor(
      { clock, tools, chip, offsets: [offset] },
      { ready: () => ready(), edge: () => undefined },
    );
    let ready = (): void => undefined;
    const said = await Promise.race([monitor.ended, new Promise<null>((resolve) => (ready = () => resolve(null)))]);
    await monitor.end();
    return said === null ? null : failed(`${this.#label} ${offset}`, said, HINT);
  }

  /** The level as it was just before the process had the line. Another than before: its edge came while no process had it. */
  #begin(watch: Watch, high: boolean, readMs: MonoMs): void {
    const known = watch.on !== null;
    if (watch.pin(high, readMs) && known) this.#parts.onLost(1);
    watch.told.trouble(null);
  }

  #stampMs(stampMs: number): MonoMs {
    const nowMs = this.#parts.clock.monoMs();
    return stampMs <= nowMs && nowMs - stampMs < STAMP_LIMIT_MS ? monoMs(stampMs) : nowMs;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
