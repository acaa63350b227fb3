import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts } from '../facts.ts';
import { faults, row } from './draw.ts';

const stop = { moving: '_', doorZone: '#', passenger: '_' };

test('door-held-open: 120 s, until closed', () => {
  const drawn = { ...stop, doorClosed: row('#', 1, '_', 130, '#', 5) };
  assert.equal(faults(drawn), ['121.000 begin door-held-open', '131.000 end door-held-open'], 'open at 1 s');
});

test('door-held-open, quiet: 119 s', () => {
  assert.equal(faults({ ...stop, doorClosed: row('#', 1, '_', 119, '#', 5) }), [], 'below the limit');
});

test('door-held-open: muted in inspection, and by no other mode', () => {
  const drawn = { ...stop, doorClosed: row('_', 200) };
  const mutes = { 'door-held-open': ['inspection' as const] };
  assert.equal(faults({ ...drawn, mode: 'i' }, { mutes }), [], 'people at work');
  assert.is(faults({ ...drawn, mode: 'n' }, { mutes }).length, 1, 'in service');
});

test('door-held-open, gap: found open again, a gap of 30 s counts; found closed, or after a longer one, it does not', () => {
  assert.equal(
    faults({ ...stop, doorClosed: row('_', 95, '?', 30, '_', 5, '#', 5) })[0],
    '125.000 begin door-held-open',
    'counts',
  );
  assert.equal(
    faults({ ...stop, doorClosed: row('_', 95, '?', 31, '_', 125) })[0],
    '246.000 begin door-held-open',
    'in a longer one it may have closed, and opened for somebody else',
  );
  assert.equal(faults({ ...stop, doorClosed: row('_', 60, '?', 100, '#', 5) }), [], 'closed meanwhile');
});

test('door-open-failure: 10 s after a trip, with a passenger', () => {
  const drawn = {
    moving: row('#', 5, '_', 30),
    doorZone: row('_', 5, '#', 30),
    doorClosed: row('#', 20, '_', 15),
    passenger: '#',
  };
  assert.equal(faults(drawn), ['15.000 begin door-open-failure', '20.000 end door-open-failure'], '5 s + 10 s');
});

test('door-open-failure, quiet: it opens in time; an empty car parks; never a start without a trip', () => {
  const trip = { moving: row('#', 5, '_', 30), doorZone: row('_', 5, '#', 30) };
  assert.equal(faults({ ...trip, doorClosed: row('#', 14, '_', 9), passenger: '#' }), [], 'opens after 9 s');
  assert.equal(faults({ ...trip, doorClosed: '#', passenger: '_' }), [], 'parking');
  assert.equal(faults({ ...trip, doorClosed: '#', passenger: '?' }), [], 'nobody can tell that it is not parking');
  assert.equal(faults({ ...stop, doorClosed: row('#', 60), passenger: '_' }), [], 'it just stands');
});

test('door-open-failure: a lift that never parks closed needs no passenger', () => {
  const drawn = { moving: row('#', 5, '_', 30), doorZone: row('_', 5, '#', 30), doorClosed: '#', passenger: '_' };
  assert.equal(
    faults(drawn, { lift: facts({ emptyCarParksClosed: false }) }),
    ['15.000 begin door-open-failure'],
    'site file says so',
  );
});

test('door-open-failure, gap: nothing fires in it; over a blink the arrival stands, over a longer one it is dropped', () => {
  const trip = { moving: row('#', 5, '_', 50), doorZone: row('_', 5, '#', 50), passenger: '#' };
  const blink = faults({ ...trip, doorClosed: row('#', 14, '?', 1, '#', 20) });
  assert.equal(blink, ['15.000 begin door-open-failure'], 'known again at 15 s, which is 5 s + 10 s');
  const hidden = faults({ ...trip, doorClosed: row('#', 8, '?', 20, '#', 20) });
  assert.equal(hidden, [], 'it may have opened and closed meanwhile');
  const dark = faults({ ...trip, doorClosed: '#', moving: row('#', 5, '_', 3, '?', 20, '_', 20) });
  assert.equal(dark, [], 'it may have gone on');
  const halves = { moving: row('#', 10, '_', 60), doorZone: row('_', 10, '#', 60), passenger: '#' };
  const most = faults({ ...halves, doorClosed: row('#', 20, '?', 3, '#', 20) }, { stepMs: 500 });
  assert.equal(most, ['15.000 begin door-open-failure'], 'a blink of 1.5 s');
});

