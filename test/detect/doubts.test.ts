/** Each sensor in doubt: what proves it wrong and what does not, to the bound, and what clears it. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Drawing, type DrawOptions, faults, named, row, trips } from './draw.ts';

const rest: Drawing = { moving: '_', doorZone: '#', passenger: '_', atLevel: '#' };
const ends = (drawing: Drawing, options: DrawOptions) =>
  faults(drawing, options).filter((line) => line.includes(' end '));
/** Up and down every 100 ms: eleven changes in 1.1 s, and quiet after it. */
const bounces = row('#_#_#_#_#_#_', 1, '#', 200);
/** The car goes 5 s later, and everybody looks again. */
const later = { moving: row('_', 50, '#', 200) };

test('door: which of its two switches, and which way', () => {
  const sides = (signal: 'doorClosed' | 'doorOpen', controller: string, input: string) =>
    named(rest, { controller: { [signal]: row(controller, 5) }, inputs: { [signal]: input } });
  assert.equal(sides('doorClosed', '#', '_'), ['3 doorClosed missing'], 'the contact is open on a closed door');
  assert.equal(sides('doorClosed', '_', '#'), ['3 doorClosed stuck-on'], 'closed on an open one');
  assert.equal(sides('doorOpen', '#', '_'), ['3 doorOpen missing'], 'the same at the open end');
  assert.equal(sides('doorOpen', '_', '#'), ['3 doorOpen stuck-on'], 'and the other way');
  assert.equal(sides('doorOpen', '?', '#'), [], 'gap: nobody contradicts it');
  const both = { ...rest, doorClosed: row('#', 5), doorOpen: '#' };
  assert.equal(named(both, {}), ['3 doorOpen both-ends'], 'closed and fully open');
  assert.equal(named({ ...both, doorOpen: '_' }, {}), [], 'closed');
  assert.equal(named({ ...both, doorClosed: row('_', 5) }, {}), [], 'fully open');
});

test('door: it is cleared by the switch that is seen to do what it did not, whichever pair of sources tells', () => {
  const open = { controller: { doorOpen: '_' }, inputs: { doorOpen: row('#', 6, '_', 20) } };
  assert.equal(ends(rest, open), ['16.000 end sensor-contradiction:door'], 'the fully-open switch went off at 6 s');
  const still = { controller: { doorOpen: row('_', 6, '#', 20) }, inputs: { doorOpen: row('#', 26) } };
  assert.equal(ends(rest, still), [], 'the door came to it, and it has not been off yet');
  const merged = { ...rest, doorClosed: row('#', 30), doorOpen: row('#', 6, '_', 24) };
  assert.equal(ends(merged, {}), ['16.000 end sensor-contradiction:door'], 'two ends that are told by one side');
  assert.equal(ends({ ...merged, doorOpen: row('#', 6, '?', 24) }, {}), [], 'gap: one end alone says nothing');
  const bounced = { stepMs: 100, inputs: { doorClosed: bounces }, controller: { doorClosed: '?' } };
  assert.equal(named(rest, bounced), ['1.1 doorClosed flickers'], 'alone');
  assert.equal(ends({ ...rest, ...later, doorClosed: '#', doorOpen: '_' }, bounced).length, 1, 'quiet for 10 s');
});

test('door: trips behind a door that stays as it is are counted anew when it changes, and not where travel is unknown', () => {
  const lift = (doorClosed: string, moving: string) =>
    named({ ...rest, atLevel: '_', doorClosed, moving }, { inputs: { doorClosed } });
  const closedOnce = row('_', 29, '#', 2, '_', 29);
  assert.equal(lift(closedOnce, trips(4)), [], 'two trips open, closed once, two trips open');
  const dark = trips(5).replaceAll('#_', '#?');
  assert.equal(lift(row('#', 75), dark), [], 'nobody saw a trip end');
});

const pair = (upper: string, lower: string, controller: Drawing = {}): DrawOptions => ({
  ...{ stepMs: 1000, controller, inputs: { levelUpper: upper, levelLower: lower }, units: {} },
});

test('level: a switch that is on where the controller is out of any zone', () => {
  const run = { ...rest, moving: '#', doorZone: '_', atLevel: '_' };
  assert.equal(named(run, pair(row('#', 5), '_', { doorZone: '_' })), ['3 levelUpper stuck-on'], 'the upper');
  assert.equal(named(run, pair('_', row('#', 5), { doorZone: '_' })), ['3 levelLower stuck-on'], 'the lower');
  assert.equal(named(run, pair(row('_', 5), '_', { doorZone: '_' })), [], 'none');
  assert.equal(named(run, pair(row('#', 5), '_', { doorZone: '?' })), [], 'gap: nobody says where it is');
  const cleared = pair(row('#', 6, '_', 20), '_', { doorZone: '_' });
  assert.equal(ends(run, cleared), ['16.000 end sensor-contradiction:level'], 'seen to go off at 6 s');
  const zone = pair(row('#', 26), '_', { doorZone: row('_', 6, '#', 20) });
  assert.equal(ends(run, zone), [], 'it came to a zone, and has not been off yet');
  const lost = pair(row('#', 6, '_', 20), row('_', 6, '?', 20), { doorZone: '_' });
  assert.equal(ends(run, lost), [], 'gap: the other switch is not known');
});

