import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MonoMs } from '../../src/clock.ts';
import { base, FLOOR_UNSEEN, type Floor, levels, longestIntervalMs, rest } from '../../src/sense/floor.ts';
import { facts } from '../facts.ts';

/** Level switches over time, a character per 100 ms: B both, U upper only, L lower only, . none; b = both, at the base. */
function ride(drawn: string, from: Floor = FLOOR_UNSEEN): Floor {
  let floor = from;
  [...drawn].forEach((at, index) => {
    const nowMs = (index * 100) as MonoMs;
    floor = rest(floor, nowMs);
    floor = levels(floor, 'BbU'.includes(at), 'BbL'.includes(at), nowMs, FACTS);
    if (at === 'b') floor = base(floor, FACTS);
  });
  return floor;
}

const FACTS = facts();

test('not valid until the base switch has been passed', () => {
  assert.is(ride('BBL..UB').landing, null, 'one landing up from nobody knows where');
  assert.is(ride('b').landing, 0, 'at the base');
});

test('up and down, one landing further each', () => {
  assert.is(ride('bL..UB').landing, 1, 'lower stays on longest going up, upper comes first');
  assert.is(ride('bL..UBL..UBU..LB').landing, 1, 'two up, one down');
});

test('back on the same side is no landing', () => {
  assert.is(ride('bL..LB').landing, 0, 'left upward, came back');
  assert.is(ride('bLB').landing, 0, 'a relevelling');
  assert.is(
    ride('bL..UB' + 'L..U..L..LB').landing,
    1,
    'met the next vane, lost it again, came back down past... the same side',
  );
});

test('direction is told by the first switch to change', () => {
  assert.is(ride('bL').direction, 'up', 'upper left first');
  assert.is(ride('bU').direction, 'down', 'lower left first');
  assert.is(ride('b..U').direction, 'up', 'upper met first');
  assert.is(ride('b..L').direction, 'down', 'lower met first');
});

test('level for a second is rest', () => {
  assert.is(ride(`bL..UB${'B'.repeat(9)}`).moving, true, '0.9 s');
  const resting = ride(`bL..UB${'B'.repeat(10)}`);
  assert.is(resting.moving, false, '1.0 s');
  assert.is(resting.direction, 'none', 'and no direction');
});

test('between landings longer than any healthy run is rest too', () => {
  const limit = longestIntervalMs(FACTS);
  const between = ride('bL..');
  assert.is(rest(between, (200 + limit - 1) as MonoMs).moving, true, 'not yet');
  assert.is(rest(between, (200 + limit) as MonoMs).moving, false, 'stopped between landings');
});

test('the base switch corrects the count, and says that it was wrong until it next agrees', () => {
  const missed = ride('bL..UB' + 'U..LB' + 'U..Lb', ride('bL..UBL..UB'));
  assert.is(missed.landing, 0, 'corrected');
  const wrong = ride('BU..Lb', { ...ride('bL..UBL..UB'), landing: 3 });
  assert.is(wrong.landing, 0, 'corrected');
  assert.is(wrong.miscount, true, 'and told');
  assert.is(ride('bL..UBU..Lb', wrong).miscount, false, 'agrees again');
});

test('the count never leaves the shaft', () => {
  const low = ride('bU..LB');
  assert.is(low.landing, 0, 'landing -1 does not exist');
  assert.is(low.miscount, true, 'so the count was wrong');
  const lowAtBase = ride('bU..Lb');
  assert.is(lowAtBase.landing, 0, 'one landing below the base landing');
  assert.is(lowAtBase.miscount, true, 'is no agreement with the base switch');
  const back = ride('bL..UBU..Lb', ride(`bU..Lb${'b'.repeat(12)}`));
  assert.is(back.miscount, false, 'the next arrival there is');
});

test.run();