test('door-open-failure, gap amid a trip: found standing after 5 s of it the car arrived, after a longer one it may have let people in', () => {
  const found = (darkS: number) => {
    const moving = row('#', 5, '?', darkS, '_', 30);
    return faults({ moving, doorZone: row('_', 5, '?', darkS, '#', 30), doorClosed: '#', passenger: '#' });
  };
  assert.equal(
    found(5),
    ['20.000 begin door-open-failure'],
    'no door opens and closes in 5 s: 10 s after it was found',
  );
  assert.equal(found(6), [], 'nobody knows when it arrived, nor who rides');
});

test('door-open-failure: the landing is where the door zone is, and while it is', () => {
  const trip = { moving: row('#', 5, '_', 50), doorClosed: '#', passenger: '#' };
  const late = faults({ ...trip, doorZone: row('_', 8, '#', 30) });
  assert.equal(late, ['18.000 begin door-open-failure'], 'known to be in the zone from 8 s on');
  assert.equal(faults({ ...trip, doorZone: row('_', 5, '#', 3, '?', 30) }), [], 'nobody knows where it stands now');
});

test('door-close-failure: 15 s from the start of closing', () => {
  const drawn = { ...stop, doorClosed: row('#', 1, '_', 60), doorOpen: row('_', 3, '#', 5, '_', 60) };
  assert.equal(faults(drawn), ['23.000 begin door-close-failure'], 'closing from 8 s on');
});

test('door-close-failure ends with a start behind a closed door, not with the door alone', () => {
  const drawn = {
    moving: row('_', 40, '#', 3),
    doorZone: '#',
    passenger: '_',
    doorClosed: row('#', 1, '_', 29, '#', 20),
    doorOpen: row('_', 3, '#', 5, '_', 35),
  };
  assert.equal(
    faults(drawn),
    ['23.000 begin door-close-failure', '40.000 end door-close-failure'],
    'closed at 30 s, started at 40 s',
  );
});

test('door-close-failure: the fifth re-opening of a stop', () => {
  const opening = '_#'.repeat(1);
  const drawn = { ...stop, doorClosed: `#${opening.repeat(6)}` };
  assert.equal(faults(drawn), ['11.000 begin door-close-failure'], 'the sixth opening, at 11 s');
  assert.equal(faults({ ...stop, doorClosed: `#${opening.repeat(5)}` }), [], 'four re-openings are none');
});

test('door-close-failure, quiet: a car called again and again where it stands opens anew, and re-opens nothing', () => {
  const opening = row('_', 6, '#', 11);
  assert.equal(faults({ ...stop, doorClosed: `#${opening.repeat(9)}` }), [], 'closed for over 10 s before each');
  const soon = row('_', 6, '#', 10);
  const told = faults({ ...stop, doorClosed: `#${soon.repeat(6)}` });
  assert.equal(told, ['81.000 begin door-close-failure'], 'closed for 10 s: the sixth opening, at 1 + 5 * 16 s');
});

test('door-close-failure, quiet: a contact that bounces at closing opens no door', () => {
  const bounces = { ...stop, doorClosed: row('#', 10, '_', 100) + '###__'.repeat(8) + row('#', 200) };
  assert.equal(faults(bounces, { stepMs: 20 }), [], 'eight bounces, 60 ms closed and 40 ms open');
  const jammed = { doorClosed: row('#', 5, '_', 750) + '#__'.repeat(10), doorOpen: row('_', 10, '#', 5, '_', 5) };
  assert.equal(faults({ ...stop, ...jammed }, { stepMs: 20 }), ['15.300 begin door-close-failure'], 'nor closes one');
});