test('level: a switch that is off at rest within 15 mm of the landing', () => {
  const at = (mm: string, upper: string, lower: string, more: Drawing = {}, landing = '0') =>
    named({ ...rest, positionMm: mm, ...more }, pair(row(upper, 5), lower, { doorZone: '#', landing, ...more }));
  assert.equal(at('f', '#', '_'), ['3 levelLower missing'], 'the lower, at 15 mm');
  assert.equal(at('f', '_', '#'), ['3 levelUpper missing'], 'the upper');
  assert.equal(at('f', '_', '_'), ['3 levelUpper missing'], 'both: the upper first');
  assert.equal(at('f', '#', '#'), [], 'both on');
  assert.equal(at('g', '#', '_'), [], '16 mm');
  assert.equal(at('?', '#', '_'), [], 'gap: no position');
  assert.equal(at('f', '#', '_', { moving: '#' }), [], 'on its way');
  assert.equal(at('f', '#', '_', {}, '?'), [], 'no landing');
  assert.equal(at('f', '#', '_', {}, '9'), [], 'a landing that is not there');
  assert.equal(at('f', '#', '_', {}, '1'), [], 'another landing');
  assert.equal(at('f', '_', '_', { doorZone: '_' }), [], 'out of the zone, as the controller has it');
  const options = pair(row('_', 6, '#', 20), '#', { doorZone: '#', landing: '0' });
  assert.equal(
    ends({ ...rest, positionMm: '5' }, options),
    ['16.000 end sensor-contradiction:level'],
    'seen to come on',
  );
});

test('level: flickering is faster than landings pass, on the way and at rest', () => {
  const flickers = (moving: string, upper: string, lower: string, stepMs = 100) =>
    named({ ...rest, moving }, { ...pair(upper, lower), stepMs });
  assert.equal(flickers('_', bounces, '#'), ['0.6 levelUpper flickers'], 'the upper, at rest');
  assert.equal(flickers('_', '#', bounces), ['0.6 levelLower flickers'], 'the lower');
  assert.equal(flickers('#', '#_'.repeat(40), '#_'.repeat(40), 300), [], 'a change every 0.3 s at full speed');
  assert.equal(flickers('_', '#_'.repeat(10), '#', 2000), [], 'a change every two seconds');
  const quiet = (secondsS: number) =>
    ends({ ...rest, moving: row('_', secondsS * 10, '#', 150) }, { ...pair(bounces, '#'), stepMs: 100 });
  assert.equal(quiet(12), ['22.000 end sensor-contradiction:level'], 'quiet for over 10 s, and 10 s more');
  assert.equal(quiet(11.1), [], 'for just 10 s, and nobody looked again');
});

test('level: one that never changes while the other comes on a dozen times', () => {
  const still = (upper: string, lower: string, stepMs = 1000) =>
    named({ ...rest, moving: '#', atLevel: '_' }, { ...pair(upper, lower), stepMs });
  const comes = '_____#'.repeat(13);
  assert.equal(still(comes, '#'), ['71 levelLower stuck-on'], 'the lower is on');
  assert.equal(still(comes, '_'), ['71 levelLower missing'], 'the lower is off');
  assert.equal(still(comes, row('#', 30, '_', 1, '#', 50)), [], 'it went off once');
  assert.equal(
    still('__#__#'.repeat(13), '#', 100),
    ['0.9 levelUpper flickers'],
    'one that flickers says nothing of it',
  );
});

test('level: swapped is twice in a row, and only on a car whose direction the controller names', () => {
  const right = ['##___#', '###___'] as const;
  const wrong = ['###___', '##___#'] as const;
  const rides = (vanes: readonly (readonly [string, string])[], direction: string, moving = '#') => {
    const [upper, lower] = [0, 1].map((side) => vanes.map((vane) => vane[side as 0 | 1]).join(''));
    const options = pair(upper ?? '', lower ?? '', { direction, doorZone: '?' });
    return named({ ...rest, moving, atLevel: '_' }, { ...options, stepMs: 100 });
  };
  assert.equal(rides([wrong, wrong, wrong], 'u'), ['1.1 levelUpper swapped'], 'up');
  assert.equal(rides([right, right, right], 'd'), ['1.1 levelUpper swapped'], 'down');
  assert.equal(rides([wrong, right, wrong, right], 'u'), [], 'once, and not again');
  assert.equal(rides([wrong, wrong, wrong], '?'), [], 'gap: no direction is told');
  assert.equal(rides([wrong, wrong, wrong], '-'), [], 'none');
  assert.equal(rides([wrong, wrong, wrong], 'u', '?'), [], 'nobody knows whether it moves');
});

