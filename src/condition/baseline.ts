/**
 * A quantity that each landing has its own normal of (the time of a door, say), and a test for slow growth over all of them.
 *
 * Each landing learns its mean over its first cycles, and keeps it: a baseline that went on learning would follow the very
 * drift it is to find. From then on each value counts as its share above its landing's mean, cut at three standard
 * deviations beyond the allowance, and a one-sided CUSUM (E. S. Page, Continuous inspection schemes, Biometrika 41, 1954) sums what goes beyond an
 * allowance. The allowance holds what a year does to a door (a few per cent with the temperature) and what a mean over so few
 * cycles is off by.
 */

const LEARNED_AFTER = 60;
/** What is no drift yet, as a share. */
const ALLOWANCE = 0.06;
/** The sum at which it is one, in standard deviations. */
const LIMIT_DEVIATIONS = 25;
const LEAST_DEVIATION = 0.01;
const CUT_DEVIATIONS = 3;
/** Weight of the newest value in the level that is told. */
const WEIGHT = 0.05;
/** One value moves the level by no more than a fortieth. */
const LEVEL_CUT = 0.5;
/** A drift is over when the level is back below this share. */
const OVER_BELOW = 0.03;
/** Of a visit: so many cycles show whether the door was made faster, and what counts as faster. */
const VISIT_CYCLES = 100;
const FASTER_BELOW = -0.05;

/** Plain data. Values are in the quantity's own unit; shares of the mean where they say so. */
export interface Baseline {
  readonly landings: { [landing: string]: { count: number; mean: number } };
  /** over all landings, of the shares while learning: count and sum of squares */
  learned: { count: number; squares: number };
  /** the CUSUM, as a share */
  sum: number;
  /** the smoothed share above the baseline */
  level: number;
  /** values since the learning */
  samples: number;
  standing: boolean;
  /** cycles since somebody was at work on it, or null */
  sinceVisit: number | null;
}

export function newBaseline(): Baseline {
  return {
    landings: {},
    learned: { count: 0, squares: 0 },
    sum: 0,
    level: 0,
    samples: 0,
    standing: false,
    sinceVisit: null,
  };
}

/** One value. Changes the baseline in place; true where its `standing` changed. */
export function take(baseline: Baseline, landing: number, value: number): boolean {
  const own = baseline.landings[landing] ?? { count: 0, mean: 0 };
  baseline.landings[landing] = own;
  if (own.count < LEARNED_AFTER) {
    learn(baseline, own, value);
    return false;
  }
  const deviation = deviationOf(baseline);
  const share = value / own.mean - 1;
  const most = CUT_DEVIATIONS * deviation;
  baseline.samples++;
  baseline.level += WEIGHT * (within(share, LEVEL_CUT) - baseline.level);
  baseline.sum = Math.max(0, baseline.sum + within(share - ALLOWANCE, most));
  if (visited(baseline)) return false;
  const was = baseline.standing;
  if (!was && baseline.sum > LIMIT_DEVIATIONS * deviation) baseline.standing = true;
  if (was && baseline.level < OVER_BELOW) {
    baseline.standing = false;
    baseline.sum = 0;
  }
  return baseline.standing !== was;
}

function within(share: number, most: number): number {
  return Math.max(-most, Math.min(most, share));
}

/** People were at work: if the door is faster from now on, that is its new normal. */
export function visit(baseline: Baseline): void {
  baseline.sinceVisit = 0;
}

/** The mean of the landings' means, in the unit of the values; null where none has learned. */
export function normalOf({ landings }: Baseline): number | null {
  const learned = Object.values(landings).filter(({ count }) => count >= LEARNED_AFTER);
  return learned.length === 0 ? null : learned.reduce((sum, { mean }) => sum + mean, 0) / learned.length;
}

function learn({ learned }: Baseline, own: { count: number; mean: number }, value: number): void {
  own.count++;
  const before = own.mean;
  own.mean += (value - before) / own.count;
  if (own.count === 1 || own.mean <= 0) return;
  learned.count++;
  learned.squares += ((value - before) * (value - own.mean)) / own.mean ** 2;
}

function deviationOf({ learned }: Baseline): number {
  return learned.count === 0 ? LEAST_DEVIATION : Math.max(LEAST_DEVIATION, Math.sqrt(learned.squares / learned.count));
}

/** True where the visit made it faster: everything is learned anew, and a drift that stood is over when that is seen. */
function visited(baseline: Baseline): boolean {
  if (baseline.sinceVisit === null || baseline.standing) return false;
  if (++baseline.sinceVisit < VISIT_CYCLES) return false;
  baseline.sinceVisit = null;
  if (baseline.level > FASTER_BELOW) return false;
  Object.assign(baseline, newBaseline());
  return true;
}
