/** What the senses keep from one observation to the next: freshness of reads, the base switch, and all of it in a snapshot. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MonoMs } from '../../src/clock.ts';
import type { SignalName } from '../../src/lift/signals.ts';
import type { LiftSense } from '../../src/sense/lift.ts';
import { edge, sense, words } from './rig.ts';

const at = (lift: LiftSense, ms: number) => {
  while (lift.dueMs <= ms) lift.advance(lift.dueMs as MonoMs);
  return lift.state;
};
/** `[signal, on, atMs]`, each after all that was due before it, and 10 ms to settle after the last. */
function play(lift: LiftSense, ...edges: readonly (readonly [SignalName, boolean, number])[]) {
  for (const [signal, on, atMs] of edges) {
    at(lift, atMs);
    lift.edge(edge(signal, on, atMs));
  }
  return at(lift, (edges.at(-1)?.[2] ?? 0) + 10);
}
const slow = (atMs: number, code = 41) => ({ ...words(atMs, 0), address: 9, count: 1, values: [code] });
const PAIR: SignalName[] = ['levelUpper', 'levelLower', 'baseLanding'];

/** From level at the base to level one landing up, and to rest there. */
const UP = [
  ...(['levelUpper', 'levelLower', 'baseLanding'] as const).map((signal) => [signal, true, 0] as const),
  ...([
    ['levelUpper', false, 3000],
    ['levelLower', false, 3040],
    ['levelUpper', true, 6000],
    ['levelLower', true, 6040],
  ] as const),
] as const;

test('words of another line, or of registers that tell nothing, are not heard', () => {
  const lift = sense();
  lift.exchange({ ...words(0, 1), bus: 'x' });
  lift.exchange({ ...words(0, 1), address: 100 });
  assert.equal([lift.state.link, lift.dueMs], ['waiting', Number.POSITIVE_INFINITY], 'nothing waits for them either');
});

test('each reply makes its words fresh again; silence counts from the last one', () => {
  const lift = sense();
  lift.exchange(words(0, 1));
  lift.exchange(words(500, 1));
  assert.equal([at(lift, 1199).link, lift.state.moving.value], ['live', true], '699 ms after the last');
  const silent = at(lift, 1200);
  assert.equal([silent.link, silent.silentSinceMs, silent.moving.value], ['silent', 500, null], '700 ms after it');
  lift.exchange(words(2000, 1));
  assert.equal(
    [lift.state.link, lift.state.silentSinceMs, lift.state.moving.value],
    ['live', null, true],
    'heard again',
  );
});

test('what two reads tell is known while one of them is fresh', () => {
  const lift = sense();
  lift.exchange(words(0, 1, 2));
  lift.exchange({ ...words(400, 0), address: 1, count: 1, values: [2] });
  const state = at(lift, 700);
  assert.equal(
    [state.link, state.moving.value, state.landing.value],
    ['live', null, 2],
    'the landing was read at 400 ms',
  );
  lift.exchange(words(800, 1, 2));
  assert.is(lift.state.moving.value, true, 'the same words as at 0 ms are news');
  assert.is(lift.dueMs, 1100, 'the other read goes stale first');
});

test('slow words go stale by themselves, and leave the link alone', () => {
  const lift = sense();
  lift.exchange(slow(0));
  for (let ms = 0; ms <= 11_000; ms += 500) {
    at(lift, ms);
    lift.exchange(words(ms, 1));
  }
  assert.equal([lift.state.link, lift.state.faultCode.value], ['live', null], 'the fault number is not known any more');
  assert.is(lift.state.moving.value, true, 'what is read fast still is');
});

test('a value keeps its moment when the side that tells it changes', () => {
  const lift = sense(['doorClosed']);
  lift.exchange(words(100, 0b010));
  const { doorClosed } = play(lift, ['doorClosed', true, 200]);
  assert.equal(doorClosed, { value: true, sinceMs: 100, source: 'input' }, 'closed since 100 ms, by both since 210 ms');
});

test('what the controller says of itself is a new object when it says something else', () => {
  const lift = sense(['alarmButton']);
  lift.exchange(words(0, 1, 2));
  const { controller } = lift.state;
  assert.equal([controller.moving, controller.landing, controller.passenger], [true, 2, false], 'its own words');
  assert.is(play(lift, ['alarmButton', true, 100]).controller, controller, 'an input is no word of it');
  lift.exchange(words(200, 1, 3));
  assert.equal([lift.state.controller.landing, controller.landing], [3, 2], 'the old one stays as it was');
  assert.is(at(lift, 900).controller.landing, null, 'known once, and stale');
});

