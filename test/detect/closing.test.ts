/** The closing door: what is one of its openings, and since when it is on its way; muted, bouncing and in the dark. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Drawing, type DrawOptions, faults, row } from './draw.ts';

const still: Drawing = { moving: '_', doorZone: '#', passenger: '_' };
const fails = (drawing: Drawing, options: DrawOptions = {}) =>
  faults({ ...still, ...drawing }, options).filter((line) => line.endsWith('begin door-close-failure'));
const mutes = { 'door-close-failure': ['inspection' as const] };

test('a door that people at work opened has not opened in this stop', () => {
  const opened = (times: number) =>
    fails({ mode: row('n', 1, 'i', 3, 'n', 30), doorClosed: `##____${'#_'.repeat(times)}` }, { mutes });
  assert.equal(opened(5), [], 'five openings after it');
  assert.equal(opened(6), ['17.000 begin door-close-failure'], 'six: the first of a stop is no re-opening');
});

test('a door that began to close before people came to work is not on its way when they are gone', () => {
  const drawn = { doorClosed: row('_', 60), doorOpen: row('#', 2, '_', 58) };
  assert.equal(fails(drawn), ['17.000 begin door-close-failure'], 'nobody came: 15 s from 2 s on');
  assert.equal(
    fails({ ...drawn, mode: row('n', 5, 'i', 25, 'n', 30) }, { mutes }),
    [],
    'in inspection from 5 s to 30 s',
  );
});

test('the contact of a door on its way bounces; between fully open and closed each change is an opening', () => {
  const quick = { stepMs: 50 };
  assert.equal(fails({ doorClosed: row('_#', 8, '_', 20) }, quick), [], 'closed for 50 ms, eight times');
  const seen = { doorClosed: '_#'.repeat(8), doorOpen: '#_'.repeat(8) };
  assert.equal(fails(seen, quick), ['0.600 begin door-close-failure'], 'seen fully open between: the sixth opening');
});

test('a door that was fully open, of which nobody says now whether it is, has not begun to close', () => {
  assert.equal(fails({ doorClosed: row('_', 60), doorOpen: row('#', 5, '?', 55) }), [], 'gap: its switch is lost');
  assert.equal(
    fails({ doorClosed: row('_', 60), doorOpen: row('#', 5, '?', 5, '_', 50) }),
    ['25.000 begin door-close-failure'],
    'from when it is known to have begun',
  );
});

test('a door that stood closed for over 10 s opens to a new call; closed is when it has not bounced for 100 ms', () => {
  const stood = (steps: number) =>
    fails({ doorClosed: `${'##__'.repeat(5)}${row('#', steps)}__##__##` }, { stepMs: 100 });
  assert.equal(stood(101), ['12.100 begin door-close-failure'], 'for 10.1 s: the fifth re-opening');
  assert.equal(stood(102), [], 'for 10.2 s');
});

test.run();
