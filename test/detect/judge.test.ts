/** The judge: what its events say, in which order they come, what it takes up, and whom it asks again when something changed. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MonoMs, monoMs } from '../../src/clock.ts';
import { Judge } from '../../src/detect/judge.ts';
import type { LiftEvent } from '../../src/lift/events.ts';
import { facts } from '../facts.ts';
import { type Drawing, type DrawOptions, faults, judge, NO_MUTES, row, stateAt } from './draw.ts';

test('an event says whose fault it is, since when, and all that is known of the lift', () => {
  const drawn = {
    moving: '#',
    doorZone: '?',
    landing: '3',
    atLevel: '_',
    safetyChainClosed: row('#', 1, '_', 2, '#', 3),
  };
  const [begin, end] = judge(drawn).filter(({ type }) => type === 'fault');
  const known = { moving: true, landing: 3, atLevel: false };
  const fault = { type: 'fault', id: 'a/safety-chain-open@1000', lift: 'a', fault: 'safety-chain-open', beganMs: 1000 };
  assert.equal(
    begin,
    { ...fault, phase: 'begin', atMs: 1000, snapshot: { ...known, safetyChainClosed: false } },
    'begin',
  );
  assert.equal(end, { ...fault, phase: 'end', atMs: 5000, snapshot: { ...known, safetyChainClosed: true } }, 'end');
  const dark = judge({ ...drawn, atLevel: '?' }).find(({ type }) => type === 'fault');
  assert.not.ok(dark?.type === 'fault' && 'atLevel' in dark.snapshot, 'what nobody knows is left out');
});

test('a doubt is told with its subject, the sensor and the way, and ended without', () => {
  const options = { controller: { doorClosed: row('#', 30) }, inputs: { doorClosed: row('_', 9, '#', 20) } };
  const [begin, end] = judge({ moving: '_' }, options).filter(({ type }) => type === 'fault');
  const of = { id: 'a/sensor-contradiction:door@3000', subject: 'door' };
  const told = (event: LiftEvent | undefined) =>
    event?.type === 'fault' && { id: event.id, subject: event.subject, sensor: event.sensor, way: event.way };
  assert.equal(told(begin), { ...of, sensor: 'doorClosed', way: 'missing' }, 'begin');
  assert.equal(told(end), { ...of, sensor: undefined, way: undefined }, 'end');
});

test('times are whole milliseconds, and a deadline is met at its own', () => {
  const one = new Judge(facts(), NO_MUTES);
  const open = stateAt({ moving: '#', safetyChainClosed: '_' }, 0, {}, 0);
  const [event] = one.step(open, monoMs(10.6));
  assert.ok(event?.type === 'fault' && event.atMs === 11 && event.id.endsWith('@11'), 'rounded');
  const waits = new Judge(facts(), NO_MUTES);
  const door = stateAt({ moving: '_', doorClosed: '_' }, 0, {}, 0);
  assert.equal(waits.step(door, 0 as MonoMs), [], 'open');
  assert.is(waits.dueMs, 120_000, 'held open, if nothing changes');
  assert.equal(waits.step(door, monoMs(119_999)), [], 'not yet');
  assert.is(waits.step(door, monoMs(120_000)).length, 1, 'now');
});

test('faults of one moment come by rank, after the mode and before what is recorded', () => {
  const drawn = {
    ...{ mode: row('n', 5, 's', 5), moving: row('_', 1, '#', 4, '_', 5), landing: row(0, 3, 1, 7), atLevel: '#' },
    ...{
      doorZone: '_',
      doorClosed: row('_', 1, '#', 4, '_', 1, '#', 4),
      faultCode: row(0, 5, 9, 5),
      safetyChainClosed: row('#', 5, '_', 5),
    },
  };
  const said = judge(drawn).map((event) => `${event.atMs} ${event.type === 'fault' ? event.fault : event.type}`);
  assert.equal(
    said,
    ['0 mode', '5000 mode', '5000 sudden-stop', '5000 controller-fault', '5000 trip', '6000 door-cycle'],
    'in the order in which they matter',
  );
});

/** Faults that begin, end, are held off, outrank and hide one another; trips, door cycles and modes between. */
const BUSY: Drawing = {
  ...{ mode: row('n', 60, 'i', 20, 'n', 200), moving: row('_', 5, '#', 9, '_', 6, '#', 3, '_', 200), direction: 'u' },
  ...{
    doorZone: row('#', 6, '_', 90, '#', 100),
    atLevel: row('#', 6, '_', 90, '#', 100),
    passenger: row('_', 20, '#', 200),
  },
  ...{
    doorClosed: row('_', 4, '#', 96, '_', 5, '#', 100),
    landing: row(0, 8, 1, 200),
    alarmButton: row('_', 40, '#', 3, '_', 99),
  },
  ...{
    safetyChainClosed: row('#', 11, '_', 1, '#', 3, '_', 20, '#', 99),
    callWaiting: '#',
    machineRoomDoorOpen: row('_', 90, '#', 9),
  },
};
const SIDES: DrawOptions = {
  controller: { doorClosed: row('#', 50, '_', 1, '#', 99), landing: row(0, 9, 2, 99), doorZone: '?' },
  inputs: { doorClosed: row('#', 12, '_', 9, '#', 99), landing: row(0, 8, 1, 99), levelUpper: '?' },
};
const lines = (options: DrawOptions) => judge(BUSY, options).map((event) => JSON.stringify(event));

