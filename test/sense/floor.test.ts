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
  const high = ride('bL..UBL..UBL..UBL..UBL..UB');
  assert.is(high.landing, 4, 'there is no landing above the top one');
  assert.is(high.miscount, true, 'nor is that count right');
  assert.is(ride('bL..UBL..UBL..UBL..UB').miscount, false, 'the top itself is');
});

test('both switches lost at one moment: nobody can say on which side it left, and nothing is counted', () => {
  assert.is(ride('b..UB').landing, 0, 'not one up');
  assert.is(ride('b..LB').landing, 0, 'not one down');
});

test('the base switch agrees at rest even after the count left the shaft, and contradicts a count on the way', () => {
  const rested = ride(`bU..LB${'B'.repeat(11)}`);
  assert.equal([rested.miscount, rested.moving], [true, false], 'below the lowest landing, at rest');
  assert.is(base(rested, FACTS).miscount, false, 'at the base after all');
  const wrong = base({ ...ride('bL..UB'), landing: 3, passedMs: null }, FACTS);
  assert.equal([wrong.landing, wrong.miscount], [0, true], 'it was not at landing 3');
});

test('speed is the height between two landings over the time between them', () => {
  assert.is(ride('bL..UB').speedMmPerS, 6000, '3 m in 0.5 s, up');
  assert.is(ride('bL..UBU..LB').speedMmPerS, -6000, 'and down');
  assert.is(ride('bL...UB').speedMmPerS, 5000, '3 m in 0.6 s');
  const uneven = facts({ landingHeightsMm: [0, 1000, 5000] });
  const up = levels({ ...ride('bL..UBL..U'), passedMs: 500 as MonoMs }, true, true, 1500 as MonoMs, uneven);
  assert.is(up.speedMmPerS, 4000, '4 m in a second');
});

test('speed is not told from rest, on the way back, at the end of the shaft, or by a count that is not valid', () => {
  const rested = ride(`b${'B'.repeat(10)}`);
  assert.equal([rested.passedMs, rested.speedMmPerS], [null, 0], 'at rest');
  assert.is(ride('BL..UB', rested).speedMmPerS, null, 'the time of an interval from rest is that of a start');
  assert.is(ride('bL..LB').speedMmPerS, null, 'back at the same landing');
  assert.is(ride('bU..LB').speedMmPerS, null, 'below the lowest landing');
  assert.is(ride('BL..UB').speedMmPerS, null, 'from nobody knows where');
});

test('found amid the shaft: whether it moves is told by what comes, or by nothing coming', () => {
  const limit = longestIntervalMs(FACTS);
  for (const found of ['U', 'L', '.']) {
    const floor = ride(found);
    assert.equal([floor.moving, floor.direction, floor.landing], [null, 'none', null], `nobody knows, on ${found}`);
    assert.is(floor.dueMs, limit, 'a healthy car would be at a landing by then');
    assert.is(rest(floor, limit as MonoMs).moving, false, 'it stands');
  }
  const one = ride('U.');
  assert.equal([one.moving, one.left], [true, 'upper'], 'it lost the switch: it moves');
  const met = ride('.U');
  assert.equal([met.moving, met.direction], [true, 'up'], 'it met one');
});

test('nothing new is the same object', () => {
  const level = ride('b');
  assert.is(levels(level, true, true, 50 as MonoMs, FACTS), level, 'the same switches');
  assert.is(base(level, FACTS), level, 'the base switch agrees');
  assert.is(rest(level, 999 as MonoMs), level, 'nothing is due');
  assert.is(level.dueMs, 1000, 'rest, a second after it came level');
});

test('the longest interval: the highest pair of landings at half the rated speed, and eight seconds', () => {
  assert.is(longestIntervalMs(FACTS), 14_000, '3 m at 0.5 m/s');
  assert.is(longestIntervalMs(facts({ landingHeightsMm: [0, 6000, 8000] })), 20_000, '6 m');
  assert.is(
    longestIntervalMs(facts({ landingHeightsMm: [0, 2000, 8000], ratedSpeedMmPerS: 3000 })),
    12_000,
    'a fast one',
  );
});

test.run();
