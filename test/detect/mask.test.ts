/** What a doubt hides from the other detectors, and what it leaves. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { countDoubted, Mask } from '../../src/detect/mask.ts';
import type { Source } from '../../src/lift/signals.ts';
import type { LiftState } from '../../src/lift/state.ts';
import { type DrawOptions, stateAt } from './draw.ts';

const drawn = {
  ...{ moving: '#', direction: 'u', speedMmPerS: '2', doorZone: '_', landing: '3', atLevel: '_' },
  ...{ doorClosed: '#', doorOpen: '_', passenger: '#', callWaiting: '#' },
};

/** A lift at 7 ms, all of it from one source. */
function lift(source: Source, options: DrawOptions = {}): LiftState {
  const state = stateAt(drawn, 0, { inputs: { landing: '3' }, miscount: '#', ...options }, 7);
  const told = Object.keys(drawn) as (keyof typeof drawn)[];
  return { ...state, ...Object.fromEntries(told.map((name) => [name, { ...state[name], source }])) };
}

/** Names of what is not shown as it is, with what is shown instead. */
function hidden(state: LiftState, uncertain: boolean, ...doubts: string[]): { [part: string]: unknown } {
  const open = Object.fromEntries(doubts.map((subject) => [`sensor-contradiction:${subject}`, {}]));
  const shown = new Mask().over(state, open, uncertain);
  const parts = Object.keys(state) as (keyof LiftState)[];
  return Object.fromEntries(parts.filter((part) => shown[part] !== state[part]).map((part) => [part, shown[part]]));
}

const unknown = { value: null, sinceMs: 7, source: 'none' };

test('the door in doubt: both of its ends', () => {
  assert.equal(hidden(lift('input'), false, 'door'), { doorClosed: unknown, doorOpen: unknown }, 'and nothing else');
});

test('the level pair in doubt: what was worked out from it; what the controller tells stays', () => {
  const derived = { atLevel: unknown, doorZone: unknown, moving: unknown, direction: unknown, speedMmPerS: unknown };
  assert.equal(hidden(lift('derived'), false, 'level'), derived, 'a lift with sensors alone');
  assert.equal(hidden(lift('controller'), false, 'level'), { atLevel: unknown }, 'the controller says the rest itself');
  const wired = hidden(lift('input'), false, 'level');
  assert.equal(wired, { atLevel: unknown, doorZone: unknown }, 'a zone switch sits on the same vanes');
});

test('the count of landings in doubt: the landing it told, and what it was compared with', () => {
  const rest = { inputs: { landing: null }, miscount: false };
  assert.equal(hidden(lift('derived'), true), { landing: unknown, ...rest }, 'counted');
  assert.equal(hidden(lift('controller'), true), rest, "the controller's landing stays");
});

test('the passenger sensor in doubt: the controller is asked instead, where it tells', () => {
  const told = (passenger: string) => hidden(lift('input', { controller: { passenger } }), false, 'passenger');
  assert.equal(told('_'), { passenger: { value: false, sinceMs: 7, source: 'controller' } }, 'nobody');
  assert.equal(told('?'), { passenger: unknown }, 'it fell silent');
  assert.equal(hidden(lift('input'), false, 'passenger'), { passenger: unknown }, 'it never tells');
});

test('several doubts hide what each of them hides, and the base switch alone hides nothing', () => {
  const all = ['atLevel', 'direction', 'doorClosed', 'doorOpen', 'doorZone', 'inputs', 'landing', 'miscount', 'moving'];
  assert.equal(
    new Set(Object.keys(hidden(lift('derived'), true, 'door', 'level', 'passenger'))),
    new Set([...all, 'passenger', 'speedMmPerS']),
    'all that rests on them',
  );
  const state = lift('derived');
  assert.is(new Mask().over(state, { 'sensor-contradiction:base': {} }, false), state, 'the very lift');
});

test('the same answer is the same object, and another lift, another doubt, another answer', () => {
  const [mask, state] = [new Mask(), lift('derived')];
  const door = { 'sensor-contradiction:door': {} };
  const shown = mask.over(state, door, false);
  assert.is(mask.over(state, door, false), shown, 'asked again');
  assert.is(mask.over(state, {}, false), state, 'without a doubt');
  const other = { ...state, landing: { ...state.landing } };
  assert.is(mask.over(other, door, false).landing, other.landing, 'another lift');
  assert.is(mask.over(state, door, true).miscount, false, 'the count, too');
  assert.is(mask.over(state, door, false).miscount, true, 'and no more');
  assert.is.not(mask.over(state, { 'sensor-contradiction:level': {} }, false).doorClosed.value, null, 'another doubt');
});

test('the count is in doubt with the level pair or the base switch, until it is found right at rest', () => {
  const rest = (landing: string, counted: string, more: object = {}) => ({
    ...stateAt({ moving: '_' }, 0, { controller: { landing }, inputs: { landing: counted }, ...more }, 7),
  });
  for (const subject of ['level', 'base']) {
    assert.is(countDoubted(false, rest('3', '3'), { [`sensor-contradiction:${subject}`]: {} }), true, subject);
  }
  assert.is(countDoubted(false, rest('3', '3'), { 'sensor-contradiction:door': {} }), false, 'the door counts nothing');
  assert.is(countDoubted(false, rest('3', '2'), {}), false, 'nothing makes it doubtful');
  assert.is(countDoubted(true, rest('3', '2'), {}), true, 'the controller says another landing');
  assert.is(countDoubted(true, rest('3', '3'), {}), false, 'both say the same');
  assert.is(countDoubted(true, rest('3', '?'), {}), false, 'nothing is counted');
  assert.is(countDoubted(true, rest('?', '3'), {}), false, 'nobody contradicts it');
  assert.is(countDoubted(true, rest('3', '3', { miscount: '#' }), {}), true, 'found wrong at the base switch');
  for (const moving of ['#', '?']) {
    const run = { ...rest('3', '3'), moving: stateAt({ moving }, 0, {}, 7).moving };
    assert.is(countDoubted(true, run, {}), true, `moving ${moving}`);
  }
});

test.run();
