/** Who is in the car, by PIR and door: drawn a second at a time, `#` closed or seen, `_` open or nobody, `?` not known. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MonoMs, monoMs } from '../../src/clock.ts';
import { CABIN_UNSEEN, type Cabin, carClosed, look } from '../../src/sense/passenger.ts';

type Known = boolean | null;
const known = (letter: string | undefined): Known => (letter === '?' ? null : letter === '#');

/** `#` where somebody counts as shut in, a character a second. */
function latched(door: string, seen: string): string {
  let cabin = CABIN_UNSEEN;
  return [...door]
    .map((letter, second) => {
      cabin = look(cabin, known(letter), known(seen[second]), monoMs(second * 1000));
      return cabin.latched ? '#' : '_';
    })
    .join('');
}

/** The cabin after looks at these moments only. */
function after(...looks: [atMs: number, closed: Known, seen: Known][]): Cabin {
  return looks.reduce((cabin, [atMs, closed, seen]) => look(cabin, closed, seen, atMs as MonoMs), CABIN_UNSEEN);
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

test('whoever is seen behind closed doors is there until they open', () => {
  assert.is(latched('#####', '__#__'), '__###', 'seen once');
  assert.is(latched('##???', '_?#_#'), '__###', 'a door in the dark stays as it was last known');
  assert.is(latched('?????', '_#_#_'), '_____', 'a door that was never known to be closed shuts nobody in');
  assert.is(latched('_____', '_#_#_'), '_____', 'nor does an open one');
});

test('on as the door closes is no proof: only when it has outlasted the hold of a PIR, 25 s', () => {
  assert.is(latched(`_${'#'.repeat(27)}`, '#'.repeat(28)), `${'_'.repeat(26)}##`, 'on all the while');
  assert.is(latched(`_${'#'.repeat(27)}`, `_${'#'.repeat(27)}`), `${'_'.repeat(26)}##`, 'on with the closing itself');
  assert.is(latched(`_${'#'.repeat(30)}`, `${'#'.repeat(20)}${'_'.repeat(11)}`), '_'.repeat(31), 'it ran out at 20 s');
  const late = after([0, true, true], [30_000, true, false]);
  assert.is(late.latched, true, 'nobody looked until 30 s, and it had been on till then');
  const early = after([0, true, true], [20_000, true, false], [30_000, true, false]);
  assert.is(early.latched, false, 'off since 20 s');
});

test('a door open for two seconds lets everybody out, a shorter one nobody', () => {
  assert.is(latched('###____#', '_#______'), '_####___', 'gone 2 s after it opened at 3 s');
  assert.is(latched('###_#___', '_#______'), '_######_', 'a second, and again: each opening counts alone');
  assert.is(after([0, true, null], [1, true, true], [10, false, false], [2009, true, false]).latched, true, '1.999 s');
  assert.is(after([0, true, null], [1, true, true], [10, false, false], [2010, true, false]).latched, false, '2 s');
  assert.is(after([0, true, null], [1, true, true], [10, false, true], [2010, true, true]).latched, false, 'on or not');
});

test('what is known of door and PIR since when, and nothing new is the same object', () => {
  const open = after([100, false, false]);
  assert.equal(open, { latched: false, closedMs: null, openMs: 100, seenMs: null }, 'open');
  const shut = look(look(open, false, true, monoMs(200)), true, true, monoMs(300));
  assert.equal(shut, { latched: false, closedMs: 300, openMs: null, seenMs: 200 }, 'closed, seen since before');
  assert.is(look(shut, true, true, monoMs(400)), shut, 'nothing new');
  assert.is(look(open, null, false, monoMs(400)), open, 'nobody knows more');
  assert.is(look(shut, true, false, monoMs(400)).seenMs, null, 'it went off');
  assert.equal(
    look(shut, false, true, monoMs(400)),
    { latched: false, closedMs: null, openMs: 400, seenMs: 200 },
    'open again',
  );
});

test.run();
