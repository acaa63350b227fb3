/** A look at a file that a cut left, and what came of all looks. */

import { reasonOf } from '../../src/errors.ts';
import type { Random } from '../lift/random.ts';
import type { LifeOptions } from './life.ts';
import type { Oracle } from './oracle.ts';
import { contentsOf } from './port.ts';

export interface Report {
  points: number;
  /** records promised before the cuts, and alarms among them */
  promised: number;
  alarms: number;
  /** points at which the file told of evicted records */
  withGaps: number;
  readonly problems: string[];
}

export function newReport(): Report {
  return { points: 0, promised: 0, alarms: 0, withGaps: 0, problems: [] };
}

const MIB = 2 ** 20;

/** What a file is like: small ones fill up and evict. */
export function drawFile(random: Random): Pick<LifeOptions, 'maxBytes' | 'reads' | 'pad' | 'padded'> {
  return random.chance(0.5)
    ? { maxBytes: MIB, reads: random.chance(0.5), pad: 6000, padded: 0.5 }
    : { maxBytes: 8 * MIB, reads: random.chance(0.8), pad: 1500, padded: 0.1 };
}

/** Opens the file and asks the oracle; where `goesOn`, the next life begins here. False where something is wrong. */
export function look(
  { oracle, report, goesOn, where }: { oracle: Oracle; report: Report; goesOn: boolean; where: string },
  path: string,
  maxBytes: number,
): boolean {
  report.points++;
  try {
    const contents = contentsOf(path, maxBytes);
    if (contents.kept.alarm.some(({ body }) => body.type === 'gap')) report.withGaps++;
    const problems = oracle.check(contents);
    if (goesOn) oracle.goOn(contents);
    report.problems.push(...problems.map((problem) => `${where}: ${problem}`));
    return problems.length === 0;
  } catch (error) {
    report.problems.push(`${where}: it does not open: ${reasonOf(error)}`);
    return false;
  }
}

/** Books what the lives of one file were promised. */
export function book(report: Report, { promised }: Oracle): void {
  report.promised += promised.records;
  report.alarms += promised.alarms;
}