test('base: flickering, and what clears it', () => {
  const base = (baseLanding: string, stepMs = 100) => ({
    stepMs,
    inputs: { baseLanding, levelUpper: '#', levelLower: '#' },
  });
  assert.equal(named(rest, base(bounces)), ['1.1 baseLanding flickers'], 'eleven changes in a second');
  assert.equal(named(rest, base('#_'.repeat(30), 1000)), [], 'one a second');
  assert.is(ends({ ...rest, ...later }, base(bounces)).length, 1, 'quiet for 10 s');
});

test('base: at rest and level at another landing, or off at its own, within 15 mm', () => {
  const at = (
    on: string,
    landing: string,
    more: { mm?: string; counted?: string; moving?: string; pair?: string } = {},
  ) => {
    const { mm = '?', counted = landing, moving = '_', pair: [upper = '#', lower = '#'] = '##' } = more;
    const inputs = { baseLanding: row(on, 5), levelUpper: upper, levelLower: lower, landing: counted };
    return named({ ...rest, moving, positionMm: mm }, { controller: { landing }, inputs });
  };
  assert.equal(at('_', '0', { mm: 'f' }), ['3 baseLanding missing'], 'at 15 mm');
  assert.equal(at('_', '0', { mm: 'g' }), [], 'at 16 mm');
  assert.equal(
    at('_', '0', { counted: '?' }),
    ['3 baseLanding missing'],
    'no count is valid: the controller says so alone',
  );
  assert.equal(at('#', '0'), [], 'on where it belongs');
  assert.equal(at('_', '2'), [], 'off at another');
  assert.equal(at('_', '0', { moving: '#' }), [], 'on its way');
  assert.equal(at('_', '0', { pair: '#_' }), [], 'on the upper switch alone');
  assert.equal(at('_', '0', { pair: '_#' }), [], 'on the lower switch alone');
  assert.equal(at('#', '9', { counted: '9', mm: '0' }), [], 'a landing that is not there');
  const moved = (baseLanding: string, landing: string) => ({
    ...{ controller: { landing }, inputs: { baseLanding, levelUpper: '#', levelLower: '#', landing } },
  });
  const cleared = moved(row('#', 6, '_', 20), '3');
  assert.equal(ends(rest, cleared), ['16.000 end sensor-contradiction:base'], 'stuck on, until seen off');
  const on = moved(row('_', 6, '#', 20), '0');
  assert.equal(ends(rest, on), ['16.000 end sensor-contradiction:base'], 'missing, until seen on');
  const elsewhere = moved(row('#', 26), row(3, 6, 0, 20));
  assert.equal(ends(rest, elsewhere), [], 'at its own landing a switch that is stuck on is right');
});

test('base: between landings neither level switch is on; trips that come to it make it no missing one', () => {
  const between = (levelUpper: string, levelLower: string) => ({
    inputs: { baseLanding: '#', levelUpper, levelLower },
  });
  const run = { ...rest, moving: '#', atLevel: '_' };
  assert.equal(named(run, between(row('_', 5), '_')), ['1.5 baseLanding stuck-on'], 'none is on');
  assert.equal(named(run, between(row('_', 5), '#')), [], 'the lower is');
  assert.equal(named(run, between(row('#', 5), '_')), [], 'the upper is');
  const served = trips(60).replace('#', '_');
  const come = { inputs: { baseLanding: row('_', 300, '#', 1, '_', 9), levelUpper: '#', levelLower: '#' } };
  assert.equal(named({ ...rest, atLevel: '_', moving: served }, come), [], 'it came there once');
});

test('passenger: behind an open door it proves nothing, nor with few trips or a short time', () => {
  const told = { controller: { passenger: '_' }, inputs: { passenger: '#' } };
  assert.equal(named({ ...rest, doorClosed: row('_', 60) }, told), [], 'somebody stands in the door');
  assert.equal(named({ ...rest, doorClosed: row('?', 60) }, told), [], 'gap: nobody knows the door');
  const busy = { ...rest, atLevel: '_', doorClosed: '_', moving: `${trips(11)}${row('_', 11_000)}` };
  assert.equal(named(busy, { inputs: { passenger: '#' } }), [], 'three hours, and eleven trips');
  const once = { ...rest, atLevel: '_', doorClosed: '_', moving: trips(740) };
  assert.equal(named(once, { inputs: { passenger: row('#', 5000, '_', 1, '#', 9) } }), [], 'off once');
});

