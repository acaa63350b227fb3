/**
 * A slice of the fleet's life with fresh seeds, which are printed: what the long run (`hoistway simulate --fleet --seeds 10000`)
 * does over many hours. A seed that fails replays: `--fleet --hours HOURS --seed SEED`.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { simulateFaultySensor } from '../../hil/faulty-sensor.ts';
import { kindOf } from '../../hil/fleet.ts';
import { simulate } from '../../hil/simulate.ts';
import { loaded, mutes } from '../simulated.ts';

const FIRST = (Date.now() * 1000) % 2 ** 40;

const seedsFrom = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);

test('healthy sensors: each fault is raised in time and none is false, over rooms of every kind', () => {
  const hours = 40;
  const seeds = seedsFrom(FIRST, 16);
  console.log(`--fleet --hours ${hours}, seeds ${seeds[0]} to ${seeds.at(-1)}`);
  let raised = 0;
  for (const seed of seeds) {
    const report = simulate({ ...kindOf(seed, loaded, hours), mutes, seed });
    assert.equal(report.problems, [], `--fleet --hours ${hours} --seed ${seed}`);
    raised += report.raised;
  }
  assert.ok(raised > 500, `lives in which something happened: ${raised}`);
});

test('one sensor goes wrong: no entrapment is raised, and it is the one that is named', () => {
  const hours = 60;
  const seeds = seedsFrom(FIRST + 500, 16);
  console.log(`--fleet --faulty-sensor --hours ${hours}, seeds ${seeds[0]} to ${seeds.at(-1)}`);
  let named = 0;
  for (const seed of seeds) {
    const report = simulateFaultySensor({ ...kindOf(seed, loaded, hours, true), mutes, seed });
    assert.is(report.false, 0, `no false entrapment: ${report.problems.join('; ')}, --seed ${seed}`);
    named += report.raised;
  }
  // 99 of 100 over many; of so few, one may be the other.
  assert.ok(named >= seeds.length - 1, `named: ${named} of ${seeds.length}`);
});

test('a room is the same whenever its seed is drawn, and the rooms differ', () => {
  const kinds = seedsFrom(1, 200).map((seed) => kindOf(seed, loaded, 100));
  assert.equal(kindOf(7, loaded, 100), kinds[6], 'the same seed');
  const lifts = kinds.map(({ loaded: { site } }) => site.lifts[0]);
  const landings = lifts.map((lift) => lift?.landings.length ?? 0);
  assert.is(Math.min(...landings), 2, 'two landings');
  assert.ok(Math.max(...landings) > 50, 'and over fifty');
  const speeds = lifts.map((lift) => lift?.ratedSpeedMmPerS ?? 0);
  assert.equal([Math.min(...speeds), Math.max(...speeds)], [500, 6000], 'from 0.5 to 6 m/s');
  const count = (of: (at: number) => boolean) => kinds.filter((_, at) => of(at)).length;
  assert.ok(count((at) => lifts[at]?.controller === undefined) > 30, 'by sensors alone');
  assert.ok(count((at) => Object.keys(lifts[at]?.inputs ?? {}).length === 0) > 30, 'by the controller alone');
  assert.ok(count((at) => kinds[at]?.builds[0]?.drive === 'hydraulic') > 5, 'hydraulic');
  assert.ok(count((at) => (kinds[at]?.builds[0]?.entrances.length ?? 0) > 0) > 10, 'two entrances');
  assert.ok(count((at) => kinds[at]?.builds.length === 8) > 0, 'a group of eight');
  assert.ok(count((at) => (kinds[at]?.noisyShare ?? 0) > 0) > 20, 'noise');
});

test.run();
