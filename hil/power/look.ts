/** A look at a file that a cut left, and what came of all looks. */

import { reasonOf } from '../../src/errors.ts';
import type { ReaderName } from '../../src/outbox/port.ts';
import type { Random } from '../lift/random.ts';
import type { LifeOptions } from './life.ts';
import { Oracle } from './oracle.ts';
import { contentsOf } from './port.ts';

export interface Report {
  points: number;
  /** records promised before the cuts, and alarms among them */
  promised: number;
  alarms: number;
  /** points at which the file told of evicted records */
  withGaps: number;
  /** told, where faults were injected */
  readonly troubles: Set<string>;
  readonly problems: string[];
}

export function newReport(): Report {
  return { points: 0, promised: 0, alarms: 0, withGaps: 0, troubles: new Set(), problems: [] };
}

const MIB = 2 ** 20;

/** What a file is like: most are small, so that they fill up and evict; some have two readers, some let telemetry gather. */
export type Kind = Omit<LifeOptions, 'path' | 'seed' | 'starts' | 'calls' | 'from' | 'defect'>;

export function drawFile(random: Random): Kind {
  const readers: ReaderName[] = random.chance(0.4) ? ['maintainer'] : [];
  const telemetryWaitMs = random.chance(0.5) ? 0 : 10;
  return random.chance(0.6)
    ? { readers, telemetryWaitMs, maxBytes: MIB, reads: random.chance(0.4), pad: 6000, padded: 0.5 }
    : { readers, telemetryWaitMs, maxBytes: 8 * MIB, reads: random.chance(0.8), pad: 1500, padded: 0.1 };
}

/** An oracle for each reader of a file. */
export function oraclesOf({ readers }: Kind): Oracle[] {
  return ['city' as const, ...readers].map((reader) => new Oracle(reader));
}

/** Opens the file and asks the oracles; where `goesOn`, the next life begins here. False where something is wrong. */
export function look(
  { oracles, report, goesOn, where }: { oracles: readonly Oracle[]; report: Report; goesOn: boolean; where: string },
  path: string,
  { maxBytes, readers }: Kind,
): boolean {
  report.points++;
  try {
    const contents = contentsOf({ path, maxBytes, readers });
    if (contents.kept.get('city')?.alarm.some(({ body }) => body.type === 'gap')) report.withGaps++;
    const problems = oracles.flatMap((oracle) => oracle.check(contents));
    if (goesOn) for (const oracle of oracles) oracle.goOn(contents);
    report.problems.push(...problems.map((problem) => `${where}: ${problem}`));
    return problems.length === 0;
  } catch (error) {
    report.problems.push(`${where}: it does not open: ${reasonOf(error)}`);
    return false;
  }
}

/** Books what the lives of one file were promised. */
export function book(report: Report, [oracle]: readonly Oracle[]): void {
  report.promised += oracle?.promised.records ?? 0;
  report.alarms += oracle?.promised.alarms ?? 0;
}