test('passenger: cleared by what it did not show', () => {
  const stuck = { controller: { passenger: '_' }, inputs: { passenger: row('#', 40, '_', 30) } };
  const shut = { ...rest, doorClosed: row('#', 70) };
  assert.equal(ends(shut, stuck), ['50.000 end sensor-contradiction:passenger'], 'seen off at 40 s');
  const open = { ...shut, doorClosed: row('#', 40, '_', 30) };
  assert.equal(
    ends(open, { ...stuck, inputs: { passenger: row('#', 70) } }),
    [],
    'the door opened, and it is still on',
  );
  const moving = `${trips(3)}${row('_', 40)}`;
  const missed = { controller: { passenger: '#' }, inputs: { passenger: row('_', 50, '#', 35) } };
  assert.equal(
    ends({ ...rest, atLevel: '_', moving }, missed),
    ['60.000 end sensor-contradiction:passenger'],
    'seen on',
  );
});

test('passenger: whom the controller knew of at any moment of the trip was there; what is not known is no trip missed', () => {
  const ride = (controller: string, passenger: string, count = 3) =>
    named(
      { ...rest, atLevel: '_', moving: trips(count) },
      { controller: { passenger: controller }, inputs: { passenger } },
    );
  assert.equal(ride('__#____________'.repeat(3), '_'), ['40 passenger missing'], 'for a second of each');
  assert.equal(ride('____________#__'.repeat(5), '_', 5), [], 'at rest somebody came, and went');
  assert.equal(ride(`${row('_', 15)}${'__#____________'.repeat(2)}`, '_'), [], 'nobody on the first of three');
  assert.equal(ride('#', row('_', 20, '?', 1, '_', 24)), [], 'gap: counted anew');
  assert.equal(ride('#', row('_', 20, '#', 1, '_', 24)), [], 'seen once');
});

test('base: ten changes more than one a second, on or off after it; what nobody knows ends nothing', () => {
  const base = (baseLanding: string, stepMs: number) => ({
    stepMs,
    inputs: { baseLanding, levelUpper: '#', levelLower: '#' },
  });
  assert.equal(
    named(rest, base('#_'.repeat(12), 500)),
    ['9.5 baseLanding flickers'],
    'every half second: the nineteenth',
  );
  const off = base(row('#_#_#_#_#_#_', 1, '_', 250), 100);
  assert.is(ends({ ...rest, ...later }, off).length, 1, 'quiet, and off');
  const dark = base(row('#_#_#_#_#_#_', 1, '#', 20, '?', 250), 100);
  assert.equal(ends({ ...rest, ...later }, dark), [], 'gap: its line is lost');
  const inputs = { baseLanding: '_', levelUpper: '#', levelLower: '#', landing: row('0', 6, '3', 30) };
  assert.equal(ends(rest, { controller: { landing: inputs.landing }, inputs }), [], 'missing, and not seen on since');
});

test('door: ten changes more than one in two seconds; a controller that fell silent clears nothing', () => {
  const flickers = { inputs: { doorClosed: '#_'.repeat(12) } };
  assert.equal(named(rest, flickers), ['19 doorClosed flickers'], 'every second: the nineteenth');
  const silent = { controller: { doorClosed: row('#', 9, '?', 30) }, inputs: { doorClosed: row('_', 6, '#', 33) } };
  assert.equal(ends({ ...rest, doorClosed: '?' }, silent), [], 'agreed for 3 s, and then nobody says');
});

test('passenger: on for three hours and a dozen trips, of the time that it was on', () => {
  const on = (moving: string, passenger = '#') =>
    named({ ...rest, atLevel: '_', doorClosed: '_', moving }, { inputs: { passenger } });
  const hours = row('_', 10_800);
  assert.equal(on(`${trips(11)}${hours}#`), [], 'eleven trips');
  assert.equal(on(`${trips(12)}${hours}#`), ['10980 passenger stuck-on'], 'twelve');
  assert.equal(on(`${trips(12)}${hours}#`, row('_', 175, '#', 9)), [], 'twelve, before it came on');
});

test('passenger: shut in for ten minutes, where nobody is known to be and no entrapment was told', () => {
  const shut = { ...rest, doorClosed: row('#', 700) };
  const inputs = { passenger: '#' };
  assert.equal(named(shut, { inputs }), ['600 passenger stuck-on'], 'ten minutes');
  assert.equal(named(shut, { inputs, controller: { passenger: '#' } }), [], 'the controller knows of somebody');
  assert.equal(faults({ ...shut, passenger: '#' }, { inputs }), ['90.000 begin entrapment'], 'who was told as trapped');
  const dark = { controller: { passenger: '_' }, inputs: { passenger: row('#', 40, '_', 3, '?', 60) } };
  assert.equal(ends(shut, dark), [], 'gap: seen off for 3 s, and then its line is lost');
});

test.run();
