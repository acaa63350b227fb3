/** The shape that most detectors share: its three-valued logic, and its limits to the millisecond. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monoMs } from '../../src/clock.ts';
import { type Answer, all, any, type HeldRule, neither, not, startHeld, stepHeld } from '../../src/detect/held.ts';
import { facts, LIMITS } from '../facts.ts';
import { faults, row } from './draw.ts';

test('what is not known makes an answer unknown only where it could change it', () => {
  assert.equal([true, false, null].map(not), [false, true, null], 'not');
  const pairs: readonly (readonly [Answer, Answer])[] = [
    ...([true, false, null] as const).flatMap((a) => ([true, false, null] as const).map((b) => [a, b] as const)),
  ];
  assert.equal(
    pairs.map(([a, b]) => all(a, b)),
    [true, false, null, false, false, false, null, false, null],
    'all of two',
  );
  assert.equal(
    pairs.map(([a, b]) => any(a, b)),
    [true, true, true, true, false, null, true, null, null],
    'any of two',
  );
  assert.equal(
    pairs.map(([a, b]) => neither(a, b)),
    [false, false, false, false, true, true, false, true, null],
    'neither of two',
  );
  for (const at of [0, 1, 2, 3]) {
    const with_ = (answer: Answer) => [true, true, true, true].map((yes, index) => (index === at ? answer : yes));
    const [a = null, b = null, ...rest] = with_(null);
    assert.is(all(a, b, ...rest), null, `${at} is unknown`);
    const [c = null, d = null, ...more] = with_(false);
    assert.is(all(c, d, ...more), false, `${at} is false`);
  }
});

const closed = { doorClosed: '#', passenger: '_' };

test('an interruption is forgiven to what has stood for ten seconds, and the next one is another', () => {
  const lift = facts({ limits: { ...LIMITS, stoppedOutsideDoorZoneLimitMs: 13_000 } });
  // Broken at 10 s until 11 s, when limit and forgetting both come to 13 s; and broken again from 12 s until 14 s.
  const tries = { ...closed, doorZone: '_', moving: row('_', 10, '#', 1, '_', 1, '#', 2, '_', 9) };
  assert.equal(faults(tries, { lift }), ['14.000 begin stopped-outside-door-zone'], 'found there again at 14 s');
  const early = { ...tries, moving: row('_', 9, '#', 1, '_', 12) };
  assert.equal(faults(early, { lift }), [], 'nine seconds are forgotten at once: 13 s from 10 s on');
  const later = { ...tries, moving: row('#', 6, '_', 6, '#', 1, '_', 12) };
  assert.equal(faults(later, { lift }), [], 'and six, whenever they were: 13 s from 13 s on');
});

test('an end that is interrupted begins its time anew', () => {
  const drawn = { ...closed, moving: '#', doorZone: '#', safetyChainClosed: row('_', 3, '#', 1, '_', 3, '#', 5) };
  assert.equal(
    faults(drawn),
    ['0.000 begin safety-chain-open', '9.000 end safety-chain-open'],
    'a second, and then two',
  );
  const dark = { ...drawn, safetyChainClosed: row('_', 3, '#', 1, '?', 1, '#', 5) };
  assert.equal(faults(dark).at(-1), '7.000 end safety-chain-open', 'gap: two seconds after it');
});

const shutIn = { moving: '_', doorZone: '#', doorClosed: '#', passenger: '#' };
const traps = (drawing: Parameters<typeof faults>[0], options = {}) =>
  faults(drawing, options).filter((line) => line.endsWith('begin entrapment'));

test('what must stand for 5 s after a long gap does so only then: not from the start, and not where the limit is 0', () => {
  const short = { lift: facts({ limits: { ...LIMITS, entrapmentAtLandingLimitMs: 1000 } }) };
  assert.equal(traps({ ...shutIn, passenger: row('#', 9) }, short), ['1.000 begin entrapment'], 'no gap at all');
  const dark = { ...shutIn, moving: row('_', 30, '?', 30, '_', 20) };
  const pressed = { ...dark, alarmButton: row('_', 60, '#', 20) };
  assert.equal(traps(pressed), ['60.000 begin entrapment'], 'the button is pressed as the gap ends');
  const gap = (seconds: number) => traps({ ...shutIn, doorClosed: row('#', 85, '?', seconds, '#', 30) });
  assert.equal(gap(20), ['105.000 begin entrapment'], '20 s are no long gap');
  assert.equal(gap(21), ['111.000 begin entrapment'], '21 s are');
});

test('a limit that changes while the condition stands is that of the state, from when it began', () => {
  assert.equal(
    traps({ ...shutIn, doorZone: row('#', 10, '_', 100) }),
    ['60.000 begin entrapment'],
    'off level from 10 s on: 60 s, not 90',
  );
  const told = { moving: '_', doorClosed: '#', passenger: '#', doorZone: '?', atLevel: row('#', 10, '_', 100) };
  assert.equal(traps(told), ['60.000 begin entrapment'], 'and where the level switches alone tell it');
});

test('gap after an interruption: nothing is waited for in the dark', () => {
  const drawn = { ...shutIn, doorClosed: row('#', 15, '?', 2, '_', 1, '?', 100) };
  assert.equal(traps(drawn), [], 'open for a second between two gaps');
});

test('a limit that begins anew twice in one moment counts from that moment', () => {
  const rule: HeldRule<number, null> = {
    when: () => true,
    limitMs: () => 5000,
    anewWith: (landing) => landing,
    gap: 'restart',
  };
  const look = (watch: ReturnType<typeof startHeld>, landing: number, ms: number) =>
    stepHeld(rule, watch, landing, { facts: null, nowMs: monoMs(ms), muted: false });
  const twice = look(look(startHeld(false), 1, 1000), 2, 1000);
  assert.is(look(twice, 2, 3000).dueMs, 6000, 'the second landing is that of the first second');
  assert.is(look(twice, 2, 6000).standing, true, 'five seconds on');
});

test.run();
