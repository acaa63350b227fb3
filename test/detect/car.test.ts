import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type DrawOptions, faults, row } from './draw.ts';

const closed = { doorClosed: '#', passenger: '_' };

test('stopped-outside-door-zone: 60 s, until in a zone', () => {
  const drawn = { ...closed, moving: row('#', 2, '_', 70, '#', 5, '_', 3), doorZone: row('_', 75, '#', 5) };
  assert.equal(
    faults(drawn),
    ['62.000 begin stopped-outside-door-zone', '75.000 end stopped-outside-door-zone'],
    'from 2 s on',
  );
});

test('stopped-outside-door-zone, quiet: 59 s; gap: held', () => {
  assert.equal(faults({ ...closed, moving: row('_', 59, '#', 3), doorZone: row('_', 60, '#', 2) }), [], '59 s');
  const gap = { ...closed, moving: '_', doorZone: row('_', 20, '?', 60, '_', 5) };
  assert.equal(faults(gap)[0], '80.000 begin stopped-outside-door-zone', 'found where it was');
});

test('safety-chain-open: at once, until closed for 2 s', () => {
  const drawn = {
    ...closed,
    moving: '#',
    doorZone: '#',
    safetyChainClosed: row('#', 3, '_', 4, '#', 1, '_', 1, '#', 9),
  };
  assert.equal(
    faults(drawn),
    ['3.000 begin safety-chain-open', '11.000 end safety-chain-open'],
    'one episode: it bounced at 8 s',
  );
});

test('safety-chain-open, quiet: open at rest while stopped for work; unknown is not open', () => {
  assert.equal(
    faults({ ...closed, moving: '_', mode: 'i', doorZone: '#', safetyChainClosed: row('_', 9) }),
    [],
    'inspection, at rest',
  );
  assert.equal(
    faults({ ...closed, moving: '#', doorZone: '#', safetyChainClosed: row('#', 3, '?', 9) }),
    [],
    'not known',
  );
});

test('hold-off: it begins again no sooner than 2 s after its end', () => {
  const drawn = { ...closed, moving: '#', doorZone: '#', safetyChainClosed: row('#', 1, '_', 1, '#', 3, '_', 9) };
  assert.equal(
    faults(drawn).slice(0, 3),
    ['1.000 begin safety-chain-open', '4.000 end safety-chain-open', '6.000 begin safety-chain-open'],
    'open again at 5 s, told at 6 s',
  );
});

test('run-time-limit: no landing passed for 22 s, until at rest at one', () => {
  const drawn = { ...closed, moving: row('#', 40, '_', 3), landing: '2', doorZone: row('_', 39, '#', 3) };
  assert.equal(faults(drawn), ['22.000 begin run-time-limit', '40.000 end run-time-limit'], 'rest at 40 s');
});

test('run-time-limit, quiet: a landing passed begins it anew; gap restarts it', () => {
  const run = { ...closed, moving: row('#', 60, '_', 1), doorZone: row('_', 60, '#', 1) };
  assert.equal(faults({ ...run, landing: row(1, 20, 2, 20, 3, 20) }), [], 'a landing each 20 s');
  assert.equal(
    faults({ ...run, landing: '1', moving: row('#', 20, '?', 5, '#', 20, '_', 1), doorZone: row('_', 45, '#', 1) }),
    [],
    '20 s each side',
  );
});

test('overtravel-top: leaves the level of the top landing upward, until level again', () => {
  const drawn = {
    ...closed,
    moving: '#',
    landing: '4',
    direction: row('u', 5, 'd', 9),
    atLevel: row('_', 1, '#', 1, '_', 5, '#', 9),
    doorZone: '#',
  };
  assert.equal(faults(drawn), ['2.000 begin overtravel-top', '7.000 end overtravel-top'], '冲顶');
});

test('overtravel-bottom: leaves the lowest level downward', () => {
  const drawn = {
    ...closed,
    moving: '#',
    landing: '0',
    direction: 'd',
    atLevel: row('#', 2, '_', 5, '#', 9),
    doorZone: '#',
  };
  assert.equal(faults(drawn), ['2.000 begin overtravel-bottom', '7.000 end overtravel-bottom'], '蹲底');
});

test('overtravel, quiet: a car that left the bottom in the dark is found on its way down to it', () => {
  const drawn = {
    ...closed,
    moving: row('_', 3, '?', 60, '#', 9),
    landing: row('0', 3, '?', 60, '0', 9),
    direction: row('-', 3, '?', 60, 'd', 9),
    atLevel: row('#', 3, '?', 60, '_', 4, '#', 5),
    doorZone: row('#', 3, '?', 60, '_', 4, '#', 5),
  };
  assert.equal(faults(drawn), [], 'after a gap it may come from anywhere');
});

