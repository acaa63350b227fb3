/** Overspeed and sudden stops: the speed that is measured, and the one told by the intervals between landings. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts } from '../facts.ts';
import { type Drawing, type DrawOptions, faults, row } from './draw.ts';

/** A digit is 1 m/s: of a lift rated at 2.5 m/s, 4 is too fast and 3 is its limit. */
const lift = facts({ ratedSpeedMmPerS: 2.5 });
const rides = { doorClosed: '#', passenger: '_', moving: '#', doorZone: '_' };

const DERIVED: DrawOptions = { lift, derived: ['speedMmPerS', 'landing'] };
/** A landing each two seconds, and the speed over the interval before it. */
const intervals = (speeds: string, more: Drawing = {}) =>
  faults(
    { ...rides, landing: '00112233445566', speedMmPerS: row(...[...speeds].flatMap((s) => [s, 2])), ...more },
    DERIVED,
  );

test('overspeed by intervals: two in a row are too fast, until two in a row are not', () => {
  assert.equal(intervals('?4422'), ['4.000 begin overspeed', '8.000 end overspeed'], 'at landing 2, and at landing 4');
  assert.equal(
    intervals('?442422'),
    ['4.000 begin overspeed', '12.000 end overspeed'],
    'one normal interval ends nothing',
  );
  assert.equal(intervals('?4242'), [], 'never two in a row');
  assert.equal(intervals('?3333'), [], 'the limit itself');
});

test('overspeed by intervals, gap: restarted', () => {
  assert.equal(intervals('?4?42'), [], 'it stood between');
  assert.equal(intervals('?44??'), ['4.000 begin overspeed'], 'and nothing ends in the dark');
});

test('overspeed by intervals: looking again within an interval makes it no second one', () => {
  const chain = { safetyChainClosed: row('#', 3, '_', 9), atLevel: row('_', 4, '#', 1, '_', 9) };
  assert.equal(intervals('?4222', chain), ['3.000 begin safety-chain-open'], 'another fault makes all look');
});

test('overspeed, measured: not begun in inspection, but ended in it; gap: nothing ends in the dark', () => {
  const options = { lift, stepMs: 100, mutes: { overspeed: ['inspection' as const] } };
  const fast = { ...rides, speedMmPerS: row(4, 10, 2, 40) };
  assert.equal(faults({ ...fast, mode: 'i' }, options), [], 'people try the governor');
  const worked = { ...fast, mode: row('n', 8, 'i', 42) };
  assert.equal(faults(worked, options), ['0.300 begin overspeed', '3.000 end overspeed'], 'normal from 1 s on');
  const dark = { ...rides, speedMmPerS: row(4, 10, '?', 40) };
  assert.equal(faults(dark, options), ['0.300 begin overspeed'], 'nobody knows how fast it goes');
});

/** A digit is 0.1 m/s here: g is 1.6 m/s, f the 1.5 m/s that are not fast yet, 1 the 0.1 m/s that are not rest yet. */
const measured = (speed: string, more: Drawing = {}, options: DrawOptions = {}) =>
  faults(
    { ...rides, mode: 'n', speedMmPerS: speed, ...more },
    { ...{ lift: facts({ ratedSpeedMmPerS: 2500 }), stepMs: 100, units: { speedMmPerS: 100 } }, ...options },
  );

test('sudden-stop: from over 1.5 m/s to rest within 3 s, out of the door zone; until in a zone', () => {
  assert.equal(
    measured(row('g', 10, 0, 20), { doorZone: row('_', 25, '#', 5) }),
    ['1.000 begin sudden-stop', '2.500 end sudden-stop'],
    'at once',
  );
  assert.equal(measured(row('g', 10, 8, 30, 0, 5)), ['4.000 begin sudden-stop'], 'fast until 1 s, at rest 3 s later');
  assert.equal(measured(row('g', 10, 8, 31, 0, 5)), [], 'a slow stop');
  assert.equal(measured(row('f', 10, 0, 5)), [], 'not fast');
  assert.equal(measured(row('g', 10, 1, 5, 8, 40, 0, 5)), [], 'not at rest');
  const told = measured(row('g', 10, 0, 20), { moving: '?' });
  assert.equal(told, ['1.000 begin sudden-stop'], 'the speed alone tells it');
});

test('sudden-stop, quiet: a stop in the zone is none, even when it then leaves the zone', () => {
  const stop = row('g', 10, 8, 5, 0, 20);
  assert.equal(
    measured(stop, { doorZone: row('_', 14, '#', 6, '_', 15) }),
    [],
    'stopped at 1.5 s, out of the zone at 2 s',
  );
});

test('sudden-stop, quiet: a speed that the intervals tell, a car that is found standing, people at work', () => {
  assert.equal(measured(row('g', 10, 0, 20), {}, { derived: ['speedMmPerS'] }), [], 'nothing tells how it slows');
  const found = { moving: '_', safetyChainClosed: row('_', 9) };
  assert.equal(
    measured('0', found),
    ['0.000 begin safety-chain-open'],
    'at rest out of the zone, since when nobody knows',
  );
  const rest = { moving: '_', safetyChainClosed: row('#', 5, '_', 9) };
  assert.equal(measured('0', rest), ['0.500 begin safety-chain-open'], 'at rest, and the chain opens');
  const mutes = { 'sudden-stop': ['inspection' as const] };
  assert.equal(measured(row('g', 10, 0, 9), { mode: 'i' }, { mutes }), [], 'in inspection');
  assert.equal(measured(row('g', 10, 0, 9), { mode: row('i', 10, 'n', 9) }, { mutes }), [], 'a run in inspection');
});

test('sudden-stop, gap: the run before it is forgotten, and an unknown speed is no rest', () => {
  assert.equal(measured(row('g', 10, '?', 9)), [], 'the car runs, nobody knows how fast');
  assert.equal(measured(row('g', 10, '?', 5, 0, 9), { moving: row('#', 10, '?', 5, '_', 9) }), [], 'forgotten');
});

test('overspeed by intervals: one that is looked at again, because something else began, is one', () => {
  const drawn = { ...rides, landing: row(0, 2, 1, 6), speedMmPerS: row(3, 2, 4, 6), mode: 'n' };
  const begins = { safetyChainClosed: row('#', 3, '_', 5), machineRoomDoorOpen: row('_', 4, '#', 4) };
  assert.equal(faults({ ...drawn, ...begins }, DERIVED), ['3.000 begin safety-chain-open'], 'one interval');
});

test.run();
