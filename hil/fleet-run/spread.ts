/**
 * How long boxes must spread their return to a broker, so that it never sees more than so many connects a second.
 *
 * Each box waits anywhere between nothing and T, then 2T, then 4T (src/uplink/session.ts). N boxes that all lost the broker try at
 * N/T a second, and those that found it still away come on top: worst is the moment T after the loss, with every one of them refused
 * so far: 1 + 1/2 + 1/16 + 1/384 ... = 1.566 times N/T (the densities at 1 of U(1), U(1)+U(2), U(1)+U(2)+U(4) ...). What chance adds
 * in any one second is bounded by five standard deviations of a count of that mean.
 */

export interface Spread {
  /** for the site file */
  readonly retryFirstMs: number;
  readonly retryMaxMs: number;
  /** connects a second in the worst moment, on average */
  readonly meanPerS: number;
}

const WORST_MOMENT = 1.566;
const DEVIATIONS = 5;
/** Fewer steps of doubling and those refused come round too soon: the factor above needs U(4). */
const MAX_TO_FIRST = 4;
/** What the site file takes, ms. */
const [LEAST_FIRST_MS, LEAST_MAX_MS, MOST_MS] = [100, 1000, 3_600_000];

/** The mean whose five deviations stay under a limit: m + 5 √m = limit. */
export function meanUnder(limit: number): number {
  return ((Math.sqrt(DEVIATIONS ** 2 + 4 * limit) - DEVIATIONS) / 2) ** 2;
}

/** `strayPerS`: connects a second of boxes whose own line comes and goes. Null: so many boxes cannot, within the hour that a box may wait. */
export function spreadOf(boxes: number, perSecond: number, strayPerS = 0): Spread | null {
  const meanPerS = meanUnder(perSecond);
  const neededMs = Math.ceil((1000 * WORST_MOMENT * boxes) / (meanPerS - strayPerS));
  if (strayPerS >= meanPerS || neededMs > MOST_MS) return null;
  const retryFirstMs = Math.max(LEAST_FIRST_MS, neededMs);
  const retryMaxMs = Math.min(MOST_MS, Math.max(LEAST_MAX_MS, MAX_TO_FIRST * retryFirstMs));
  return { retryFirstMs, retryMaxMs, meanPerS };
}

/** The most that fall into any one second, wherever it begins. `atMs` in any order. */
export function mostInASecond(atMs: readonly number[]): number {
  const sorted = [...atMs].sort((a, b) => a - b);
  let [from, most] = [0, 0];
  for (let to = 0; to < sorted.length; to++) {
    while ((sorted[to] ?? 0) - (sorted[from] ?? 0) >= 1000) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
