/**
 * The oracle: which faults an injection must lead to, and when. It knows what was done to the lift and the limits of the
 * lift, and nothing of how Hoistway judges.
 */

import { type MonoMs, plus } from '../../src/clock.ts';
import type { FaultName } from '../../src/lift/events.ts';
import type { LiftFacts, Limits } from '../../src/lift/state.ts';
import type { Episode, Injection } from './faults.ts';

export interface Expected {
  readonly fault: FaultName;
  /** of a sensor-contradiction: `door` or `level` */
  readonly subject?: string;
  /** the moment at which the rule's limit is reached: from the physical truth, without delay of scan or settling */
  readonly dueMs: MonoMs;
  /** the moment at which the condition for its end is met, a rule's own stable time included */
  readonly endsByMs: MonoMs;
  /** so long it can be told, where that is less: a car that moves again traps nobody whom one has not yet known to be trapped */
  readonly tellByMs: MonoMs;
  /** id of the episode */
  readonly injection: string;
  /** faults that may be raised between the begin and the end of the episode as well, and are not false */
  readonly alsoAllowed: readonly FaultName[];
}

/** How long the chain must be closed for its fault to end. */
const CHAIN_CLOSED_STABLE_MS = 2000;
/** How long the doors must stand open at a landing for an alarm to end. */
const DOORS_OPEN_STABLE_MS = 2000;
/** A speed over the limit stands for so long, and a normal one until it is over. */
const OVERSPEED_STANDS_MS = 300;
const NORMAL_SPEED_MS = 2000;
/** A stuck button is free when no call came for so long. */
const NO_CALL_MS = 60_000;

interface Rule {
  readonly fault: FaultName;
  readonly subject?: string;
  readonly limitMs: number;
  readonly endStableMs?: number;
  readonly alsoAllowed: readonly FaultName[];
}

/** What follows where a parked car answers no call for a while. */
const PARKED: readonly FaultName[] = ['restart-prevented'];
/** What follows where a car stands between landings for a while. */
const STRANDED: readonly FaultName[] = ['stopped-outside-door-zone', 'entrapment'];

/** What an injection must lead to, as a key of the detector. */
export function keyOfInjection(injection: Injection, { limits }: LiftFacts): string {
  const { fault, subject } = ruleOf(injection, limits);
  return subject === undefined ? fault : `${fault}:${subject}`;
}

/** Empty where the episode never began, is not over, or ended before its limits. */
export function expectedOf(episode: Episode, { limits }: LiftFacts, levelPair = true): Expected[] {
  const { id, injection, beganMs, fromMs, alarmMs, suddenMs, maybeSudden, trapped, endsMs, doneMs } = episode;
  const { restsUntilMs } = episode;
  if (beganMs === null || fromMs === null || endsMs === null || doneMs === null) return [];
  const rule = ruleOf(injection, limits);
  const unseen = !levelPair && injection.kind.startsWith('overtravel');
  if (unseen && episode.limitMs === null) return [];
  const limitDueMs = unseen && episode.limitMs !== null ? episode.limitMs : plus(fromMs, rule.limitMs);
  const rows: Due[] = [
    { ...rule, restsUntilMs, dueMs: alarmMs !== null && alarmMs < limitDueMs ? alarmMs : limitDueMs },
  ];
  // The car is in a zone again by the time its door can open, whatever else was wrong.
  if (suddenMs !== null) rows.push({ fault: 'sudden-stop', dueMs: suddenMs, endsMs: doneMs });
  if (trapped?.releasedMs) {
    const { entrapmentOffLevelLimitMs, entrapmentAtLandingLimitMs } = limits;
    const dueMs = plus(trapped.fromMs, trapped.offZone ? entrapmentOffLevelLimitMs : entrapmentAtLandingLimitMs);
    rows.push({ fault: 'entrapment', dueMs, endsMs: trapped.releasedMs, restsUntilMs });
  }
  if (alarmMs !== null) {
    const dueMs = plus(alarmMs, limits.alarmPressLimitMs);
    rows.push({ fault: 'alarm-button', dueMs, endStableMs: DOORS_OPEN_STABLE_MS });
  }
  const alsoAllowed = maybeSudden ? [...rule.alsoAllowed, 'sudden-stop' as const] : rule.alsoAllowed;
  return rows.flatMap(({ fault, subject, dueMs, endStableMs = 0, endsMs: over = endsMs, restsUntilMs: rests }) => {
    const name = subject ? { fault, subject } : { fault };
    const endsByMs = plus(over, endStableMs);
    const tellByMs = rests ?? endsByMs;
    return dueMs < over ? [{ ...name, dueMs, endsByMs, tellByMs, injection: id, alsoAllowed }] : [];
  });
}

