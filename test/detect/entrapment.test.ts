import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { faults, row } from './draw.ts';

const at = { moving: '_', doorClosed: '#', doorZone: '#' };
const off = { moving: '_', doorClosed: '#', doorZone: '_' };

test('at a landing after 90 s, until the doors open', () => {
  const drawn = { ...at, passenger: row('_', 2, '#', 200), doorClosed: row('#', 100, '_', 20) };
  assert.equal(faults(drawn), ['92.000 begin entrapment', '102.000 end entrapment'], '2 s + 90 s; open for 2 s');
});

test('off level after 60 s; doors forced open off level end nothing', () => {
  const drawn = { ...off, passenger: '#', doorClosed: row('#', 70, '_', 5, '#', 50) };
  assert.equal(faults(drawn), ['60.000 begin entrapment'], 'still inside');
});

test('a car that drifts off level is judged by the shorter limit at once', () => {
  const drawn = { ...at, passenger: '#', doorZone: row('#', 70, '_', 60) };
  assert.equal(faults(drawn), ['70.000 begin entrapment'], '70 s in, the limit off level is 60 s');
});

test('a short run that ends between landings: counted from the stop, not from the wait at the landing', () => {
  const run = row('_', 30, '#', 2, '_', 80);
  const left = { passenger: '#', doorClosed: '#', moving: run, doorZone: row('#', 31, '_', 81) };
  assert.equal(faults(left), ['92.000 begin entrapment'], '60 s after the stop at 32 s');
  const tried = { ...left, doorZone: '_' };
  assert.equal(faults(tried), ['60.000 begin entrapment'], 'a try to start between landings begins nothing anew');
  const stayed = faults({ ...left, doorZone: '#' }).filter((line) => line.endsWith('entrapment'));
  assert.equal(stayed, ['90.000 begin entrapment'], 'nor does one that stays in the door zone');
});

test('quiet: 89 s at a landing, then the doors open', () => {
  const drawn = { ...at, passenger: '#', doorClosed: row('#', 89, '_', 5, '#', 89, '_', 9) };
  assert.equal(faults(drawn), [], 'each stay is below the limit');
});

test('quiet: an empty car, a moving car', () => {
  assert.equal(faults({ ...at, passenger: row('_', 300) }), [], 'nobody in it');
  assert.equal(faults({ ...off, moving: row('#', 20), passenger: '#' }), [], 'on the run');
});

test('the alarm button in a stopped car: at once, even in inspection', () => {
  const drawn = { ...at, passenger: '?', mode: row('n', 1, 'i', 30), alarmButton: row('_', 3, '#', 2, '_', 30) };
  assert.equal(
    faults(drawn, { mutes: { entrapment: ['inspection'] } }),
    ['3.000 begin entrapment', '3.500 begin alarm-button'],
    'pressed at 3 s',
  );
});

test('inspection mutes it otherwise', () => {
  const drawn = { ...at, passenger: row('#', 200), mode: 'i' };
  assert.equal(faults(drawn, { mutes: { entrapment: ['inspection'] } }), [], 'a technician rides along');
});

test('gap: nothing fires while nobody knows; what is found as it was counts through the gap', () => {
  const gap = row('#', 30, '?', 90, '#', 30);
  const drawn = { ...at, passenger: '#', moving: gap.replaceAll('#', '_'), doorClosed: gap };
  assert.equal(faults(drawn), ['125.000 begin entrapment'], 'when it has stood for 5 s after the gap');
  const soon = { ...at, passenger: '#', doorClosed: row('#', 85, '?', 10, '#', 30) };
  assert.equal(faults(soon), ['95.000 begin entrapment'], 'at the first word after a short one');
  const starts = { ...drawn, moving: row('_', 30, '?', 90, '_', 4, '#', 5), doorClosed: '#' };
  assert.equal(faults(starts), [], 'a car about to start');
});

test('gap: somebody who is gone after it was not trapped', () => {
  const drawn = { ...at, passenger: row('#', 30, '?', 90, '_', 30) };
  assert.equal(faults(drawn), [], 'nobody there');
});

