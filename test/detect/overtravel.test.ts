/** 冲顶, 蹲底: when a car counts as level at its end landing, and what is leaving it outward. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts } from '../facts.ts';
import { faults, row } from './draw.ts';

const closed = { doorClosed: '#', passenger: '_', doorZone: '#' };
/** It stands level at the top for two seconds, and is driven up. */
const top = {
  ...{ ...closed, landing: '4', moving: row('_', 2, '#', 6) },
  ...{ direction: row('-', 2, 'u', 6), atLevel: row('#', 2, '_', 6) },
};
const OVER_TOP = ['2.000 begin overtravel-top'];
const counted = { inputs: { landing: '4' } };

test('at the end landing: the level count says the same', () => {
  assert.equal(faults(top, counted), OVER_TOP, 'it does');
  assert.equal(faults(top, { inputs: { landing: '3' } }), [], 'it does not');
  assert.equal(faults({ ...top, landing: row(4, 2, '?', 6) }, counted), OVER_TOP, 'whatever is said out there');
});

test('at the end landing: the position read is in its door zone', () => {
  const low = facts({ landingHeightsMm: [0, 250, 500] });
  const at = (position: string) =>
    faults({ ...top, landing: '2', positionMm: position }, { lift: low, units: { positionMm: 100 } });
  assert.equal(at('3'), OVER_TOP, '200 mm below its height');
  assert.equal(at('2'), [], '300 mm below: a controller that has just started says any landing');
});

test('at the end landing: it came there from inside the shaft, the arrow being gone since or not known', () => {
  for (const arrow of ['-', '?']) {
    const came = {
      ...{ ...closed, landing: '4', moving: row('#', 3, '_', 3, '#', 3) },
      ...{ direction: row('u', 3, arrow, 3, 'u', 3), atLevel: row('_', 4, '#', 2, '_', 3) },
    };
    assert.equal(faults(came), ['6.000 begin overtravel-top'], `level at 4 s, with the arrow ${arrow}`);
  }
  assert.equal(faults(top), [], 'nobody saw it come');
});

test('leaving is told by the direction, as soon as there is one', () => {
  assert.equal(faults({ ...top, direction: row('-', 4, 'u', 4) }, counted), ['4.000 begin overtravel-top'], 'none yet');
  assert.equal(faults({ ...top, direction: row('?', 4, 'u', 4) }, counted), ['4.000 begin overtravel-top'], 'unknown');
  assert.equal(faults({ ...top, direction: row('-', 2, 'd', 3, 'u', 3) }, counted), [], 'it went down, and turned');
});

test('another landing, or work on the lift, forgets that it was at the end', () => {
  const down = { ...top, direction: row('-', 6, 'u', 2), atLevel: row('#', 2, '_', 2, '#', 2, '_', 2) };
  const inputs = { landing: row(4, 3, 3, 5) };
  assert.equal(faults({ ...down, ...inputs }, { inputs }), [], 'from the top to landing 3, and up from there');
  const worked = { ...top, mode: row('i', 3, 'n', 5) };
  const mutes = { 'overtravel-top': ['inspection' as const] };
  assert.equal(faults(worked, { ...counted, mutes }), [], 'people drove it off the level');
});

test('the position read beyond the end by more than 100 mm, whatever else is known', () => {
  const low = facts({ landingHeightsMm: [0, 500] });
  const off = { ...closed, moving: '#', landing: '?', direction: '?', atLevel: row('_', 8, '#', 2) };
  const up = { lift: low, units: { positionMm: 100 } };
  assert.equal(
    faults({ ...off, positionMm: row(5, 2, 6, 2, 7, 2, 5, 4) }, up),
    ['4.000 begin overtravel-top', '8.000 end overtravel-top'],
    '600 mm is the limit, 700 mm beyond it; until level',
  );
  const down = { lift: low, units: { positionMm: -50 } };
  assert.equal(
    faults({ ...off, positionMm: row(0, 2, 2, 2, 3, 2, 0, 4) }, down),
    ['4.000 begin overtravel-bottom', '8.000 end overtravel-bottom'],
    '-100 mm is the limit, -150 mm beyond it',
  );
});

test('the limit switch: what stands ends level and with the switch off; gap: nobody knows that it is off', () => {
  const driven = { ...closed, moving: '#', landing: '?', direction: row('u', 5, 'd', 9), atLevel: row('_', 6, '#', 5) };
  const acts = (endLimit: string) => faults({ ...driven, endLimit });
  const begin = '3.000 begin overtravel-top';
  assert.equal(acts(row('_', 3, '#', 5, '_', 3)), [begin, '8.000 end overtravel-top'], 'level at 6 s, off at 8 s');
  assert.equal(acts(row('_', 3, '#', 2, '?', 6)), [begin], 'on, when last seen');
  assert.equal(acts(row('_', 3, '#', 1, '_', 1, '?', 6)), [begin, '6.000 end overtravel-top'], 'off, when last seen');
});

test('gap: an arrival is dropped where neither landing nor level is known, and stands where one of them is', () => {
  const leaves = (landing: string, atLevel: string) =>
    faults({ ...closed, landing, atLevel, moving: row('_', 5, '#', 5), direction: row('-', 5, 'u', 5) }, counted);
  assert.equal(leaves(row('4', 3, '?', 2, '4', 5), row('#', 3, '?', 2, '_', 5)), [], 'it may have gone and come back');
  const left = ['5.000 begin overtravel-top'];
  assert.equal(leaves('4', row('#', 3, '?', 2, '_', 5)), left, 'its landing is known all along');
  assert.equal(leaves(row('4', 3, '?', 2, '4', 5), row('#', 5, '_', 5)), left, 'its level is');
});

test('the base switch speaks against a count that came to its landing, and not against a controller', () => {
  const bottom = { ...top, landing: '0', direction: row('-', 2, 'd', 6) };
  const inputs = { landing: '0', baseLanding: '_' };
  assert.equal(faults(bottom, { inputs }), ['2.000 begin overtravel-bottom'], 'the controller says where it is');
  assert.equal(faults(bottom, { inputs, derived: ['landing'] }), [], 'the count has missed a vane');
});

test.run();
