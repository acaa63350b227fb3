/** Normal service: answers calls, opens and closes, levels. Begins from any state of the car. */

import { plus } from '../../src/clock.ts';
import { HOME_AFTER_MS, SINKS_AFTER_MS } from './build.ts';
import type { Car } from './car.ts';
import type { Part, Task } from './task.ts';

const START_DELAY_MS = 500;
/** A door that has closed rests so long before it opens again. */
const REOPEN_DELAY_MS = 400;
const RELEVEL_MM_PER_S = 60;
/** A door that has reopened this often lets the car go first. */
const MOST_REOPENINGS = 3;
/** Turned back this often in one stop, it closes whoever comes. */
const MOST_REVERSALS = 2;

export function* serve(car: Car): Task {
  if (!car.level) yield* correct(car);
  else if (!car.door.closed) yield* stand(car);
  for (;;) {
    const target = car.nextTarget();
    if (car.calledHere && (target === null || car.reopenings < MOST_REOPENINGS)) {
      yield { ms: REOPEN_DELAY_MS };
      yield* stand(car);
    } else if (target === null) {
      car.reach('idle');
      if (car.build.drive === 'hydraulic' && car.calls.size === 0) yield* restHydraulic(car);
      else yield { points: ['call'], ...(car.calls.size > 0 ? { ms: 0 } : {}) };
    } else {
      yield* run(car, target);
    }
  }
}

/** A car on oil: sinks a little and is pumped up again, and after a while goes down, empty and closed, to its lowest landing. */
function* restHydraulic(car: Car): Part<void> {
  const restsFromMs = car.nowMs;
  while (car.calls.size === 0) {
    if ((yield { points: ['call'], ms: car.random.between(...SINKS_AFTER_MS) }) === 'call') return;
    if (car.landing > 0 && car.nowMs - restsFromMs >= HOME_AFTER_MS) {
      car.depart(0);
      yield { points: ['standstill'] };
      car.reach('arrived');
      return;
    }
    yield* sinkAndRise(car, -car.random.between(8, 12));
  }
}

/** Door locked, start delay, run, stop, door cycle. A call at this landing before the start keeps the car here. */
function* run(car: Car, target: number): Part<void> {
  const keeps = () => car.calledHere && car.reopenings < MOST_REOPENINGS;
  if ((yield { points: ['call'], when: keeps, ms: START_DELAY_MS }) === 'call') return;
  car.depart(target);
  yield { points: ['standstill'] };
  car.reach('arrived');
  yield { ms: 300 };
  yield* stand(car);
}

/** From anywhere off level: slowly to the nearest landing, and open. */
function* correct(car: Car): Part<void> {
  if (!car.door.closed) {
    car.closeDoor();
    yield { points: ['door-closed'] };
  }
  yield { ms: 1500 };
  const toMm = car.shaft.heightMm(car.landing);
  car.target = car.landing;
  car.drive(toMm, correctionSpeed(car, toMm));
  yield { points: ['standstill'] };
  yield { ms: 300 };
  yield* stand(car);
}

/** 0.3 m/s, or as much more as long gaps between landings ask for to be done in about ten seconds. */
export function correctionSpeed(car: Car, toMm: number): number {
  const needed = Math.abs(toMm - car.motion.positionMm) / 10;
  return Math.min(Math.max(300, needed), car.facts.ratedSpeedMmPerS);
}

/** One door cycle at this landing, with everybody who wants in or out, until the door is proven closed. */
function* stand(car: Car): Part<void> {
  for (let first = true; ; first = false) {
    car.calls.delete(car.landing);
    if (!car.door.open) {
      car.openDoor();
      yield { points: ['door-open'] };
    }
    const boarded = yield* exchange(car);
    yield* dwell(car, first ? car.random.between(3000, 6000) : car.random.between(2000, 3000));
    if (boarded && !car.script.busy && car.random.chance(0.15)) yield* relevel(car);
    car.closeDoor();
    const patient = car.reversals < MOST_REVERSALS && car.doorKeeps;
    if (yield* closing(car, patient)) return;
    car.reversals++;
  }
}

/** True when proven closed; false when somebody stopped the door on its way. */
function* closing(car: Car, patient: boolean): Part<boolean> {
  if (!patient) {
    yield { points: ['door-closed'] };
    return true;
  }
  const hand = car.random.chance(0.06) ? { ms: car.random.between(500, 2200) } : {};
  const woken = yield {
    points: ['door-closed', 'call'],
    when: (point) => point === 'door-closed' || car.calledHere,
    ...hand,
  };
  return woken === 'door-closed';
}

/** People out, then people in. True when somebody came or went. */
function* exchange(car: Car): Part<boolean> {
  let changed = false;
  for (let person = leaver(car); person; person = leaver(car)) {
    yield { ms: car.random.between(600, 1200) };
    car.alight(person);
    changed = true;
  }
  for (let person = comer(car); person; person = comer(car)) {
    yield { ms: car.random.between(600, 1200) };
    if (!car.waiting.includes(person)) continue;
    const tooMany = !car.fits(person);
    car.board(person);
    changed = true;
    if (tooMany) {
      yield { ms: car.random.between(2000, 4000) };
      car.alight(person);
    }
    if (person.lingers === 'in-the-door') yield { ms: car.lingerMs };
  }
  car.calls.delete(car.landing);
  return changed;
}

function leaver(car: Car) {
  return car.inside.find(({ to }) => to === car.landing);
}

/** One more may try a full car; after that the others wait for the next. */
function comer(car: Car) {
  if (car.wiring.truth.loadPercent > 95) return undefined;
  return car.waiting.find(({ from }) => from === car.landing);
}

/** Waits, and lets late comers in for as long as the door may be kept. */
function* dwell(car: Car, ms: number): Part<void> {
  const untilMs = plus(car.nowMs, ms);
  while (car.nowMs < untilMs) {
    const patient = () => car.calledHere && car.doorKeeps;
    const woken = yield { points: ['call'], when: patient, ms: untilMs - car.nowMs };
    if (woken === 'call') yield* exchange(car);
  }
}

/** The ropes give as people come and go; the car sinks or rises, and is driven back with its door open. */
function* relevel(car: Car): Part<void> {
  const up = car.wiring.truth.loadPercent === 0;
  const atEnd = car.landing === 0 || car.landing === car.shaft.topLanding;
  const sagMm = atEnd ? car.random.between(8, 12) : car.random.between(12, 20);
  yield* sinkAndRise(car, up ? sagMm : -sagMm);
}

/** Gives by so much, up or down, and is driven back to the level. */
function* sinkAndRise(car: Car, byMm: number): Part<void> {
  car.drive(car.motion.positionMm + byMm, 15, 'sagging');
  yield { points: ['standstill'] };
  yield { ms: 600 };
  car.drive(car.shaft.heightMm(car.landing), RELEVEL_MM_PER_S);
  yield { points: ['standstill'] };
  yield { ms: 400 };
}
