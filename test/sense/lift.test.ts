import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MonoMs } from '../../src/clock.ts';
import type { SignalName } from '../../src/lift/signals.ts';
import { edge, sense, words } from './rig.ts';

test('nothing is known before anything was heard', () => {
  const lift = sense();
  assert.is(lift.state.link, 'waiting', 'a controller is named, and silent so far');
  assert.is(lift.state.moving.value, null, 'not known is null');
  assert.is(sense([], false).state.link, 'none', 'no controller');
});

test('words become signals; a quiet scan changes nothing, not even the object', () => {
  const lift = sense();
  lift.exchange(words(10, 0b011, 2));
  const before = lift.state;
  assert.equal(
    [before.link, before.moving.value, before.doorClosed.value, before.landing.value],
    ['live', true, true, 2],
    'decoded',
  );
  lift.exchange(words(210, 0b011, 2));
  assert.is(lift.state, before, 'the same words, the same state');
});

test('another unit says nothing of this lift', () => {
  const lift = sense();
  lift.exchange(words(10, 0b011, 2, 2));
  assert.is(lift.state.link, 'waiting', 'unit 2');
});

test('a bus that stops answering: signals unknown when their time is over, and back with the next word', () => {
  const lift = sense();
  lift.exchange(words(0, 0b011, 2));
  assert.is(lift.dueMs, 700, 'the moment at which silence tells');
  lift.advance(699 as MonoMs);
  assert.is(lift.state.moving.value, true, 'not yet');
  lift.advance(700 as MonoMs);
  assert.equal([lift.state.link, lift.state.moving.value, lift.state.landing.value], ['silent', null, null], 'unknown');
  lift.exchange(words(900, 0b011, 2));
  assert.equal([lift.state.link, lift.state.moving.value], ['live', true], 'the same words as before count again');
});

test('slow fields outlive the fast ones', () => {
  const lift = sense();
  lift.exchange({ ...words(0, 0), address: 9, count: 1, values: [41] });
  lift.exchange(words(0, 0b010));
  lift.advance(700 as MonoMs);
  assert.is(lift.state.faultCode.value, 41, 'read every 5 s');
  assert.is(lift.state.doorClosed.value, null, 'read every 0.2 s');
  lift.advance(11_000 as MonoMs);
  assert.is(lift.state.faultCode.value, null, 'in the end it is unknown too');
});

test('a landing that the lift does not have is unknown', () => {
  const lift = sense();
  lift.exchange(words(0, 0, 9));
  assert.is(lift.state.landing.value, null, 'landing 9 of 5');
  assert.is(lift.state.controller.landing, 9, 'what the controller said is kept for position-lost');
});

test('two sources of the door: agreed or unknown; each alone when the other is silent', () => {
  const lift = sense(['doorClosed']);
  lift.exchange(words(0, 0b010));
  lift.edge(edge('doorClosed', true, 0));
  lift.advance(10 as MonoMs);
  assert.is(lift.state.doorClosed.value, true, 'both say closed');
  lift.edge(edge('doorClosed', false, 100));
  lift.advance(110 as MonoMs);
  assert.is(lift.state.doorClosed.value, null, 'they differ');
  lift.advance(710 as MonoMs);
  assert.is(lift.state.doorClosed.value, false, 'the controller fell silent: the switch alone');
});

test('chatter shorter than the settling never happened, and the time of a level is that of its edge', () => {
  const lift = sense(['doorClosed'], false);
  lift.edge(edge('doorClosed', true, 0));
  lift.advance(10 as MonoMs);
  const before = lift.state;
  lift.edge(edge('doorClosed', false, 100));
  lift.edge(edge('doorClosed', true, 105));
  lift.advance(200 as MonoMs);
  assert.is(lift.state, before, '5 ms open');
});

test('nobody vanishes behind closed doors', () => {
  const lift = sense(['doorClosed', 'passenger'], false);
  const at = (ms: number) => lift.advance(ms as MonoMs);
  lift.edge(edge('doorClosed', true, 0));
  at(10);
  lift.edge(edge('passenger', true, 100));
  at(110);
  assert.is(lift.state.passenger.value, null, 'seen once where the door closed: the sensor may be stuck');
  lift.edge(edge('passenger', false, 2000));
  at(2010);
  lift.edge(edge('passenger', true, 4000));
  at(4010);
  assert.is(lift.state.passenger.value, true, 'seen again');
  lift.edge(edge('passenger', false, 5000));
  at(5010);
  assert.is(lift.state.passenger.value, true, 'the sensor lost somebody who stands still');
  lift.edge(edge('doorClosed', false, 9000));
  at(9010);
  lift.edge(edge('doorClosed', true, 9100));
  at(9110);
  assert.is(lift.state.passenger.value, true, 'the door rattled');
  lift.edge(edge('doorClosed', false, 20_000));
  at(20_010);
  lift.edge(edge('doorClosed', true, 26_000));
  at(26_010);
  assert.is(lift.state.passenger.value, false, 'the door stood open: they have left');
});

