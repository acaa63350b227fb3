/** What was raised in a simulated life, held against what was done to the lift. */

import type { LoadedSite } from '../src/config/load.ts';
import { knownOf, sourcesOf } from '../src/config/sources.ts';
import { coverageOf } from '../src/detect/coverage.ts';
import { keyOf } from '../src/detect/judge.ts';
import type { FaultEvent, FaultName } from '../src/lift/events.ts';
import type { LiftFacts } from '../src/lift/state.ts';
import { longestIntervalMs } from '../src/sense/floor.ts';
import type { Wiring } from '../src/sense/lift.ts';
import type { SimLift } from './lift/lift.ts';
import { planScenario } from './lift/scenario.ts';
import { END_LIMIT_MM } from './lift/shaft.ts';
import { type Expected, keyOfInjection } from './lift/truth.ts';
import { REPLY_MS } from './scanned.ts';
import type { SimulateOptions } from './simulate.ts';

/** From the end of a vane, 75 mm off level, to that of the door zone, 200 mm, at the slowest that a car leaves it. */
const VANE_TO_ZONE_MS = 2000;
/** From 0.1 m/s to rest at 2 m/s². */
const SLOW_TO_STOP_MS = 50;

/** From the moment at which a rule's limit was reached to the event; early is 0. */
export interface Delay {
  /** of so many events */
  readonly count: number;
  readonly sumMs: number;
  readonly worstMs: number;
}

/** A lift without controller is told by its sensors alone, and what rests on a run later. */
const READ_BY = ['controller', 'sensors'] as const;

export interface FaultScore {
  readonly injected: number;
  readonly raised: number;
  readonly missed: number;
  readonly false: number;
  readonly delays: { readonly [by in (typeof READ_BY)[number]]: Delay };
}

export const NOTHING: FaultScore = {
  ...{ injected: 0, raised: 0, missed: 0, false: 0 },
  delays: { controller: { count: 0, sumMs: 0, worstMs: 0 }, sensors: { count: 0, sumMs: 0, worstMs: 0 } },
};

export function scoreSum(a: FaultScore, b: FaultScore): FaultScore {
  const delay = (by: keyof FaultScore['delays']): Delay => ({
    count: a.delays[by].count + b.delays[by].count,
    sumMs: a.delays[by].sumMs + b.delays[by].sumMs,
    worstMs: Math.max(a.delays[by].worstMs, b.delays[by].worstMs),
  });
  return {
    injected: a.injected + b.injected,
    raised: a.raised + b.raised,
    missed: a.missed + b.missed,
    false: a.false + b.false,
    delays: { controller: delay('controller'), sensors: delay('sensors') },
  };
}

/** One fault that was raised, so long after its limit. */
export function raisedAfter(delayMs: number, by: keyof FaultScore['delays']): FaultScore {
  const delay = { count: 1, sumMs: Math.max(0, delayMs), worstMs: Math.max(0, delayMs) };
  return { ...NOTHING, injected: 1, raised: 1, delays: { ...NOTHING.delays, [by]: delay } };
}

export interface SimulateReport {
  readonly seed: number;
  /** of all lifts together */
  readonly hours: number;
  readonly raised: number;
  readonly missed: number;
  readonly false: number;
  readonly faults: { readonly [fault: string]: FaultScore };
  /** in words, the first twenty */
  readonly problems: readonly string[];
}

/** What the wiring of a lift can tell. */
function toldOf({ site, profiles }: LoadedSite, id: string) {
  const lift = site.lifts.find((one) => one.id === id);
  if (!lift) throw new Error(`the site has no lift ${id}`);
  const known = knownOf(lift, sourcesOf(lift, lift.controller && profiles.get(lift.controller.profile)));
  const faults = new Set(coverageOf(known).flatMap((row) => (row.missing.length === 0 ? [keyOf(row)] : [])));
  return { known, faults, levelPair: known.has('input:levelUpper') && known.has('input:levelLower') };
}

