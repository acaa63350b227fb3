import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { faults, named, row, trips } from './draw.ts';

const closed = { doorClosed: '#', passenger: '_' };

const door = { moving: '_', doorZone: '#', passenger: '_', doorClosed: '?' };

test('sensor-contradiction, door: the two sides differ for 3 s; ends when agreed for 10 s', () => {
  const options = { controller: { doorClosed: row('#', 30) }, inputs: { doorClosed: row('_', 9, '#', 20) } };
  assert.equal(
    faults(door, options),
    ['3.000 begin sensor-contradiction:door', '19.000 end sensor-contradiction:door'],
    'agree from 9 s on',
  );
});

test('a contact that never closed is not cleared by an open door: it must be seen to close; gap: restarted', () => {
  const options = {
    controller: { doorClosed: row('#', 9, '_', 20, '#', 20) },
    inputs: { doorClosed: row('_', 29, '?', 5, '#', 20) },
  };
  assert.equal(
    faults(door, options),
    ['3.000 begin sensor-contradiction:door', '44.000 end sensor-contradiction:door'],
    'closed from 34 s on, seen after the gap',
  );
  const gap = { controller: { doorClosed: '#' }, inputs: { doorClosed: row('_', 2, '?', 1, '_', 2, '#', 3) } };
  assert.equal(faults(door, gap), [], 'twice 2 s are not 3 s');
});

test('sensor-contradiction, door, quiet: a scan of lag at each movement', () => {
  const options = {
    stepMs: 500,
    controller: { doorClosed: '##_____##____##' },
    inputs: { doorClosed: '#_____##____###' },
  };
  assert.equal(faults({ moving: '_', doorZone: '#', passenger: '_' }, options), [], '0.5 s each');
});

test('sensor-contradiction, door: both ends at once', () => {
  const drawn = { moving: '_', doorZone: '#', passenger: '_', doorClosed: row('#', 9), doorOpen: '#' };
  assert.equal(faults(drawn)[0], '3.000 begin sensor-contradiction:door', 'closed and fully open');
});

test('sensor-contradiction, level: a switch on outside any zone; both off at a landing', () => {
  const out = { controller: { doorZone: '_' }, inputs: { levelUpper: row('#', 9), levelLower: '_' } };
  assert.equal(
    faults({ ...closed, moving: '#', doorZone: '_' }, out)[0],
    '3.000 begin sensor-contradiction:level',
    'stuck on',
  );
  const missing = {
    controller: { doorZone: '#', landing: '0' },
    inputs: { levelUpper: row('_', 9), levelLower: '#' },
  };
  assert.equal(
    faults({ ...closed, moving: '_', doorZone: '#', positionMm: '5' }, missing)[0],
    '3.000 begin sensor-contradiction:level',
    'one missing',
  );
});

test('a standing contradiction withholds what rests on that sensor', () => {
  const drawn = { moving: '_', doorZone: '#', passenger: '#', doorClosed: row('#', 200) };
  const options = { controller: { doorClosed: '#' }, inputs: { doorClosed: '_' } };
  assert.equal(faults(drawn, options), ['3.000 begin sensor-contradiction:door'], 'no entrapment on a doubtful door');
});

test('a doubt that comes again within the hour is believed for twice as long', () => {
  const twice = row('_', 4, '#', 16, '_', 4, '#', 40);
  assert.equal(
    faults(door, { controller: { doorClosed: '#' }, inputs: { doorClosed: twice } }),
    [
      '3.000 begin sensor-contradiction:door',
      '14.000 end sensor-contradiction:door',
      '23.000 begin sensor-contradiction:door',
      '44.000 end sensor-contradiction:door',
    ],
    '10 s, then 20 s',
  );
});

test('a door switch that bounces ten times in a few seconds flickers; one that reopens as doors do does not', () => {
  const fast = { stepMs: 100, inputs: { doorClosed: row('#_#_#_#_#_#_#_#_', 1, '#', 40) } };
  assert.equal(named(door, fast), ['1.1 doorClosed flickers'], 'ten changes more than time takes away');
  const slow = { stepMs: 1000, inputs: { doorClosed: '##___'.repeat(12) } };
  assert.equal(named(door, slow), [], 'twelve reopenings');
});

