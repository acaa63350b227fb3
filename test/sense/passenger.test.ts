/** Who is in the car, by PIR and door: drawn a second at a time, `#` closed or seen, `_` open or nobody, `?` not known. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monoMs } from '../../src/clock.ts';
import { CABIN_UNSEEN, carClosed, look, occupied } from '../../src/sense/passenger.ts';

type Known = boolean | null;
const known = (letter: string | undefined): Known => (letter === '?' ? null : letter === '#');

interface Drawn {
  readonly door: string;
  readonly seen: string;
  readonly moving?: string;
  /** between landings */
  readonly off?: string;
}

/** Who is inside, a character a second; a row keeps its last character. */
function inside({ door, seen, moving = '_', off = '_' }: Drawn, everyMs = 1000): string {
  let cabin = CABIN_UNSEEN;
  const steps = Math.max(door.length, seen.length, moving.length, off.length);
  return Array.from({ length: steps }, (_, step) => {
    const [closed, on, runs, away] = [door, seen, moving, off].map((row) => known(row[step] ?? row.at(-1)));
    cabin = look(cabin, closed ?? null, on ?? null, runs ?? null, away === true, monoMs(step * everyMs));
    const answer = occupied(cabin, on ?? null, away === true);
    return answer === null ? '?' : answer ? '#' : '_';
  }).join('');
}

test('the car is closed where one side says so and none says open', () => {
  const table: [contact: Known | undefined, controller: Known | undefined, closed: Known][] = [
    [true, true, true],
    [true, undefined, true],
    [null, true, true],
    [true, false, false],
    [false, true, false],
    [undefined, false, false],
    [false, null, false],
    [null, undefined, null],
  ];
  for (const [contact, controller, closed] of table) {
    assert.is(carClosed(contact, controller), closed, `contact ${contact}, controller ${controller}`);
  }
});

test('in a car that stands where its door closed the PIR must come on twice: once it may be stuck', () => {
  assert.is(inside({ door: '#', seen: '__#_#___' }), '__?_####', 'unknown at first, then somebody, who stands still');
  assert.is(inside({ door: '_####', seen: '##_#_' }), '#?_?_', 'on as the door closed is not coming on');
  assert.is(inside({ door: '_###', seen: '_#_#' }), '_?_?', 'nor is coming on with the closing itself');
  assert.is(inside({ door: '#?????', seen: '_#_#__' }), '_?_###', 'a door in the dark stays as it was last known');
  assert.is(inside({ door: '_', seen: '_#_#_' }), '_#_#_', 'behind an open door the PIR is believed as it is');
  assert.is(inside({ door: '?', seen: '_#_#_' }), '_#_#_', 'and so behind one that was never known to be closed');
  assert.is(inside({ door: '#', seen: '_#??' }), '_???', 'a PIR that cannot be read says nothing');
});

test('on a ride once is enough, and whoever rode is there until the door opens', () => {
  assert.is(inside({ door: '#', seen: '_#____', moving: '#' }), '_#####', 'seen as it ran');
  assert.is(
    inside({ door: '#', seen: '_#_#__', moving: '_#____' }),
    '_#_###'.replace('_#_', '_##'),
    'the ride stays known',
  );
  assert.is(inside({ door: '#', seen: '_#____', moving: '?' }), '_?____', 'nobody knows whether it moves');
  assert.is(inside({ door: '#', seen: '_#____', off: '#' }), '_#____', 'between landings the PIR is believed as it is');
});

test('on as the door closes is no proof: only on a ride, when it has outlasted the hold of a PIR, 25 s', () => {
  const ride = (onS: number, moving = '__#') =>
    inside({ door: `_${'#'.repeat(30)}`, seen: `${'#'.repeat(onS)}${'_'.repeat(31 - onS)}`, moving });
  assert.is(ride(27), `#?${'#'.repeat(29)}`, 'on until 26 s, a second longer than the hold: shut in');
  assert.is(ride(26), `#?${'#'.repeat(29)}`, 'off when the hold is just over');
  assert.is(ride(25), `#?${'#'.repeat(23)}${'_'.repeat(6)}`, 'off in it: the last one left');
  assert.is(ride(31, '_'), `#${'?'.repeat(30)}`, 'in a car that stands it may be stuck');
});

test('a door open for two seconds lets everybody out, a shorter one nobody', () => {
  const rode = (door: string, everyMs?: number) => inside({ door, seen: '_#_______', moving: '#' }, everyMs);
  assert.is(rode('###____##'), '_####____', 'gone 2 s after it opened at 3 s');
  assert.is(rode('###_#_###'), '_########', 'a second, twice: each opening counts alone');
  assert.is(rode('###_##', 2000), '_###_____', 'open for 2 s, and nobody looked between');
  assert.is(rode('###_##', 1999), '_########', 'open for 1.999 s');
});

test('nobody stands still for a minute where he could leave; five minutes later he is gone', () => {
  const still = (moving: string, off: string, minutes: string) =>
    inside(
      { door: '#', seen: `_#${'_'.repeat(minutes.length)}`, moving: `_#${moving}`, off: `__${off}` },
      60_000,
    ).slice(2);
  assert.is(still('_', '_', '0123456'), '#????__', 'unknown from one minute on, gone after five');
  assert.is(still('_', '#', '0123456'), '#######', 'between landings nobody leaves');
  let cabin = CABIN_UNSEEN;
  const at = (ms: number, seen: boolean) => {
    cabin = look(cabin, true, seen, true, false, monoMs(ms));
    return cabin.dueMs;
  };
  assert.is(at(0, false), Number.POSITIVE_INFINITY, 'nobody');
  assert.is(at(1000, true), Number.POSITIVE_INFINITY, 'somebody who moves');
  assert.is(at(2000, false), 62_000, 'a minute');
  assert.is(at(62_000, false), 302_000, 'five');
  const lost = cabin;
  assert.is(look(lost, true, false, false, false, monoMs(301_999)), lost, 'nothing new before');
  assert.is(at(62_500, true), Number.POSITIVE_INFINITY, 'he moved');
  assert.equal([cabin.stillMs, cabin.lost], [null, false], 'and is known again');
  assert.is(at(70_000, false), 130_000, 'a minute anew');
  assert.is(at(370_000, false), Number.POSITIVE_INFINITY, 'gone');
  assert.equal(cabin, { ...CABIN_UNSEEN, closedMs: 0 }, 'the door is still closed');
});

test('nothing new is the same object', () => {
  const open = look(CABIN_UNSEEN, false, false, false, false, monoMs(100));
  assert.is(look(open, false, false, true, true, monoMs(900)), open, 'an open door');
  assert.is(look(open, null, false, null, false, monoMs(900)), open, 'nobody knows more');
  const shut = look(open, true, false, false, false, monoMs(1000));
  assert.equal([shut.openMs, shut.closedMs], [null, 1000], 'closed');
  assert.is(look(shut, true, false, true, false, monoMs(2000)), shut, 'an empty car that goes');
  const rides = look(shut, true, true, true, false, monoMs(3000));
  assert.is(look(rides, true, true, true, false, monoMs(4000)), rides, 'somebody who rides');
});

test('somebody who rode and keeps still is lost a minute after the car came to its landing, also in the first minute of the clock', () => {
  const seen = '###____#_'.padEnd(75, '_');
  const drawn = { door: '___#', seen, moving: '_____#####_', off: '______####_' };
  const told = inside(drawn);
  assert.is(told.indexOf('?', 8), 70, 'a minute after the tenth second');
  assert.is(told.slice(8, 70), '#'.repeat(62), 'and is in the car until then');
});

test.run();
