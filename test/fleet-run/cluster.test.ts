/** A slice of `hoistway fleet --cluster`: three real NATS servers, each killed once, and listeners that share what comes. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { natsCluster } from '../../hil/fleet-run/brokers.ts';
import { runFleet } from '../../hil/fleet-run/run.ts';
import { spreadOf } from '../../hil/fleet-run/spread.ts';

const seed = Date.now();
const [BOXES, PER_SECOND] = [60, 100];

test('sixty boxes, each of three nodes killed once: records go on, all are there, in order', async () => {
  const cluster = await natsCluster();
  try {
    const pace = { recordEveryMs: 1000, cutEveryMs: 3_600_000 };
    const spread = spreadOf(BOXES, PER_SECOND);
    if (!spread) throw new Error('no spread');
    const plan = { ...{ boxes: BOXES, seed, restarts: 3, leastMs: 0, spread, pace }, ...{ processes: 1, workers: 2 } };
    const report = await runFleet(plan, cluster, { signal: new AbortController().signal, tell: () => undefined });
    const { verdict, made, trouble, heardAway } = report;
    const said = `seed ${seed}: ${JSON.stringify(report)}`;
    assert.is(trouble, null, said);
    assert.equal(
      [verdict.missing, verdict.disordered, verdict.false],
      [0, 0, 0],
      `missing, out of order, false; ${said}`,
    );
    assert.is(verdict.records, made, 'as many heard as made');
    assert.is(heardAway.length, 3, 'each node was away');
    assert.ok(
      heardAway.every((records) => records > 0),
      `with each of them away records went on: ${heardAway.join(', ')}`,
    );
    assert.ok(report.mostConnectsPerS <= PER_SECOND, said);
  } finally {
    await cluster.stop();
  }
});

test.run();
