/** Lives of the simulated lift with something wrong every few hours, through judgement: faults are no drift. */

import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { simulate } from '../../hil/simulate.ts';
import { Condition } from '../../src/condition/condition.ts';
import { loadSite } from '../../src/config/load.ts';
import { loadCatalogue, mutesOf } from '../../src/detect/catalogue.ts';
import { packageRoot } from '../../src/package.ts';

async function lived(site: string, seed: number, hours: number) {
  const loaded = await loadSite(join(packageRoot, 'seeds/sites', site));
  const [lift] = loaded.site.lifts;
  const condition = new Condition(lift?.id ?? '');
  const told: string[] = [];
  simulate({
    ...{ loaded, mutes: mutesOf(loadCatalogue()), seed, hours },
    onEvent: (event) => told.push(...condition.fold(event).map((one) => JSON.stringify(one))),
  });
  return { told, memory: condition.memory };
}

test('with a controller: every landing and distance is learned, and nothing is told', async () => {
  const { told, memory } = await lived('simulated.yaml', 2, 200);
  assert.equal(told, [], 'quiet');
  assert.is(Object.keys(memory.levelling.classes).length, 8, 'stops at each landing');
  assert.ok((memory.running.growths.all?.samples ?? 0) > 2000, 'runs are judged');
  assert.ok(Math.abs(memory.running.growths.all?.level ?? 1) < 0.02, 'and take as long as ever');
});

test('sensors alone: runs are learned, millimetres are not made up', async () => {
  const { told, memory } = await lived('sensors-only.yaml', 2, 200);
  assert.equal(told, [], 'quiet');
  assert.ok((memory.running.growths.all?.samples ?? 0) > 2000, 'runs are judged');
  assert.equal(memory.levelling.classes, {}, 'two level switches say none');
});

test.run();