test('door-close-failure: a trip between makes the count begin anew', () => {
  const drawn = { ...stop, doorClosed: `#${'_#'.repeat(4)}#${'_#'.repeat(4)}`, moving: row('_', 9, '#', 1, '_', 9) };
  assert.equal(faults(drawn), [], 'four openings each');
});

test('door-close-failure: a car that is moved with its door open has not started', () => {
  const closing = { doorClosed: row('#', 1, '_', 60), doorOpen: row('_', 3, '#', 5, '_', 60) };
  const drawn = { ...stop, ...closing, moving: row('_', 30, '#', 2, '_', 9), atLevel: '#' };
  assert.equal(faults(drawn), ['23.000 begin door-close-failure'], 'it stands on');
  const counted = { ...stop, doorClosed: `#${'_#'.repeat(6)}`, moving: row('_', 5, '#', 1, '_', 9), atLevel: '#' };
  assert.equal(faults(counted), ['11.000 begin door-close-failure'], 'and the re-openings count on');
});

test('door-close-failure: what the door does in inspection is forgotten', () => {
  const mutes = { 'door-close-failure': ['inspection' as const] };
  const opened = { ...stop, mode: row('i', 2, 'n', 20), doorClosed: `#_${'#_'.repeat(5)}#` };
  assert.equal(faults(opened, { mutes }), [], 'the opening of before, and five');
  const closing = { doorClosed: row('#', 1, '_', 40), doorOpen: row('_', 3, '#', 5, '_', 40) };
  const worked = { ...stop, ...closing, mode: row('n', 10, 'i', 2, 'n', 40) };
  assert.equal(faults(worked, { mutes }), [], 'the limit restarts with the next closing');
});

test('door-close-failure: three reversals in 15 s', () => {
  const drawn = {
    ...stop,
    doorClosed: row('#', 1, '_', 30),
    doorOpen: row('_', 2, '#', 2, '_', 2, '#', 2, '_', 2, '#', 2, '_', 2, '#', 20),
  };
  assert.equal(faults(drawn)[0], '14.000 begin door-close-failure', 'back at the open limit at 6, 10 and 14 s');
});

test('door-close-failure, quiet: three reversals in half a minute', () => {
  const drawn = {
    ...stop,
    doorClosed: row('#', 1, '_', 40, '#', 3),
    doorOpen: row('_', 2, '#', 2, '_', 2, '#', 9, '_', 2, '#', 9, '_', 2, '#', 2, '_', 3),
  };
  assert.equal(faults(drawn), [], 'at 6, 17 and 28 s');
  const even = row('_', 2, '#', 2, '_', 2, '#', 5, '_', 2, '#', 6, '_', 2, '#', 2, '_', 3);
  assert.equal(
    faults({ ...drawn, doorClosed: row('#', 1, '_', 27, '#', 3), doorOpen: even }),
    [],
    'at 6, 13 and 21 s: the first was 15 s ago',
  );
});

test('door-close-failure, gap: the limit restarts with the next closing', () => {
  const drawn = {
    ...stop,
    doorClosed: row('#', 1, '_', 17, '?', 5, '_', 9, '#', 3),
    doorOpen: row('_', 3, '#', 5, '_', 10, '?', 5, '_', 60),
  };
  assert.equal(faults(drawn), [], '10 s before the gap and 9 s after it');
});

test('on the run: the door leaves closed, 运行中开门', () => {
  const drawn = {
    moving: '#',
    atLevel: row('#', 2, '_', 20),
    doorZone: row('#', 2, '_', 20),
    doorClosed: row('#', 5, '_', 5, '#', 9),
  };
  assert.equal(
    faults(drawn),
    ['5.020 begin door-open-while-running', '10.000 end door-open-while-running'],
    'two looks 10 ms apart',
  );
});

