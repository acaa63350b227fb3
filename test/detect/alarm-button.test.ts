/** The alarm button: its press time, its filter, its end. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Drawing, type DrawOptions, faults, row } from './draw.ts';

/** Steps of 100 ms; the entrapment that a press in a stopped car raises as well is another test's matter. */
const alarms = (drawing: Drawing, options: DrawOptions = {}) =>
  faults(drawing, { stepMs: 100, ...options }).filter((line) => line.endsWith('alarm-button'));

const stopped = { moving: '_', doorZone: '_', doorClosed: '#' };

test('pressed for 0.5 s in a stopped car: an alarm, also where nothing else is known', () => {
  assert.equal(
    alarms({ ...stopped, alarmButton: row('_', 10, '#', 6, '_', 5) }),
    ['1.500 begin alarm-button'],
    '0.5 s',
  );
  assert.equal(alarms({ ...stopped, alarmButton: row('_', 10, '#', 5, '_', 9) }), [], 'let go at 0.5 s');
  const dark = { moving: '?', doorZone: '?', doorClosed: '?', alarmButton: row('_', 10, '#', 9) };
  assert.equal(alarms(dark), ['1.500 begin alarm-button'], 'mains off, the controller silent');
});

test('it is never muted, and begins again at once after its end', () => {
  const mutes = { 'alarm-button': ['inspection'] } as const;
  assert.equal(alarms({ ...stopped, mode: 'i', alarmButton: row('_', 10, '#', 9) }, { mutes }).length, 1, 'inspection');
  const twice = {
    moving: '_',
    doorZone: '#',
    doorClosed: row('#', 20, '_', 25, '#', 20),
    alarmButton: row('_', 5, '#', 10, '_', 33, '#', 9),
  };
  assert.equal(
    alarms(twice),
    ['1.000 begin alarm-button', '4.000 end alarm-button', '5.300 begin alarm-button'],
    'pressed again behind closed doors',
  );
});

test('filter: with the door open at a landing whoever presses can leave', () => {
  const open = { moving: '_', doorZone: '#', doorClosed: '_', alarmButton: row('_', 10, '#', 30) };
  assert.equal(alarms(open), [], 'at a landing');
  assert.equal(alarms({ ...open, doorZone: '_' }), ['1.500 begin alarm-button'], 'an open door between landings');
});

test('filter: a press in a running car is held back until it opens, or does not', () => {
  const ride = {
    moving: row('#', 30, '_', 200),
    doorZone: row('_', 29, '#', 201),
    alarmButton: row('_', 5, '#', 8, '_', 9),
  };
  assert.equal(alarms({ ...ride, doorClosed: row('#', 40, '_', 190) }), [], 'it arrived and opened');
  assert.equal(
    alarms({ ...ride, doorClosed: '#' }),
    ['13.000 begin alarm-button'],
    'not open 10 s after its stop at 3 s',
  );
  const long = { ...ride, moving: '#', doorZone: row('_', 300), doorClosed: '#' };
  assert.equal(alarms(long), ['23.000 begin alarm-button'], 'it runs on for its limit of 22 s');
});

test('filter: a car that stops and goes on is not stopped', () => {
  const ride = { moving: row('#', 20, '_', 50, '#', 30, '_', 120), doorZone: '_', doorClosed: '#' };
  const drawn = { ...ride, alarmButton: row('_', 5, '#', 8, '_', 9) };
  assert.equal(alarms(drawn), ['20.000 begin alarm-button'], '10 s from the second stop at 10 s on');
});

test('filter: relevelling with its door open is running', () => {
  const moved = { moving: '#', doorZone: '#', doorClosed: '_', alarmButton: row('_', 10, '#', 9, '_', 250) };
  assert.equal(alarms(moved), ['23.500 begin alarm-button'], 'nobody steps out of a car that moves');
});

test('filter: the stop counts also where it comes just as long before the run would be too long', () => {
  const ride = { moving: row('#', 130, '_', 130), doorZone: row('_', 140, '#', 120), doorClosed: '#' };
  const drawn = { ...ride, alarmButton: row('_', 5, '#', 8, '_', 9) };
  assert.equal(alarms(drawn), ['23.000 begin alarm-button'], '22 s from 1 s on, and 10 s from 13 s on');
});

test('a door that opens between landings after the press makes it no less a press', () => {
  const drawn = { moving: '_', doorZone: '_', doorClosed: row('#', 12, '_', 20), alarmButton: row('_', 10, '#', 22) };
  assert.equal(alarms(drawn), ['1.500 begin alarm-button'], 'the button was down before the door opened, not closed');
});

test('a button that was down before the door closed is stuck', () => {
  const stuck = { moving: '_', doorZone: '#', doorClosed: row('_', 10, '#', 50), alarmButton: '#' };
  assert.equal(alarms(stuck), [], 'nobody inside presses it');
});

test('it ends when the doors stood open at a landing for 2 s', () => {
  const drawn = { ...stopped, alarmButton: row('#', 10, '_', 90), doorClosed: row('#', 40, '_', 10, '#', 5, '_', 40) };
  assert.equal(
    alarms({ ...drawn, doorZone: '#' }),
    ['0.500 begin alarm-button', '7.500 end alarm-button'],
    'not at 1 s',
  );
  assert.equal(alarms(drawn), ['0.500 begin alarm-button'], 'nor between landings');
});

test('where the end of alarm is wired it is given there, and nowhere else', () => {
  const drawn = {
    ...{ moving: '_', doorZone: '#', doorClosed: row('#', 20, '_', 60) },
    callWaiting: row('_', 50, '#', 30),
    ...{ alarmButton: row('#', 10, '_', 70), endOfAlarm: row('_', 60, '#', 5, '_', 15) },
  };
  const options = { inputs: { endOfAlarm: '_' } };
  assert.equal(alarms(drawn, options), ['0.500 begin alarm-button', '6.000 end alarm-button'], 'by the key');
});

test('gap: a press that is held back counts on, and the alarm does not end in it', () => {
  const ride = { moving: row('#', 20, '_', 20, '?', 200), doorZone: '_', doorClosed: '#' };
  const drawn = { ...ride, alarmButton: row('_', 5, '#', 8, '_', 9) };
  assert.equal(alarms(drawn), ['12.000 begin alarm-button'], '10 s after the stop at 2 s');
  const running = { moving: row('#', 20, '?', 220), doorZone: '_', doorClosed: '#' };
  const lost = { ...running, alarmButton: row('_', 5, '#', 8, '_', 9) };
  assert.equal(alarms(lost), ['23.000 begin alarm-button'], 'not seen to stop: 22 s of a run');
  const cut = { ...stopped, alarmButton: row('_', 10, '#', 3, '?', 9) };
  assert.equal(alarms(cut), ['1.500 begin alarm-button'], 'the button itself is in the dark, and nobody let go of it');
  const dark = { ...stopped, doorZone: '#', alarmButton: row('#', 10, '_', 50), doorClosed: row('#', 20, '?', 40) };
  assert.equal(alarms(dark), ['0.500 begin alarm-button'], 'nobody knows whether it opened');
});

test.run();
