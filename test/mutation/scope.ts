/** What is mutated, and which tests must notice. */

import { readdirSync } from 'node:fs';
import { basename } from 'node:path';

const FOLDERS = ['src/detect', 'src/sense'];
const TESTS = ['test/detect', 'test/sense'];
/** Of other folders, what holds the fields of pushed frames. */
const ALSO = ['test/config/frames.test.ts'];
/** It reads seeds/faults.yaml, once in a process and before any mutant is on: what it reads has tests, how has no second time. */
const LEFT_OUT = ['src/detect/catalogue.ts'];
const CASES = 'test/mutation/cases.ts';

function filesOf(folders: readonly string[], ending: string): string[] {
  const names = folders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
  return names.filter((name) => name.endsWith(ending) && !LEFT_OUT.includes(name)).sort();
}

/** Paths from the folder that is worked in: the project, or Stryker's copy of it. */
export const mutatedFiles = () => filesOf(FOLDERS, '.ts');
export const testFiles = () => [...filesOf(TESTS, '.test.ts'), ...ALSO, CASES];

/** 0 for the test that is named like the mutated file, 1 for one of its folder, 2 for any other, 3 for the cases. */
export function distance(test: string, mutated: string): number {
  if (test === CASES) return 3;
  if (basename(test, '.test.ts') === basename(mutated, '.ts')) return 0;
  return test.split('/')[1] === mutated.split('/')[1] ? 1 : 2;
}
