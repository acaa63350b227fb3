import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FAULTS } from '../../src/lift/events.ts';
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
] as const) {
  test(`exit 2: ${why}`, async () => {
    const { code, err } = await hoistway(['simulate', ...words]);
    assert.match(err, said, 'what is off');
    assert.is(code, 2, 'exit code');
  });
}

test.run();
