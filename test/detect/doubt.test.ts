/** The shape of a doubt: what is counted of a contact and of trips, when a doubt begins, and when it ends. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MonoMs, monoMs } from '../../src/clock.ts';
import { AT_REST, left, NO_RIDE, type Ride, ride, tripEnded, unrest } from '../../src/detect/doubt.ts';
import { doorContradiction } from '../../src/detect/sensor-contradiction-door.ts';
import { facts } from '../facts.ts';
import { type DrawOptions, faults, row, stateAt } from './draw.ts';

test('unrest: each change counts one, time takes them away, a gap all of them', () => {
  const first = unrest(AT_REST, true, 0.5, 500);
  assert.equal(first, { on: true, changes: 0, fast: 0, atMs: 500 }, 'the first level is no change');
  const off = unrest(first, false, 0.5, 1500);
  assert.equal(off, { on: false, changes: 1, fast: 0, atMs: 1500 }, 'one');
  const on = unrest(off, true, 0.5, 2500);
  assert.equal(on, { on: true, changes: 1.5, fast: 0, atMs: 2500 }, 'half of it went in a second');
  assert.is(left(on, 0.5, 4500), 0.5, 'and another one in two');
  assert.is(left(on, 0.5, 60_000), 0, 'never fewer than none');
  assert.is(unrest(on, true, 0.5, 9000), on, 'nothing new');
  const dark = unrest(on, undefined, 0.5, 3000);
  assert.equal(dark, { on: null, changes: 0, fast: 0, atMs: 3000 }, 'not known');
  assert.is(unrest(dark, null, 0.5, 3500), dark, 'still not');
  assert.equal(unrest(dark, false, 0.5, 4000), { on: false, changes: 0, fast: 0, atMs: 4000 }, 'counted anew');
});

test('unrest: changes in a row that come within 0.3 s of one another are fast', () => {
  const first = unrest(AT_REST, true, 0, 0);
  const two = unrest(unrest(first, false, 0, 299), true, 0, 598);
  assert.is(two.fast, 2, '299 ms each');
  assert.is(unrest(two, false, 0, 898).fast, 0, '300 ms: the row is over');
  assert.is(unrest(two, null, 0, 700).fast, 0, 'and so it is in a gap');
});

test('a trip leaves its level and comes to rest; a relevelling is none, and what ends in the dark is none', () => {
  const rides = (moving: string, atLevel: string) => {
    let was: Ride = NO_RIDE;
    return [...moving]
      .map((_, step) => {
        const now = ride(was, stateAt({ moving, atLevel }, step, {}, 0));
        const ended = tripEnded(was, now);
        was = now;
        return ended;
      })
      .join('');
  };
  assert.is(rides('_###__', '##__##'), '000010', 'off the level, and at rest');
  assert.is(rides('_###__', '##_###'), '000010', 'level again before it rests');
  assert.is(rides('_###__', '######'), '000000', 'relevelled');
  assert.is(rides('_###__', '##?###'), '000010', 'nobody saw it level all the way');
  assert.is(rides('_##?__', '##____'), '000000', 'nobody knows how it ended');
  assert.is(rides('_##_##_', '##_####'), '0001000', 'a relevelling after a trip');
  const still = ride(NO_RIDE, stateAt({ moving: '_', atLevel: '#' }, 0, {}, 0));
  assert.is(ride(still, stateAt({ moving: '_', atLevel: '_' }, 0, {}, 5)), still, 'at rest nothing is new');
});

const door = { moving: '_', doorZone: '#', passenger: '_', doorClosed: '?' };
const differs = (controller: string, input: string, more: DrawOptions = {}) =>
  faults(door, { controller: { doorClosed: controller }, inputs: { doorClosed: input }, ...more });
const begin = (at: string) => `${at} begin sensor-contradiction:door`;
const end = (at: string) => `${at} end sensor-contradiction:door`;

test('what is wrong must stand as the same for its whole time', () => {
  assert.equal(differs('#', row('_', 4, '#', 1)), [begin('3.000')], '3 s');
  assert.equal(differs('#', row('_', 3, '#', 1)), [], 'right again at the very moment');
  assert.equal(differs('#', row('_', 2, '#', 1, '_', 2, '#', 9)), [], 'it came right between');
  assert.equal(
    differs(row('#', 2, '_', 2), row('_', 2, '#', 2, '_', 9)),
    [],
    'wrong in one way, and then in the other',
  );
});

test('the end: nothing is found for 10 s, movements apart', () => {
  const ends = (...agreement: (string | number)[]) => differs('#', row('_', 9, ...agreement))[1];
  assert.is(ends('#', 20), end('19.000'), 'right from 9 s on');
  assert.is(ends('#', 3, '_', 1, '#', 20), end('19.000'), 'a second of it is a movement');
  assert.is(ends('#', 2, '_', 2, '#', 1, '_', 2, '#', 20), end('19.000'), 'and so are two');
  assert.is(ends('#', 3, '_', 4, '#', 20), end('26.000'), 'over three seconds are none: anew from 16 s on');
  assert.is(ends('#', 3, '?', 5, '#', 20), end('27.000'), 'gap: what nobody knows clears nobody');
  assert.is(ends('#', 9, '_', 4, '#', 20), end('32.000'), 'broken when its time was nearly over, for too long');
  assert.is(ends('#', 9, '_', 2, '#', 20), end('20.000'), 'and for less: it ends when that is known to have been one');
});

test('a doubt ends in inspection too: people are at work to make it right', () => {
  const mutes = { 'sensor-contradiction': ['inspection' as const] };
  const repaired = { ...door, mode: row('n', 5, 'i', 20) };
  const options = { controller: { doorClosed: '#' }, inputs: { doorClosed: row('_', 9, '#', 20) }, mutes };
  assert.equal(faults(repaired, options), [begin('3.000'), end('19.000')], 'seen to close at 9 s');
});

test('believed for twice as long where it comes again within an hour, and as ever after it', () => {
  const again = (calmS: number) => differs('#', row('_', 4, '#', calmS, '_', 4, '#', 40)).at(-1);
  assert.is(again(3606), end('3634.000'), 'begun 3599 s after the end at 14 s: 20 s');
  assert.is(again(3607), end('3625.000'), 'begun an hour after it: 10 s');
});

/** A look at a door whose two sides differ, or agree. */
function look(watch: ReturnType<typeof doorContradiction.start>, agree: boolean, nowMs: number) {
  const sides = { controller: { doorClosed: '#' }, inputs: { doorClosed: agree ? '#' : '_' } };
  const around = { facts: facts(), nowMs: monoMs(nowMs), muted: false };
  return doorContradiction.step(watch, stateAt(door, 0, sides, nowMs), around);
}

test('however often it comes, an hour is believed at most', () => {
  const often = { ...doorContradiction.start(false), endedMs: 0, endsAfterMs: 3_000_000 };
  const stands = look(look(often, false, 1000), false, 4000);
  assert.equal([stands.standing, 'endsAfterMs' in stands && stands.endsAfterMs], [true, 3_600_000], 'not 100 minutes');
});

test('a doubt that was open when the box stopped ends when all is right for 10 s, whatever it was', () => {
  const resumed = look(doorContradiction.start(true), true, 1000);
  assert.equal([resumed.standing, resumed.dueMs], [true, 11_000], 'right since now');
  assert.is(look(resumed, true, 10_999).standing, true, 'not yet');
  const ended = look(resumed, true, 11_000 as MonoMs);
  assert.equal([ended.standing, ended.dueMs], [false, Number.POSITIVE_INFINITY], 'over');
  assert.equal(doorContradiction.detail?.(resumed), null, 'nobody knows which sensor it was');
});

test.run();
