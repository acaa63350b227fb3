/** A level of a contact counts when it has stood long enough. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monoMs } from '../../src/clock.ts';
import type { SignalName } from '../../src/lift/signals.ts';
import { edge, settle, settleMsOf, UNSEEN } from '../../src/sense/settle.ts';

const at = monoMs;

test('a level counts at the moment at which it has stood long enough', () => {
  const coming = edge(UNSEEN, true, at(100), 10);
  assert.equal(coming, { level: null, coming: { level: true, dueMs: at(110) } }, 'seen, and not known yet');
  assert.is(settle(coming, at(109.9)), coming, 'not yet');
  assert.equal(settle(coming, at(110)), { level: true, coming: null }, 'it counts');
  assert.is(settle(UNSEEN, at(110)), UNSEEN, 'where nothing comes nothing settles');
});

test('without settling it counts at once', () => {
  assert.equal(edge(UNSEEN, false, at(5), 0), { level: false, coming: null }, 'off');
});

test('the same level told again does not begin its time anew', () => {
  const coming = edge(UNSEEN, true, at(100), 10);
  assert.is(edge(coming, true, at(105), 10), coming, 'still due at 110 ms');
});

test('chatter that comes back to the level that stands never happened', () => {
  const closed = { level: true, coming: null };
  assert.is(edge(closed, true, at(50), 10), closed, 'told what is known');
  const opening = edge(closed, false, at(100), 10);
  assert.equal(opening, { level: true, coming: { level: false, dueMs: at(110) } }, 'opening');
  assert.equal(edge(opening, true, at(104), 10), closed, 'it was a bounce');
});

test('the usual settling: a level pulse at 2.5 m/s is 20 ms long, a hand and a body are slower', () => {
  const usual: { readonly [K in SignalName]?: number } = {
    ...{ levelUpper: 8, levelLower: 8, doorZone: 8 },
    ...{ baseLanding: 10, doorClosed: 10, doorOpen: 10, endLimit: 10, inspection: 10 },
    ...{ safetyChainClosed: 20, passenger: 500, alarmButton: 100, mainsPresent: 100 },
  };
  for (const [signal, ms] of Object.entries(usual)) assert.is(settleMsOf(signal as SignalName), ms, signal);
});

test.run();