test('a memory that another judge takes up at any moment goes on as if nothing had been', () => {
  const all = lines(SIDES);
  assert.ok(all.length > 15, `${all.length} events are worth comparing`);
  for (let takenUpAt = 1; takenUpAt < 200; takenUpAt += 9) {
    assert.equal(lines({ ...SIDES, takenUpAt }), all, `at ${takenUpAt} s`);
  }
});

test('a fault that was open when the box stopped ends under its old id, or stands on', () => {
  const closed = stateAt({ moving: '_', doorClosed: '#' }, 0, {}, 0);
  const open = stateAt({ moving: '_', doorClosed: '_' }, 0, {}, 0);
  const resumed = () => {
    const one = new Judge(facts(), NO_MUTES);
    one.step(open, 0 as MonoMs);
    one.resume('door-held-open', { id: 'old', beganMs: 7 });
    one.resume('no-such-fault', { id: 'x', beganMs: 1 });
    return one;
  };
  const stands = resumed();
  assert.equal(stands.open, { 'door-held-open': { id: 'old', beganMs: 7 } }, 'it stands');
  assert.equal(stands.step(open, 5 as MonoMs), [], 'no second begin');
  assert.is(stands.dueMs, Number.POSITIVE_INFINITY, 'what it waited for before is forgotten');
  const [end] = resumed().step(closed, 9 as MonoMs);
  assert.ok(end?.type === 'fault' && end.phase === 'end' && end.id === 'old' && end.beganMs === 7, 'that episode');
});

test('an entrapment that is taken up is a rescue that is taken up', () => {
  const shut = stateAt({ moving: '_', doorClosed: '#', passenger: '#', doorZone: '#' }, 0, {}, 0);
  const out = stateAt({ moving: '_', doorClosed: '_', passenger: '_', doorZone: '#', mode: 'n' }, 0, {}, 0);
  const one = new Judge(facts(), NO_MUTES);
  one.resume('entrapment', { id: 'old', beganMs: 0 });
  const events = [...one.step(shut, 1000 as MonoMs), ...one.step(out, 5000 as MonoMs)];
  while (one.dueMs < 600_000) events.push(...one.step(out, one.dueMs as MonoMs));
  assert.ok(
    events.some((event) => event.type === 'fault' && event.phase === 'end' && event.id === 'old'),
    'it ended',
  );
  assert.is(
    one.memory.rescue.rescue?.id ?? events.find(({ type }) => type === 'rescue')?.type,
    'old',
    'it is followed on',
  );
});

test('when the mode lets it, or what outranked it has ended, a fault counts from then on', () => {
  const drawn = { moving: '_', doorClosed: row('_', 200), mode: row('i', 10, 'n', 190) };
  const mutes = { 'door-held-open': ['inspection' as const] };
  assert.equal(faults(drawn, { mutes }), ['130.000 begin door-held-open'], '120 s in service');
  const chain = { moving: '_', mode: 'n', callWaiting: '#', doorClosed: '#', safetyChainClosed: row('_', 30, '#', 90) };
  assert.equal(
    faults(chain),
    ['0.000 begin safety-chain-open', '32.000 end safety-chain-open', '92.000 begin restart-prevented'],
    '60 s without another reason',
  );
});

test('a look at the same lift before anything is due makes nothing, to the very list', () => {
  const one = new Judge(facts(), NO_MUTES);
  const state = stateAt({ moving: '_', doorClosed: '#' }, 0, {}, 0);
  const nothing = one.step(state, 0 as MonoMs);
  assert.is(one.step(state, 1 as MonoMs), nothing, 'nothing');
});

test.run();
