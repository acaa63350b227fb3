/** Injections in a lift that serves: mains that go on the run, a car that is too fast, one that does not start, a stuck button. */

import { plus } from '../../src/clock.ts';
import { ACCELERATION_MM_PER_S2, JERK_MM_PER_S3 } from './car.ts';
import { anyRun, moment, parked, type StageOf, seize, stopsAtOnce } from './faults-common.ts';
import type { Task } from './task.ts';
import { otherLanding } from './traffic.ts';
import { planTravel, type Travel } from './travel.ts';

/** A speed that is over the limit for this long is seen whatever the scans fall on. */
const SEEN_MS = 1500;
const STEP_MS = 10;
/** The limit, and as much more. */
const OVER_LIMIT = 1.1;
/** A button that is down calls again as soon as its call was served. */
const RETURNS = 5;
const LEAVES_MS = 1500;
const RETURNS_AFTER_MS = 900;

/** Mains go on the run: the brake falls in wherever the car is. The controller goes on from a battery; people wait. */
export function* mainsGoRunning(stage: StageOf<'mains-cut'>): Task {
  const { car, episode, injection, random } = stage;
  if (!(yield* anyRun(stage))) return;
  seize(stage);
  // It has left its landing by then: a passenger sensor alone is not believed of a car that never moved.
  yield { ms: LEAVES_MS + random.between(0, 0.8) * Math.max(0, (car.motion.travel?.lengthMs ?? 0) - LEAVES_MS) };
  car.wiring.set('mainsPresent', false);
  episode.fromMs = car.nowMs;
  yield* stopsAtOnce(stage);
  const offZone = !car.wiring.truth.doorZone;
  if (car.inside.length > 0) episode.trapped = { fromMs: car.nowMs, offZone, releasedMs: null };
  yield { ms: injection.heldMs };
  car.wiring.set('mainsPresent', true);
  episode.endsMs = car.nowMs;
  car.handBack();
  yield { points: ['moving', 'door-open'] };
  episode.restsUntilMs = car.nowMs;
  if (!car.door.open) yield { points: ['door-open'] };
  if (episode.trapped) episode.trapped = { ...episode.trapped, releasedMs: car.nowMs };
  yield { points: ['door-closed'] };
}

/** The drive runs faster than it may, on a run long enough for it. */
export function* runsTooFast(stage: StageOf<'overspeed'>): Task {
  const { car, episode, random } = stage;
  const { ratedSpeedMmPerS, limits } = car.facts;
  const mostMmPerS = (ratedSpeedMmPerS * limits.overspeedLimitPercent) / 100;
  const travelTo = (landing: number): Travel =>
    planTravel(car.motion.positionMm, car.shaft.heightMm(landing), {
      ...{ accelerationMmPerS2: ACCELERATION_MM_PER_S2, jerkMmPerS3: JERK_MM_PER_S3 },
      speedMmPerS: mostMmPerS * OVER_LIMIT,
    });
  const far = () => over(travelTo(car.target), mostMmPerS) !== null;
  const end = () => (car.landing > car.shaft.topLanding / 2 ? 0 : car.shaft.topLanding);
  if (!(yield* moment(car, 'departed', far, () => car.bring(car.landing, end())))) return;
  const fast = over(travelTo(car.target), mostMmPerS);
  if (!fast) return;
  seize(stage);
  episode.fromMs = plus(car.nowMs, fast.fromMs);
  episode.endsMs = plus(car.nowMs, fast.toMs);
  car.motion.start(travelTo(car.target));
  yield { points: ['standstill'] };
  // The limit is passed on the way down once more; then it stands.
  yield { ms: random.between(500, 3000) };
  car.handBack();
  yield { points: ['door-closed'] };
}

/** Since when and until when a travel is faster than this, ms from its start; null where for too short a time to be seen. */
function over(travel: Travel, mmPerS: number): { fromMs: number; toMs: number } | null {
  let fromMs: number | null = null;
  let toMs = 0;
  for (let atMs = 0; atMs <= travel.lengthMs; atMs += STEP_MS) {
    if (Math.abs(travel.speedMmPerS(atMs)) <= mmPerS) continue;
    fromMs ??= atMs;
    toMs = atMs;
  }
  return fromMs === null || toMs - fromMs < SEEN_MS ? null : { fromMs, toMs };
}

/** A call waits elsewhere, and the parked car does not start. */
export function* startsNot(stage: StageOf<'restart-prevented'>): Task {
  const { car, episode, injection, random } = stage;
  yield* parked(car);
  seize(stage);
  episode.fromMs = car.nowMs;
  car.call(otherLanding(car.landing, car.facts, random));
  yield { ms: injection.heldMs };
  car.handBack();
  yield { points: ['moving'] };
  episode.endsMs = car.nowMs;
  yield { points: ['door-closed'] };
}

/** The landing button is down: its call is served, and stands again. */
export function* buttonSticks(stage: StageOf<'call-button-stuck'>): Task {
  const { car, episode } = stage;
  yield* parked(car);
  seize(stage);
  // A call of somebody else, just served or amid these, would count as well.
  car.shunned = car.landing;
  yield { ms: 3000 };
  car.openDoor();
  for (let returns = 0; returns <= RETURNS; returns++) {
    car.calls.add(car.landing);
    if (returns === RETURNS) episode.fromMs = car.nowMs;
    yield { ms: RETURNS_AFTER_MS };
    car.calls.delete(car.landing);
    yield { ms: RETURNS_AFTER_MS };
  }
  episode.endsMs = car.nowMs;
  car.shunned = null;
  car.closeDoor();
  yield { points: ['door-closed'] };
  car.handBack();
}
