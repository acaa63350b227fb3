/**
 * A quantity that has a normal of its own in each of several classes (the time of a door at each landing, of a run over each
 * distance), and a test for growth away from it. What the quantities differ in is their gauge: gauges.ts.
 *
 * Each class learns its mean over its first values, and keeps it: a baseline that went on learning would follow the very
 * drift it is to find. From then on each value counts as its distance from its class's mean, and a one-sided CUSUM (E. S.
 * Page, Continuous inspection schemes, Biometrika 41, 1954) sums what goes beyond an allowance, each value cut so that a few
 * odd ones say nothing. The allowance holds what the seasons do, and what a mean over so few values is off by.
 */

/** Standard deviation over mean size, of a normal distribution: an odd value weighs less than it would in squares. */
const OF_SIZE = Math.sqrt(Math.PI / 2);

export interface Gauge {
  /** `share`: growth, as a share of the class's mean. `size`: distance from it on either side, in the unit of the values */
  readonly measure: 'share' | 'size';
  /** each class is judged by itself; otherwise all of them together */
  readonly apart: boolean;
  /** values of a class that make its normal */
  readonly learnedAfter: number;
  /** values of one class more are left out */
  readonly mostClasses: number;
  /** what is no drift yet */
  readonly allowance: number;
  /** a drift is over when the level is back below this */
  readonly overBelow: number;
  /** standard deviation of one value, from that while learning and the mean of its class */
  deviation(learned: number, mean: number): number;
  /** the most that one value counts, and the sum at which it is a drift, in those */
  readonly cutDeviations: number;
  readonly limitDeviations: number;
  /** weight of the newest value in the level that is told, and the most it counts there */
  readonly weight: number;
  readonly levelCut: number;
  /** from where so many values after a visit of people lie, and where they lay before it: their normal is another now */
  readonly visit: { readonly values: number; anew(after: number, before: number, deviation: number): boolean } | null;
  /** a drift that has stood for so many values is the new normal */
  readonly newNormalAfter: number;
}

/** Plain data. Values are in the quantity's own unit; distances in the measure of its gauge. */
export interface Baseline {
  readonly classes: { [name: string]: { count: number; mean: number } };
  /** over all classes, of the distances while learning: count, and sum of their sizes */
  learned: { count: number; sizes: number };
  /** by class where each is judged by itself, else one */
  readonly growths: { [name: string]: Growth };
}

export interface Growth {
  /** the CUSUM */
  sum: number;
  /** smoothed: how far beyond the normal, and where the values lie, with their sign */
  level: number;
  place: number;
  /** values since the learning, and since it stands */
  samples: number;
  stood: number;
  standing: boolean;
  /** values since people were at work, their mean, and the place people found; null where none are awaited */
  visit: { count: number; after: number; before: number } | null;
}

/** A drift begins or ends, with what it was told by, in the unit of the values. */
export interface Turn {
  readonly standing: boolean;
  readonly normal: number;
  readonly now: number;
  readonly samples: number;
}

export function newBaseline(): Baseline {
  return { classes: {}, learned: { count: 0, sizes: 0 }, growths: {} };
}

/** One value of a class. Changes the baseline in place. */
export function take(gauge: Gauge, baseline: Baseline, name: string, value: number): Turn | null {
  const { classes, growths } = baseline;
  if (!classes[name] && Object.keys(classes).length >= gauge.mostClasses) return null;
  classes[name] ??= { count: 0, mean: 0 };
  const own = classes[name];
  if (own.count < gauge.learnedAfter) {
    learn(gauge, baseline, own, value);
    return null;
  }
  const key = gauge.apart ? name : 'all';
  growths[key] ??= { sum: 0, level: 0, place: 0, samples: 0, stood: 0, standing: false, visit: null };
  const growth = growths[key];
  const before = growth.standing;
  const usual = usualSize(baseline);
  const deviation = gauge.deviation(usual * OF_SIZE, own.mean);
  follow(gauge, growth, distanceOf(gauge, value, own.mean), usual, deviation);
  const anew = isAnew(gauge, growth, deviation);
  const standing = growth.standing && !anew;
  // One of several that stand is no turn of the whole.
  const turns = standing !== before && !Object.values(growths).some((one) => one !== growth && one.standing);
  const turn = turns ? { standing, ...evidenceOf(gauge, baseline, growth), samples: growth.samples } : null;
  if (anew) forget(gauge, baseline, name);
  return turn;
}