test('door-close-failure: the fully-open switch falls silent while the door stands open', () => {
  const drawn = {
    moving: '_',
    doorClosed: row('#', 1, '_', 59),
    doorOpen: row('_', 3, '#', 7, '?', 40, '#', 5, '_', 5),
  };
  assert.equal(faults(drawn), [], 'nobody saw it close');
  const closing = { moving: '_', doorClosed: row('#', 1, '_', 59), doorOpen: row('_', 3, '#', 7, '_', 10, '?', 40) };
  assert.equal(faults(closing), [], 'a gap drops the limit that was running');
});

test('on the run: the car goes with its door open, 开门走车', () => {
  const drawn = {
    moving: '#',
    atLevel: row('#', 2, '_', 13),
    doorZone: row('#', 3, '_', 12),
    doorClosed: row('_', 6, '#', 9),
  };
  assert.equal(
    faults(drawn),
    ['3.020 begin moving-with-door-open', '6.000 end moving-with-door-open'],
    'open when it left the zone',
  );
});

test('on the run: the door is first seen open at a level that the car passes', () => {
  const drawn = {
    moving: '#',
    atLevel: row('_', 3, '#', 1, '_', 8),
    doorZone: row('_', 3, '#', 1, '_', 8),
    doorClosed: row('#', 3, '_', 5, '#', 3),
  };
  assert.equal(
    faults(drawn),
    ['4.020 begin door-open-while-running', '8.000 end door-open-while-running'],
    'it ran with its door closed: the door has opened since, and the car has left no landing',
  );
});

test('on the run: how the door was is told by the last look at the level, where one look is all there is between', () => {
  const both = { atLevel: row('#', 2, '_', 9), doorZone: row('#', 2, '_', 9), doorClosed: row('#', 2, '_', 9) };
  assert.equal(
    faults({ ...both, moving: '#' }),
    ['2.020 begin door-open-while-running'],
    'it ran with its door closed: the door has opened since',
  );
  assert.equal(
    faults({ ...both, moving: row('_', 2, '#', 9) }),
    ['2.020 begin moving-with-door-open'],
    'it stood: nobody saw it start with its door closed',
  );
  const later = { ...both, moving: row('_', 2, '#', 9), doorClosed: row('#', 5, '_', 9) };
  assert.equal(faults(later), ['5.020 begin door-open-while-running'], 'it left closed, from rest');
});

test('on the run, quiet: relevelling with an open door, early opening in the zone, a flicker', () => {
  assert.equal(
    faults({ moving: '#', atLevel: row('#', 2, '_', 18), doorZone: '#', doorClosed: row('_', 20) }),
    [],
    'in the door zone',
  );
  const flicker = { moving: '#', atLevel: '_', doorZone: '_', doorClosed: row('#', 50, '_', 1, '#', 50) };
  assert.equal(faults(flicker, { stepMs: 10 }), [], '10 ms');
});

test('on the run, gap: an unknown door opens nothing', () => {
  const drawn = { moving: '#', atLevel: '_', doorZone: '_', doorClosed: row('#', 5, '?', 5, '#', 5) };
  assert.equal(faults(drawn), [], 'not known is not open');
  const flickers = {
    moving: '#',
    atLevel: '_',
    doorZone: '_',
    doorClosed: row('#', 9, '_', 1, '?', 1, '_', 1, '#', 9),
  };
  assert.equal(faults(flickers, { stepMs: 10 }), [], 'restarted: 10 ms before it and 10 ms after it');
  const dark = {
    atLevel: row('#', 2, '_', 9),
    doorZone: row('#', 2, '_', 9),
    doorClosed: row('#', 2, '_', 2, '#', 2, '_', 5),
  };
  assert.equal(
    faults({ ...dark, moving: row('_', 2, '?', 2, '#', 7) }),
    ['6.020 begin door-open-while-running'],
    'whether it moved is not known until 4 s, and by then its door is closed',
  );
});

test('inspection: a technician moves the car with its door open', () => {
  const drawn = {
    moving: '#',
    atLevel: row('#', 2, '_', 9),
    doorZone: row('#', 3, '_', 9),
    doorClosed: '_',
    mode: 'i',
  };
  assert.equal(faults(drawn, { mutes: { 'moving-with-door-open': ['inspection'] } }), [], 'muted');
});

test.run();