test('a door switch alone: closed over four trips is stuck, and open as the car leaves three times', () => {
  const lift = (doorClosed: string, count: number) => ({
    doorZone: '#',
    passenger: '_',
    doorClosed,
    moving: trips(count),
  });
  assert.equal(named(lift('#', 4), { inputs: { doorClosed: '#' } }), ['55 doorClosed stuck-on'], 'closed');
  assert.equal(named(lift('#', 3), { inputs: { doorClosed: '#' } }), [], 'three');
  assert.equal(named(lift('_', 3), { inputs: { doorClosed: '_' } }), ['30 doorClosed missing'], 'open');
  const served = `${trips(3)}${'_'.repeat(5)}${trips(3)}`;
  const shows = row('#', 47, '_', 2, '#', 46);
  assert.equal(named({ ...lift(shows, 0), moving: served }, { inputs: { doorClosed: shows } }), [], 'opened once');
});

test('what people at work do tells nothing of a sensor', () => {
  const moving = trips(14);
  const mutes = { 'sensor-contradiction': ['inspection' as const] };
  const drawn = { doorZone: '#', passenger: '_', doorClosed: '#', mode: row('i', moving.length), moving };
  assert.equal(named(drawn, { inputs: { doorClosed: '#' }, mutes }), [], 'a dozen slow runs with the door closed');
});

test('sensor-contradiction, level: left and met in the order of the other direction, twice: swapped', () => {
  const steps = 6;
  const wires = (upper: string, lower: string) => ({
    ...{ stepMs: 100, controller: { direction: 'u', doorZone: '?' } },
    inputs: { levelUpper: upper.repeat(steps), levelLower: lower.repeat(steps) },
  });
  // Up, with the wires right: the upper meets a vane first and leaves it first.
  const right = wires('##___#', '###___');
  assert.equal(named({ ...closed, moving: '#' }, right), [], 'the right order');
  const wrong = wires('###___', '##___#');
  assert.equal(named({ ...closed, moving: '#' }, wrong), ['1.1 levelUpper swapped'], 'the second vane met so');
});

test('sensor-contradiction, level-wires: the count has told that they are swapped; until it tells that they are right', () => {
  const drawn = { ...closed, moving: '#', doorZone: '#', atLevel: '#' };
  const options = { pairOrder: '__ss__srr', inputs: { levelUpper: '#', levelLower: '#' } };
  assert.equal(
    faults(drawn, options),
    ['2.000 begin sensor-contradiction:level-wires', '7.000 end sensor-contradiction:level-wires'],
    'a start of the box amid it ends nothing',
  );
  assert.equal(named(drawn, options), ['2 levelUpper swapped'], 'named');
  const beside = { ...options, pairOrder: 's', inputs: { levelUpper: '#', levelLower: '_____#'.repeat(13) } };
  assert.equal(
    named(drawn, beside),
    ['0 levelUpper swapped', '71 levelUpper stuck-on'],
    'another doubt is told as well',
  );
});

test('swapped level switches hide nothing once they are read the other way round, and are not told twice', () => {
  const held = { doorClosed: '#', passenger: '#', moving: row('#', 1, '_', 70), doorZone: '_', atLevel: '_' };
  const swapped = { pairOrder: 's', derived: ['moving' as const, 'doorZone' as const] };
  assert.ok(faults(held, swapped).includes('61.000 begin entrapment'), 'somebody trapped is told');
  const against = {
    ...{ stepMs: 100, controller: { direction: 'u', doorZone: '?' } },
    inputs: { levelUpper: '###___'.repeat(6), levelLower: '##___#'.repeat(6) },
  };
  assert.equal(named({ ...closed, moving: '#' }, { ...against, pairOrder: 'r' }).length, 1, 'the controller tells it');
  const both = named({ ...closed, moving: '#' }, { ...against, pairOrder: 's' });
  assert.equal(both, ['0 levelUpper swapped'], 'and tells nothing new');
});

test('a level switch that never changes while the other comes on a dozen times is stuck; gap: nothing is known', () => {
  const options = (still: string) => ({ inputs: { levelUpper: still, levelLower: '_____#'.repeat(13) } });
  assert.equal(named({ ...closed, moving: '#' }, options('#')), ['71 levelUpper stuck-on'], 'on');
  assert.equal(named({ ...closed, moving: '#' }, options('_')), ['71 levelUpper missing'], 'off');
  assert.equal(named({ ...closed, moving: '#' }, options('?')), [], 'nobody knows it');
});

