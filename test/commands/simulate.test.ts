import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kindOf } from '../../hil/fleet.ts';
import { simulate } from '../../hil/simulate.ts';
import { FAULTS, type LiftEvent } from '../../src/lift/events.ts';
import { packageRoot } from '../../src/package.ts';
import { linesOf, loaded, mutes } from '../simulated.ts';
import { hoistway } from './cli.ts';

interface Report {
  readonly seed: number;
  readonly hours: number;
  readonly raised: number;
  readonly missed: number;
  readonly false: number;
  readonly faults: { readonly [fault: string]: { injected: number; raised: number; missed: number; false: number } };
  readonly problems: readonly string[];
  readonly seconds: number;
}

async function simulated(...words: string[]): Promise<{ code: unknown; report: Report }> {
  const { code, out, err } = await hoistway(['simulate', ...words, '--json']);
  assert.is(out.trim().split('\n').length, 1, `one line of JSON: ${out}${err}`);
  return { code, report: JSON.parse(out) as Report };
}

test('a seed of six hours: nothing missed, nothing false, and the same twice', async () => {
  const [once, again] = await Promise.all([
    simulated('--seed', '1', '--hours', '6'),
    simulated('--seed', '1', '--hours', '6'),
  ]);
  assert.is(once.code, 0, once.report.problems.join('; '));
  const { seed, hours, raised, missed, false: wrong, faults } = once.report;
  assert.equal([seed, hours, missed, wrong], [1, 6, 0, 0], 'seed, hours, missed, false');
  assert.ok(raised >= 5, `${raised} raised`);
  const rows = Object.entries(faults);
  assert.ok(
    rows.every(([fault]) => (FAULTS as readonly string[]).includes(fault)),
    'by the names of the faults',
  );
  assert.is(
    rows.reduce((sum, [, row]) => sum + row.raised, 0),
    raised,
    'the rows add up',
  );
  assert.ok(
    rows.every(([, row]) => row.injected === row.raised + row.missed),
    'what was done is raised or missed',
  );
  assert.equal({ ...again.report, seconds: 0 }, { ...once.report, seconds: 0 }, 'the same seed, the same life');
});

test('fresh seeds over several processes, with what they say together', async () => {
  const fresh = randomInt(2 ** 40);
  console.log(`simulate --seed ${fresh} --seeds 4 --hours 6`);
  const words = ['simulate', '--seed', String(fresh), '--seeds', '4', '--hours', '6'];
  const { code, out, err } = await hoistway(words);
  assert.match(out, /4 seeds, 24 lift-hours in \d+ s; 0 seeds with something missed or false/, `${out}${err}`);
  assert.match(out, /^\S+ +(\d+) \/ \1 +[\d.]+ % \.\. 100\.00 % /m, 'each with the interval of its recall');
  assert.is(code, 0, 'exit code');
});

test('a fresh seed of twenty hours', async () => {
  const fresh = randomInt(2 ** 40);
  console.log(`simulate --seed ${fresh} --hours 20`);
  const { code, report } = await simulated('--seed', String(fresh), '--hours', '20');
  assert.equal([report.missed, report.false], [0, 0], `seed ${fresh}: ${report.problems.join('; ')}`);
  assert.is(code, 0, 'exit code');
  assert.is(report.seed, fresh, 'the seed is told');
});

test('for people: a row for each fault and a sum, in both languages', async () => {
  const words = ['simulate', '--seed', '1', '--hours', '3'];
  const [en, zh] = await Promise.all([hoistway(words), hoistway(words, { LC_ALL: 'zh_CN.UTF-8' })]);
  assert.match(en.out, /seed 1: 3 h in \d+\.\d s; raised \d+, missed 0, false 0/, 'the sum');
  assert.match(zh.out, /种子 1：3 小时，用时 \d+\.\d 秒；检出 \d+，漏报 0，误报 0/, 'in Chinese');
  assert.is(en.out.split('\n').length, zh.out.split('\n').length, 'as many rows');
});

