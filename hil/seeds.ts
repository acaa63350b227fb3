/** Many seeds, each the life of a lift of its own, shared out over processes; and what they say together. */

import { spawn } from 'node:child_process';
import { reasonOf } from '../src/errors.ts';
import { FAULTS } from '../src/lift/events.ts';
import { type FaultScore, NOTHING, type SimulateReport, scoreSum } from './score.ts';

export interface Tally {
  readonly seeds: number;
  readonly hours: number;
  readonly faults: { readonly [fault: string]: FaultScore };
  /** seeds in which something was missed or false, with what */
  readonly failed: readonly { readonly seed: number; readonly problems: readonly string[] }[];
}

/** Seeds that one process simulates one after the other: enough that its start is not what takes the time. */
const MOST_IN_ONE = 50;

/** `callOf`: the words after `node` that simulate `count` seeds from `first` on, and print their tally as JSON. */
export async function simulateSeeds(options: {
  readonly first: number;
  readonly count: number;
  readonly jobs: number;
  readonly signal: AbortSignal;
  callOf(first: number, count: number): readonly string[];
  onDone(done: number, newest: Tally): void;
}): Promise<Tally> {
  const { first, count, jobs, signal, callOf, onDone } = options;
  const each = Math.min(MOST_IN_ONE, Math.ceil(count / jobs));
  const tallies: Tally[] = [];
  let next = first;
  const work = async () => {
    while (next < first + count && !signal.aborted) {
      const from = next;
      next = Math.min(from + each, first + count);
      const newest = await tallyFrom(callOf(from, next - from), signal);
      tallies.push(newest);
      onDone(
        tallies.reduce((sum, { seeds }) => sum + seeds, 0),
        newest,
      );
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return together(tallies);
}

export function tallyOf({ seed, hours, faults, missed, false: wrong, problems }: SimulateReport): Tally {
  return { seeds: 1, hours, faults, failed: missed + wrong > 0 ? [{ seed, problems }] : [] };
}

/** A life that threw: it counts as a seed that failed, without hours. */
export function tallyOfError(seed: number, error: unknown): Tally {
  return { seeds: 1, hours: 0, faults: {}, failed: [{ seed, problems: [`threw ${reasonOf(error)}`] }] };
}

export function together(tallies: readonly Tally[]): Tally {
  const faults: { [fault: string]: FaultScore } = {};
  for (const [fault, row] of tallies.flatMap((tally) => Object.entries(tally.faults))) {
    faults[fault] = scoreSum(faults[fault] ?? NOTHING, row);
  }
  return {
    seeds: tallies.reduce((sum, { seeds }) => sum + seeds, 0),
    hours: tallies.reduce((sum, { hours }) => sum + hours, 0),
    faults,
    failed: tallies.flatMap(({ failed }) => failed).sort((a, b) => a.seed - b.seed),
  };
}

/** Its rows in the order of the catalogue; what is no fault of it comes last, by name. */
export function rowsOf({ faults }: Pick<Tally, 'faults'>): [fault: string, score: FaultScore][] {
  const rank = new Map<string, number>(FAULTS.map((fault, at) => [fault, at]));
  const rankOf = (fault: string) => rank.get(fault) ?? FAULTS.length;
  return Object.entries(faults).sort(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
}

export interface Whole {
  readonly score: FaultScore;
  /** one-sided, with 95 % confidence */
  readonly falseEntrapmentsPerYear: { readonly seen: number; readonly atMost: number };
}

const HOURS_PER_YEAR = 8766;

/** All faults together, and what sends people out for nothing. */
export function wholeOf({ faults, hours }: Tally): Whole {
  const trapped = faults.entrapment?.false ?? 0;
  const years = hours / HOURS_PER_YEAR;
  return {
    score: Object.values(faults).reduce(scoreSum, NOTHING),
    falseEntrapmentsPerYear: { seen: trapped === 0 ? 0 : trapped / years, atMost: poissonAtMost(trapped) / years },
  };
}

function tallyFrom(words: readonly string[], signal: AbortSignal): Promise<Tally> {
  const child = spawn(process.execPath, [...words], { stdio: ['ignore', 'pipe', 'pipe'], signal });
  let out = '';
  let error = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (error += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      try {
        resolve(JSON.parse(out) as Tally);
      } catch {
        reject(new Error(`${words.join(' ')}: ${error.trim() || out}`));
      }
    });
  });
}

/**
 * The 95 % interval of a share, after E. B. Wilson (Probable inference, Journal of the American Statistical Association 22,
 * 1927): it says something also where all of them were found.
 */
export function wilson(found: number, of: number): { readonly low: number; readonly high: number } {
  if (of === 0) return { low: 0, high: 1 };
  const z = 1.959964;
  const share = found / of;
  const middle = share + z ** 2 / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  return { low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) };
}

/**
 * The largest mean of a Poisson count at which so few, or fewer, are still seen in 5 % of all cases: exact, after F. Garwood
 * (Fiducial limits for the Poisson distribution, Biometrika 28, 1936). Of none it is 3.0, the rule of three.
 */
export function poissonAtMost(seen: number): number {
  let low = seen;
  let high = seen + 10 + 5 * Math.sqrt(seen);
  for (let step = 0; step < 60; step++) {
    const mean = (low + high) / 2;
    if (poissonUpTo(seen, mean) > 0.05) low = mean;
    else high = mean;
  }
  return high;
}

/** The chance of `most` or fewer. */
function poissonUpTo(most: number, mean: number): number {
  let sum = 0;
  let log = -mean;
  for (let count = 0; count <= most; count++) {
    if (count > 0) log += Math.log(mean / count);
    sum += Math.exp(log);
  }
  return sum;
}
