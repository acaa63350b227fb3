/** The conditions of a box's lifts, kept in one file across restarts. */

import { readFileSync } from 'node:fs';
import { type Clock, type MonoMs, plus } from '../clock.ts';
import { reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import type { ConditionEvent, LiftEvent, TotalsRecord } from '../lift/events.ts';
import { writeWhole } from '../whole-file.ts';
import { CONDITION_FORM, Condition, type ConditionMemory } from './condition.ts';

/**
 * At a power cut so much is forgotten of totals and baselines, and no event. At most 40 kB a lift each time: with eight lifts under
 * 4 MB a day, of the 20 MB that the box may write to its flash.
 */
const KEEP_EVERY_MS = 2 * 3_600_000;
const TOTALS_EVERY_MS = 24 * 3_600_000;

export class Conditions {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #remark: (line: string) => void;
  readonly #conditions: ReadonlyMap<string, Condition>;
  #keepMs: MonoMs;
  #totalsMs: MonoMs;
  #told = '';

  constructor(path: string, lifts: readonly string[], clock: Clock, remark: (line: string) => void) {
    this.#path = path;
    this.#clock = clock;
    this.#remark = remark;
    const kept = this.#read();
    this.#conditions = new Map(lifts.map((lift) => [lift, new Condition(lift, kept[lift])]));
    this.#keepMs = plus(clock.monoMs(), KEEP_EVERY_MS);
    this.#totalsMs = plus(clock.monoMs(), TOTALS_EVERY_MS);
  }

  /** What an event says of its lift's condition. */
  fold(event: LiftEvent): readonly ConditionEvent[] {
    return this.#conditions.get(event.lift)?.fold(event) ?? [];
  }

  /** Now and then: keeps what was learned, tells what time alone has shown, and once a day gives the totals. */
  tick(): readonly (ConditionEvent | TotalsRecord)[] {
    const nowMs = this.#clock.monoMs();
    const conditions = [...this.#conditions.values()];
    for (const condition of conditions) condition.advance(nowMs);
    const told = conditions.flatMap((condition) => condition.told());
    if (nowMs >= this.#keepMs) this.keep();
    if (nowMs < this.#totalsMs) return told;
    this.#totalsMs = plus(nowMs, TOTALS_EVERY_MS);
    return [...told, ...conditions.map((condition) => condition.totals(nowMs))];
  }

  keep(): void {
    this.#keepMs = plus(this.#clock.monoMs(), KEEP_EVERY_MS);
    const memories = Object.fromEntries([...this.#conditions].map(([lift, { memory }]) => [lift, memory]));
    try {
      writeWhole(this.#path, JSON.stringify({ form: CONDITION_FORM, lifts: memories }));
      this.#told = '';
    } catch (error) {
      this.#once(
        t(`the condition of the lifts cannot be kept: ${reasonOf(error)}`, `无法保存电梯状态统计：${reasonOf(error)}`),
      );
    }
  }

  /** A file that is not there, or not whole, or of another form: all is learned anew. */
  #read(): { readonly [lift: string]: ConditionMemory } {
    try {
      const { form, lifts } = JSON.parse(readFileSync(this.#path, 'utf8'));
      if (form === CONDITION_FORM && typeof lifts === 'object' && lifts !== null) return lifts;
      this.#once(t('the kept condition is of another version: learned anew', '状态统计版本不同，重新学习'));
    } catch (error) {
      const missing = (error as { code?: string }).code === 'ENOENT';
      if (!missing)
        this.#once(
          t(
            `the kept condition is not whole: learned anew (${reasonOf(error)})`,
            `状态统计文件损坏，重新学习（${reasonOf(error)}）`,
          ),
        );
    }
    return {};
  }

  #once(line: string): void {
    if (line !== this.#told) this.#remark(line);
    this.#told = line;
  }
}
