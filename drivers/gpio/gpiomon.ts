/**
 * Inputs by the character device, through libgpiod's gpiomon: edges with the time stamps of the kernel, and short pulses kept.
 * One process a chip. The level at opening is read by gpioget just before, because gpiomon holds the lines for itself: an edge
 * in the few milliseconds between the two is found at the next one.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Clock, type MonoMs, monoMs, plus, type Stop, sleep } from '../../src/clock.ts';
import { t } from '../../src/language.ts';
import type { InputLine, Level } from '../../src/ports.ts';
import { chipOf, failed, watchedTwice } from './chip.ts';
import {
  type CharacterChip,
  detectChips,
  getLevels,
  HINT,
  isBanner,
  monitorArgs,
  parseEdge,
  plainEnv,
  saidOf,
  type Tools,
} from './gpiotools.ts';
import { type Inputs, RETRY_FIRST_MS, RETRY_MOST_MS, Told } from './inputs.ts';

/** The lines of a site are watched one after the other, and asked for together, ms. */
const GATHER_MS = 20;
/** gpiomon of version 1 does not say when it has its lines: one that could not have them has ended by then, ms. */
const UNSAID_READY_MS = 100;
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
  /** aborted when lines are added or taken away */
  #changed = new AbortController();

  constructor(label: string, parts: ChipParts) {
    this.#label = label;
    this.#parts = parts;
    this.#ended = this.#run();
  }

  add(watch: Watch): Stop {
    this.#watches.add(watch);
    this.#changed.abort();
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
    const open = await read([...lines.keys()]).catch(async () => {
      for (const [offset, watch] of [...lines]) {
        const why = await read([offset]).then(
          () => null,
          (error: unknown) => error,
        );
        if (why === null) continue;
        lines.delete(offset);
        refused.set(watch, why);
      }
      return read([...lines.keys()]);
    });
    const opened = new Map([...lines].map(([offset, watch]) => [watch, open.get(offset) === true]));
    return { open: opened, refused };
  }

  /** Resolves with true when one of the refused lines can be had: others hold it no more. */
  async #retry(chip: CharacterChip, refused: readonly Watch[], signal: AbortSignal): Promise<boolean> {
    const { clock, tools } = this.#parts;
    const twice = (watch: Watch) =>
      [...this.#watches].some((other) => other !== watch && other.line.offset === watch.line.offset);
    const hopeful = refused.filter((watch) => watch.line.offset < chip.ngpio && !twice(watch));
    if (hopeful.length === 0) return false;
    for (let waitMs = RETRY_FIRST_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, RETRY_MOST_MS)) {
      await sleep(clock, waitMs, signal);
      for (const { line } of signal.aborted ? [] : hopeful) {
        const free = await getLevels(tools, chip, [line.offset]).then(
          () => true,
          () => false,
        );
        if (free) return true;
      }
    }
    return false;
  }

  async #follow(chip: CharacterChip, open: ReadonlyMap<Watch, boolean>, signal: AbortSignal): Promise<void> {
    const { clock, tools } = this.#parts;
    const offsets = [...open.keys()].map(({ line }) => line.offset);
    const byOffset = new Map([...open.keys()].map((watch) => [watch.line.offset, watch]));
    const readMs = clock.monoMs();
    let ready = false;
    const begin = () => {
      if (ready || signal.aborted) return;
      ready = true;
      for (const [watch, high] of open) this.#begin(watch, high, readMs);
    };
    const process = startMonitor(tools, monitorArgs(tools.major, chip.name, offsets), {
      line: (text) => {
        if (signal.aborted) return;
        const edge = parseEdge(tools.major, text);
        if (edge || isBanner(text)) begin();
        const watch = edge && byOffset.get(edge.offset);
        if (watch && !watch.pin(edge.high, this.#stampMs(edge.stampMs))) this.#parts.onLost(1);
      },
    });
    const unarm = tools.major === 1 ? clock.at(plus(clock.monoMs(), UNSAID_READY_MS), begin) : () => undefined;
    const said = await Promise.race([process.ended, aborted(signal).then(() => null)]);
    unarm();
    await process.end();
    if (said !== null && !signal.aborted) throw failed(`${this.#label} ${offsets.join(' ')}`, said, HINT);
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

/** In a group of its own, so that Ctrl-C at a terminal ends the gateway in order, and not its inputs first. */
function startMonitor(tools: Tools, args: readonly string[], { line }: { line(text: string): void }) {
  const child: ChildProcess = spawn(join(tools.dir, 'gpiomon'), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: plainEnv(),
  });
  let err = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    if (err.length < 1000) err += bytes.toString();
  });
  if (child.stdout) createInterface({ input: child.stdout }).on('line', line);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // `close` comes after all that was printed.
    child.once('close', (code, by) =>
      resolve(saidOf(err) || t(`gpiomon ended (${by ?? code})`, `gpiomon 已退出（${by ?? code}）`)),
    );
  });
  return {
    /** Resolves with the reason, in the words of the tool. */
    ended,
    async end() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
