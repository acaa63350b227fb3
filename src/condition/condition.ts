/**
 * What a lift's life says before it becomes a fault: its totals, its own normal, and a drift away from it. A fold over the
 * events of judgement; what is kept across restarts is the plain object `memory`. Times are never subtracted across two
 * boots: a memory that is taken up begins with none.
 */

import {
  type ConditionEvent,
  type ConditionName,
  type DoorCycleRecord,
  FAULTS,
  type FaultName,
  type LandingGap,
  type LiftEvent,
  type TotalsRecord,
  type TripRecord,
} from '../lift/events.ts';
import { type Baseline, newBaseline, type Turn, take, visit } from './baseline.ts';
import { DOOR, LEVEL, RUN, STARTS } from './gauges.ts';
import { isFarOff } from './heights.ts';
import { count, newRate, type Rate } from './rate.ts';
import { newStarts, type Starts, watched } from './starts.ts';

/** Raised when the memory changes its shape. */
export const CONDITION_FORM = 2;

/** A car that stopped further from the level did not stop at the landing: the unlocking zone. */
const AT_LANDING_MM = 200;
/** Run times of distances that differ by less share one normal. */
const DISTANCE_STEP_MM = 100;

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
  running: Baseline;
  levelling: Baseline;
  relevelling: Rate;
  starting: Baseline;
  /** ids and begins of the conditions that stand */
  standing: { [key: string]: { id: string; beganMs: number } };
}

export function newMemory(): ConditionMemory {
  return {
    form: CONDITION_FORM,
    ...{ trips: 0, doorCycles: 0, reversals: 0, relevels: 0, runningMs: 0, distanceMm: 0 },
    ...{ watchedMs: 0, availableMs: 0, outages: 0, open: [], inService: true },
    ...{ opening: newBaseline(), closing: newBaseline(), running: newBaseline(), levelling: newBaseline() },
    ...{ relevelling: newRate(), starting: newBaseline(), standing: {} },
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
  /** of this boot too: how long it was not watched before nobody knows */
  readonly #starts: Starts = newStarts();
  #told: ConditionEvent[] = [];

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
    for (const week of watched(this.#starts, sinceMs))
      this.#tell('start-rate', take(STARTS, memory.starting, 'week', week), atMs, 'trips a day');
  }

  /** What has been found since this was last asked. */
  told(): ConditionEvent[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  fold(event: LiftEvent): ConditionEvent[] {
    if (event.lift !== this.#lift) return [];
    this.advance(event.atMs);
    const { memory } = this;
    if (event.type === 'trip') this.#trip(event);
    else if (event.type === 'door-cycle') this.#door(event);
    else if (event.type === 'landing-gap') this.#gap(event);
    else if (event.type === 'fault' && OUTAGES.has(event.fault)) this.#outage(event.id, event.phase);
    else if (event.type === 'mode') {
      if (event.was === 'inspection') this.#visited();
      memory.inService = event.mode === 'normal' || event.mode === 'unknown';
    }
    return this.told();
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

  #visited(): void {
    const { opening, closing, running, levelling } = this.memory;
    visit(DOOR, opening);
    visit(DOOR, closing);
    visit(RUN, running);
    visit(LEVEL, levelling);
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
  #gap({ atMs, marking: subject, configuredMm, learnedMm, samples, by }: LandingGap): void {
    const standing = isFarOff({ configuredMm, learnedMm, by });
    if (standing === `landing-height:${subject}` in this.memory.standing) return;
    this.#tell('landing-height', { standing, normal: configuredMm, now: learnedMm, samples }, atMs, 'mm', { subject });
  }

  #trip(trip: TripRecord): void {
    const { memory } = this;
    const { atMs, startMs, from, to, distanceMm, levelErrorMm } = trip;
    memory.trips++;
    memory.runningMs += atMs - startMs;
    memory.distanceMm += distanceMm ?? 0;
    if (!memory.inService) return;
    this.#starts.trips++;
    // What people at work and a fault make of a run says nothing of the lift's own way.
    if (memory.open.length > 0 || to === null || Math.abs(levelErrorMm ?? 0) > AT_LANDING_MM) return;
    if (levelErrorMm !== null) {
      const turn = take(LEVEL, memory.levelling, String(to), levelErrorMm);
      this.#tell('level-inaccuracy', turn, atMs, 'mm', { landing: to });
    }
    if (from === null || from === to || distanceMm === null) return;
    const distance = `${to > from ? 'up' : 'down'} ${Math.round(distanceMm / DISTANCE_STEP_MM)}`;
    this.#tell('run-slowing', take(RUN, memory.running, distance, atMs - startMs), atMs, 'ms');
  }

  #door(cycle: DoorCycleRecord): void {
    const { memory } = this;
    const { atMs } = cycle;
    memory.doorCycles++;
    memory.reversals += cycle.reversals;
    memory.relevels += cycle.relevels;
    this.#tell('relevel-excess', count(memory.relevelling, cycle.relevels), atMs, 'per cycle');
    // A hand in the door makes a cycle long, and says nothing of the door.
    if (cycle.reversals > 0) return;
    for (const subject of ['opening', 'closing'] as const) {
      const ms = cycle[`${subject}Ms`];
      if (ms === null || ms <= 0) continue;
      this.#tell('door-slowing', take(DOOR, memory[subject], String(cycle.landing), ms), atMs, 'ms', { subject });
    }
  }

  #tell(
    condition: ConditionName,
    turn: Turn | null,
    atMs: number,
    unit: string,
    about: { readonly subject?: string; readonly landing?: number } = {},
  ): void {
    if (!turn) return;
    const { standing, normal, now, samples } = turn;
    const key = about.subject === undefined ? condition : `${condition}:${about.subject}`;
    const whole = Math.round(atMs);
    const { id, beganMs } = this.memory.standing[key] ?? { id: `${this.#lift}/${key}@${whole}`, beganMs: whole };
    if (standing) this.memory.standing[key] = { id, beganMs };
    else delete this.memory.standing[key];
    const round = (value: number) => Math.round(value * 1000) / 1000;
    this.#told.push({
      ...{ type: 'condition', phase: standing ? 'begin' : 'end', id, lift: this.#lift, condition, ...about },
      ...{ atMs: whole, beganMs, normal: round(normal), now: round(now), unit, samples },
      changePercent: Math.round((now / normal - 1) * 1000) / 10,
    });
  }
}