test('sensor-contradiction, base: on between landings for 1.5 s; or where controller and count name another', () => {
  const between = { stepMs: 500, inputs: { baseLanding: '#', levelUpper: '#_____', levelLower: '#_____' } };
  assert.equal(named({ ...closed, moving: '#' }, between), ['2 baseLanding stuck-on'], 'neither level switch');
  const passed = { stepMs: 500, inputs: { baseLanding: '#', levelUpper: '#__#', levelLower: '#__#' } };
  assert.equal(named({ ...closed, moving: '#' }, passed), [], 'for 1 s');
  const rest = (baseLanding: string, landing: string, counted: string) => ({
    controller: { landing },
    inputs: { baseLanding, levelUpper: '#', levelLower: row('#', 9), landing: counted },
  });
  const still = { ...closed, moving: '_', doorZone: '#', atLevel: '#' };
  assert.equal(named(still, rest('#', '3', '3')), ['3 baseLanding stuck-on'], 'both say landing 3');
  assert.equal(named(still, rest('#', '3', '1')), [], 'only the controller says so: it may be the one that is wrong');
  assert.equal(named(still, rest('_', '0', '0')), ['3 baseLanding missing'], 'off at the base landing');
  assert.equal(named(still, rest('_', '0', '2')), [], 'the count says another');
  assert.equal(named(still, rest('?', '0', '0')), [], 'gap: not known');
});

test('a base landing that no trip of sixty comes to, without a controller, is a switch that is missing', () => {
  const inputs = { baseLanding: '_', levelUpper: '#', levelLower: '#' };
  assert.equal(named({ ...closed, moving: trips(60) }, { inputs }), ['895 baseLanding missing'], 'sixty');
  assert.equal(named({ ...closed, moving: trips(59) }, { inputs }), [], 'fifty-nine');
});

test('sensor-contradiction, passenger: on for 30 s where the controller knows of nobody, and no entrapment of it', () => {
  const drawn = { moving: '_', doorZone: '#', doorClosed: row('#', 200), passenger: '#' };
  const options = { controller: { passenger: '_' }, inputs: { passenger: '#' } };
  assert.equal(named(drawn, options), ['30 passenger stuck-on'], 'named');
  assert.equal(faults(drawn, options), ['30.000 begin sensor-contradiction:passenger'], 'nothing else');
  const somebody = { ...options, controller: { passenger: row('_', 60, '#', 140) } };
  assert.equal(
    faults(drawn, somebody),
    ['30.000 begin sensor-contradiction:passenger', '150.000 begin entrapment'],
    'whom the controller knows of is judged by what the controller says',
  );
});

test('a passenger sensor that misses whom the controller knows of on three trips, or everybody on twenty', () => {
  const drawn = (count: number) => ({ doorZone: '#', doorClosed: '#', passenger: '_', moving: trips(count) });
  const told = { controller: { passenger: '#' }, inputs: { passenger: '_' } };
  assert.equal(named(drawn(3), told), ['40 passenger missing'], 'three');
  assert.equal(named(drawn(2), told), [], 'two');
  assert.equal(named(drawn(20), { inputs: { passenger: '_' } }), ['295 passenger missing'], 'twenty, told by nobody');
  assert.equal(named(drawn(22), { inputs: { passenger: row('_', 200, '#', 1, '_', 9) } }), [], 'one was seen');
  const empty = { controller: { passenger: '_' }, inputs: { passenger: '_' } };
  assert.equal(named(drawn(22), empty), [], 'the controller knows of nobody either: they called, and took the stairs');
  assert.equal(named(drawn(22), { inputs: { passenger: '?' } }), [], 'gap: not known');
});

test('a passenger sensor that is on without a break for three hours and a dozen trips is stuck', () => {
  const moving = trips(740);
  const drawn = { doorZone: '#', doorClosed: `${'#'.repeat(10)}${'_'.repeat(5)}`.repeat(740), passenger: '#', moving };
  assert.equal(named(drawn, { inputs: { passenger: '#' } }), ['10800 passenger stuck-on'], 'three hours');
});

test.run();