/** The seed's plan, without what nothing of this lift's wiring can tell. */
export function planFor(loaded: LoadedSite, seed: number, hours: number, facts: LiftFacts) {
  const { known, faults, levelPair } = toldOf(loaded, facts.id);
  const plan = planScenario(seed, hours, facts).map((one) => {
    const { injection } = one;
    if (known.has('controller:moving') || injection.kind !== 'entrapment-off-level') return one;
    // Whoever presses before the car is known to stand presses on the run, as far as anybody can tell.
    return { ...one, injection: { ...injection, alarmAfterMs: null } };
  });
  return plan.filter(({ injection }) => {
    // A sensor is told to be wrong at once by another source of the same.
    if (injection.kind.startsWith('sensor-'))
      return known.has('controller:doorClosed') && known.has('input:doorClosed');
    // It is the controller's count that slips.
    if (injection.kind === 'position-lost') return known.has('controller:landing');
    // A door that is on its way and one that is open are told apart by the fully-open switch.
    if ('way' in injection && injection.way !== 'reopens') return known.has('doorOpen');
    // Without level switches the car is beyond its landing where the limit switch says so.
    if ('overrunMm' in injection && !levelPair && injection.overrunMm <= END_LIMIT_MM + 1) return false;
    return faults.has(keyOfInjection(injection, facts));
  });
}

/**
 * Settling of an input, one scan (and one that noise spoiled) and its reply: what may lie between the physical moment and the event. Where no controller
 * is read, a car between landings is known to stand when it has been there for longer than any healthy run takes.
 */
function slacks({ loaded, noisyShare = 0 }: SimulateOptions, { facts, inputs }: Wiring): (fault: FaultName) => number {
  const controller = loaded.site.lifts.find(({ id }) => id === facts.id)?.controller;
  const scans = noisyShare > 0 ? 2 : 1;
  if (!controller) return () => longestIntervalMs(facts) + 20;
  const slackMs = scans * controller.scanIntervalMs + REPLY_MS + 20;
  // Told by scans alone, one of them may fall on a door zone that the car passes.
  const zone = inputs.doorClosed ? 0 : controller.scanIntervalMs;
  return (fault) => slackMs + (fault === 'door-open-while-running' ? zone : 0);
}

/** `lifts`: each with its wiring. */
export function scoreOf(
  options: SimulateOptions,
  lifts: readonly { readonly sim: SimLift; readonly wiring: Wiring }[],
  faults: readonly FaultEvent[],
): SimulateReport {
  const rows: { [fault: string]: FaultScore } = {};
  const count = (fault: string, score: FaultScore) => (rows[fault] = scoreSum(rows[fault] ?? NOTHING, score));
  const problems: string[] = [];
  const matched = new Set<FaultEvent>();
  for (const { sim: lift, wiring } of lifts) {
    const slackOf = slacks(options, wiring);
    const begun = faults.filter((event) => event.phase === 'begin' && event.lift === lift.id);
    const { known, faults: told, levelPair } = toldOf(options.loaded, lift.id);
    const due = lift.expected(levelPair).filter((expected) => told.has(keyOf(expected)));
    for (const expected of due) {
      const slack = slackOf(expected.fault);
      const event = begun.find(
        (one) => !matched.has(one) && answers(one, expected, slack, known.has('controller:doorZone')),
      );
      // It was over before it can be told: that the car stands, for one.
      if (!event && expected.tellByMs < expected.dueMs + slack) continue;
      // What rests on a sensor in doubt is withheld. A doubt that should not be is false itself.
      if (!event && isDoubted(faults, begun, expected.dueMs)) {
        for (const one of begun) if (isLate(one, expected)) matched.add(one);
        continue;
      }
      if (event) {
        matched.add(event);
        count(expected.fault, raisedAfter(event.atMs - expected.dueMs, wiring.controller ? 'controller' : 'sensors'));
      } else if (stands(faults, begun, expected)) {
        count(expected.fault, { ...NOTHING, injected: 1, raised: 1 });
      } else {
        count(expected.fault, { ...NOTHING, injected: 1, missed: 1 });
        problems.push(`missed ${expected.fault} due ${clock(expected.dueMs)} (${expected.injection})`);
      }
    }
    for (const event of begun) {
      if (matched.has(event) || isAllowed(event, lift, due)) continue;
      count(event.fault, { ...NOTHING, false: 1 });
      problems.push(`false ${event.fault} at ${clock(event.atMs)} on ${lift.id}`);
    }
  }
  const sum = (column: 'raised' | 'missed' | 'false') =>
    Object.values(rows).reduce((total, row) => total + row[column], 0);
  return {
    ...{ seed: options.seed, hours: options.hours * lifts.length },
    ...{ raised: sum('raised'), missed: sum('missed'), false: sum('false') },
    faults: rows,
    problems: problems.slice(0, 20),
  };
}

