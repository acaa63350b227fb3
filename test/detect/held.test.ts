/** The shape that most detectors share: its three-valued logic, and its limits to the millisecond. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Answer, all, any, neither, not } from '../../src/detect/held.ts';
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

test.run();
