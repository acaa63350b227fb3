/**
 * `npm test`: brings the system packages that the tests need and lack, checks types and style, runs every test file in a
 * process of its own under a time limit, and holds the coverage of src against its goal.
 *
 * uvu exits 0 when a file forgets `.run()` and tsx checks no types: so files must report their tests, and the whole run
 * knows a least number of them. `npm test -- WORD` runs the files whose path has that word, without the checks.
 */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { packageRoot } from '../src/package.ts';

const LEAST_TESTS = 400;
const LEAST_LINES_PERCENT = 90;
const FILE_LIMIT_MS = 150_000;
const AT_ONCE = 2;
const COVERAGE = join(packageRoot, 'coverage');

/** Debian's names, and a file that each brings. */
const PACKAGES: readonly (readonly [name: string, file: string])[] = [
  ['socat', '/usr/bin/socat'],
  ['gpiod', '/usr/bin/gpiomon'],
  ['mosquitto', '/usr/sbin/mosquitto'],
  ['mosquitto-clients', '/usr/bin/mosquitto_sub'],
  ['nats-server', '/usr/sbin/nats-server'],
  ['openssl', '/usr/bin/openssl'],
  ['strace', '/usr/bin/strace'],
  ['tshark', '/usr/bin/tshark'],
  ['wireshark-common', '/usr/bin/editcap'],
  ['chromium', '/usr/bin/chromium'],
  ['fonts-noto-cjk', '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'],
  ['python3', '/usr/bin/python3'],
  ['python3-pymodbus', '/usr/lib/python3/dist-packages/pymodbus'],
  ['python3-serial', '/usr/lib/python3/dist-packages/serial'],
  ['python3-serial-asyncio', '/usr/lib/python3/dist-packages/serial_asyncio'],
];

interface Outcome {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly problem: string | null;
  readonly seconds: number;
}

function bringPackages(): void {
  const missing = PACKAGES.filter(([, file]) => !existsSync(file)).map(([name]) => name);
  if (missing.length === 0) return;
  console.log(`the tests need Debian packages that are not here; installing with apt-get: ${missing.join(' ')}`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...words: string[]) => {
    const [command = 'apt-get', ...rest] = [...sudo, 'apt-get', '-q', '-y', ...words];
    return spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  };
  if (apt('update') && apt('install', '--no-install-recommends', ...missing)) return;
  console.error(`could not install them. Run as root: apt-get install ${missing.join(' ')}`);
  process.exit(1);
}

function check(what: string, ...words: string[]): void {
  const { status } = spawnSync(join(packageRoot, 'node_modules/.bin', what), words, {
    stdio: 'inherit',
    cwd: packageRoot,
  });
  if (status !== 0) {
    console.error(`${what} ${words.join(' ')} failed`);
    process.exit(1);
  }
}

async function testFiles(): Promise<string[]> {
  const names = await readdir(join(packageRoot, 'test'), { recursive: true });
  return names.filter((name) => name.endsWith('.test.ts')).map((name) => join(packageRoot, 'test', name));
}

function run(file: string): Promise<Outcome> {
  const began = Date.now();
  const env = { ...process.env, NODE_V8_COVERAGE: join(COVERAGE, 'tmp'), LANG: 'C', LC_ALL: 'C', NO_COLOR: '1' };
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: packageRoot,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const hear = (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-200_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, FILE_LIMIT_MS);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      const count = (word: string) =>
        [...said.matchAll(new RegExp(`^\\s*${word}:\\s+(\\d+)`, 'gm'))].reduce((sum, one) => sum + Number(one[1]), 0);
      const [total, passed, skipped] = [count('Total'), count('Passed'), count('Skipped')];
      // What this machine cannot run is said, and counted as nothing: neither passed nor failed.
      const notRun = said.match(/^NOT RUN: .*$/gm) ?? [];
      for (const line of notRun) console.log(line);
      const problem = late
        ? `did not end within ${FILE_LIMIT_MS / 1000} s`
        : code !== 0
          ? `exit code ${code}`
          : total === 0 && notRun.length === 0
            ? 'ran no test'
            : skipped > 0
              ? `${skipped} skipped`
              : null;
      if (problem) console.log(`\n${relative(packageRoot, file)}: ${problem}\n${said}`);
      const failed = Math.max(total - passed, problem ? 1 : 0);
      resolve({ file: relative(packageRoot, file), passed, failed, problem, seconds: (Date.now() - began) / 1000 });
    });
  });
}

async function runAll(files: readonly string[]): Promise<Outcome[]> {
  const left = [...files];
  const outcomes: Outcome[] = [];
  const lane = async () => {
    for (let file = left.shift(); file; file = left.shift()) {
      const outcome = await run(file);
      outcomes.push(outcome);
      console.log(
        `${outcome.problem ? 'FAIL' : 'ok  '} ${outcome.file}  ${outcome.passed} in ${outcome.seconds.toFixed(1)} s`,
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return outcomes;
}

function coverage(): boolean {
  const words = ['report', '--temp-directory', join(COVERAGE, 'tmp'), '--reports-dir', COVERAGE];
  const scope = ['--src', '.', '--include', 'src/**/*.ts', '--reporter', 'text-summary', '--reporter', 'lcovonly'];
  const goal = ['--check-coverage', '--lines', String(LEAST_LINES_PERCENT)];
  const c8 = join(packageRoot, 'node_modules/.bin/c8');
  return spawnSync(c8, [...words, ...scope, ...goal], { stdio: 'inherit', cwd: packageRoot }).status === 0;
}

const word = process.argv[2];
bringPackages();
rmSync(COVERAGE, { recursive: true, force: true });
if (!word) {
  check('tsc', '--noEmit');
  check('biome', 'check', '--error-on-warnings', '.');
}
const files = (await testFiles()).filter((file) => !word || file.includes(word));
const outcomes = await runAll(files.toSorted((a, b) => a.localeCompare(b)));
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
const covered = word !== undefined || coverage();
const enough = word !== undefined || passed >= LEAST_TESTS;
if (!enough) console.log(`only ${passed} tests ran; there were ${LEAST_TESTS} or more before`);
if (!covered) console.log(`less than ${LEAST_LINES_PERCENT} % of the lines of src are covered`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && enough && covered && files.length > 0 ? 0 : 1;
