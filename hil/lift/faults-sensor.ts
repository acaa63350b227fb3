/** Injections in what tells of the lift: a stuck input, a controller that miscounts or does not answer. */

import { moment, offZoneStopMs, passesMs, type StageOf, seize, stopsAtOnce, toBase } from './faults-common.ts';
import { DOOR_ZONE_MM } from './shaft.ts';
import type { Task } from './task.ts';
import { otherLanding } from './traffic.ts';

/** The controller's count slips by one on a run, and is put right at the base landing. */
export function* losesPosition(stage: StageOf<'position-lost'>): Task {
  const { car, episode, random } = stage;
  const base = car.facts.baseLanding;
  const bring = () => car.bring(base, otherLanding(base, car.facts, random));
  if (!(yield* moment(car, 'departed', () => car.target !== base, bring))) return;
  episode.beganMs = car.nowMs;
  car.wiring.landingsOff = car.target === car.shaft.topLanding ? -1 : 1;
  yield { points: ['arrived'] };
  episode.fromMs = car.nowMs;
  yield { points: ['door-closed'] };
  yield* toBase(car);
  car.wiring.landingsOff = 0;
  episode.endsMs = car.nowMs;
  car.handBack();
  yield { points: ['door-closed'] };
}

/** The controller's own door signal tells the truth; the input shows one thing. */
export function* doorInputSticks(stage: StageOf<'sensor-contradiction-door'>): Task {
  const { car, episode, injection, random } = stage;
  const closed = injection.shows === 'closed';
  const bring = () => car.bringAnybody(random);
  if (!(yield* moment(car, closed ? 'arrived' : 'door-open', () => car.level, bring))) return;
  episode.beganMs = car.nowMs;
  car.wiring.stick('doorClosed', closed);
  yield { points: [closed ? 'door-left-closed' : 'door-closed'] };
  episode.fromMs = car.nowMs;
  if (closed) yield { points: ['door-open'] };
  car.takeOver();
  yield { ms: episode.fromMs + car.facts.limits.contradictionLimitMs + injection.heldMs - car.nowMs };
  car.wiring.free('doorClosed');
  episode.endsMs = car.nowMs;
  car.handBack();
  if (closed) yield { points: ['door-closed'] };
}

/** Both level switches show a level where there is none; afterwards the count is put right at the base landing. */
export function* levelInputsStick(stage: StageOf<'sensor-contradiction-level'>): Task {
  const { car, episode, injection, random } = stage;
  let afterMs: number | null = null;
  const when = () => {
    afterMs = offZoneStopMs(stage);
    return afterMs !== null;
  };
  if (!(yield* moment(car, 'departed', when, () => car.bringAnybody(random)))) return;
  seize(stage);
  yield { ms: afterMs ?? 0 };
  yield* stopsAtOnce(stage);
  yield { ms: 2000 };
  episode.fromMs = car.nowMs;
  car.wiring.stick('levelUpper', true);
  car.wiring.stick('levelLower', true);
  yield { ms: car.facts.limits.contradictionLimitMs + injection.heldMs };
  car.handBack();
  yield { points: ['moving'] };
  const zoneMm = car.shaft.offLevelMm(car.motion.positionMm) > 0 ? DOOR_ZONE_MM : -DOOR_ZONE_MM;
  episode.endsMs = passesMs(car, car.shaft.heightMm(car.landing) + zoneMm);
  yield { points: ['standstill'] };
  car.wiring.free('levelUpper');
  car.wiring.free('levelLower');
  yield { points: ['door-closed'] };
  yield* toBase(car);
  car.handBack();
  yield { points: ['door-closed'] };
}

export function* controllerGoesSilent({ car, episode, injection }: StageOf<'controller-silent'>): Task {
  episode.beganMs = car.nowMs;
  episode.fromMs = car.nowMs;
  car.wiring.silent = true;
  yield { ms: injection.heldMs };
  car.wiring.silent = false;
  episode.endsMs = car.nowMs;
}