/** A fault that follows; its end is the episode's where it has none of its own. */
interface Due extends Omit<Rule, 'limitMs' | 'alsoAllowed'> {
  readonly dueMs: MonoMs;
  readonly endsMs?: MonoMs;
  readonly restsUntilMs?: MonoMs | null;
}

function ruleOf(injection: Injection, limits: Limits): Rule {
  switch (injection.kind) {
    case 'entrapment-off-level':
      return {
        fault: 'entrapment',
        limitMs: limits.entrapmentOffLevelLimitMs,
        alsoAllowed: limits.stoppedOutsideDoorZoneLimitMs < limits.entrapmentOffLevelLimitMs ? STRANDED : [],
      };
    case 'entrapment-at-landing':
      return {
        fault: 'entrapment',
        limitMs: limits.entrapmentAtLandingLimitMs,
        alsoAllowed: ['door-open-failure'],
      };
    case 'stopped-outside-door-zone':
      return { fault: injection.kind, limitMs: limits.stoppedOutsideDoorZoneLimitMs, alsoAllowed: [] };
    case 'door-held-open':
      return { fault: injection.kind, limitMs: limits.doorHeldOpenLimitMs, alsoAllowed: [] };
    case 'door-close-failure':
      return {
        fault: injection.kind,
        limitMs: injection.way === 'jams' ? limits.doorCloseLimitMs : 0,
        alsoAllowed: injection.way === 'jams' ? ['door-held-open'] : [],
      };
    case 'door-open-failure':
      return { fault: injection.kind, limitMs: limits.doorOpenLimitMs, alsoAllowed: ['entrapment'] };
    case 'safety-chain-open':
      return {
        fault: injection.kind,
        limitMs: limits.safetyChainOpenLimitMs,
        endStableMs: CHAIN_CLOSED_STABLE_MS,
        alsoAllowed: injection.running ? [...STRANDED, 'door-open-failure'] : [],
      };
    case 'overtravel-top':
    case 'overtravel-bottom':
      return { fault: injection.kind, limitMs: 0, alsoAllowed: ['door-open-failure', ...STRANDED] };
    case 'door-open-while-running':
      return {
        fault: injection.kind,
        limitMs: limits.doorOpenWhileRunningLimitMs,
        alsoAllowed: ['moving-with-door-open', ...STRANDED],
      };
    case 'moving-with-door-open':
      return {
        fault: injection.kind,
        limitMs: limits.doorOpenWhileRunningLimitMs,
        alsoAllowed: ['door-open-while-running', 'door-held-open', ...STRANDED],
      };
    case 'run-time-limit':
      return { fault: injection.kind, limitMs: limits.runTimeLimitMs, alsoAllowed: STRANDED };
    case 'position-lost':
      return { fault: injection.kind, limitMs: limits.positionLostLimitMs, alsoAllowed: [] };
    case 'sensor-contradiction-door':
      return {
        fault: 'sensor-contradiction',
        subject: 'door',
        limitMs: limits.contradictionLimitMs,
        alsoAllowed: injection.shows === 'closed' ? ['door-open-failure'] : ['door-close-failure'],
      };
    case 'sensor-contradiction-level':
      return {
        fault: 'sensor-contradiction',
        subject: 'level',
        limitMs: limits.contradictionLimitMs,
        alsoAllowed: ['position-lost', ...STRANDED],
      };
    case 'controller-says':
      return {
        fault: injection.unlisted ? 'controller-fault' : injection.fault,
        limitMs: 0,
        alsoAllowed: PARKED,
      };
    case 'brake-fault':
      return { fault: injection.kind, limitMs: limits.brakeLimitMs, alsoAllowed: PARKED };
    case 'power-supply-fault':
      return { fault: injection.kind, limitMs: limits.powerLossLimitMs, alsoAllowed: PARKED };
    case 'unintended-car-movement':
      return {
        fault: injection.kind,
        limitMs: limits.doorOpenWhileRunningLimitMs,
        alsoAllowed: ['door-held-open', 'door-close-failure', ...STRANDED],
      };
    case 'mains-cut':
      return {
        fault: 'power-supply-fault',
        limitMs: limits.powerLossLimitMs,
        alsoAllowed: ['door-open-failure', 'restart-prevented', ...STRANDED],
      };
    case 'overspeed':
      return { fault: injection.kind, limitMs: OVERSPEED_STANDS_MS, endStableMs: NORMAL_SPEED_MS, alsoAllowed: [] };
    case 'restart-prevented':
      return { fault: injection.kind, limitMs: limits.restartLimitMs, alsoAllowed: [] };
    case 'call-button-stuck':
      return { fault: injection.kind, limitMs: 0, endStableMs: NO_CALL_MS, alsoAllowed: [] };
    case 'controller-silent':
      return { fault: injection.kind, limitMs: limits.controllerSilentLimitMs, alsoAllowed: [] };
  }
}