test('overtravel, quiet: a car that sank off the top level at rest is driven back up to it', () => {
  const drawn = {
    ...closed,
    moving: row('_', 8, '#', 4, '_', 3),
    landing: '4',
    direction: row('-', 8, 'u', 4, '-', 3),
    atLevel: row('#', 4, '_', 7, '#', 4),
    doorZone: '#',
  };
  assert.equal(faults(drawn, { inputs: { landing: '4' } }), [], 'outward, and to the level');
});

test('overtravel, quiet: arrival at the top, and leaving it downward, with the direction a scan behind', () => {
  const drawn = {
    ...closed,
    moving: row('#', 4, '_', 4, '#', 5),
    landing: '4',
    direction: row('u', 4, '-', 5, 'd', 5),
    atLevel: row('_', 3, '#', 5, '_', 5),
    doorZone: '#',
  };
  assert.equal(faults(drawn), [], 'level at 3 s, left at 8 s with direction none, then down');
});

test('overtravel by the limit switch and by the position read', () => {
  const limit = {
    ...closed,
    moving: '#',
    direction: 'd',
    landing: '?',
    atLevel: '_',
    endLimit: row('_', 3, '#', 3),
    doorZone: '?',
  };
  assert.equal(faults(limit)[0], '3.000 begin overtravel-bottom', 'the limit acts with the direction');
});

test('overtravel, quiet: an arrow left on, a count that is not believed, a switch that drops out at rest', () => {
  const top = { ...closed, landing: '4', doorZone: '#' };
  const arrow = {
    ...top,
    moving: row('#', 2, '_', 3, '#', 3),
    direction: row('u', 6, 'd', 3),
    atLevel: row('#', 5, '_', 4),
  };
  assert.equal(faults({ ...arrow, moving: row('#', 2, '_', 4, '#', 3) }), [], 'the arrow of the trip before');
  const restart = {
    ...closed,
    landing: '0',
    doorZone: '#',
    moving: row('_', 2, '#', 6),
    direction: row('-', 2, 'd', 6),
    atLevel: row('#', 3, '_', 5),
  };
  assert.equal(faults(restart, { inputs: { landing: '3' } }), [], 'a controller that has just started says landing 0');
  const placed = { ...restart, positionMm: '0' };
  assert.equal(faults(placed, { inputs: { landing: '3' } }), [], 'and a position to go with it');
  assert.equal(
    faults(placed)[0],
    '3.000 begin overtravel-bottom',
    'where no count says another landing it is believed',
  );
  assert.equal(faults({ ...top, moving: '_', direction: 'u', atLevel: '###_##_###' }), [], 'at rest nothing leaves');
});

test('overtravel, quiet: a count that names the base landing where its switch is off', () => {
  const passing = {
    ...closed,
    moving: '#',
    landing: '0',
    direction: 'd',
    atLevel: row('#', 2, '_', 5),
    doorZone: row('#', 2, '_', 5),
  };
  const counted = (baseLanding: string) =>
    faults(passing, { derived: ['landing'], inputs: { landing: '0', baseLanding } });
  assert.equal(counted('_'), [], 'it has missed a vane');
  assert.equal(counted('#')[0], '2.000 begin overtravel-bottom', 'with its switch on it is there');
});

test('overtravel, quiet: a count of landings that was found wrong; what the controller says is no count', () => {
  const drawn = { ...closed, moving: '#', landing: '0', direction: 'd', atLevel: row('#', 2, '_', 5), doorZone: '#' };
  const overtravels = (options: DrawOptions) => faults(drawn, options).filter((line) => line.includes('overtravel'));
  const counted = { derived: ['landing' as const], inputs: { landing: '0' } };
  assert.equal(overtravels(counted), ['2.000 begin overtravel-bottom'], 'a count that is right');
  assert.equal(overtravels({ ...counted, miscount: '#' }), [], 'one that is not');
  assert.equal(overtravels({ miscount: '#' }), ['2.000 begin overtravel-bottom'], 'the landing of the controller');
});

test('position-lost: level count and controller differ at rest for 2 s, until they agree', () => {
  const drawn = { ...closed, moving: '_', doorZone: '#', atLevel: '#', landing: '3' };
  const options = { controller: { landing: row(2, 1, 3, 9, 2, 4) }, inputs: { landing: '2' } };
  assert.equal(faults(drawn, options), ['3.000 begin position-lost', '10.000 end position-lost'], 'differ from 1 s on');
});