test('a PIR that is still on as the door closes is no passenger until it outlasts its hold', () => {
  const lift = sense(['doorClosed', 'passenger'], false);
  const play = (signal: SignalName, on: boolean, atMs: number) => {
    lift.edge(edge(signal, on, atMs));
    lift.advance((atMs + 10) as MonoMs);
  };
  play('doorClosed', false, 0);
  play('passenger', true, 1000);
  play('doorClosed', true, 5000);
  play('passenger', false, 8000);
  assert.is(lift.state.passenger.value, false, 'the last one left, and the hold ran out');
  play('passenger', true, 9000);
  play('passenger', false, 9500);
  play('passenger', true, 12_000);
  play('passenger', false, 12_500);
  assert.is(lift.state.passenger.value, true, 'somebody moved behind closed doors, twice');
  lift.advance(72_509 as MonoMs);
  assert.is(lift.state.passenger.value, true, 'for a minute');
  lift.advance(72_510 as MonoMs);
  assert.is(lift.state.passenger.value, null, 'nobody stands still for longer: the door may have let him out unseen');
  play('passenger', true, 80_000);
  assert.is(lift.state.passenger.value, true, 'there he is');
  play('passenger', false, 90_000);
  lift.advance(150_010 as MonoMs);
  assert.is(lift.dueMs, 390_010, 'five minutes');
  lift.advance(390_010 as MonoMs);
  assert.is(lift.state.passenger.value, false, 'then he is gone');
  assert.is(lift.dueMs, Number.POSITIVE_INFINITY, 'nothing more to wait for');
});

test('between landings nobody leaves, however still he stands', () => {
  const lift = sense(['doorClosed', 'passenger', 'levelUpper', 'levelLower'], false);
  const play = (signal: SignalName, on: boolean, atMs: number) => {
    lift.edge(edge(signal, on, atMs));
    while (lift.dueMs <= atMs + 10) lift.advance(lift.dueMs as MonoMs);
  };
  for (const signal of ['levelUpper', 'levelLower', 'passenger', 'doorClosed'] as const) play(signal, true, 0);
  play('levelLower', false, 2000);
  play('levelUpper', false, 2500);
  play('passenger', false, 40_000);
  assert.is(lift.state.passenger.value, true, 'rode, and outlasted the hold');
  while (lift.dueMs <= 200_000) lift.advance(lift.dueMs as MonoMs);
  assert.is(lift.state.passenger.value, true, 'two minutes later');
});

test('a controller with slow fields that falls silent holds nothing up', () => {
  const lift = sense();
  lift.exchange({ ...words(0, 0), address: 9, count: 1, values: [41] });
  lift.exchange(words(0, 0b010));
  let turns = 0;
  while (Number.isFinite(lift.dueMs) && turns++ < 50) lift.advance(lift.dueMs as MonoMs);
  assert.ok(turns < 10, `all is stale after ${turns} deadlines`);
  assert.is(lift.state.link, 'silent', 'silent');
});

test('slow answers alone are silence of the fast fields', () => {
  const lift = sense();
  lift.exchange({ ...words(0, 0), address: 9, count: 1, values: [41] });
  assert.is(lift.state.link, 'waiting', 'not heard yet');
});

test('the safety chain is open when either side says so', () => {
  const lift = sense(['safetyChainClosed']);
  lift.edge(edge('safetyChainClosed', false, 0));
  lift.advance(10 as MonoMs);
  assert.is(lift.state.safetyChainClosed.value, false, 'open');
});

test('a passenger is there when either side says so', () => {
  const lift = sense(['passenger']);
  lift.exchange(words(0, 0b100));
  lift.edge(edge('passenger', false, 0));
  lift.advance(10 as MonoMs);
  assert.is(lift.state.passenger.value, true, 'the load cell sees them, the PIR does not');
});

test('a lift with sensors alone: landing, direction and rest from the level pair', () => {
  const lift = sense(['levelUpper', 'levelLower', 'baseLanding'], false);
  const ride = [
    ['levelUpper', true, 0],
    ['levelLower', true, 0],
    ['baseLanding', true, 0],
    ['levelUpper', false, 5000],
    ['baseLanding', false, 5020],
    ['levelLower', false, 5040],
    ['levelUpper', true, 8000],
    ['levelLower', true, 8040],
  ] as const;
  for (const [signal, on, atMs] of ride) {
    while (lift.dueMs <= atMs) lift.advance(lift.dueMs as MonoMs);
    lift.edge(edge(signal, on, atMs));
  }
  lift.advance(8050 as MonoMs);
  const { landing, moving, direction, atLevel, doorZone } = lift.state;
  assert.equal([landing.value, landing.source], [1, 'derived'], 'one up from the base');
  assert.equal([moving.value, direction.value], [true, 'up'], 'just arriving');
  assert.equal([atLevel.value, doorZone.value], [true, true], 'level');
  lift.advance(9050 as MonoMs);
  assert.equal([lift.state.moving.value, lift.state.direction.value], [false, 'none'], 'at rest a second later');
});

test('an input that is lost is unknown, and the count of landings with it', () => {
  const lift = sense(['levelUpper', 'levelLower', 'baseLanding', 'doorClosed'], false);
  for (const signal of ['levelUpper', 'levelLower', 'baseLanding', 'doorClosed'] as const)
    lift.edge(edge(signal, true, 0));
  lift.advance(10 as MonoMs);
  assert.equal([lift.state.landing.value, lift.state.doorClosed.value], [0, true], 'known');
  lift.edge({ ...edge('doorClosed', true, 50), on: null });
  lift.edge({ ...edge('levelUpper', true, 60), on: null });
  const { landing, atLevel, doorClosed } = lift.state;
  assert.equal([landing.value, atLevel.value, doorClosed.value], [null, null, null], 'nobody can say');
});

test('an input that is not wired is not listened to', () => {
  const lift = sense(['doorClosed'], false);
  lift.edge(edge('alarmButton', true, 0));
  assert.is(lift.dueMs, Number.POSITIVE_INFINITY, 'nothing waits');
});

test.run();
