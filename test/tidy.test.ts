/** The house rules, each with what to use instead. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BOX_FAULTS } from '../src/box/faults.ts';
import { type Catalogue, loadCatalogue } from '../src/detect/catalogue.ts';
import { DETECTORS } from '../src/detect/detectors.ts';
import { FAULTS } from '../src/lift/events.ts';
import { packageRoot } from '../src/package.ts';

interface Source {
  readonly path: string;
  readonly text: string;
}

function sources(folder: string, ending = '.ts'): Source[] {
  const names = readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => join(packageRoot, folder, name))
    .map((path) => ({ path: relative(packageRoot, path), text: readFileSync(path, 'utf8') }));
}

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const src = sources('src');
const all = ['src', 'drivers', 'hil', 'test'].flatMap((folder) => sources(folder));

/** Where a rule is broken, as `path:line  text`. */
function broken(files: readonly Source[], rule: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, at) => (rule.test(line) ? `${path}:${at + 1}  ${line.trim()}` : [])),
  );
}

const PURE =
  /^src\/(lift|sense|detect|record|scout)\/|^src\/box\/faults|^src\/condition\/(baseline|gauges|rate|starts|condition)|^src\/room\.ts$/;

test('the pure stages know no clock and no chance: time comes with the data', () => {
  const pure = src.filter(({ path }) => PURE.test(path) && !path.endsWith('catalogue.ts'));
  assert.ok(pure.length > 25, 'the pure files are found');
  const rule = /Date\.now|new Date\(|performance\.now|setTimeout|setInterval|Math\.random|process\.(env|hrtime)/;
  assert.equal(broken(pure, rule), [], 'use the time of the observation');
});

test('the pure stages do no IO', () => {
  const pure = src.filter(({ path }) => PURE.test(path) && !path.endsWith('catalogue.ts'));
  assert.equal(
    broken(pure, /from 'node:|from '(serialport|mqtt|modbus-serial|better-sqlite3)'/),
    [],
    'IO belongs to drivers',
  );
});

test('only the clock times things', () => {
  const timed = src.filter(({ path }) => path !== 'src/clock.ts' && !path.startsWith('src/interface/page/'));
  assert.equal(
    broken(timed, /Date\.now\(|performance\.now|process\.hrtime\b(?!\.bigint)/),
    [],
    'use Clock of src/clock.ts',
  );
});

test('nothing before the outbox imports the uplink', () => {
  const before = src.filter(
    ({ path }) => PURE.test(path) || /^src\/(box|trace|outbox|scan|sensing|intake|scribe|replay)/.test(path),
  );
  assert.equal(broken(before, /from '.*uplink\//), [], 'the outbox is all that the two halves share');
  assert.equal(broken(sources('drivers'), /from '.*(uplink|outbox)\//), [], 'drivers know neither');
});

test('no code path writes to a controller', () => {
  const writers = /write(Coil|Coils|Register|Registers|FC)|maskWrite|readWrite|functionCode: (5|6|15|16|22|23)/;
  assert.equal(broken([...src, ...sources('drivers')], writers), [], 'Hoistway only ever reads');
});

test('every test file runs its tests', () => {
  const silent = sources('test', '.test.ts').filter(({ text }) => !/\.run\(\)|Contract\(/.test(text));
  assert.equal(
    silent.map(({ path }) => path),
    [],
    'end it with test.run()',
  );
});

test('a fault has its detector, its catalogue row, its line in the README, and the other way round', () => {
  const detected = [...new Set(DETECTORS.map(({ fault }) => fault))];
  assert.equal(
    detected.filter((fault) => !FAULTS.includes(fault)),
    [],
    'no detector without a name in the list',
  );
  assert.equal(
    FAULTS.filter((fault) => !detected.includes(fault)),
    [],
    'no fault without a detector',
  );
  const table = [...read('README.md').matchAll(/^\| `([a-z-]+)` +\| +([^|]+?) +\| +[^|]+\|$/gm)];
  const rows = table.filter(([, name]) => name !== undefined && name !== 'demo');
  assert.equal(
    rows.map(([, name]) => name),
    [...FAULTS, ...BOX_FAULTS],
    'the table of the README, in their order',
  );
  for (const [, name, zh] of rows) {
    assert.is(zh, loadCatalogue()[name as keyof Catalogue].title.zh, `the Chinese title of ${name}`);
  }
});

test('every detector says what a gap does, and has a test of it', () => {
  const tests = sources('test/detect', '.test.ts')
    .map(({ text }) => text)
    .join('\n');
  for (const { path, text } of sources('src/detect').filter(
    ({ text }) => /fault[:,]/.test(text) && / \*? ?/.test(text),
  )) {
    if (/(detector|detectors|held|judge|catalogue|coverage|said)\.ts$/.test(path)) continue;
    assert.match(text, /[Gg]ap\b/, `${path} says what a gap does`);
  }
  assert.ok((tests.match(/gap/g) ?? []).length >= 10, 'tests of gaps');
});

test('every error code is in the table, and the other way round', () => {
  const codes = [
    ...(/export type ErrorCode =([^;]+);/.exec(read('src/errors.ts'))?.[1] ?? '').matchAll(/'([a-z-]+)'/g),
  ];
  const listed = [...read('src/README.md').matchAll(/^\| `([a-z-]+)` +\| [^|]+\|$/gm)].map(([, code]) => code);
  const table = listed.filter((code) => codes.some(([, known]) => known === code) || !code?.includes('/'));
  assert.equal(
    table.filter((code) => code && /-(unreadable|invalid|failed)$|^usage$/.test(code)),
    codes.map(([, code]) => code),
    'src/README.md',
  );
  for (const [, code] of codes)
    assert.ok(
      broken(src.concat(sources('drivers')), new RegExp(`code: '${code}'|'${code}'`)).length > 1,
      `${code} is used`,
    );
});

test('every command is in the README', () => {
  const names = [...read('src/main.ts').matchAll(/^ {2}([a-z]+): \(\) => import/gm)].map(([, name]) => name);
  assert.ok(names.length >= 7, 'the commands are found');
  for (const name of names) assert.match(read('README.md'), new RegExp(`^\\| \`${name}[ \`]`, 'm'), name);
});

test('nothing unfinished, and no path of a machine', () => {
  const files = all.filter(({ path }) => path !== 'test/tidy.test.ts');
  assert.equal(
    broken(files, /\b(TODO|FIXME|XXX|HACK)\b|not implemented|['"`]\/(home|root|work)\/\w/),
    [],
    'finish it, or open an issue',
  );
});

test('a file is about one thing: none over 320 lines but the schema and the table of cases', () => {
  const long = all.filter(
    ({ path, text }) => text.split('\n').length > 321 && !['src/config/schema.ts', 'hil/cases/table.ts'].includes(path),
  );
  assert.equal(
    long.map(({ path }) => path),
    [],
    'two things in one room',
  );
});

test('one place for the top level', () => {
  const known = ['src', 'drivers', 'seeds', 'hil', 'test', 'systemd', 'package.json', 'tsconfig.json', 'README.md'];
  const tools = [
    'package-lock.json',
    'biome.json',
    'LICENSE',
    '.ci',
    '.gitignore',
    '.git',
    'node_modules',
    'coverage',
    'dist',
    'state',
  ];
  const names = readdirSync(packageRoot).filter((name) => !known.includes(name) && !tools.includes(name));
  assert.equal(names, [], 'the layout of DESIGN');
});

test.run();
