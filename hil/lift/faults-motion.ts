/** Injections that stop the car, or let it run where it should not. */

import { plus } from '../../src/clock.ts';
import { ACCELERATION_MM_PER_S2, JERK_MM_PER_S3 } from './car.ts';
import {
  anyRun,
  moment,
  offZoneStopMs,
  passesMs,
  type StageOf,
  SUDDEN_FROM_MM_PER_S,
  seize,
  stopsAtOnce,
} from './faults-common.ts';
import { DOOR_ZONE_MM, END_LIMIT_MM, LEVEL_MM } from './shaft.ts';
import type { Part, Task } from './task.ts';
import { otherLanding } from './traffic.ts';
import { planTravel } from './travel.ts';

/** Between landings, with somebody in the car or without. */
export function* stopsOffLevel(stage: StageOf<'entrapment-off-level' | 'stopped-outside-door-zone'>): Task {
  const { car, episode, injection, random } = stage;
  const loaded = injection.kind === 'entrapment-off-level';
  let afterMs: number | null = null;
  const when = () => {
    if (car.inside.length > 0 !== loaded) return false;
    afterMs = offZoneStopMs(stage);
    return afterMs !== null;
  };
  const bring = () => {
    // An empty car runs only to somebody who waits elsewhere; a loaded one from where it stands.
    const elsewhere = otherLanding(car.landing, car.facts, random);
    if (loaded) car.bring(car.landing, elsewhere);
    else if (car.quiet) car.bring(elsewhere, otherLanding(elsewhere, car.facts, random));
  };
  if (!(yield* moment(car, 'departed', when, bring))) return;
  seize(stage);
  yield { ms: afterMs ?? 0 };
  yield* stopsAtOnce(stage);
  episode.fromMs = car.nowMs;
  if (injection.kind === 'entrapment-off-level') {
    yield* trapped(stage, injection);
    return;
  }
  yield { ms: injection.heldMs };
  car.handBack();
  yield { points: ['moving'] };
  episode.restsUntilMs = car.nowMs;
  const zoneMm = car.shaft.offLevelMm(car.motion.positionMm) > 0 ? DOOR_ZONE_MM : -DOOR_ZONE_MM;
  episode.endsMs = passesMs(car, car.shaft.heightMm(car.landing) + zoneMm);
  yield { points: ['door-closed'] };
}

export function* trapsAtLanding(stage: StageOf<'entrapment-at-landing'>): Task {
  const { car, episode, injection, random } = stage;
  const loaded = () => car.inside.length > 0 && car.level;
  const bring = () => car.bring(car.landing, otherLanding(car.landing, car.facts, random));
  if (!(yield* moment(car, 'arrived', loaded, bring))) return;
  seize(stage);
  episode.fromMs = car.nowMs;
  yield* trapped(stage, injection);
}

/** People behind closed doors in a car at rest, until somebody lets them out at a landing. */
function* trapped(
  { car, episode }: StageOf<'entrapment-off-level' | 'entrapment-at-landing' | 'stopped-outside-door-zone'>,
  { heldMs, alarmAfterMs }: { readonly heldMs: number; readonly alarmAfterMs: number | null },
): Part<void> {
  const releaseMs = plus(car.nowMs, heldMs);
  if (alarmAfterMs !== null && alarmAfterMs + 5000 < heldMs) {
    yield { ms: alarmAfterMs };
    episode.alarmMs = car.nowMs;
    car.wiring.set('alarmButton', true);
    yield { ms: 4000 };
    car.wiring.set('alarmButton', false);
  }
  yield { ms: releaseMs - car.nowMs };
  car.evacuate();
  car.handBack();
  yield { points: ['moving', 'door-open'] };
  episode.restsUntilMs = car.nowMs;
  if (!car.door.open) yield { points: ['door-open'] };
  episode.endsMs = car.nowMs;
  yield { points: ['door-closed'] };
}

export function* chainOpensRunning(stage: StageOf<'safety-chain-open'>): Task {
  const { car, injection, random } = stage;
  if (!(yield* anyRun(stage))) return;
  seize(stage);
  yield { ms: random.between(0.05, 0.9) * (car.motion.travel?.lengthMs ?? 0) };
  yield* stopsAtOnce(stage, true);
  yield* chainOpen(stage, injection.heldMs);
  car.handBack();
  yield { points: ['door-closed'] };
}

export function* chainOpensAtRest(stage: StageOf<'safety-chain-open'>): Task {
  const { car, injection } = stage;
  if (!car.quiet) yield { points: ['idle'], when: () => car.quiet };
  seize(stage);
  yield* chainOpen(stage, injection.heldMs);
  car.handBack();
}

function* chainOpen({ car, episode }: StageOf<'safety-chain-open'>, heldMs: number): Part<void> {
  episode.fromMs = car.nowMs;
  car.wiring.set('safetyChainClosed', false);
  yield { ms: heldMs };
  car.wiring.set('safetyChainClosed', true);
  episode.endsMs = car.nowMs;
  yield { ms: 3000 };
}

/** Past the level of the end landing, and slowly back by a technician. */
export function* overtravels(stage: StageOf<'overtravel-top' | 'overtravel-bottom'>): Task {
  const { car, episode, injection, random } = stage;
  const outward = injection.kind === 'overtravel-top' ? 1 : -1;
  const end = outward > 0 ? car.shaft.topLanding : 0;
  const bring = () => car.bring(otherLanding(end, car.facts, random), end);
  if (!(yield* moment(car, 'departed', () => car.target === end, bring))) return;
  seize(stage);
  const levelEndMm = car.shaft.heightMm(end) + outward * LEVEL_MM;
  car.drive(car.shaft.heightMm(end) + outward * injection.overrunMm, car.facts.ratedSpeedMmPerS);
  episode.fromMs = passesMs(car, levelEndMm);
  episode.limitMs = passesMs(car, car.shaft.heightMm(end) + outward * END_LIMIT_MM);
  yield { points: ['standstill'] };
  yield { ms: injection.heldMs };
  car.handBack();
  yield { points: ['moving'] };
  episode.endsMs = passesMs(car, levelEndMm);
  yield { points: ['door-closed'] };
}

/** The ropes slip: the machine turns, the car stays between the landing it left and the next. */
export function* slips(stage: StageOf<'run-time-limit'>): Task {
  const { car, episode, injection } = stage;
  if (!(yield* anyRun(stage))) return;
  seize(stage);
  episode.fromMs = car.nowMs;
  const up = car.target > car.landing;
  const next = car.shaft.heightMm(car.landing + (up ? 1 : -1));
  const fromMm = car.motion.positionMm;
  const limits = {
    speedMmPerS: car.facts.ratedSpeedMmPerS,
    accelerationMmPerS2: ACCELERATION_MM_PER_S2,
    jerkMmPerS3: JERK_MM_PER_S3,
  };
  const travel = planTravel(fromMm, fromMm + 0.4 * (next - fromMm), limits);
  car.motion.start(travel, 'slipping');
  // In an express zone it gathers speed, and comes to rest out of any zone as fast as at a landing.
  episode.maybeSudden = Math.abs(travel.speedMmPerS(travel.lengthMs / 2)) > SUDDEN_FROM_MM_PER_S;
  yield { ms: car.facts.limits.runTimeLimitMs + injection.heldMs };
  car.motion.settle();
  yield { ms: 5000 };
  car.handBack();
  yield { points: ['standstill'], when: () => car.level };
  episode.endsMs = car.nowMs;
  yield { points: ['door-closed'] };
}
