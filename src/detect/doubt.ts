/**
 * The shape of a doubt in a sensor: what was seen of it over time, what is wrong with it now, and since when. It begins when
 * that stands for its limit; it ends when the sensor was seen to do what it was said not to do, and nothing was found of it
 * for 10 s. One that comes again within the hour is believed for twice as long each time. While it stands, faults that rest on that sensor are withheld (mask.ts).
 *
 * Gap: restarted. What nobody knows contradicts nobody, and clears nobody.
 */

import { type MonoMs, plus } from '../clock.ts';
import type { SideValues } from '../lift/signals.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';
import type { Detector, Surroundings, Watch } from './detector.ts';

/** `stuck-on` and `missing`: on or off where it should not be. `both-ends`: of the door at once. */
export type DoubtWay = 'both-ends' | 'stuck-on' | 'missing' | 'swapped' | 'flickers';

export interface Doubt {
  readonly sensor: keyof SideValues;
  readonly way: DoubtWay;
  /** how long it must stand, ms; the lift's own contradiction limit where left out */
  readonly limitMs?: number;
}

export interface DoubtRule<S> {
  readonly subject: string;
  readonly reads: Detector['reads'];
  readonly needs: Detector['needs'];
  readonly outrankedBy?: Detector['outrankedBy'];
  readonly blank: S;
  /** What is seen now, added to what was seen before. The same object where nothing is new. */
  follow(seen: S, lift: LiftState, nowMs: number): S;
  find(seen: S, lift: LiftState, facts: LiftFacts, nowMs: number): Doubt | null;
  /** false while nobody knows */
  known(lift: LiftState): boolean;
  /** the sensor does now what it was said not to do */
  clears(doubt: Doubt, lift: LiftState): boolean;
}

export interface DoubtWatch<S> extends Watch {
  readonly seen: S;
  readonly doubt: Doubt | null;
  readonly sinceMs: number | null;
  readonly cleared: boolean;
  readonly endingMs: number | null;
  readonly brokenMs: number | null;
  /** when the doubt before this one ended, and how long nothing may be found until this one ends */
  readonly endedMs: number;
  readonly endsAfterMs: number;
}

const NEVER = Number.POSITIVE_INFINITY;
const ENDS_AFTER_MS = 10_000;
const MOST_ENDS_AFTER_MS = 3_600_000;

export function doubted<S>(rule: DoubtRule<S>): Detector<DoubtWatch<S>> {
  const { subject, reads, needs, outrankedBy } = rule;
  return {
    fault: 'sensor-contradiction',
    subject,
    reads,
    needs,
    ...(outrankedBy ? { outrankedBy } : {}),
    start: (standing) => ({ ...quiet(rule.blank, Number.NEGATIVE_INFINITY, ENDS_AFTER_MS), standing }),
    detail: ({ doubt }) => doubt && { sensor: doubt.sensor, way: doubt.way },
    step: (watch, lift, around) =>
      watch.standing ? ending(rule, watch, lift, around) : beginning(rule, watch, lift, around),
  };
}

/** Nothing is found. Written out: it is made at every edge of a sensor. */
function quiet<S>(seen: S, endedMs: number, endsAfterMs: number): DoubtWatch<S> {
  return {
    standing: false,
    dueMs: NEVER,
    seen,
    doubt: null,
    sinceMs: null,
    cleared: false,
    endingMs: null,
    brokenMs: null,
    endedMs,
    endsAfterMs,
  };
}

function beginning<S>(rule: DoubtRule<S>, watch: DoubtWatch<S>, lift: LiftState, around: Surroundings): DoubtWatch<S> {
  const { facts, nowMs, muted } = around;
  const { doubt, endedMs, endsAfterMs } = watch;
  // What people at work do to a lift tells nothing of its sensors.
  const seen = muted ? rule.blank : rule.follow(watch.seen, lift, nowMs);
  const found = muted ? null : rule.find(seen, lift, facts, nowMs);
  if (found === null) return watch.sinceMs === null && watch.seen === seen ? watch : quiet(seen, endedMs, endsAfterMs);
  const same = doubt?.sensor === found.sensor && doubt.way === found.way && watch.sinceMs !== null;
  const sinceMs = same ? (watch.sinceMs ?? nowMs) : nowMs;
  const beginMs = plus(sinceMs as MonoMs, found.limitMs ?? facts.limits.contradictionLimitMs);
  if (nowMs >= beginMs) {
    const soon = nowMs - endedMs < MOST_ENDS_AFTER_MS;
    const believedMs = soon ? Math.min(2 * endsAfterMs, MOST_ENDS_AFTER_MS) : ENDS_AFTER_MS;
    return { ...quiet(seen, endedMs, believedMs), standing: true, doubt: found };
  }
  if (same && watch.seen === seen) return watch;
  return { ...quiet(seen, endedMs, endsAfterMs), doubt: found, sinceMs, dueMs: beginMs };
}

