/** How each quantity of a lift is judged against its own normal; what the numbers hold is measured in test/condition. */

import type { Gauge } from './baseline.ts';

/** So many values of a time after a visit, and their mean below this share: people made it faster. */
const MADE_FASTER = { values: 100, anew: (after: number) => after < -0.05 };

const TIME = {
  measure: 'share' as const,
  ...{ apart: false, cutDeviations: 3, limitDeviations: 25, weight: 0.05, levelCut: 0.5 },
  ...{ visit: MADE_FASTER, newNormalAfter: Number.POSITIVE_INFINITY },
  deviation: (learned: number) => Math.max(0.01, learned),
};

/** Opening and closing times, by landing. A year's temperature moves them by a few per cent. */
export const DOOR: Gauge = { ...TIME, learnedAfter: 60, mostClasses: 128, allowance: 0.06, overBelow: 0.03 };

/** Run times, by direction and distance: a closed loop keeps them to the second, whatever the weather. */
export const RUN: Gauge = { ...TIME, learnedAfter: 30, mostClasses: 160, allowance: 0.04, overBelow: 0.02 };

/** Stopping errors in mm, by landing: a vane that slipped is of one of them. 2 mm is a fifth of the usual +-10 mm. */
export const LEVEL: Gauge = {
  ...{ measure: 'size', apart: true, learnedAfter: 40, mostClasses: 128, allowance: 2, overBelow: 1 },
  ...{ cutDeviations: 3, limitDeviations: 25, weight: 0.05, levelCut: 20 },
  deviation: (learned) => Math.max(1, learned),
  visit: { values: 30, anew: (after, before, deviation) => Math.abs(after - before) > 1 + 0.4 * deviation },
  newNormalAfter: Number.POSITIVE_INFINITY,
};

/**
 * Trips a day over the last seven days, once a day. It deviates by the counting, where people come and go (each brings two
 * trips), and by a tenth with weeks and seasons. The limit is beyond what two busy days can make of a week. Four weeks at
 * another level are how the building uses its lift now.
 */
export const STARTS: Gauge = {
  ...{ measure: 'share', apart: false, learnedAfter: 42, mostClasses: 1, allowance: 0.4, overBelow: 0.2 },
  ...{ cutDeviations: 15, limitDeviations: 40, weight: 1, levelCut: 9, visit: null, newNormalAfter: 28 },
  deviation: (_, mean) => Math.sqrt(0.1 ** 2 + 2 / (7 * mean)),
};
