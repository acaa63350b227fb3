/**
 * `npm run -s real -- FOLDER`: every recording of acceleration in a folder (CSV, as phyphox exports them) through the machine
 * room, and what was expected and came, as a table.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Verdict, verdictOn } from './verdict.ts';

async function verdicts(folder: string): Promise<Verdict[]> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => /\.csv$/i.test(name)).sort();
  const all = await Promise.all(files.map(async (file) => verdictOn(file, await readFile(join(folder, file), 'utf8'))));
  return all.filter((verdict) => verdict !== null);
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: npm run -s real -- FOLDER');
  process.exitCode = 2;
} else {
  const all = await verdicts(folder);
  const mark = (asExpected: boolean | null) => (asExpected === null ? '' : asExpected ? 'yes' : '**no**');
  console.log('| recording | expected | came | as expected | remark |\n| --- | --- | --- | --- | --- |');
  for (const { file, expected, came, asExpected, remark } of all) {
    console.log(`| \`${file}\` | ${expected} | ${came} | ${mark(asExpected)} | ${remark ?? ''} |`);
  }
  const count = (asExpected: boolean | null) => all.filter((verdict) => verdict.asExpected === asExpected).length;
  console.log(
    `\n${all.length} recordings: ${count(true)} as expected, ${count(false)} not, ${count(null)} whose name says nothing`,
  );
  process.exitCode = all.length > 0 ? 0 : 1;
}
