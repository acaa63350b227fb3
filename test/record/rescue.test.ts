import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MonoMs } from '../../src/clock.ts';
import { Judge } from '../../src/detect/judge.ts';
import type { RescueRecord } from '../../src/lift/events.ts';
import { type Drawing, judge, NO_MUTES, row, stateAt } from '../detect/draw.ts';
import { facts } from '../facts.ts';

const rescues = (drawing: Drawing) => judge(drawing).filter((event): event is RescueRecord => event.type === 'rescue');

/** Trapped off level from 0 s, raised at 60 s; technician at 100 s; door open at 200 s, out at 210 s; runs again at 300 s. */
const rescue = {
  moving: row('_', 300, '#', 5),
  doorZone: row('_', 190, '#', 115),
  doorClosed: row('#', 200, '_', 50, '#', 55),
  passenger: row('#', 210, '_', 95),
  mode: row('n', 100, 'i', 150, 'n', 55),
};

test('a rescue is told once, with the time of each step from the raising on', () => {
  assert.equal(
    rescues(rescue),
    [
      {
        ...{ type: 'rescue', lift: 'a', id: 'a/entrapment@60000', atMs: 300_000, raisedMs: 60_000 },
        ...{ technicianAfterMs: 40_000, technicianBy: 'inspection', doorsOpenAfterMs: 140_000 },
        ...{ passengerOutAfterMs: 150_000, backInServiceAfterMs: 240_000 },
      },
    ],
    'one record',
  );
});

test('the door of the machine room is a sign of the technician; one that stood open before is none', () => {
  const { mode, ...plain } = rescue;
  const came = rescues({ ...plain, machineRoomDoorOpen: row('_', 90, '#', 10, '_', 205) });
  assert.is(came[0]?.technicianBy, 'machine-room-door', 'who came');
  assert.is(came[0]?.technicianAfterMs, 30_000, 'at 90 s');
  const before = rescues({ ...plain, machineRoomDoorOpen: '#' });
  assert.is(before[0]?.technicianAfterMs, null, 'open all along');
});

test('what no signal tells is null', () => {
  const { mode, passenger, ...blind } = rescue;
  const [record] = rescues({ ...blind, alarmButton: row('_', 60, '#', 3, '_', 242) });
  assert.is(record?.passengerOutAfterMs, null, 'no passenger sensor');
  assert.is(record?.technicianBy, null, 'nobody was seen to come');
  assert.is(record?.backInServiceAfterMs, 240_000, 'a run tells that it serves');
});

test('a door that opened and closed again before the end let nobody out', () => {
  const [record] = rescues({
    ...rescue,
    doorZone: '#',
    doorClosed: row('#', 150, '_', 1, '#', 49, '_', 50, '#', 55),
    passenger: row('#', 210, '_', 95),
  });
  assert.is(record?.doorsOpenAfterMs, 200_000 - 90_000, 'the opening that stood; raised at 90 s at a landing');
});

test('in inspection it does not serve; trapped again before, the first rescue is told without its end', () => {
  assert.is(rescues({ ...rescue, mode: row('n', 100, 'i', 205) }).length, 0, 'still at work');
  const again = rescues({
    moving: '_',
    doorZone: '#',
    doorClosed: row('#', 100, '_', 20, '#', 200),
    passenger: '#',
  });
  assert.is(again.length, 1, 'the first');
  assert.is(again[0]?.backInServiceAfterMs, null, 'it never served between');
});

test('taken up again after a restart of the box', () => {
  const one = new Judge(facts(), NO_MUTES);
  one.resume('entrapment', { id: 'a/entrapment@5000', beganMs: 5000 });
  const told = Array.from({ length: 305 }, (_, at) => at).flatMap((at) => [
    ...one.step(stateAt(rescue, at, {}, at * 1000), (at * 1000) as MonoMs),
  ]);
  const [record] = told.filter((event): event is RescueRecord => event.type === 'rescue');
  assert.is(record?.id, 'a/entrapment@5000', 'under its old id');
  assert.is(record?.doorsOpenAfterMs, 195_000, 'counted from the raising');
});

test.run();
