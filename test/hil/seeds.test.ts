import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SimulateReport } from '../../hil/score.ts';
import {
  poissonAtMost,
  rowsOf,
  simulateSeeds,
  tallyOf,
  tallyOfError,
  together,
  wholeOf,
  wilson,
} from '../../hil/seeds.ts';

const none = { count: 0, sumMs: 0, worstMs: 0 };
const row = {
  ...{ injected: 3, raised: 3, missed: 0, false: 0 },
  delays: { controller: { count: 3, sumMs: 60, worstMs: 40 }, sensors: none },
};
const report = (seed: number, changes: Partial<SimulateReport> = {}): SimulateReport => ({
  ...{ seed, hours: 10, raised: 3, missed: 0, false: 0, faults: { entrapment: row }, problems: [] },
  ...changes,
});

test('the sum of seeds, and which failed', () => {
  const sensors = { count: 1, sumMs: 90, worstMs: 90 };
  const missed = { ...row, raised: 2, missed: 1, delays: { controller: { ...none, count: 1, worstMs: 7 }, sensors } };
  const tally = together([
    tallyOf(report(8, { missed: 1, faults: { entrapment: missed, overspeed: row }, problems: ['missed entrapment'] })),
    tallyOf(report(7)),
  ]);
  const { delays, ...counts } = tally.faults.entrapment ?? row;
  assert.equal(counts, { injected: 6, raised: 5, missed: 1, false: 0 }, 'both');
  assert.equal(
    delays,
    { controller: { count: 4, sumMs: 60, worstMs: 40 }, sensors },
    'their delays, each way of reading apart',
  );
  assert.equal(tally.faults.overspeed, row, 'of one alone');
  assert.equal(tally.failed, [{ seed: 8, problems: ['missed entrapment'] }], 'the seed to look at');
  assert.equal([tally.seeds, tally.hours], [2, 20], 'seeds and hours');
});

test("Wilson's interval: values of his formula worked out by hand", () => {
  const all = wilson(10, 10);
  assert.ok(Math.abs(all.low - 0.7225) < 1e-4 && all.high > 1 - 1e-9, `10 of 10: ${all.low} .. ${all.high}`);
  const half = wilson(5, 10);
  assert.ok(Math.abs(half.low - 0.2366) < 1e-4 && Math.abs(half.high - 0.7634) < 1e-4, `5 of 10: ${half.low}`);
  assert.equal(wilson(0, 0), { low: 0, high: 1 }, 'nothing says nothing');
});

test('a life that threw is a seed that failed, without hours', () => {
  const tally = together([tallyOf(report(7)), tallyOfError(9, new Error('no such landing'))]);
  assert.equal([tally.seeds, tally.hours], [2, 10], 'counted');
  assert.equal(tally.failed, [{ seed: 9, problems: ['threw no such landing'] }], 'with what it said');
});

test('the upper bound of a Poisson count: values of the chi-square tables, halved', () => {
  for (const [seen, mean] of [
    [0, 2.9957],
    [1, 4.7439],
    [2, 6.2958],
    [10, 16.9622],
  ] as const) {
    assert.ok(Math.abs(poissonAtMost(seen) - mean) < 1e-3, `${seen}: ${poissonAtMost(seen)}`);
  }
  assert.ok(Math.abs(poissonAtMost(1000) - 1053.6) < 1, `1000: ${poissonAtMost(1000)}`);
});

test('of the whole: all faults together, and false entrapments per lift-year', () => {
  const wrong = { ...row, false: 1 };
  const tally = { seeds: 1, hours: 2 * 8766, faults: { entrapment: wrong, overspeed: row }, failed: [] };
  const { score, falseEntrapmentsPerYear } = wholeOf(tally);
  assert.equal([score.injected, score.raised, score.false], [6, 6, 1], 'the sum of the rows');
  assert.is(score.delays.controller.sumMs, 120, 'of their delays as well');
  assert.is(falseEntrapmentsPerYear.seen, 0.5, 'one in two years');
  assert.ok(Math.abs(falseEntrapmentsPerYear.atMost - 2.372) < 1e-3, 'and at most so many');
  assert.equal(
    wholeOf({ ...tally, hours: 0, faults: {} }).falseEntrapmentsPerYear,
    {
      ...{ seen: 0, atMost: Number.POSITIVE_INFINITY },
    },
    'without hours nothing is known',
  );
});

test('rows come in the order of the catalogue, what is none of it last', () => {
  const faults = { 'passenger stuck': row, overspeed: row, entrapment: row, 'doorClosed stuck': row };
  const names = rowsOf({ faults }).map(([name]) => name);
  assert.equal(names, ['entrapment', 'overspeed', 'doorClosed stuck', 'passenger stuck'], 'the order');
});

test('every seed once, shared out to processes; one that prints no tally is told', async () => {
  const asked: number[][] = [];
  const print = (first: number, count: number) => {
    asked.push([first, count]);
    const tally = together(Array.from({ length: count }, (_, at) => tallyOf(report(first + at))));
    return ['-e', `console.log(${JSON.stringify(JSON.stringify(tally))})`];
  };
  const done: number[] = [];
  const options = { first: 5, count: 3, jobs: 2, signal: new AbortController().signal };
  const tally = await simulateSeeds({ ...options, callOf: print, onDone: (so) => done.push(so) });
  assert.equal([tally.seeds, tally.hours, done.at(-1)], [3, 30, 3], 'all of them');
  assert.equal(asked.flat(), [5, 2, 7, 1], 'each once');
  let error: unknown = null;
  const broken = { ...options, callOf: () => ['-e', 'console.error("out of luck")'], onDone: () => {} };
  await simulateSeeds(broken).catch((thrown: unknown) => (error = thrown));
  assert.match(String(error), /out of luck/, 'with what it said');
});

test.run();
