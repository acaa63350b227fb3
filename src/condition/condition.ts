/**
 * What a lift's life says before it becomes a fault: its totals, its own normal, and a drift away from it. A fold over the
 * events of judgement; all memory is the plain object `memory`, which is kept across restarts. Times are never subtracted
 * across two boots: a memory that is taken up begins with none.
 */

import {
  type ConditionEvent,
  FAULTS,
  type FaultName,
  type LandingGap,
  type LiftEvent,
  type TotalsRecord,
} from '../lift/events.ts';
import { type Baseline, newBaseline, normalOf, take, visit } from './baseline.ts';
import { isFarOff } from './heights.ts';
import { count, newRate, normalRateOf, type Rate } from './rate.ts';

/** Raised when the memory changes its shape. */
export const CONDITION_FORM = 1;

export interface ConditionMemory {
  form: number;
  trips: number;
  doorCycles: number;
  reversals: number;
  relevels: number;
  runningMs: number;
  distanceMm: number;
  /** time that was watched, and of it the time in service without a fault that stops the lift */
  watchedMs: number;
  availableMs: number;
  outages: number;
  /** ids of the faults that stop the lift and stand now */
  open: string[];
  inService: boolean;
  opening: Baseline;
  closing: Baseline;
  relevelling: Rate;
  /** ids and begins of the conditions that stand */
  standing: { [key: string]: { id: string; beganMs: number } };
}

export function newMemory(): ConditionMemory {
  return {
    form: CONDITION_FORM,
    ...{ trips: 0, doorCycles: 0, reversals: 0, relevels: 0, runningMs: 0, distanceMm: 0 },
    ...{ watchedMs: 0, availableMs: 0, outages: 0, open: [], inService: true },
    ...{ opening: newBaseline(), closing: newBaseline(), relevelling: newRate(), standing: {} },
  };
}

/** With one of these the lift does not serve. Warnings and what is only the box's own are none. */
const OUTAGES: ReadonlySet<FaultName> = new Set(
  FAULTS.filter(
    (fault) =>
      !['alarm-button', 'door-held-open', 'call-button-stuck', 'sensor-contradiction', 'controller-silent'].includes(
        fault,
      ),
  ),
);

export class Condition {
  readonly #lift: string;
  readonly memory: ConditionMemory;
  /** the last moment known, in this boot */
  #nowMs: number | null = null;

  constructor(lift: string, memory: ConditionMemory = newMemory()) {
    this.#lift = lift;
    this.memory = memory;
  }

  /** Time has come to `atMs`. */
  advance(atMs: number): void {
    const { memory } = this;
    const sinceMs = this.#nowMs === null ? 0 : Math.max(0, atMs - this.#nowMs);
    this.#nowMs = atMs;
    memory.watchedMs += sinceMs;
    if (memory.inService && memory.open.length === 0) memory.availableMs += sinceMs;
  }

  fold(event: LiftEvent): ConditionEvent[] {
    if (event.lift !== this.#lift) return [];
    this.advance(event.atMs);
    const { memory } = this;
    switch (event.type) {
      case 'trip':
        memory.trips++;
        memory.runningMs += event.atMs - event.startMs;
        memory.distanceMm += event.distanceMm ?? 0;
        return [];
      case 'door-cycle':
        return this.#door(event);
      case 'fault':
        if (OUTAGES.has(event.fault)) this.#outage(event.id, event.phase);
        return [];
      case 'mode':
        if (event.was === 'inspection') for (const way of [memory.opening, memory.closing]) visit(way);
        memory.inService = event.mode === 'normal' || event.mode === 'unknown';
        return [];
      case 'landing-gap':
        return this.#gap(event);
      default:
        return [];
    }
  }

  totals(atMs: number): TotalsRecord {
    this.advance(atMs);
    const { trips, doorCycles, relevels, runningMs, distanceMm, watchedMs, availableMs, outages } = this.memory;
    return {
      ...{ type: 'totals', lift: this.#lift, atMs: Math.round(atMs), trips, doorCycles, relevels },
      // Over the traction sheave, one a trip; a lift that is roped otherwise has a multiple of it.
      ...{ ropeBends: trips, runningMs: Math.round(runningMs), distanceMm: Math.round(distanceMm) },
      watchedMs: Math.round(watchedMs),
      availability: watchedMs === 0 ? null : Math.round((availableMs / watchedMs) * 1e5) / 1e5,
      meanTimeBetweenFaultsMs: outages === 0 ? null : Math.round(availableMs / outages),
    };
  }

  #outage(id: string, phase: 'begin' | 'end'): void {
    const { memory } = this;
    if (phase === 'end') memory.open = memory.open.filter((open) => open !== id);
    else if (!memory.open.includes(id)) {
      memory.open = [...memory.open.slice(1 - FAULTS.length), id];
      memory.outages++;
    }
  }

  /** Told once, whatever the box starts in between, until the gap is learned to be as the site file says. */
  #gap(gap: LandingGap): ConditionEvent[] {
    const standing = isFarOff(gap);
    if (standing === `landing-height:${gap.marking}` in this.memory.standing) return [];
    const evidence = { normal: gap.configuredMm, now: gap.learnedMm, unit: 'mm' };
    return [this.#tell('landing-height', gap.marking, standing, gap.atMs, evidence, gap.samples)];
  }

  #door(cycle: Extract<LiftEvent, { type: 'door-cycle' }>): ConditionEvent[] {
    const { memory } = this;
    memory.doorCycles++;
    memory.reversals += cycle.reversals;
    memory.relevels += cycle.relevels;
    const told: ConditionEvent[] = [];
    if (count(memory.relevelling, cycle.relevels)) {
      const { relevelling } = memory;
      const { cycles, happened } = relevelling.recent;
      const evidence = { normal: normalRateOf(relevelling), now: happened / Math.max(1, cycles), unit: 'per cycle' };
      told.push(this.#tell('relevel-excess', null, relevelling.standing, cycle.atMs, evidence, Math.round(cycles)));
    }
    // A hand in the door makes a cycle long, and says nothing of the door.
    if (cycle.reversals > 0) return told;
    for (const way of ['opening', 'closing'] as const) {
      const ms = cycle[`${way}Ms`];
      const baseline = memory[way];
      if (ms === null || ms <= 0 || !take(baseline, cycle.landing ?? -1, ms)) continue;
      const normal = normalOf(baseline) ?? ms;
      const evidence = { normal, now: normal * (1 + baseline.level), unit: 'ms' };
      told.push(this.#tell('door-slowing', way, baseline.standing, cycle.atMs, evidence, baseline.samples));
    }
    return told;
  }

  #tell(
    condition: ConditionEvent['condition'],
    subject: string | null,
    standing: boolean,
    atMs: number,
    { normal, now, unit }: { normal: number; now: number; unit: string },
    samples: number,
  ): ConditionEvent {
    const key = subject === null ? condition : `${condition}:${subject}`;
    const { id, beganMs } = this.memory.standing[key] ?? { id: `${this.#lift}/${key}@${atMs}`, beganMs: atMs };
    if (standing) this.memory.standing[key] = { id, beganMs };
    else delete this.memory.standing[key];
    const round = (value: number) => Math.round(value * 1000) / 1000;
    return {
      ...{ type: 'condition', phase: standing ? 'begin' : 'end', id, lift: this.#lift, condition },
      ...(subject === null ? {} : { subject }),
      ...{ atMs, beganMs, normal: round(normal), now: round(now), unit, samples },
      changePercent: Math.round((now / normal - 1) * 1000) / 10,
    };
  }
}
