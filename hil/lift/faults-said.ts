/** Injections that a parked lift shows: what its controller says, a brake contact, a mains cut; and a car that moves by itself. */

import type { Car } from './car.ts';
import { moment, parked, passesMs, type StageOf, seize } from './faults-common.ts';
import { DOOR_ZONE_MM } from './shaft.ts';
import type { Task } from './task.ts';

/** A number that no profile of the simulation lists. */
const UNLISTED = 99;

/** The controller shows its number for a fault of its own. */
export function* says(stage: StageOf<'controller-says'>): Task {
  const { car, episode, injection } = stage;
  const listed = Object.entries(car.facts.faultCodes).find(([, { fault }]) => fault === injection.fault);
  const code = injection.unlisted ? UNLISTED : Number(listed?.[0] ?? 0);
  if (code === 0) return;
  yield* parked(car);
  seize(stage);
  episode.fromMs = car.nowMs;
  car.wiring.truth.faultCode = code;
  yield { ms: injection.heldMs };
  car.handBack();
  episode.endsMs = car.nowMs;
}

/** The brake contact of a parked car says released. */
export function* brakeSticks(stage: StageOf<'brake-fault'>): Task {
  const { car, episode, injection } = stage;
  yield* parked(car);
  seize(stage);
  episode.fromMs = car.nowMs;
  car.wiring.set('brakeReleased', true);
  yield { ms: injection.heldMs };
  car.wiring.set('brakeReleased', false);
  episode.endsMs = car.nowMs;
  car.handBack();
}

/** Mains go while the car is parked; the controller goes on from a battery. */
export function* mainsGo(stage: StageOf<'power-supply-fault'>): Task {
  const { car, episode, injection } = stage;
  yield* parked(car);
  seize(stage);
  episode.fromMs = car.nowMs;
  car.wiring.set('mainsPresent', false);
  yield { ms: injection.heldMs };
  car.wiring.set('mainsPresent', true);
  episode.endsMs = car.nowMs;
  car.handBack();
}

/** With its door open the car sinks out of the zone, the machine at rest; closed and driven back by a person. */
export function* driftsOff(stage: StageOf<'unintended-car-movement'>): Task {
  const { car, episode, injection, random } = stage;
  const room = () => car.level && car.landing > 0 && gapBelow(car) > 1100;
  if (!(yield* moment(car, 'door-open', room, () => car.bringAnybody(random)))) return;
  seize(stage);
  yield { ms: 1000 };
  const levelMm = car.shaft.heightMm(car.landing);
  car.drive(levelMm - DOOR_ZONE_MM - random.between(100, 300), 200, 'sagging');
  episode.fromMs = passesMs(car, levelMm - DOOR_ZONE_MM);
  yield { points: ['standstill'] };
  yield { ms: injection.heldMs };
  car.closeDoor();
  yield { points: ['door-closed'] };
  yield { ms: 2000 };
  car.handBack();
  yield { points: ['moving'] };
  episode.endsMs = car.nowMs;
  yield { points: ['door-closed'] };
}

function gapBelow({ shaft, landing }: Car): number {
  return shaft.heightMm(landing) - shaft.heightMm(landing - 1);
}
