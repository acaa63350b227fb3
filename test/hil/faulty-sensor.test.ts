import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { simulateFaultySensor } from '../../hil/faulty-sensor.ts';
import { SimLift } from '../../hil/lift/lift.ts';
import { Random } from '../../hil/lift/random.ts';
import { monoMs } from '../../src/clock.ts';
import type { SignalName } from '../../src/lift/signals.ts';
import { facts } from '../facts.ts';
import { loaded, mutes } from '../simulated.ts';

const SEEDS = 12;

test('one sensor goes wrong: it is named, and nobody is said to be trapped', () => {
  // Fresh ones each time; a failing seed is told, and replays: simulate --seed N --hours 12 --faulty-sensor.
  const first = Math.floor(Math.random() * 1e9);
  for (let seed = first; seed < first + SEEDS; seed++) {
    const { missed, false: trapped, problems } = simulateFaultySensor({ loaded, mutes, seed, hours: 12 });
    assert.equal([missed, trapped], [0, 0], `seed ${seed}: ${problems.join('; ')}`);
  }
});

test('a lift without inputs has none to go wrong', () => {
  const [lift] = loaded.site.lifts;
  const bare = { ...loaded, site: { ...loaded.site, lifts: [{ ...lift, inputs: {} }] } } as typeof loaded;
  assert.throws(() => simulateFaultySensor({ loaded: bare, mutes, seed: 1, hours: 1 }), /without inputs/);
});

function edgesOf(sensor: 'levelUpper' | 'doorClosed', way: 'swapped' | 'inverted' | 'flickers' | 'stuck-off') {
  const lift = new SimLift({ facts: facts(), random: new Random(3), startMs: monoMs(0), traffic: null });
  const edges: { signal: SignalName; on: boolean; atMs: number }[] = [];
  lift.breakSensor({ sensor, way }, monoMs(1000));
  lift.advanceTo(monoMs(1001));
  lift.onEdge((edge) => edges.push(edge));
  lift.ride(0, 1);
  lift.advanceTo(monoMs(60_000));
  return { lift, edges: edges.filter(({ signal }) => signal === sensor || signal === 'levelLower') };
}

test('what a broken sensor shows', () => {
  const truth = edgesOf('doorClosed', 'stuck-off');
  assert.equal(
    truth.edges.filter(({ signal }) => signal === 'doorClosed'),
    [],
    'stuck: nothing',
  );
  assert.is(truth.lift.inputValues().doorClosed, false, 'but what it is stuck at');
  const inverted = edgesOf('doorClosed', 'inverted');
  assert.is(inverted.lift.inputValues().doorClosed, !inverted.lift.values().doorClosed, 'inverted: the opposite');
  assert.ok(
    inverted.edges.some(({ signal, on }) => signal === 'doorClosed' && on),
    'with its edges',
  );
  const swapped = edgesOf('levelUpper', 'swapped').edges.map(({ signal, on }) => `${signal} ${on}`);
  assert.equal(swapped.slice(0, 2), ['levelLower false', 'levelUpper false'], 'going up the upper one leaves first');
  const loose = edgesOf('doorClosed', 'flickers').edges.filter(({ signal }) => signal === 'doorClosed');
  assert.ok(loose.length > 12, `flickers: ${loose.length} edges`);
});

test.run();
