/**
 * How often something happens per cycle, and a test for its growth to three times of what this lift learned to be normal.
 *
 * A CUSUM of the log likelihood ratio of two Poisson rates. Whatever the rate, such a sum reaches its limit h by chance no
 * sooner than once in e^h cycles on average (G. Lorden, Annals of Mathematical Statistics 42, 1971).
 */

import type { Turn } from './baseline.ts';

const LEARNED_AFTER = 500;
const LEAST_RATE = 0.02;
const TIMES = 3;
/** e^14 is 1.2 million cycles: eleven years at 300 a day. */
const LIMIT = 14;

export interface Rate {
  cycles: number;
  happened: number;
  sum: number;
  standing: boolean;
  /** cycles and happenings since the learning, halved when they grow old */
  recent: { cycles: number; happened: number };
}

export function newRate(): Rate {
  return { cycles: 0, happened: 0, sum: 0, standing: false, recent: { cycles: 0, happened: 0 } };
}

/** Happenings per cycle of the time of learning. */
function normalRateOf({ happened }: Rate): number {
  return Math.max(LEAST_RATE, happened / LEARNED_AFTER);
}

/** One cycle in which it happened so often; the turn is in happenings per cycle. */
export function count(rate: Rate, happened: number): Turn | null {
  if (rate.cycles < LEARNED_AFTER) {
    rate.cycles++;
    rate.happened += happened;
    return null;
  }
  const normal = normalRateOf(rate);
  rate.sum = Math.max(0, Math.min(2 * LIMIT, rate.sum + happened * Math.log(TIMES) - normal * (TIMES - 1)));
  const { recent } = rate;
  recent.cycles++;
  recent.happened += happened;
  if (recent.cycles >= 200) Object.assign(recent, { cycles: recent.cycles / 2, happened: recent.happened / 2 });
  const was = rate.standing;
  if (rate.sum >= LIMIT) rate.standing = true;
  if (rate.sum === 0) rate.standing = false;
  if (rate.standing === was) return null;
  const now = recent.happened / Math.max(1, recent.cycles);
  return { standing: rate.standing, normal, now, samples: Math.round(recent.cycles) };
}
