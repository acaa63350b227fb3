/** What judgement needs of a lift, from its part of the site file. */

import type { LiftFacts } from '../lift/state.ts';
import type { Profile } from './profile.ts';
import type { SiteLift } from './schema.ts';

// A default of products, with bounds to check against EN 81-20: full travel and 10 s more, within 20 to 45 s.
const RUN_TIME_LEAST_MS = 20_000;
const RUN_TIME_MOST_MS = 45_000;
const RUN_TIME_SPARE_MS = 10_000;

/** Heights count from the lowest landing, landings from 0; the run time limit is worked out where the file leaves it null. */
export function liftFacts(lift: SiteLift, profile?: Profile): LiftFacts {
  const lowestMm = lift.landings[0]?.heightMm ?? 0;
  const landingHeightsMm = lift.landings.map(({ heightMm }) => heightMm - lowestMm);
  const landingMarkings = lift.landings.map(({ marking }) => marking);
  const { baseLanding, ratedSpeedMmPerS, limits } = lift;
  return {
    id: lift.id,
    landingHeightsMm,
    landingMarkings,
    baseLanding: baseLanding === undefined ? 0 : landingMarkings.indexOf(baseLanding),
    ratedSpeedMmPerS,
    emptyCarParksClosed: lift.emptyCarParksClosed,
    faultCodes: profile?.faultCodes ?? {},
    limits: {
      ...limits,
      runTimeLimitMs: limits.runTimeLimitMs ?? runTimeLimitMs(landingHeightsMm.at(-1) ?? 0, ratedSpeedMmPerS),
    },
  };
}

function runTimeLimitMs(travelMm: number, ratedSpeedMmPerS: number): number {
  const fullTravelMs = Math.round((travelMm / ratedSpeedMmPerS) * 1000) + RUN_TIME_SPARE_MS;
  return Math.max(RUN_TIME_LEAST_MS, Math.min(RUN_TIME_MOST_MS, fullTravelMs));
}