test('position-lost, quiet: on the run they may differ; gap: held', () => {
  const run = { ...closed, moving: row('#', 9), doorZone: '#', atLevel: '#' };
  assert.equal(faults(run, { controller: { landing: '3' }, inputs: { landing: '2' } }), [], 'the controller is ahead');
  const differ = { controller: { landing: '3' }, inputs: { landing: '2' } };
  assert.equal(
    faults({ ...run, moving: row('_', 1, '#', 5, '_', 1) }, differ),
    [],
    'a second before the run, and after it',
  );
  const rest = { ...closed, moving: '_', doorZone: '#', atLevel: '#' };
  const gap = faults(rest, { controller: { landing: row(3, 1, '?', 5, 3, 1) }, inputs: { landing: '2' } });
  assert.equal(gap[0], '6.000 begin position-lost', 'still differing after the gap');
});

test('position-lost: a landing that does not exist; a count that the base switch corrected', () => {
  const rest = { ...closed, moving: '_', doorZone: '#', atLevel: '#' };
  assert.equal(faults(rest, { controller: { landing: row(9, 5) } }), ['2.000 begin position-lost'], 'landing 9 of 5');
  assert.equal(
    faults(rest, { miscount: row('_', 1, '#', 5, '_', 3) }),
    ['3.000 begin position-lost', '6.000 end position-lost'],
    'miscount',
  );
});

test('position-lost: the position read is nearer to another landing than the one the controller names', () => {
  const rest = { ...closed, moving: '_', doorZone: '#', atLevel: row('#', 5) };
  const units = { positionMm: 1000 };
  const read = (landing: string, positionMm: string, atLevel = rest.atLevel) =>
    faults({ ...rest, positionMm, atLevel }, { controller: { landing }, units });
  assert.equal(read('1', '6'), ['2.000 begin position-lost'], '6000 mm is landing 2');
  assert.equal(read('1', '4'), [], '4000 mm is nearest to landing 1');
  assert.equal(read('1', '?'), [], 'not read');
  assert.equal(read('1', '6', row('_', 5)), [], 'off level it is on its way');
  const counts = faults({ ...rest, atLevel: row('_', 5) }, { controller: { landing: '1' }, inputs: { landing: '2' } });
  assert.equal(counts, [], 'nor do counts agree there');
});

test('position-lost ends at rest and level, and nowhere else', () => {
  const rest = { ...closed, doorZone: '#' };
  const options = { controller: { landing: row(3, 5, 2, 15) }, inputs: { landing: '2' } };
  const begin = '2.000 begin position-lost';
  const run = { ...rest, moving: row('_', 5, '#', 5, '_', 10), atLevel: '#' };
  assert.equal(faults(run, options), [begin, '10.000 end position-lost'], 'it ran until 10 s');
  const off = { ...rest, moving: '_', atLevel: row('#', 5, '_', 5, '#', 10) };
  assert.equal(faults(off, options), [begin, '10.000 end position-lost'], 'it was level again at 10 s');
  const dark = { ...rest, moving: row('_', 1, '?', 5, '_', 5), atLevel: '#' };
  const differ = { controller: { landing: '3' }, inputs: { landing: '2' } };
  assert.equal(faults(dark, differ), ['6.000 begin position-lost'], 'gap: held while nobody knows whether it rests');
  const unknown = { controller: { landing: row(3, 5, '?', 5, 2, 5) }, inputs: { landing: '2' } };
  assert.equal(
    faults({ ...run, moving: row('_', 9) }, unknown),
    [begin, '10.000 end position-lost'],
    'not ended in the dark',
  );
});

test('position-lost and run-time-limit end at rest where no door zone is known', () => {
  const blind = { ...closed, doorZone: '?', atLevel: '?' };
  const lost = faults({ ...blind, moving: row('_', 20) }, { controller: { landing: row(9, 5, 2, 15) } });
  assert.equal(lost, ['2.000 begin position-lost', '5.000 end position-lost'], 'they would stand for ever');
  const run = faults({ ...blind, landing: '2', moving: row('#', 30, '_', 3) });
  assert.equal(run, ['22.000 begin run-time-limit', '30.000 end run-time-limit'], 'at rest');
});

test('inspection is not forgotten when the controller is switched off', () => {
  const drawn = {
    ...closed,
    moving: '#',
    doorZone: '#',
    mode: row('i', 3, '?', 9),
    safetyChainClosed: row('#', 6, '_', 6),
  };
  assert.equal(faults(drawn, { mutes: { 'safety-chain-open': ['inspection'] } }), [], 'the last mode that was read');
});

test('controller-silent: 10 s without a word', () => {
  assert.equal(
    faults({ ...closed, moving: row('?', 20) }, { link: 'silent' }),
    ['10.000 begin controller-silent'],
    'silent',
  );
  assert.equal(
    faults({ ...closed, moving: row('?', 20) }, { link: 'waiting' }),
    ['10.000 begin controller-silent'],
    'never heard',
  );
  assert.equal(faults({ ...closed, moving: row('?', 20) }, { link: 'none' }), [], 'a lift without controller');
});

test.run();
