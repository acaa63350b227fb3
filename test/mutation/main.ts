/**
 * `npm run mutate`: changes src/detect and src/sense in one place after another, and runs the tests that cover the place: one of
 * them must fail. Fails itself when fewer are noticed than LEAST_PERCENT, when one lives that alive.yaml does not list, and
 * when one that it lists dies. `npm run mutate -- WORD ...` takes the files whose path contains a WORD.
 */

import { readFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { LogLevel, MutantResult } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { packageRoot } from '../../src/package.ts';
import { keyOf, type Mutant, mutantOf, readAlive } from './alive.ts';
import { mutatedFiles } from './scope.ts';

const LEAST_PERCENT = 90;
/** Beside one and a half times what its tests take: an endless loop that none of them notices. */
const TIMEOUT_MS = 10_000;
/** All tests once, on a machine that others use as well. */
const DRY_RUN_MINUTES = 30;
/** What is made ready to be changed is slow: so the rest is left as it is meanwhile. */
const FILES_A_ROUND = 8;
/** Modules that were loaded anew for a mutant are never let go: a fresh process after so many. */
const MUTANTS_A_PROCESS = 200;

interface Count {
  readonly killed: number;
  readonly all: number;
}

function isKilled({ status }: MutantResult): boolean {
  return status === 'Killed' || status === 'Timeout';
}

function countOf(results: readonly MutantResult[]): Count {
  return { killed: results.filter(isKilled).length, all: results.length };
}

function line(name: string, { killed, all }: Count): string {
  return `${name.padEnd(46)} ${String(killed).padStart(5)} of ${String(all).padStart(5)}  ${((100 * killed) / all).toFixed(1).padStart(5)} %`;
}

const fileOf = ({ fileName }: MutantResult) => relative(packageRoot, fileName);

function named(result: MutantResult): Mutant {
  const { start, end } = result.location;
  return mutantOf(fileOf(result), readFileSync(result.fileName, 'utf8'), start, end, result.replacement ?? '');
}

/** Changes these files, and tries what was changed. */
function tried(files: readonly string[]): Promise<MutantResult[]> {
  return new Stryker({
    mutate: [...files],
    testRunner: 'uvu',
    plugins: [join(import.meta.dirname, 'runner.ts')],
    testRunnerNodeArgs: ['--import', 'tsx'],
    checkerNodeArgs: ['--import', 'tsx'],
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env.AT_ONCE) || Math.min(4, availableParallelism()),
    maxTestRunnerReuse: MUTANTS_A_PROCESS,
    timeoutMS: TIMEOUT_MS,
    dryRunTimeoutMinutes: DRY_RUN_MINUTES,
    tempDirName: join(tmpdir(), 'hoistway-mutation'),
    cleanTempDir: 'always',
    ignorePatterns: ['/coverage', '/dist', '/state'],
    // tsx strips types and asks nobody about them; Stryker would rewrite tsconfig.json with a TypeScript that it does not know.
    disableTypeChecks: false,
    tsconfigFile: 'none',
    reporters: ['progress-append-only'],
    warnings: false,
    logLevel: 'warn' as LogLevel,
  }).runMutationTest();
}

process.chdir(packageRoot);
// As npm test has it: what is said in two languages is said in English.
Object.assign(process.env, { LANG: 'C', LC_ALL: 'C' });
const words = process.argv.slice(2);
const files = mutatedFiles().filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
const listed = new Set(readAlive().flatMap(({ mutants }) => mutants.map(keyOf)));
const began = process.hrtime.bigint();
const results: MutantResult[] = [];
const living = new Set<string>();
let unlisted = 0;

for (let from = 0; from < files.length; from += FILES_A_ROUND) {
  const round = files.slice(from, from + FILES_A_ROUND);
  const found = await tried(round);
  results.push(...found);
  for (const file of round) {
    const own = found.filter((result) => fileOf(result) === file);
    if (own.length > 0) console.log(line(file, countOf(own)));
    for (const result of own.filter((one) => !isKilled(one))) {
      const key = keyOf(named(result));
      if (!living.has(key) && !listed.has(key)) {
        unlisted++;
        console.log(
          `lives, and is not in alive.yaml (line ${result.location.start.line}, ${result.status}):\n  - ${key}`,
        );
      }
      living.add(key);
    }
  }
}

const { killed, all } = countOf(results);
const minutes = Number(process.hrtime.bigint() - began) / 60e9;
console.log(line(`all, in ${minutes.toFixed(1)} minutes`, { killed, all }));
const dead = [...listed].filter((key) => !living.has(key) && files.some((file) => key.startsWith(`["${file}"`)));
for (const key of dead) console.log(`is in alive.yaml, and does not live:\n  - ${key}`);
const enough = 100 * killed >= LEAST_PERCENT * all;
if (!enough) console.log(`fewer than ${LEAST_PERCENT} % are noticed`);
process.exitCode = enough && unlisted === 0 && dead.length === 0 ? 0 : 1;
