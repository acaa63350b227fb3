import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { TripRecord } from '../../src/lift/events.ts';
import { stepTrip, TRIP_START, type TripMemory } from '../../src/record/trip.ts';
import { stateAt } from '../detect/draw.ts';
import { facts } from '../facts.ts';

/** Trips of a run of 10 s from landing 0, at rest before and after; positions are what the controller says at either end. */
function run(to: number | null, fromMm: number | null, toMm: number | null): TripRecord[] {
  const trips: TripRecord[] = [];
  let memory: TripMemory = TRIP_START;
  for (let step = 0; step <= 12; step++) {
    const moving = step > 0 && step < 11;
    const atMs = step * 1000;
    const state = stateAt({ moving: moving ? '#' : '_', direction: moving ? 'u' : '-' }, 0, {}, atMs);
    const value = <T>(known: T | null) => ({
      value: known,
      sinceMs: state.moving.sinceMs,
      source: 'controller' as const,
    });
    const landing = value(step < 11 ? 0 : to);
    const lift = { ...state, landing, positionMm: value(step < 11 ? fromMm : toMm) };
    const stepped = stepTrip(memory, lift, facts(), atMs);
    memory = stepped.memory;
    if (stepped.record) trips.push(stepped.record);
  }
  return trips;
}

test('a run from rest to rest is one trip, with its landings, distance and where it stopped above its landing', () => {
  assert.equal(
    run(3, 2, 8994),
    [
      {
        ...{ type: 'trip', lift: 'a', atMs: 11_000, startMs: 1000, from: 0, to: 3, direction: 'up', distanceMm: 8992 },
        ...{ topSpeedMmPerS: null, passenger: null, levelErrorMm: -6 },
      },
    ],
    'six millimetres below landing 3',
  );
});

test('without a position the distance is that of the landings, and nobody knows how level it stopped', () => {
  const [trip] = run(3, null, null);
  assert.equal(
    [trip?.distanceMm, trip?.levelErrorMm],
    [9000, null],
    'two level switches say level, and no millimetres',
  );
});

test('a position without a landing is no error of a landing', () => {
  const [trip] = run(null, 0, 7400);
  assert.equal([trip?.distanceMm, trip?.levelErrorMm], [7400, null], 'how far is known, where to is not');
});

test.run();
