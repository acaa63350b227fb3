/**
 * The shape that most detectors share: something stands longer than its limit, so the fault begins; something else
 * stands long enough, so it ends. What a gap in the signals does to the running limit is said by each detector:
 *
 *   hold     the limit does not fire while nobody knows; if the condition is there again after the gap, the gap counts,
 *            unless it was longer than `holdsForMs`; `confirmsMs` says for how long the condition must stand after a long one
 *   restart  the limit begins anew after the gap
 *
 * An end is only ever said of what is known: a gap restarts its time.
 */

import { type MonoMs, plus } from '../clock.ts';
import type { FaultName } from '../lift/events.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';
import type { Detector, Surroundings, Watch } from './detector.ts';

/** true, false, or null where the signals do not tell */
export type Answer = boolean | null;

/** The rule over any state: a lift's, or that of the box itself. `facts` hold its limits. */
export interface HeldRule<State, Facts> {
  /** while this is true the limit runs */
  when(state: State, facts: Facts): Answer;
  limitMs(facts: Facts, state: State): number;
  /** since when the condition truly stands, where the state can tell; the moment it was first seen where not */
  sinceMs?(state: State): number | null;
  /** the limit begins anew when this changes: a landing passed, for one */
  anewWith?(state: State): number;
  /** ends the fault; the opposite of `when` where left out */
  until?(state: State, facts: Facts): Answer;
  /** how long `until` must stand, ms */
  readonly endsAfterMs?: number;
  readonly gap: 'hold' | 'restart';
  /** after a longer gap the limit begins anew: what was seen before may have ended and begun again in the dark, ms */
  readonly holdsForMs?: number;
  /** after a gap of over 20 s the limit does not fire before the condition has stood again for this long, ms; a limit of 0 does */
  readonly confirmsMs?: number;
  /** where `when` has stood for a while, an interruption no longer than this does not begin the limit anew, ms */
  readonly forgetsAfterMs?: number;
  /** what happened since the interruption at `brokenMs` began the limit anew, however short it is: the car went elsewhere */
  forgetsWith?(state: State, brokenMs: number): boolean;
  /** is raised even while people work on the lift, when this is true */
  evenMuted?(state: State): boolean;
}

export interface Held extends HeldRule<LiftState, LiftFacts> {
  readonly fault: FaultName;
  readonly reads: Detector['reads'];
  readonly needs: Detector['needs'];
  readonly outrankedBy?: readonly FaultName[];
  readonly noHoldOff?: boolean;
}

type Around<Facts> = Omit<Surroundings, 'facts'> & { readonly facts: Facts };

export interface HeldWatch extends Watch {
  /** since when the condition stands, or null */
  readonly sinceMs: number | null;
  readonly anew: number | null;
  /** since when the end has been seen, or null */
  readonly endingMs: number | null;
  /** since when the condition is interrupted, or null */
  readonly brokenMs: number | null;
  /** since when nobody knows, or null; and after a gap, since when the condition was found again, or null */
  readonly darkMs: number | null;
  readonly foundMs: number | null;
}

const NEVER = Number.POSITIVE_INFINITY;
const NEVER_BEFORE = Number.NEGATIVE_INFINITY;
/** What has stood for less is forgotten at its first interruption: the pause before a start, for one. */
const STOOD_MS = 10_000;
/** No trip is made in less. */
const LONG_GAP_MS = 20_000;
const QUIET: HeldWatch = {
  standing: false,
  dueMs: NEVER,
  sinceMs: null,
  anew: null,
  endingMs: null,
  brokenMs: null,
  darkMs: null,
  foundMs: null,
};

export function held(rule: Held): Detector<HeldWatch> {
  return {
    fault: rule.fault,
    reads: rule.reads,
    needs: rule.needs,
    ...(rule.outrankedBy === undefined ? {} : { outrankedBy: rule.outrankedBy }),
    ...(rule.noHoldOff ? { noHoldOff: true } : {}),
    start: startHeld,
    step: (watch, lift, around) => stepHeld(rule, watch, lift, around),
  };
}

export function startHeld(standing: boolean): HeldWatch {
  return { ...QUIET, standing };
}

export function stepHeld<S, F>(rule: HeldRule<S, F>, watch: HeldWatch, state: S, around: Around<F>): HeldWatch {
  return watch.standing ? ending(rule, watch, state, around) : beginning(rule, watch, state, around);
}