/**
 * People were at work: what they changed is the new normal. Where they may have moved it either way nothing is judged until
 * that is known, and what is half learned is taken as it was; less is begun again.
 */
export function visit({ measure, learnedAfter }: Gauge, { classes, growths }: Baseline): void {
  for (const growth of Object.values(growths))
    growth.visit = { count: 0, after: 0, before: growth.visit?.before ?? growth.place };
  if (measure === 'share') return;
  for (const [name, own] of Object.entries(classes)) {
    if (own.count < learnedAfter / 2) delete classes[name];
    else own.count = Math.max(own.count, learnedAfter);
  }
}

function learn({ measure }: Gauge, { learned }: Baseline, own: { count: number; mean: number }, value: number): void {
  own.count++;
  const before = own.mean;
  own.mean += (value - before) / own.count;
  if (own.count === 1 || (measure === 'share' && own.mean <= 0)) return;
  const square = ((value - before) * (value - own.mean)) / (measure === 'share' ? own.mean ** 2 : 1);
  learned.count++;
  learned.sizes += Math.sqrt(square);
}

function usualSize({ learned }: Baseline): number {
  return learned.count === 0 ? 0 : learned.sizes / learned.count;
}

function distanceOf({ measure }: Gauge, value: number, mean: number): number {
  return measure === 'share' ? value / mean - 1 : value - mean;
}

function within(distance: number, most: number): number {
  return Math.max(-most, Math.min(most, distance));
}

function smoothed({ weight, levelCut }: Gauge, was: number, is: number): number {
  return was + weight * (within(is, levelCut) - was);
}

/** One more distance: the sum, the level, and whether it stands. */
function follow(gauge: Gauge, growth: Growth, distance: number, usual: number, deviation: number): void {
  const beyond = gauge.measure === 'share' ? distance : Math.abs(distance) - usual;
  growth.samples++;
  growth.level = smoothed(gauge, growth.level, beyond);
  growth.place = smoothed(gauge, growth.place, distance);
  growth.sum = Math.max(0, growth.sum + within(beyond - gauge.allowance, gauge.cutDeviations * deviation));
  const { visit } = growth;
  if (visit) visit.after += (within(distance, gauge.levelCut) - visit.after) / ++visit.count;
  if (growth.standing) {
    growth.stood++;
    if (growth.level < gauge.overBelow) Object.assign(growth, { standing: false, stood: 0, sum: 0 });
  } else if (gauge.measure === 'size' && visit) return;
  else if (growth.sum > gauge.limitDeviations * deviation) growth.standing = true;
}

/** The mean of the classes' means, or the usual distance from them; and how far it has come. */
function evidenceOf(gauge: Gauge, baseline: Baseline, { level }: Growth): { normal: number; now: number } {
  if (gauge.measure === 'size') {
    const normal = usualSize(baseline);
    return { normal, now: Math.max(0, normal + level) };
  }
  const learned = Object.values(baseline.classes).filter(({ count }) => count >= gauge.learnedAfter);
  const normal = learned.reduce((sum, { mean }) => sum + mean, 0) / learned.length;
  return { normal, now: normal * (1 + level) };
}

/** What it has learned holds no longer: people changed it, or it has been so for long. */
function isAnew({ visit, newNormalAfter }: Gauge, growth: Growth, deviation: number): boolean {
  if (growth.stood >= newNormalAfter) return true;
  if (!visit || !growth.visit || growth.visit.count < visit.values) return false;
  const { after, before } = growth.visit;
  growth.visit = null;
  return visit.anew(after, before, deviation);
}

function forget({ apart }: Gauge, baseline: Baseline, name: string): void {
  if (!apart) Object.assign(baseline, newBaseline());
  delete baseline.growths[name];
  delete baseline.classes[name];
}
