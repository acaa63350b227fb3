/** A technician's visit: inspection mode, slow runs with stops between landings, the door opened wherever the car stands. */

import type { Car } from './car.ts';
import type { Random } from './random.ts';
import type { Task } from './task.ts';

export function* visit(car: Car, random: Random): Task {
  if (!car.quiet) yield { points: ['idle'], when: () => car.quiet };
  car.takeOver();
  yield { ms: 1000 };
  car.calls.clear();
  car.waiting = [];
  car.wiring.truth.mode = 'inspection';
  car.wiring.set('inspection', true);
  yield { ms: random.between(5000, 20_000) };
  // The stop switch on the car top, pressed while climbing on.
  car.wiring.set('safetyChainClosed', false);
  yield { ms: random.between(5000, 30_000) };
  car.wiring.set('safetyChainClosed', true);
  for (let left = random.whole(2, 5); left > 0; left--) {
    yield { ms: random.between(2000, 60_000) };
    car.drive(somewhereNear(car, random), 280);
    yield { points: ['standstill'] };
    if (!random.chance(0.5)) continue;
    yield { ms: random.between(1000, 5000) };
    car.openDoor();
    yield { points: ['door-open'] };
    yield { ms: random.between(5000, 240_000) };
    car.closeDoor();
    yield { points: ['door-closed'] };
  }
  yield { ms: random.between(5000, 60_000) };
  car.wiring.truth.mode = 'normal';
  car.wiring.set('inspection', false);
  // The technician gets out: back in service, the car opens at its landing.
  car.calls.add(car.landing);
  car.handBack();
}

/** 0.4 to 3 m off, without leaving the travel between the end landings. */
function somewhereNear(car: Car, random: Random): number {
  const topMm = car.shaft.heightMm(car.shaft.topLanding);
  const atMm = car.motion.positionMm;
  const up = atMm < 500 || (atMm < topMm - 500 && random.chance(0.5));
  const stepMm = Math.min(random.between(400, 3000), up ? topMm - atMm : atMm);
  return up ? atMm + stepMm : atMm - stepMm;
}