test('somebody seen behind a door that only the controller knows stays until it has stood open', () => {
  const lift = sense(['passenger']);
  lift.exchange(words(0, 0b010));
  play(lift, ['passenger', true, 100], ['passenger', false, 300], ['passenger', true, 350], ['passenger', false, 400]);
  assert.is(lift.state.passenger.value, true, 'shut in');
  lift.exchange(words(500, 0b000));
  lift.exchange(words(1000, 0b000));
  lift.exchange(words(1500, 0b000));
  lift.exchange(words(2000, 0b000));
  lift.exchange(words(2500, 0b010));
  assert.is(lift.state.passenger.value, false, 'open for 2 s, and closed again');
});

test('words of which nothing that is read has changed leave the very state', () => {
  const lift = sense(['doorClosed', 'alarmButton']);
  lift.exchange(words(0, 0b010));
  const state = play(lift, ['doorClosed', true, 10]);
  lift.exchange(words(100, 0b1010));
  assert.is(lift.state, state, 'a bit that no field names');
});

test('a read with fast and slow fields is heard, one with slow fields alone does not put off silence', () => {
  const both = sense();
  both.exchange({ ...words(0, 1), count: 10, values: [1, 2, 0, 0, 0, 0, 0, 0, 0, 41] });
  assert.equal([both.state.link, both.state.faultCode.value], ['live', 41], 'ten registers in one');
  const lift = sense();
  lift.exchange(words(0, 1));
  lift.exchange(slow(100));
  assert.equal([at(lift, 700).link, lift.state.silentSinceMs], ['silent', 0], 'silent 700 ms after the fast words');
});

test('a lower level switch that is lost takes the count with it, and where level comes from is told', () => {
  const lift = sense(PAIR, false);
  const { atLevel } = play(lift, ...UP);
  assert.equal([atLevel.value, atLevel.source], [true, 'derived'], 'level, by the pair');
  lift.edge({ ...edge('levelLower', true, 7000), on: null });
  assert.equal([lift.state.landing.value, lift.state.atLevel.value], [null, null], 'nobody can say');
});

test('a car that its controller last called at rest stands on in silence, unless an edge came after that word', () => {
  const silent = (leavesMs: number) => {
    const lift = sense(PAIR);
    play(lift, ['levelUpper', true, 100], ['levelLower', true, 300]);
    lift.exchange(words(leavesMs < 500 ? 550 : 500, 0));
    if (leavesMs > 500) play(lift, ['levelLower', false, leavesMs]);
    return at(lift, 1250).moving;
  };
  const { value, source } = silent(0);
  assert.equal([value, source], [false, 'derived'], 'level since before its last word');
  assert.is(silent(600).value, true, 'it left the level after it');
  const same = sense(PAIR);
  play(same, ['levelUpper', true, 100], ['levelLower', true, 490]);
  same.exchange(words(500, 0));
  assert.is(at(same, 1200).moving.value, false, 'an edge of the same moment is no later one');
  const told = sense(PAIR);
  play(told, ['levelUpper', true, 100], ['levelLower', true, 100], ['levelLower', false, 300]);
  told.exchange(words(350, 0));
  told.exchange({ ...words(400, 0), count: 1, values: [0] });
  assert.is(at(told, 1050).inputs.moving, true, 'while another read still tells rest, the pair says what it says');
});

test('the base switch begins the count also where a controller has fallen silent before', () => {
  const lift = sense(PAIR);
  lift.exchange(words(0, 0, 3));
  at(lift, 700);
  const state = play(lift, ['levelUpper', true, 1000], ['levelLower', true, 1000], ['baseLanding', true, 1000]);
  assert.equal([state.landing.value, state.landing.source], [0, 'derived'], 'at the base');
});

test('the base switch is heeded once each time it comes on, and only at a level', () => {
  const stuck = sense(PAIR, false);
  assert.is(play(stuck, ...UP).landing.value, 1, 'one that stays on corrects nothing further up');
  assert.is(
    play(stuck, ['baseLanding', false, 8000], ['baseLanding', true, 9000]).landing.value,
    0,
    'on again: corrected',
  );
  assert.is(stuck.state.miscount, true, 'and the count was wrong');
  const between = sense(PAIR, false);
  play(between, ...UP, ['levelUpper', false, 7000], ['baseLanding', false, 7100], ['baseLanding', true, 7200]);
  assert.is(between.state.landing.value, 1, 'on one level switch it is not level');
  assert.is(play(between, ['levelUpper', true, 8000]).landing.value, 0, 'level with the switch still on');
});

test('the base switch is outvoted by a controller and a count that agree on another landing', () => {
  const lands = (said: number) => {
    const lift = sense(PAIR);
    play(lift, ...UP, ['baseLanding', false, 7000]);
    lift.exchange(words(7500, 0, said));
    return play(lift, ['baseLanding', true, 7600]).inputs.landing;
  };
  assert.is(lands(1), 1, 'both say landing 1');
  assert.is(lands(3), 0, 'the controller says another than the count');
  assert.is(lands(0), 0, 'the controller says the base landing');
});

