/** The level pair: what the door, the other switch and the order of the two tell of each, to the bound; and what tells nothing. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monoMs } from '../../src/clock.ts';
import { levelContradiction } from '../../src/detect/sensor-contradiction-level.ts';
import { facts } from '../facts.ts';
import { type Drawing, type DrawOptions, faults, named, row, stateAt } from './draw.ts';

const still: Drawing = { moving: '_', doorZone: '#', passenger: '_' };
const runs: Drawing = { moving: '#', doorZone: '#', passenger: '_', atLevel: '_' };
const pair = (levelUpper: string, levelLower: string): DrawOptions => ({ inputs: { levelUpper, levelLower } });
const ends = (drawing: Drawing, options: DrawOptions) =>
  faults(drawing, options).filter((line) => line.endsWith('end sensor-contradiction:level'));
/** Closed for a second and open for a second, so often. */
const openings = (count: number) => '#_'.repeat(count);

test('a switch that is off while the other is on when the door opens, four times in a row, is missing', () => {
  const opened = (count: number, upper: string, lower: string, doorClosed = openings(count)) =>
    named({ ...still, doorClosed }, pair(upper, lower));
  assert.equal(opened(4, '_', '#'), ['7 levelUpper missing'], 'the upper, at the fourth opening');
  assert.equal(opened(4, '#', '_'), ['7 levelLower missing'], 'the lower');
  assert.equal(opened(3, '_', '#'), [], 'three times, the upper');
  assert.equal(opened(3, '#', '_'), [], 'three times, the lower');
  assert.equal(opened(6, '_', '_'), [], 'both off: the door opened between landings');
  assert.equal(opened(6, '_', '#', '?_'.repeat(6)), [], 'gap: nobody saw it closed before');
  assert.equal(opened(6, '_', '#', '#?'.repeat(6)), [], 'gap: nobody saw it open');
  const flicks = row('#', 1, '_', 1, '_#', 5);
  assert.equal(named({ ...still, doorClosed: '#_' }, pair('_', flicks)), [], 'a switch that changes is no door');
});

test('openings are counted anew after one at which both were off, and once the car stood on both', () => {
  const twice = (upper: string, lower: string, moving = '_') =>
    named({ ...still, moving, doorClosed: `${openings(3)}##${openings(3)}` }, pair(upper, lower));
  for (const [name, off, on] of [
    ['upper', 0, 1],
    ['lower', 1, 0],
  ] as const) {
    const sided = (other: string, same: string, moving?: string) => {
      const both = [same, other];
      return twice(both[off] ?? '', both[on] ?? '', moving);
    };
    const sensor = name === 'upper' ? 'levelUpper' : 'levelLower';
    assert.equal(sided('#', '_'), [`9 ${sensor} missing`], `${name}: nothing between`);
    assert.equal(sided('#', row('_', 6, '#', 1, '_', 7)), [], `${name}: stood on both`);
    const passed = row('_', 6, '#', 2, '_', 6);
    assert.equal(sided('#', passed, row('_', 6, '#', 2, '_', 6)), [`9 ${sensor} missing`], `${name}: passed both`);
    assert.equal(sided('#', passed, row('_', 6, '#', 1, '_', 7)), [], `${name}: came to stand on both`);
    const open = `${openings(3)}#_#${openings(3)}`;
    const flicks = row('#', 7, '_', 1, '#', 9);
    const away = name === 'upper' ? pair('_', flicks) : pair(flicks, '_');
    assert.equal(named({ ...still, doorClosed: open }, away), [], `${name}: once it opened with both off`);
  }
});

test('a switch is stuck where the other came on a dozen times, each after 0.3 s off; what nobody saw is no time', () => {
  const comes = (upper: string) => named(runs, { ...pair(upper.repeat(14), '#'), stepMs: 100 });
  assert.equal(comes('#######___'), ['12 levelLower stuck-on'], 'off for 300 ms');
  assert.equal(comes('########__'), [], 'for 200 ms');
  const seconds = (upper: string) => named(runs, pair(upper.repeat(14), '#'));
  assert.equal(seconds('_?????#'), [], 'gap: nobody saw it come on');
  assert.equal(seconds('#_____?'), [], 'gap: nobody saw what it came to');
});

test('nothing is told of one switch while nobody knows the other', () => {
  const out = (upper: string, lower: string) =>
    named({ ...runs, doorZone: '_' }, { ...pair(upper, lower), controller: { doorZone: row('_', 9) } });
  assert.equal(out('#', '?'), [], 'the upper is on out of any zone, the lower is not known');
  assert.equal(out('?', '#'), [], 'the lower is on, the upper is not known');
  const zone = { controller: { doorZone: '_' } };
  const dark = { ...pair(row('_', 6, '?', 20), row('#', 6, '_', 20)), ...zone };
  assert.equal(ends({ ...runs, doorZone: '_' }, dark), [], 'the lower went off: no end while the upper is not known');
});

test('a switch that changes too often at rest flickers, however slowly', () => {
  const at = (moving: string, stepMs: number, lower = '#') =>
    named({ ...still, moving, atLevel: '#' }, { ...pair('#_'.repeat(15), lower), stepMs });
  assert.equal(at('_', 400), ['5.2 levelUpper flickers'], 'every 0.4 s, ten more than one in two seconds');
  assert.equal(at('_', 1000), ['19 levelUpper flickers'], 'every second: ten at the nineteenth');
  assert.equal(at('#', 400, '_#'.repeat(15)), [], 'a car on its way passes landings');
});

