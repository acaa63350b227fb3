/** Lifts for tests of the simulated lift, and running one event by event. */

import { SimLift } from '../../../hil/lift/lift.ts';
import { Random } from '../../../hil/lift/random.ts';
import type { TrafficProfile } from '../../../hil/lift/traffic.ts';
import type { MonoMs } from '../../../src/clock.ts';
import type { LiftFacts } from '../../../src/lift/state.ts';

export const ms = (value: number) => value as MonoMs;
export const HOUR_MS = 3_600_000;

/** Eight landings with a high entrance hall and a basement; limits as the site schema sets them. */
export const office: LiftFacts = {
  id: 'a',
  landingHeightsMm: [0, 3600, 8100, 11_400, 14_700, 18_000, 21_300, 24_600],
  landingMarkings: ['B1', '1', '2', '3', '5', '6', '7', '8'],
  baseLanding: 1,
  ratedSpeedMmPerS: 1750,
  emptyCarParksClosed: false,
  faultCodes: {},
  limits: {
    safetyChainOpenLimitMs: 0,
    doorCloseLimitMs: 15_000,
    doorOpenLimitMs: 10_000,
    doorHeldOpenLimitMs: 120_000,
    stoppedOutsideDoorZoneLimitMs: 60_000,
    entrapmentAtLandingLimitMs: 90_000,
    entrapmentOffLevelLimitMs: 60_000,
    runTimeLimitMs: 24_000,
    doorOpenWhileRunningLimitMs: 20,
    contradictionLimitMs: 3000,
    controllerSilentLimitMs: 10_000,
    positionLostLimitMs: 2000,
    alarmPressLimitMs: 500,
    restartLimitMs: 60_000,
    overspeedLimitPercent: 120,
    brakeLimitMs: 3000,
    powerLossLimitMs: 1000,
    overtravelLimitMm: 100,
    holdOffMs: 2000,
  },
};

/** Two landings, slow: the least lift there is. */
export const small: LiftFacts = {
  ...office,
  id: 'b',
  landingHeightsMm: [0, 3000],
  landingMarkings: ['1', '2'],
  baseLanding: 0,
  ratedSpeedMmPerS: 630,
};

export function simLift(facts: LiftFacts, seed: number, traffic: TrafficProfile | null, startMs = 0): SimLift {
  return new SimLift({ facts, random: new Random(seed), startMs: ms(startMs), traffic });
}

/** Runs to `toMs`, stopping at every change to `look`. */
export function run(lift: SimLift, toMs: number, look: () => void = () => {}): void {
  for (let nextMs = lift.nextChangeMs(); nextMs <= toMs; nextMs = lift.nextChangeMs()) {
    lift.advanceTo(nextMs);
    look();
  }
  lift.advanceTo(ms(toMs));
}