test('at the base landing that both name, the switch is heeded: the order of the pair is learned beside a controller too', () => {
  const lift = sense(['levelUpper', 'levelLower', 'baseLanding']);
  let nowMs = 0;
  /** Edges one after the other, the controller naming the landing ahead, and then a stop of 2 s. */
  const ride = (landing: number, ...edges: (readonly [SignalName, boolean])[]) => {
    for (const [signal, on] of edges) {
      nowMs += 200;
      lift.exchange(words(nowMs, 0b010, landing));
      lift.edge(edge(signal, on, nowMs));
      lift.advance((nowMs + 10) as MonoMs);
    }
    nowMs += 2000;
    lift.advance(nowMs as MonoMs);
  };
  const off = (first: SignalName, second: SignalName) => [[first, false] as const, [second, false] as const];
  const on = (first: SignalName, second: SignalName) => [[first, true] as const, [second, true] as const];
  ride(0, ...on('levelUpper', 'levelLower'), ['baseLanding', true]);
  const orders = [1, 2].map(() => {
    ride(1, ['baseLanding', false], ...off('levelUpper', 'levelLower'), ...on('levelUpper', 'levelLower'));
    ride(0, ...off('levelLower', 'levelUpper'), ...on('levelLower', 'levelUpper'), ['baseLanding', true]);
    return lift.state.pairOrder;
  });
  assert.equal(orders, [null, 'right'], 'after two loops');
});

test('sensors alone tell speed, and the switch tells inspection', () => {
  const lift = sense([...PAIR, 'inspection'], false);
  const past = [
    ['levelUpper', false, 6500],
    ['levelLower', false, 6540],
    ['levelUpper', true, 9000],
    ['levelLower', true, 9040],
  ] as const;
  const { speedMmPerS, landing, mode } = play(lift, ...UP, ...past);
  assert.equal([speedMmPerS.value, speedMmPerS.source], [1000, 'derived'], '3 m from 6.05 s to 9.05 s');
  assert.is(landing.value, 2, 'two up');
  assert.equal([mode.value, mode.source], [null, 'none'], 'the switch was not seen yet');
  assert.is(play(lift, ['inspection', true, 9100]).mode.value, 'inspection', 'turned');
});

test('contacts that settle at one moment are one change', () => {
  const lift = sense(['doorClosed', 'alarmButton'], false);
  lift.edge(edge('doorClosed', true, 0));
  lift.edge(edge('alarmButton', false, 0));
  assert.is(lift.dueMs, 10, 'both are due');
  const before = lift.state;
  lift.advance(9 as MonoMs);
  assert.is(lift.state, before, 'not yet');
  lift.advance(10 as MonoMs);
  assert.equal([lift.state.doorClosed.value, lift.state.alarmButton.value], [true, false], 'both count');
  assert.is(lift.dueMs, Number.POSITIVE_INFINITY, 'nothing waits any more');
});

test('what was read before a memory is taken up is forgotten', () => {
  const lift = sense();
  lift.exchange(words(0, 0b111, 3));
  lift.exchange({ ...words(0, 0), address: 1, count: 1, values: [3] });
  const other = sense();
  other.exchange(words(0, 0b010, 1));
  lift.memory = structuredClone(other.memory);
  lift.exchange(words(300, 0b111, 3));
  assert.equal([lift.state.moving.value, lift.state.landing.value], [true, 3], 'the same words as before are news');
  lift.exchange({ ...words(400, 0), address: 1, count: 1, values: [3] });
  assert.is(lift.memory.fresh.length, 2, 'another read is fresh beside it');
});

test('a memory that is taken up again goes on as if nothing had been', () => {
  const first = sense([...PAIR, 'doorClosed', 'passenger']);
  first.exchange(words(0, 0b010, 0));
  first.exchange(slow(50));
  play(first, ['doorClosed', true, 60], ['levelUpper', true, 70], ['levelLower', true, 80], ['passenger', false, 90]);
  first.edge(edge('doorClosed', false, 200));
  const second = sense([...PAIR, 'doorClosed', 'passenger']);
  second.exchange(words(0, 0b010, 0));
  second.exchange({ ...words(0, 0), address: 1, count: 1, values: [0] });
  second.memory = structuredClone(first.memory);
  assert.equal(second.state, first.state, 'the same lift');
  assert.is(second.dueMs, 210, 'the door settles next, as it would have');
  const known = second.state;
  second.edge(edge('passenger', false, 205));
  assert.is(second.state, known, 'what is known is no news');
  for (const lift of [first, second]) lift.exchange(words(300, 0b010, 0));
  assert.is(second.memory.fresh.length, 2, 'a read that is known is made fresh, not known twice');
  assert.equal(at(second, 999), at(first, 999), 'live on');
  assert.equal(
    [at(second, 1000).link, second.state.faultCode.value],
    ['silent', 41],
    'silent 700 ms after the last reply',
  );
  assert.equal(at(second, 11_050), at(first, 11_050), 'and all stale in the end');
});

test.run();