function ending<S>(rule: DoubtRule<S>, watch: DoubtWatch<S>, lift: LiftState, around: Surroundings): DoubtWatch<S> {
  const { facts, nowMs } = around;
  const seen = rule.follow(watch.seen, lift, nowMs);
  const cleared = watch.cleared || watch.doubt === null || rule.clears(watch.doubt, lift);
  const known = watch.seen === seen && watch.cleared === cleared ? watch : { ...watch, seen, cleared };
  if (!cleared || !rule.known(lift) || rule.find(seen, lift, facts, nowMs) !== null) {
    return interrupted(known, facts.limits.contradictionLimitMs, nowMs);
  }
  const endingMs = watch.endingMs ?? nowMs;
  const endMs = plus(endingMs as MonoMs, watch.endsAfterMs);
  if (nowMs >= endMs) return quiet(rule.blank, nowMs, watch.endsAfterMs);
  const same = watch.endingMs === endingMs && watch.brokenMs === null;
  return same ? known : { ...known, endingMs, brokenMs: null, dueMs: endMs };
}

/** Each movement makes two sources differ for a scan: that does not begin the time of the end anew. */
function interrupted<S>(watch: DoubtWatch<S>, limitMs: number, nowMs: MonoMs): DoubtWatch<S> {
  if (watch.endingMs === null) return watch.dueMs === NEVER ? watch : { ...watch, dueMs: NEVER };
  const brokenMs = watch.brokenMs ?? nowMs;
  const overMs = plus(brokenMs as MonoMs, limitMs);
  if (nowMs >= overMs) return { ...watch, endingMs: null, brokenMs: null, dueMs: NEVER };
  return watch.brokenMs === brokenMs ? watch : { ...watch, brokenMs, dueMs: overMs };
}

/** How often a contact changed of late: each change adds one, time takes them away again. */
export interface Unrest {
  readonly on: boolean | null;
  readonly changes: number;
  /** changes in a row, each soon after the one before */
  readonly fast: number;
  readonly atMs: number;
}

export const AT_REST: Unrest = { on: null, changes: 0, fast: 0, atMs: 0 };
/** A vane is passed in less, but no two are. */
const FAST_MS = 300;

/** `perS`: so many changes a second are none too many. */
export function unrest(was: Unrest, on: boolean | null | undefined, perS: number, nowMs: number): Unrest {
  const now = on ?? null;
  if (now === was.on) return was;
  if (now === null || was.on === null) return { on: now, changes: 0, fast: 0, atMs: nowMs };
  const fast = nowMs - was.atMs < FAST_MS ? was.fast + 1 : 0;
  return { on: now, changes: left(was, perS, nowMs) + 1, fast, atMs: nowMs };
}

export function left({ changes, atMs }: Unrest, perS: number, nowMs: number): number {
  return Math.max(0, changes - ((nowMs - atMs) / 1000) * perS);
}

/** The car on its way, and whether it has left its level since it last stood: a relevelling is no trip. */
export interface Ride {
  readonly moving: boolean | null;
  readonly left: boolean;
}

export const NO_RIDE: Ride = { moving: null, left: false };

/** The same object where nothing is new. */
export function ride(was: Ride, { moving, atLevel }: LiftState): Ride {
  const left = moving.value === true && ((was.moving === true && was.left) || atLevel.value !== true);
  return was.moving === moving.value && was.left === left ? was : { moving: moving.value, left };
}

/** 1 where a trip ended between the two, else 0. */
export function tripEnded(was: Ride, now: Ride): 0 | 1 {
  return was.left && now.moving === false ? 1 : 0;
}