function answers(event: FaultEvent, expected: Expected, slack: number, zoned: boolean): boolean {
  if (event.fault !== expected.fault || event.subject !== expected.subject) return false;
  const early = earlyMs(expected, slack, zoned);
  // Events are told in whole milliseconds.
  return event.atMs >= expected.dueMs - early - 1 && event.atMs <= expected.dueMs + slack + 1;
}

/** So much before its due moment it may be told as well. */
function earlyMs({ fault }: Expected, slack: number, zoned: boolean): number {
  // Silence is counted from the last reply, which is up to a scan older than the moment the controller fell silent.
  if (fault === 'controller-silent') return slack;
  // Where a car may have been fast or not it is due when it stands; as a fast one it stops at 0.1 m/s.
  if (fault === 'sudden-stop') return SLOW_TO_STOP_MS;
  // Where the vane is all that tells of the door zone, the car is out of it by so much earlier.
  return zoned ? 0 : VANE_TO_ZONE_MS;
}

/** It was told before, of an earlier cause, and had not ended: a fault that stands is not raised twice. */
function stands(faults: readonly FaultEvent[], begun: readonly FaultEvent[], expected: Expected): boolean {
  return begun.some(
    (one) =>
      one.fault === expected.fault &&
      one.subject === expected.subject &&
      one.atMs < expected.dueMs &&
      isOpen(faults, one, expected.dueMs),
  );
}

/** Told by another sensor, later, while it lasts. */
function isLate({ fault, subject, atMs }: FaultEvent, expected: Expected): boolean {
  const same = fault === expected.fault && subject === expected.subject;
  return same && atMs >= expected.dueMs && atMs <= expected.endsByMs;
}

function isDoubted(faults: readonly FaultEvent[], begun: readonly FaultEvent[], atMs: number): boolean {
  return begun.some((one) => one.fault === 'sensor-contradiction' && one.atMs <= atMs && isOpen(faults, one, atMs));
}

function isOpen(faults: readonly FaultEvent[], { id }: FaultEvent, atMs: number): boolean {
  return !faults.some((one) => one.phase === 'end' && one.id === id && one.atMs <= atMs);
}

/** A consequence that the oracle lists, while its cause lasts. */
function isAllowed(event: FaultEvent, lift: SimLift, due: readonly Expected[]): boolean {
  return lift.episodes.some(
    ({ id, beganMs, doneMs }) =>
      beganMs !== null &&
      event.atMs >= beganMs &&
      event.atMs <= (doneMs ?? Number.POSITIVE_INFINITY) + 1000 &&
      // Of one that is still going on at the end nothing is due.
      (doneMs === null ||
        due.some(({ injection, alsoAllowed }) => injection === id && alsoAllowed.includes(event.fault))),
  );
}

function clock(ms: number): string {
  const part = (value: number, digits = 2) => String(Math.floor(value)).padStart(digits, '0');
  return `${part(ms / 3_600_000)}:${part((ms / 60_000) % 60)}:${part((ms / 1000) % 60)}.${part(ms % 1000, 3)}`;
}