test('something missed or false exits 1', async () => {
  // With these limits the lift's own doors, which are held for seconds, are faults: the oracle knows the limits too, so
  // what is false here is that an ordinary stop is told as a fault.
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-simulate-'));
  try {
    const site = join(dir, 'site.yaml');
    writeFileSync(site, TOUCHY);
    const { code, report } = await simulated('--seed', '3', '--hours', '2', '--site', site);
    assert.ok(report.missed + report.false > 0, 'a door that may be open for five seconds only');
    assert.ok(report.problems.length > 0 && report.problems.length <= 20, 'told in words, twenty at most');
    assert.is(code, 1, 'exit code');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a picture of many seeds, and the whole in words, in both languages', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-simulate-'));
  try {
    const file = join(dir, 'picture.svg');
    const words = ['simulate', '--seed', '11', '--seeds', '2', '--hours', '3'];
    const [en, zh] = await Promise.all([
      hoistway([...words, '--picture', file]),
      hoistway(words, { LC_ALL: 'zh_CN.UTF-8' }),
    ]);
    const svg = readFileSync(file, 'utf8');
    assert.match(
      svg,
      /2 seeds, 6 lift-hours in \d+ s \(hoistway simulate --seed 11 --hours 3 --seeds 2\)/,
      'how it came',
    );
    assert.match(svg, /^<svg [\s\S]*<\/svg>\n$/, 'a whole SVG');
    assert.match(en.out, /^all: recall (\d+) \/ \1, \d.*; precision (\d+) \/ \2, \d/m, 'the whole');
    assert.match(en.out, /^false entrapments per lift-year: 0\.000, below 4376\.\d+ \(/m, '3.0 in 6 hours');
    assert.match(en.out, /^delay .* controller read: mean \d+ ms, worst \d+ ms; sensors only: none$/m, 'its delay');
    assert.match(zh.out, /^合计：检出率 (\d+) \/ \1，/m, 'the whole in Chinese');
    assert.match(zh.out, /^\p{Script=Han}+ +(\d+) \/ \1 /mu, 'faults by their Chinese names');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a window as a capture: replayed with its site file it tells what the life told, to the millisecond', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-simulate-'));
  try {
    const [seed, hours] = [1, 3];
    const file = join(dir, 'window.pcapng');
    const words = ['--seed', String(seed), '--hours', String(hours), '--fleet', '--capture', file];
    const { code, report } = await simulated(...words, '--from', '00:30:00.5', '--for', '5400');
    assert.is(code, 0, report.problems.join('; '));
    const replay = await hoistway(['replay', file, '--site', `${file}.site.yaml`, '--json']);
    assert.is(replay.code, 0, replay.err);
    const lived: LiftEvent[] = [];
    simulate({ ...kindOf(seed, loaded, hours), mutes, seed, onEvent: (event) => lived.push(event) });
    const within = lived.filter(({ atMs }) => atMs > 1_800_500 && atMs <= 7_200_500);
    assert.ok(within.length > 10, `${within.length} events`);
    assert.equal(replay.out.trim().split('\n'), linesOf(within), 'the same lines');
    assert.ok(
      readFileSync(file).includes(`SYNTHETIC: made by Hoistway's simulated lift, hoistway simulate --seed 1`),
      'labelled',
    );
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('without --seed a fresh one is drawn and told', async () => {
  const { code, out, err } = await hoistway(['simulate', '--hours', '0.5', '--json']);
  const told = /^seed (\d+)$/m.exec(err)?.[1];
  assert.is(String((JSON.parse(out) as Report).seed), told, `the seed of the life: ${err}`);
  assert.is(code, 0, 'exit code');
});

test('a life that throws is a seed that failed, with the command that lives it again; the others go on', async () => {
  // A lift that is read by its controller alone has no sensor that could go wrong.
  const site = join(mkdtempSync(join(tmpdir(), 'hoistway-test-')), 'bare.yaml');
  const text = readFileSync(join(packageRoot, 'seeds/sites/simulated.yaml'), 'utf8');
  writeFileSync(site, text.replace(/\n {4}inputs:[\s\S]*$/, '\n'));
  const words = ['--hours', '1', '--faulty-sensor', '--site', site];
  const { code, out } = await hoistway(['simulate', '--seed', '5', '--seeds', '2', '--jobs', '1', ...words]);
  rmSync(dirname(site), { recursive: true });
  assert.match(out, /\nhoistway simulate --seed 5 --hours 1 .*: threw a lift without inputs/, out);
  assert.match(out, /^2 seeds, /m, 'both were tried');
  assert.is(code, 1, 'exit code');
});

const TOUCHY = `version: 1
box: { id: sim-box }
buses:
  - { id: line, type: rtu, path: /dev/null }
lifts:
  - id: lift-a
    registrationNumber: "31105000002026000001"
    rescueLabelNumber: "10001"
    address: Simulated
    ratedSpeedMmPerS: 1000
    landings:
      - { marking: "1", heightMm: 0 }
      - { marking: "2", heightMm: 4000 }
      - { marking: "3", heightMm: 7000 }
    controller: { profile: generic, bus: line, unit: 1 }
    limits: { doorHeldOpenLimitMs: 5000 }
`;

for (const [why, words, said] of [
  [
    'a seed that is no whole number',
    ['--seed', '1.5', '--hours', '1'],
    /reading --seed failed at 1\.5\nnext: a whole number/,
  ],
  ['a seed in words', ['--seed', 'abc', '--hours', '1'], /reading --seed failed at abc/],
  ['too few hours', ['--seed', '1', '--hours', '0'], /reading --hours failed at 0\nnext: a number, 0\.5 or more/],
  ['endless hours', ['--seed', '1', '--hours', 'Infinity'], /reading --hours/],
  [
    'a picture of one seed',
    ['--hours', '1', '--picture', 'a.svg'],
    /reading --picture failed at a\.svg\nnext: .*add --seeds/,
  ],
  ['a capture of many seeds', ['--hours', '1', '--seeds', '2', '--capture', 'a.pcapng'], /next: .*leave --seeds out/],
  ['a capture of no part', ['--hours', '1', '--capture', 'a.pcapng', '--for', '9'], /next: say which part: --from/],
  [
    'a part beyond the end',
    ['--hours', '1', '--capture', 'a.pcapng', '--from', '00:59:00', '--for', '61'],
    /reading --from failed at 00:59:00\nnext: .*the life lasts 1 h/,
  ],
  [
    'no moment',
    ['--hours', '1', '--capture', 'a.pcapng', '--from', 'noon', '--for', '61'],
    /reading --from failed at noon\nnext: hours:minutes:seconds/,
  ],
] as const) {
  test(`exit 2: ${why}`, async () => {
    const { code, err } = await hoistway(['simulate', ...words]);
    assert.match(err, said, 'what is off');
    assert.is(code, 2, 'exit code');
  });
}

test.run();
