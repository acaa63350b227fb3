/** What the serial sweep and the one over TCP share: asking units within the budget, and looking at what answers. */

import { type Clock, type MonoMs, plus } from '../clock.ts';
import type { Profile } from '../config/profile.ts';
import type { ReadRequest } from '../sense/observation.ts';
import type { Answer, Asker } from './asker.ts';
import { examine, type FoundUnit, ILLEGAL_ADDRESS, type Slave } from './examine.ts';
import type { LineSettings } from './settings.ts';

export interface Progress {
  readonly doing: 'listen' | 'ask' | 'examine';
  readonly settings: LineSettings | null;
  readonly unit: number | null;
  readonly found: number;
  readonly leftMs: number;
}

export interface ScoutOptions {
  readonly clock: Clock;
  readonly units: readonly number[];
  /** what a unit is asked to hear whether it is there; only the first of units beyond the likeliest */
  readonly probes: readonly Omit<ReadRequest, 'unit'>[];
  readonly profiles: readonly Profile[];
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** Addresses that are asked in every way: what does not answer for a register it has not may answer for another. */
const LIKELIEST_UNITS = 2;
/** A gateway may answer for every address: so many slaves are looked at. */
export const MOST_EXAMINED = 16;

export class Asking {
  readonly slaves: Slave[] = [];
  readonly options: ScoutOptions;
  readonly #untilMs: MonoMs;
  readonly #found = new Map<number, FoundUnit>();

  constructor(options: ScoutOptions) {
    this.options = options;
    this.#untilMs = plus(options.clock.monoMs(), options.budgetMs);
  }

  get foundCount(): number {
    return this.#found.size;
  }

  get leftMs(): number {
    return Math.max(0, this.#untilMs - this.options.clock.monoMs());
  }

  get over(): 'budget' | 'stopped' | null {
    if (this.options.signal.aborted) return 'stopped';
    return this.leftMs <= 0 ? 'budget' : null;
  }

  progress(doing: Progress['doing'], settings: LineSettings | null, unit: number | null): void {
    this.options.onProgress({ doing, settings, unit, found: this.#found.size, leftMs: this.leftMs });
  }

  /** Asks one unit in its ways until it answers. Resolves with the last answer. */
  async unit(asker: Asker, unit: number, timeoutMs: number, late = false): Promise<Answer> {
    const [probe, ...others] = this.options.probes;
    const ways = [probe, ...(this.options.units.indexOf(unit) < LIKELIEST_UNITS ? others : [])];
    let answer: Answer = { kind: 'silence', noiseBytes: 0 };
    for (const way of ways) {
      if (!way) break;
      answer = await asker.ask({ unit, ...way }, timeoutMs);
      if (answer.kind !== 'silence' || answer.noiseBytes > 0) break;
    }
    if (answer.kind === 'values' || answer.kind === 'exception') {
      const refuses = answer.kind === 'exception' && answer.code === ILLEGAL_ADDRESS;
      this.#found.set(unit, { unit, late, refuses });
    }
    return answer;
  }

  has(unit: number): boolean {
    return this.#found.has(unit);
  }

  /** Looks at the slaves that were not looked at yet. False: another master was heard, or the port was lost. */
  async examineFound(asker: Asker, settings: LineSettings | null): Promise<boolean> {
    for (const found of this.#found.values()) {
      if (this.slaves.length >= MOST_EXAMINED || this.options.signal.aborted) return true;
      if (this.slaves.some(({ unit }) => unit === found.unit)) continue;
      this.progress('examine', settings, found.unit);
      const slave = await examine(asker, found, this.options.profiles);
      if (!slave) return false;
      this.slaves.push(slave);
    }
    return true;
  }
}
