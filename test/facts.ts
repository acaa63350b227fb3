/** A lift for tests: five landings 3 m apart, base at the lowest, 1 m/s, the default limits of the site schema. */

import type { LiftFacts, Limits } from '../src/lift/state.ts';

export const LIMITS: Limits = {
  safetyChainOpenLimitMs: 0,
  doorCloseLimitMs: 15_000,
  doorOpenLimitMs: 10_000,
  doorHeldOpenLimitMs: 120_000,
  stoppedOutsideDoorZoneLimitMs: 60_000,
  entrapmentAtLandingLimitMs: 90_000,
  entrapmentOffLevelLimitMs: 60_000,
  runTimeLimitMs: 22_000,
  doorOpenWhileRunningLimitMs: 20,
  contradictionLimitMs: 3000,
  controllerSilentLimitMs: 10_000,
  positionLostLimitMs: 2000,
  overtravelLimitMm: 100,
  alarmPressLimitMs: 500,
  restartLimitMs: 60_000,
  overspeedLimitPercent: 120,
  brakeLimitMs: 3000,
  powerLossLimitMs: 1000,
  holdOffMs: 2000,
};

export function facts(changes: Partial<LiftFacts> = {}): LiftFacts {
  return {
    id: 'a',
    landingHeightsMm: [0, 3000, 6000, 9000, 12_000],
    landingMarkings: ['1', '2', '3', '5', '6'],
    baseLanding: 0,
    ratedSpeedMmPerS: 1000,
    emptyCarParksClosed: true,
    faultCodes: {},
    limits: LIMITS,
    ...changes,
  };
}
