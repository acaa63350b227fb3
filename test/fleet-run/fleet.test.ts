/** A slice of `hoistway fleet`: real processes, a real broker that is restarted, real listeners. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { oneMosquitto } from '../../hil/fleet-run/brokers.ts';
import { type FleetPlan, type FleetReport, runFleet } from '../../hil/fleet-run/run.ts';
import { spreadOf } from '../../hil/fleet-run/spread.ts';
import { hoistway } from '../commands/cli.ts';

const seed = Date.now();
const [BOXES, PER_SECOND] = [200, 150];

function planOf(more: Partial<FleetPlan>): FleetPlan {
  const pace = { recordEveryMs: 1000, cutEveryMs: 300_000 };
  const spread = spreadOf(BOXES, PER_SECOND, (1000 * BOXES) / pace.cutEveryMs);
  if (!spread) throw new Error('no spread');
  return { boxes: BOXES, seed, restarts: 1, leastMs: 0, spread, pace, processes: 2, workers: 2, ...more };
}

function holds(report: FleetReport): void {
  const { verdict, made, trouble } = report;
  const { records, missing, disordered, false: wrong, examples } = verdict;
  const said = `seed ${seed}: ${JSON.stringify(report)}`;
  assert.is(trouble, null, said);
  assert.equal(
    [missing, disordered, wrong],
    [0, 0, 0],
    `missing, out of order, false: ${examples.join('; ')}; ${said}`,
  );
  assert.is(records, made, 'as many heard as made');
  assert.ok(made > 5 * BOXES, `a few of each box: ${made}`);
  assert.ok(report.mostConnectsPerS <= PER_SECOND, said);
  assert.ok(report.connects >= 2 * BOXES, `each box connected at the start and after the loss: ${report.connects}`);
  assert.is(report.gatheredMs.length, 2, 'it gathered twice');
}

test(`two hundred boxes, one Mosquitto restarted: all is there, in order, and they come back slowly`, async () => {
  const broker = await oneMosquitto();
  try {
    const report = await runFleet(planOf({}), broker, { signal: new AbortController().signal, tell: () => undefined });
    holds(report);
    assert.ok(
      (report.mostLoggedPerS ?? 0) > 0 && (report.mostLoggedPerS ?? 0) <= PER_SECOND,
      'by the log of the broker',
    );
  } finally {
    await broker.stop();
  }
});

test('as a command: a few boxes, one line of JSON', async () => {
  const { code, out, err } = await hoistway([
    'fleet',
    '--boxes',
    '5',
    '--rate',
    '40',
    '--restarts',
    '0',
    '--every',
    '0.2',
    '--json',
  ]);
  const report = JSON.parse(out) as FleetReport & FleetPlan & { readonly ok: boolean };
  assert.equal([report.boxes, report.verdict.missing, report.ok], [5, 0, true], `${out}${err}`);
  assert.match(err, /seed \d+; retryFirstMs: \d+, retryMaxMs: \d+/, 'what a site file needs');
  assert.is(code, 0, 'exit code');
});

test('a rate too low for so many boxes is told', async () => {
  const { code, err } = await hoistway(['fleet', '--boxes', '1000000', '--rate', '10']);
  assert.match(err, /reading --rate failed at 10\nnext: so many boxes need a higher rate/, 'what is off');
  assert.is(code, 2, 'exit code');
});

test.run();
