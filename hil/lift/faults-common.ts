/** What the injections share: waiting for their moment, places to stop, moments of crossing. */

import { type MonoMs, plus } from '../../src/clock.ts';
import type { Car } from './car.ts';
import type { Injection, Stage } from './faults.ts';
import { correctionSpeed } from './serve.ts';
import type { Part, Point } from './task.ts';
import { planStop } from './travel.ts';

/** How long an injection waits for somebody to come by themselves. */
const PATIENCE_MS = 60_000;
const MOST_TRIES = 20;
/** From over this to rest within a few seconds is a sudden stop. */
export const SUDDEN_FROM_MM_PER_S = 1500;
const SUDDEN_TO_MM_PER_S = 100;
const SUDDEN_WITHIN_MS = 3000;
const EMERGENCY_MM_PER_S2 = 2000;
/** Two scans of 300 ms, one of them lost. */
const TWO_SCANS_MS = 900;
const STEP_MS = 10;
/** A stop this near to the border of a zone may be told out of it or in it. */
const BORDER_MM = 10;

export type StageOf<K extends Injection['kind']> = Stage<Extract<Injection, { kind: K }>>;

/**
 * Waits for `point` with `when`. When the lift is quiet, or nobody comes, `bring` brings somebody about. False when the
 * moment never came (a shaft without room for it).
 */
export function* moment(car: Car, point: Point, when: () => boolean, bring: () => void): Part<boolean> {
  let ms = car.quiet ? 0 : PATIENCE_MS;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if ((yield { points: [point], when, ms }) !== 'time') return true;
    bring();
    ms = PATIENCE_MS;
  }
  return false;
}

/** Waits for any run of the car. False when none came. */
export function* anyRun({ car, random }: Stage): Part<boolean> {
  return yield* moment(
    car,
    'departed',
    () => true,
    () => car.bringAnybody(random),
  );
}

/** Waits until the lift stands with nothing to do. */
export function* parked(car: Car): Part<void> {
  if (!car.quiet) yield { points: ['idle'], when: () => car.quiet };
}

/** The injection begins now, with the car in its hands. */
export function seize({ car, episode, code }: Stage): void {
  episode.beganMs = car.nowMs;
  car.takeOver();
  // A controller speaks in its own numbers: one that its profile does not list would not be this one's.
  car.wiring.truth.faultCode = car.facts.faultCodes[code] ? code : 0;
}

/**
 * Brakes at once, and waits for standstill. From over 1.5 m/s to under 0.1 m/s in 3 s and out of any zone that is a fault of
 * its own. A speed that was reached for less than two scans may be missed by them: then it may be raised, and need not.
 */
export function* stopsAtOnce({ car, episode }: Stage, chainOpens = false): Part<void> {
  const { speedMmPerS, positionMm } = car.motion;
  const stop = planStop(positionMm, speedMmPerS);
  const speed = Math.abs(speedMmPerS);
  const slowMs = Math.max(0, ((speed - SUDDEN_TO_MM_PER_S) / EMERGENCY_MM_PER_S2) * 1000);
  const brakingMs = Math.max(0, ((speed - SUDDEN_FROM_MM_PER_S) / EMERGENCY_MM_PER_S2) * 1000);
  const fast = fastAgo(car, SUDDEN_WITHIN_MS - slowMs - TWO_SCANS_MS, brakingMs);
  const atMs = plus(car.nowMs, fast === 'surely' ? slowMs : stop.lengthMs);
  const surely = !car.shaft.inDoorZone(stop.toMm, BORDER_MM) && (fast === 'surely' || chainOpens);
  const maybe = !car.shaft.inDoorZone(stop.toMm, -BORDER_MM) && (fast !== 'no' || chainOpens);
  if (surely) episode.suddenMs = atMs;
  episode.maybeSudden = maybe && !surely;
  car.motion.emergencyStop();
  if (!chainOpens) yield { points: ['standstill'] };
}

/**
 * Whether the car ran at over 1.5 m/s within the last `withinMs`, and goes on to for `brakingMs`: for two scans at least, or for a
 * moment or just before.
 */
function fastAgo(car: Car, withinMs: number, brakingMs: number): 'surely' | 'maybe' | 'no' {
  let longestMs = brakingMs;
  let runMs = brakingMs;
  let ever = brakingMs > 0;
  for (let ago = 0; ago <= withinMs + 2 * TWO_SCANS_MS; ago += STEP_MS) {
    const fast = Math.abs(car.motion.speedBefore(ago)) > SUDDEN_FROM_MM_PER_S;
    ever ||= fast;
    runMs = fast ? runMs + STEP_MS : 0;
    if (ago <= withinMs) longestMs = Math.max(longestMs, runMs);
  }
  if (longestMs >= TWO_SCANS_MS) return 'surely';
  return ever ? 'maybe' : 'no';
}

/** A time from now at which an emergency stop ends outside every door zone, or null where none was found. */
export function offZoneStopMs({ car, random }: Stage): number | null {
  const { travel } = car.motion;
  if (!travel) return null;
  for (let tries = 0; tries < 24; tries++) {
    const afterMs = random.between(0, travel.lengthMs);
    const { toMm } = planStop(travel.positionMm(afterMs), travel.speedMmPerS(afterMs));
    if (!car.shaft.inDoorZone(toMm, 30)) return afterMs;
  }
  return null;
}

/** When the present motion first passes this height, or null where it does not. */
export function passesMs(car: Car, heightMm: number): MonoMs | null {
  const afterMs = car.motion.travel?.crossingMs(heightMm) ?? null;
  return afterMs === null ? null : plus(car.nowMs, afterMs);
}

/** Runs to the base landing with nobody stopping it, and hands the car back there. */
export function* toBase(car: Car): Part<void> {
  const { baseLanding } = car.facts;
  car.takeOver();
  yield { ms: 3000 };
  if (car.landing !== baseLanding) {
    const toMm = car.shaft.heightMm(baseLanding);
    car.target = baseLanding;
    car.drive(toMm, Math.max(correctionSpeed(car, toMm), car.facts.ratedSpeedMmPerS / 2));
    yield { points: ['standstill'] };
  }
  car.calls.add(baseLanding);
}