function beginning<S, F>(rule: HeldRule<S, F>, watch: HeldWatch, state: S, around: Around<F>): HeldWatch {
  const { facts, nowMs, muted } = around;
  const answer = muted && !rule.evenMuted?.(state) ? false : rule.when(state, facts);
  if (answer === null && rule.gap === 'hold') return dark(watch, nowMs);
  if (!answer) return forgetting(rule, watch, state, around);
  const anew = rule.anewWith?.(state) ?? null;
  const lost = watch.darkMs !== null && nowMs - watch.darkMs > (rule.holdsForMs ?? NEVER);
  const fresh = watch.sinceMs === null || watch.anew !== anew || lost;
  const sinceMs = fresh ? (rule.sinceMs?.(state) ?? nowMs) : watch.sinceMs;
  const foundMs = fresh ? null : isLong(watch.darkMs, nowMs) ? nowMs : watch.foundMs;
  const limitMs = rule.limitMs(facts, state);
  const confirmedMs = foundMs === null || limitMs === 0 ? NEVER_BEFORE : foundMs + (rule.confirmsMs ?? 0);
  const beginMs = Math.max(plus(sinceMs as MonoMs, limitMs), confirmedMs);
  if (nowMs >= beginMs) return { ...QUIET, standing: true };
  const known = watch.darkMs === null && watch.foundMs === foundMs && watch.brokenMs === null;
  const same = known && watch.sinceMs === sinceMs && watch.anew === anew && watch.dueMs === beginMs;
  return same ? watch : { ...watch, sinceMs, anew, brokenMs: null, darkMs: null, foundMs, dueMs: beginMs };
}

/** A gap in which one moment of the condition may have gone and another come. */
function isLong(darkMs: number | null, nowMs: MonoMs): boolean {
  return darkMs !== null && nowMs - darkMs > LONG_GAP_MS;
}

/** Nobody knows whether the condition stands. */
function dark(watch: HeldWatch, nowMs: MonoMs): HeldWatch {
  const darkMs = watch.sinceMs === null ? null : (watch.darkMs ?? nowMs);
  return watch.dueMs === NEVER && watch.darkMs === darkMs ? watch : { ...watch, dueMs: NEVER, darkMs };
}

/** The condition is not there: for a moment only, or so long that the limit begins anew. */
function forgetting<S, F>(rule: HeldRule<S, F>, watch: HeldWatch, state: S, around: Around<F>): HeldWatch {
  if (watch.sinceMs === null) return watch;
  const { nowMs, muted } = around;
  const brokenMs = watch.brokenMs ?? nowMs;
  if (rule.forgetsWith?.(state, brokenMs)) return QUIET;
  const stood = brokenMs - watch.sinceMs >= STOOD_MS && !muted;
  const overMs = plus(brokenMs as MonoMs, stood ? (rule.forgetsAfterMs ?? 0) : 0);
  if (nowMs >= overMs) return QUIET;
  return watch.brokenMs === brokenMs ? watch : { ...watch, brokenMs, dueMs: overMs };
}

function ending<S, F>(rule: HeldRule<S, F>, watch: HeldWatch, state: S, { facts, nowMs }: Around<F>): HeldWatch {
  const answer = rule.until ? rule.until(state, facts) : not(rule.when(state, facts));
  if (!answer) return watch.endingMs === null ? watch : { ...watch, endingMs: null, dueMs: NEVER };
  const endingMs = watch.endingMs ?? nowMs;
  const endMs = plus(endingMs as MonoMs, rule.endsAfterMs ?? 0);
  if (nowMs >= endMs) return QUIET;
  return watch.endingMs === endingMs ? watch : { ...watch, endingMs, dueMs: endMs };
}

export function not(answer: Answer): Answer {
  return answer === null ? null : !answer;
}

/** false if any is false, else null if any is unknown, else true */
export function all(a: Answer, b: Answer, c: Answer = true, d: Answer = true): Answer {
  if (a === false || b === false || c === false || d === false) return false;
  return a === null || b === null || c === null || d === null ? null : true;
}

/** true if any is true, else null if any is unknown, else false */
export function any(a: Answer, b: Answer): Answer {
  if (a === true || b === true) return true;
  return a === null || b === null ? null : false;
}

/** true where none of both is true, as far as they are known; null where neither is: what is never read keeps nothing open */
export function neither(a: Answer, b: Answer): Answer {
  if (a === null && b === null) return null;
  return a !== true && b !== true;
}
