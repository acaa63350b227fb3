/** Injections at the car door. */

import { plus } from '../../src/clock.ts';
import type { Car } from './car.ts';
import { moment, passesMs, type StageOf, seize, stopsAtOnce } from './faults-common.ts';
import { DOOR_ZONE_MM } from './shaft.ts';
import type { Part, Task } from './task.ts';
import { otherLanding } from './traffic.ts';

/** A door stands so long that scans of 300 ms see it, also where noise spoils one. */
const SEEN_MS = 1000;

export function* doorHeldOpen(stage: StageOf<'door-held-open'>): Task {
  const { car, episode, injection, random } = stage;
  const bring = () => car.bring(car.landing, otherLanding(car.landing, car.facts, random));
  if (!(yield* moment(car, 'door-open', () => car.level, bring))) return;
  seize(stage);
  episode.fromMs = car.door.leftClosedMs;
  yield { ms: injection.heldMs };
  car.handBack();
  yield { points: ['door-closed'] };
  episode.endsMs = car.nowMs;
}

export function* doorClosesNever(stage: StageOf<'door-close-failure'>): Task {
  const { car, episode, injection, random } = stage;
  const bring = () => car.bring(car.landing, otherLanding(car.landing, car.facts, random));
  const point = injection.way === 'jams' ? 'door-closing' : 'arrived';
  if (!(yield* moment(car, point, () => car.level, bring))) return;
  seize(stage);
  if (injection.way === 'jams') yield* jams(stage);
  else if (injection.way === 'reopens') yield* reopens(stage);
  else yield* reverses(stage);
  car.handBack();
  // Ended by a start with the door proven closed.
  yield* moment(car, 'moving', () => car.door.closed, bring);
  episode.endsMs = car.nowMs;
}

function* jams({ car, episode, injection, random }: StageOf<'door-close-failure'>): Part<void> {
  episode.fromMs = car.nowMs;
  yield { ms: random.between(500, 1800) };
  car.door.halt();
  yield { ms: injection.heldMs };
  car.closeDoor();
  yield { points: ['door-closed'] };
}

/** Opened again as soon as it has closed, five times in one stop. */
function* reopens({ car, episode }: StageOf<'door-close-failure'>): Part<void> {
  yield { ms: 300 };
  for (let openings = 1; openings <= 6; openings++) {
    car.openDoor();
    if (openings === 6) episode.fromMs = car.nowMs;
    yield { points: ['door-open'] };
    yield { ms: 1500 };
    car.closeDoor();
    yield { points: ['door-closed'] };
    yield { ms: SEEN_MS };
  }
}

/** Turned back on its way three times within seconds. */
function* reverses({ car, episode }: StageOf<'door-close-failure'>): Part<void> {
  yield { ms: 300 };
  car.openDoor();
  yield { points: ['door-open'] };
  yield { ms: 6000 };
  for (let reversals = 0; reversals < 3; reversals++) {
    car.closeDoor();
    yield { ms: SEEN_MS };
    car.openDoor();
    yield { points: ['door-open'] };
    episode.fromMs = car.nowMs;
    yield { ms: SEEN_MS };
  }
}

export function* doorOpensNever(stage: StageOf<'door-open-failure'>): Task {
  const { car, episode, injection, random } = stage;
  const loaded = () => car.inside.length > 0 && car.level;
  const bring = () => car.bring(car.landing, otherLanding(car.landing, car.facts, random));
  if (!(yield* moment(car, 'arrived', loaded, bring))) return;
  seize(stage);
  episode.fromMs = car.nowMs;
  yield { ms: injection.heldMs };
  car.handBack();
  yield { points: ['door-open'] };
  episode.endsMs = car.nowMs;
  yield { points: ['door-closed'] };
}

/** A gap of a few centimetres between landings; the car stops at once, or runs on. */
export function* doorOpensRunning(stage: StageOf<'door-open-while-running'>): Task {
  const { car, episode, injection, random } = stage;
  let afterMs: number | null = null;
  const when = () => {
    afterMs = midGapMs(stage);
    return afterMs !== null;
  };
  if (!(yield* moment(car, 'departed', when, () => car.bringAnybody(random)))) return;
  episode.beganMs = car.nowMs;
  if (injection.stops) seize(stage);
  yield { ms: afterMs ?? 0 };
  episode.fromMs = car.nowMs;
  car.openDoor();
  if (injection.stops) {
    yield { ms: 150 };
    yield* stopsAtOnce(stage);
    episode.restsUntilMs = car.nowMs;
  }
  yield { ms: injection.stops ? injection.heldMs : 300 };
  car.closeDoor();
  yield { points: ['door-closed'] };
  episode.endsMs = car.nowMs;
  if (injection.stops) {
    yield { ms: 4000 };
    car.handBack();
  }
  yield { points: ['door-closed'] };
}

/** Looks for so long, close enough to miss no zone at 4 m/s. */
const SEEN_AFTER_MS = [0, 50, 100, 150, 200, 250, 300, 350, 400];

/** A time from now from which the car runs outside the door zones for a while, well before it arrives. */
function midGapMs({ car, random }: StageOf<'door-open-while-running'>): number | null {
  const { travel } = car.motion;
  if (!travel) return null;
  const latestMs = travel.lengthMs - 1500;
  const outside = (atMs: number) => !car.shaft.inDoorZone(travel.positionMm(atMs), 20);
  for (let tries = 0; tries < 24 && latestMs > 0; tries++) {
    const atMs = random.between(0, latestMs);
    if (SEEN_AFTER_MS.every((afterMs) => outside(atMs + afterMs))) return atMs;
  }
  return null;
}

/** Drifts off with its door open, and is stopped a little outside the zone. */
export function* leavesWithDoorOpen(stage: StageOf<'moving-with-door-open'>): Task {
  const { car, episode, injection, random } = stage;
  let outward = 0;
  const when = () => {
    outward = roomBeside(car);
    return outward !== 0 && car.level;
  };
  if (!(yield* moment(car, 'door-open', when, () => car.bringAnybody(random)))) return;
  seize(stage);
  yield { ms: 1000 };
  const levelMm = car.shaft.heightMm(car.landing);
  car.drive(levelMm + outward * (DOOR_ZONE_MM + random.between(150, 300)), 400);
  episode.fromMs = passesMs(car, levelMm + outward * DOOR_ZONE_MM);
  yield { points: ['standstill'] };
  yield { ms: injection.heldMs };
  car.closeDoor();
  yield { points: ['door-closed'] };
  episode.endsMs = plus(car.nowMs, 0);
  yield { ms: 2000 };
  car.handBack();
  yield { points: ['door-closed'] };
}

/** 1 or -1: the side on which the next landing is far enough away; 0 where neither is. */
function roomBeside(car: Car): number {
  const here = car.shaft.heightMm(car.landing);
  const far = (landing: number) => Math.abs((car.shaft.heightsMm[landing] ?? here) - here) > 1100;
  if (far(car.landing + 1)) return 1;
  return far(car.landing - 1) ? -1 : 0;
}
