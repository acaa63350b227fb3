/** kill -9 at random points of lives on real files, each followed by a look at a copy of what it left, and by the next life. */

import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../lift/random.ts';
import type { Defect } from './defects.ts';
import type { LifeOptions } from './life.ts';
import { book, drawFile, type Kind, look, newReport, oraclesOf, type Report } from './look.ts';
import type { Oracle } from './oracle.ts';
import { childEnv, type Places } from './places.ts';
import { saidIn } from './said.ts';

export interface KillOptions {
  /** points: files times kills */
  readonly kills: number;
  readonly seed: number;
  readonly places: Places;
  readonly defect?: Defect;
  /** ends with the first problem: what is looked for is found by chance, sooner or later */
  readonly untilFound?: boolean;
  progress?(points: number): void;
}

/** Of each process: to start one takes more than all else. Each file is written by a thread of its own. */
const FILES = 4;
/** Of each file: with few boots, gap records of all of them have room in the smallest. */
const LIVES = 8;
const PROCESSES = 2;
/** Over all files of a process. */
const MEAN_PROMISES = 80;
const OPENING_MS = 150;
const LATER_MS = 4;

interface File {
  readonly folder: string;
  readonly copy: string;
  readonly kind: Kind;
  readonly oracles: readonly Oracle[];
}

export async function killed(options: KillOptions): Promise<Report> {
  const report = newReport();
  let begun = 0;
  const random = new Random(`kill ${options.seed}`);
  const lane = async () => {
    const found = () => options.untilFound === true && report.problems.length > 0;
    while (begun * FILES * LIVES < options.kills && !found()) {
      const name = String(begun++);
      await killFiles(options, name, random.fork(name), report);
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, lane));
  return report;
}

async function killFiles(options: KillOptions, name: string, random: Random, report: Report): Promise<void> {
  let files = Array.from({ length: FILES }, (_, at): File => {
    const own = `kill-${options.seed}-${name}-${at}`;
    const [folder, copy] = [join(options.places.folder, own), join(options.places.memory, own)];
    mkdirSync(folder, { recursive: true });
    const kind = drawFile(random);
    return { folder, copy, kind, oracles: oraclesOf(kind) };
  });
  for (let number = 0; number < LIVES && files.length > 0 && report.points < options.kills; number++) {
    const wrong = await liveUntilKilled(options, files, number, random);
    if (wrong !== null)
      report.problems.push(`${name} of --seed ${options.seed}: the process ended by itself: ${wrong}`);
    // A file with a problem stays as it is, for whoever looks into it.
    files = files.filter((file) => {
      if (report.points >= options.kills) return true;
      const isSound = lookAt(file, number, report);
      options.progress?.(report.points);
      return isSound;
    });
  }
  for (const { folder, copy, oracles } of files) {
    book(report, oracles);
    for (const place of [folder, copy]) rmSync(place, { recursive: true, force: true });
  }
}

function saidOf({ folder }: File, number: number): string {
  return join(folder, `said-${number}`);
}

/** Hears what was said before the kill, and opens a copy: the next life finds the file as the kill left it. */
function lookAt(file: File, number: number, report: Report): boolean {
  const { folder, copy, kind, oracles } = file;
  const said = saidOf(file, number);
  const lines = existsSync(said) ? saidIn(readFileSync(said, 'utf8')) : [];
  for (const oracle of oracles) for (const line of lines) oracle.hear(line);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  const state = join(folder, 'state');
  for (const part of existsSync(state) ? readdirSync(state) : []) copyFileSync(join(state, part), join(copy, part));
  const where = `life ${number} of ${folder}`;
  return look({ oracles, report, goesOn: true, where }, join(copy, 'outbox.db'), kind);
}

/** One in five is killed while it opens; the others after so many promises. Returns null, or why it ended by itself. */
function liveUntilKilled(
  { places, defect }: KillOptions,
  files: readonly File[],
  number: number,
  random: Random,
): Promise<string | null> {
  const words = files.flatMap((file) => {
    const life: LifeOptions = {
      ...file.kind,
      path: join(file.folder, 'state/outbox.db'),
      seed: `${file.folder}/${number}`,
      ...{ starts: 1, calls: null, from: 1 + number * 1_000_000 },
      ...(defect ? { defect } : {}),
    };
    return [JSON.stringify(life), saidOf(file, number)];
  });
  const lives = spawn(process.execPath, [places.child, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnv(),
  });
  const amidOpening = random.chance(0.2);
  const promises = amidOpening ? 0 : random.exponential(MEAN_PROMISES);
  const afterMs = random.between(0, amidOpening ? OPENING_MS : LATER_MS);
  let heard = 0;
  let wrong = '';
  let isDoomed = false;
  lives.stdout.on('data', (bytes: Buffer) => {
    heard += bytes.length;
    if (heard <= promises || isDoomed) return;
    isDoomed = true;
    setTimeout(() => lives.kill('SIGKILL'), afterMs);
  });
  lives.stderr.on('data', (bytes: Buffer) => {
    wrong += bytes.toString();
  });
  return new Promise((resolve, reject) => {
    lives.on('error', reject);
    lives.on('close', (code, signal) => resolve(signal === 'SIGKILL' ? null : `${code} ${wrong}`));
  });
}