test('it outranks stopped-outside-door-zone', () => {
  const drawn = { ...off, passenger: row('#', 200) };
  assert.equal(faults(drawn), ['60.000 begin entrapment'], 'one fault for one thing');
});

test('it begins again without hold-off', () => {
  const drawn = { ...at, passenger: '#', doorClosed: row('#', 91, '_', 3, '#', 100) };
  assert.equal(
    faults(drawn),
    ['90.000 begin entrapment', '93.000 end entrapment', '184.000 begin entrapment'],
    'the doors opened for three seconds and closed on them again: 90 s from the closing on',
  );
});

test('a door that rattles, or opens for a second, lets nobody out', () => {
  const rattled = { ...at, passenger: '#', doorClosed: row('#', 45, '_', 1, '#', 60) };
  assert.equal(faults(rattled), ['90.000 begin entrapment'], 'the limit is not begun anew');
  const standing = { ...at, passenger: '#', doorClosed: row('#', 95, '_', 1, '#', 60) };
  assert.equal(faults(standing), ['90.000 begin entrapment'], 'and what stands is not ended');
});

test('a controller that tries to start again and again frees nobody', () => {
  const drawn = { ...off, passenger: '#', moving: `${row('_', 29, '#', 1).repeat(4)}_` };
  assert.equal(faults(drawn), ['60.000 begin entrapment'], 'a second each half minute');
});

test('the button is enough where nothing else is known', () => {
  const dark = { moving: '?', doorClosed: '?', passenger: '?', doorZone: '?', alarmButton: row('_', 3, '#', 5) };
  assert.equal(
    faults(dark),
    ['3.000 begin entrapment', '3.500 begin alarm-button'],
    'mains off, the controller silent',
  );
});

test('where no door zone is known the level switches tell which limit it is', () => {
  const drawn = { moving: '_', doorZone: '?', passenger: '#', doorClosed: row('#', 100) };
  assert.equal(faults({ ...drawn, atLevel: '_' }), ['60.000 begin entrapment'], 'between landings');
  assert.equal(faults({ ...drawn, atLevel: '#' }), ['90.000 begin entrapment'], 'at a landing');
});

test('a button that is older than the closing of the door is stuck; one that came with it, or with a door unknown, is not', () => {
  const press = (alarmButton: string, doorClosed: string) =>
    faults({ moving: '_', doorZone: '#', passenger: '_', alarmButton, doorClosed }).filter((line) =>
      line.endsWith('entrapment'),
    );
  assert.equal(press('#', row('_', 10, '#', 20)), [], 'down before anybody was shut in');
  assert.equal(press(row('_', 10, '#', 20), row('_', 10, '#', 20)), ['10.000 begin entrapment'], 'as it closed');
  assert.equal(
    press(row('_', 5, '#', 20), row('_', 10, '?', 20)),
    ['10.000 begin entrapment'],
    'nobody knows the door',
  );
});

test('where no door zone is known it ends with an open door of a still car', () => {
  const drawn = { moving: '_', doorZone: '?', passenger: '#', doorClosed: row('#', 95, '_', 9) };
  assert.equal(faults(drawn), ['90.000 begin entrapment', '97.000 end entrapment'], 'it would stand for ever');
});

test('what begins the limit anew is a run that leaves the zone in that interruption, and nothing less', () => {
  const shut = { passenger: '#', doorClosed: '#' };
  const begins = (drawn: Parameters<typeof faults>[0]) =>
    faults({ ...shut, ...drawn }).filter((line) => line.endsWith('entrapment'));
  const run = row('_', 30, '#', 2, '_', 80);
  assert.equal(
    begins({ moving: run, doorZone: row('#', 30, '_', 82) }),
    ['92.000 begin entrapment'],
    'out of it at once',
  );
  assert.equal(begins({ moving: run, doorZone: row('_', 31, '#', 81) }), ['90.000 begin entrapment'], 'into a zone');
  const drifts = { moving: '_', doorZone: row('#', 30, '_', 82), doorClosed: row('#', 30, '_', 1, '#', 81) };
  assert.equal(begins(drifts), ['60.000 begin entrapment'], 'out of it at rest, as the door rattles');
});

test.run();
