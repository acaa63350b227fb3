/** Power cuts on a disk that loses what was not synced: lives are traced, and their files rebuilt as a cut may leave them. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Random } from '../lift/random.ts';
import type { Defect } from './defects.ts';
import { Disk, type Promises } from './disk.ts';
import type { LifeOptions } from './life.ts';
import { book, drawFile, look, newReport, oraclesOf, type Report } from './look.ts';
import type { Oracle } from './oracle.ts';
import type { Places } from './places.ts';
import { saidIn } from './said.ts';
import { type Step, stepsOf, traced } from './strace.ts';

export interface CutOptions {
  readonly cuts: number;
  readonly seed: number;
  readonly places: Places;
  readonly defect?: Defect;
  /** of its system calls, as strace injects them: then trouble is told, and is none of the oracle's */
  readonly faults?: readonly string[];
  /** a disk that says so, and has not synced a file whose path ends so */
  readonly liesOf?: string;
  /** ends with the first file that has a problem */
  readonly untilFound?: boolean;
  progress?(cuts: number): void;
}

/** Lives on one disk, each on what a cut left of the one before. */
const LIVES = 3;
/** Of each life. */
const CUTS = 50;

export async function cut(options: CutOptions): Promise<Report> {
  const report = newReport();
  const isFound = () => options.untilFound === true && report.problems.length > 0;
  for (let file = 0; report.points < options.cuts && !isFound(); file++) await cutFile(options, file, report);
  return report;
}

async function cutFile(options: CutOptions, file: number, report: Report): Promise<void> {
  const random = new Random(`cut ${options.seed}`).fork(String(file));
  const kind = drawFile(random);
  const root = join(options.places.memory, `cut-${options.seed}-${file}`);
  const oracles = oraclesOf(kind);
  let left: ReadonlyMap<string, Buffer> = new Map();
  for (let number = 0; number < LIVES && report.points < options.cuts; number++) {
    put(root, root, left);
    const where = `life ${number} of file ${file} of --seed ${options.seed}`;
    const life: LifeOptions = {
      ...kind,
      path: join(root, 'state/outbox.db'),
      seed: `${options.seed}/${file}/${number}`,
      starts: random.whole(1, 2),
      calls: random.whole(20, 160),
      from: 1 + number * 1_000_000,
      ...(options.defect ? { defect: options.defect } : {}),
    };
    const [trace, said] = [`${root}.trace`, `${root}.said`];
    rmSync(said, { force: true });
    await traced([process.execPath, options.places.child, JSON.stringify(life), said], trace, options.faults);
    const steps = [...stepsOf(readFileSync(trace, 'utf8'))];
    const disk = () => new Disk(root, left, (path) => !(options.liesOf && path.endsWith(options.liesOf)));
    const next = cutLife({ options, report, oracles, random, life, steps, disk, said, where, root });
    if (!next) return;
    left = next;
  }
  book(report, oracles);
  for (const path of [root, `${root}.trace`, `${root}.said`, `${root}.cut`])
    rmSync(path, { recursive: true, force: true });
}

interface Traced {
  readonly options: CutOptions;
  readonly report: Report;
  readonly oracles: readonly Oracle[];
  readonly random: Random;
  readonly life: LifeOptions;
  readonly steps: readonly Step[];
  /** as the life found it */
  disk(): Disk;
  /** the file that the life said its lines into */
  readonly said: string;
  readonly where: string;
  readonly root: string;
}

/** Cuts one life at many points, the last of which ends it. Returns what that left, or null where something is wrong. */
function cutLife({ options, report, oracles, random, life, steps, disk, said, where, root }: Traced) {
  const most = Math.min(CUTS, options.cuts - report.points);
  const points = drawPoints(steps, disk(), most, random);
  const now = disk();
  let saidBy = '';
  let passed = 0;
  for (const [at, step] of steps.entries()) {
    const { name, args, result } = step.call;
    if (name === 'openat' && step.at === 'end' && String(args[1]) === said) saidBy = String(result);
    else if (name === 'write' && step.at === 'begin' && args[0] === saidBy) {
      for (const line of saidIn(String(args[1]))) {
        if (line.say === 'trouble' && options.faults) report.troubles.add(line.why);
        else for (const oracle of oracles) oracle.hear(line);
      }
    } else now.take(step);
    for (; points[passed] === at; passed++) {
      const goesOn = passed === points.length - 1;
      const promises: Promises = random.chance(0.5) ? 'ordered' : 'any';
      const files = now.cut(random, promises);
      const copy = `${root}.cut`;
      put(root, copy, files);
      const words = `${where}, cut ${passed} at step ${at} (${promises})`;
      const isSound = look({ oracles, report, goesOn, where: words }, join(copy, 'state/outbox.db'), life);
      options.progress?.(report.points);
      if (!isSound) return null;
      if (goesOn) return files;
    }
  }
  throw new Error(`${where}: no step to cut at`);
}

/** Sorted; each just after a step that has to do with the files. */
function drawPoints(steps: readonly Step[], disk: Disk, count: number, random: Random): number[] {
  const ofFiles = [...steps.keys()].filter((at) => steps[at] && disk.take(steps[at]));
  const draw = (first: number, last: number) => ofFiles[random.whole(first, last)] ?? 0;
  const ends = random.whole(Math.floor(ofFiles.length * 0.3), ofFiles.length - 1);
  const points = Array.from({ length: count - 1 }, () => draw(0, ends));
  return [...points, ofFiles[ends] ?? 0].sort((a, b) => a - b);
}

/** Puts files of `root` under `to`, in place of what is there. */
function put(root: string, to: string, files: ReadonlyMap<string, Buffer>): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const [path, bytes] of files) {
    const place = join(to, path.slice(root.length + 1));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, bytes);
  }
}