test('what flickered is clear when it has been quiet for over 10 s, on or off; what was missing, when it came on', () => {
  const bounces = '#_#_#_#_#_#_';
  const quiet = (steps: number, then = '#') =>
    ends(
      { ...still, atLevel: '#', moving: row('_', steps, '#', 150) },
      { ...pair(row(bounces, 1, then, 250), '#'), stepMs: 100 },
    );
  assert.equal(quiet(112), [], 'for just 10 s, and nobody looked again');
  assert.equal(quiet(113), ['21.300 end sensor-contradiction:level'], 'for over 10 s');
  assert.equal(quiet(113, '_'), ['21.300 end sensor-contradiction:level'], 'off');
  const off = { ...pair(row('_#_#_#_', 1, '_', 250), '#'), stepMs: 100 };
  const never = ends({ ...still, atLevel: '#', moving: row('_', 108, '#', 150) }, off);
  assert.equal(never, ['20.800 end sensor-contradiction:level'], 'off since before it was told');
  const away = (upper: string) => ({ ...pair(upper, '#'), controller: { landing: '0', doorZone: '#' } });
  const left: Drawing = { ...still, positionMm: row(5, 6, 'z', 20) };
  assert.equal(ends(left, away('_')), [], 'missing, and the car went where it may be off');
  const on = away(row('_', 8, '#', 18));
  assert.equal(ends(left, on), ['18.000 end sensor-contradiction:level'], 'it came on');
});

/** Of a car that goes up: what the pair does from one level to the next, a character a step of 100 ms. */
const WRONG = ['###___', '##___#'] as const;
const RIGHT = ['##___#', '###___'] as const;
const goesUp = (...vanes: (readonly [string, string])[]) => {
  const [upper, lower] = [0, 1].map((side) => vanes.map((vane) => vane[side as 0 | 1]).join(''));
  const controller = { direction: 'u', doorZone: '?' };
  return named(runs, { inputs: { levelUpper: upper ?? '', levelLower: lower ?? '' }, controller, stepMs: 100 });
};
const at = (vanes: number) => [`${(6 * vanes - 1) / 10} levelUpper swapped`];

test('swapped: a level must be left and the next met in the wrong order, twice in a row', () => {
  assert.equal(goesUp(WRONG, WRONG), at(2), 'twice');
  const leftRight = ['##____', '###__#'] as const;
  assert.equal(goesUp(leftRight, leftRight, leftRight), [], 'left in the right order each time');
  const metRight = ['###__#', '##____'] as const;
  assert.equal(goesUp(metRight, metRight, metRight), [], 'met in the right order each time');
  assert.equal(goesUp(WRONG, leftRight, WRONG), [], 'left right between');
  assert.equal(goesUp(WRONG, RIGHT, WRONG), [], 'right between');
});

test('swapped: what was not seen from a level on tells nothing, neither for nor against', () => {
  const from = ['______', '_____#'] as const;
  assert.equal(goesUp(from, WRONG, WRONG), at(3), 'begun between two levels');
  const edge = ['###___', '_____#'] as const;
  assert.equal(goesUp(edge, WRONG, WRONG), at(3), 'begun on one switch');
  const atOnce = ['###___', '##____'] as const;
  assert.equal(goesUp(WRONG, atOnce, WRONG), at(3), 'both came on at once');
  const upperDark = ['###_?_', '##___#'] as const;
  const lowerDark = ['###__?', '##__?#'] as const;
  assert.equal(goesUp(WRONG, upperDark, WRONG), at(3), 'gap: the upper was not known just before');
  assert.equal(goesUp(WRONG, lowerDark, WRONG), at(3), 'gap: the lower was not known when it was met');
});

test('swapped: one switch straight after the other is no meeting', () => {
  const jump = ['##_#__', '###__#'] as const;
  assert.equal(goesUp(WRONG, jump), [], 'the lower stayed on first: left in the right order');
  const jumps = ['###___', '##_#_#'] as const;
  assert.equal(goesUp(WRONG, jumps), at(2), 'the upper stayed on first: left in the wrong one');
});

test('swapped: told at once when the count no longer holds that it reads them so', () => {
  const inputs = { levelUpper: `${WRONG[0].repeat(3)}###`, levelLower: `${WRONG[1].repeat(3)}###` };
  const controller = { direction: 'u', doorZone: '?' };
  const said = named(runs, { inputs, controller, stepMs: 100, pairOrder: row('s', 30, '?', 5) });
  assert.equal(said, ['0 levelUpper swapped', '3 levelUpper swapped'], 'by the count, and by the controller');
});

test('a look that finds nothing new is the same object, with openings counted and a level left', () => {
  const drawing: Drawing = { ...still, doorClosed: '#_#_#_####', moving: row('_', 6, '#', 4) };
  const options = { ...pair('_______#__', '########__'), controller: { direction: 'u' } };
  let watch = levelContradiction.start(false);
  for (let step = 0; step < 10; step++) {
    const look = () => {
      const around = { facts: facts(), nowMs: monoMs(step * 1000), muted: false };
      return levelContradiction.step(watch, stateAt(drawing, step, options, step * 1000), around);
    };
    watch = look();
    assert.is(look(), watch, `at ${step} s`);
  }
});

test.run();
