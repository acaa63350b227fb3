import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SimulateReport } from '../../hil/score.ts';
import { simulateSeeds, tallyOf, together, wilson } from '../../hil/seeds.ts';

const row = { injected: 3, raised: 3, missed: 0, false: 0, worstDelayMs: 40 };
const report = (seed: number, changes: Partial<SimulateReport> = {}): SimulateReport => ({
  ...{ seed, hours: 10, raised: 3, missed: 0, false: 0, faults: { entrapment: row }, problems: [] },
  ...changes,
});

test('the sum of seeds, and which failed', () => {
  const missed = { ...row, raised: 2, missed: 1, worstDelayMs: 90 };
  const tally = together([
    tallyOf(report(8, { missed: 1, faults: { entrapment: missed, overspeed: row }, problems: ['missed entrapment'] })),
    tallyOf(report(7)),
  ]);
  assert.equal(tally.faults.entrapment, { injected: 6, raised: 5, missed: 1, false: 0, worstDelayMs: 90 }, 'both');
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
