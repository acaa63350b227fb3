/** Totals and availability, and what a restart does to them. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VirtualClock } from '../../src/clock.ts';
import { CONDITION_FORM, Condition } from '../../src/condition/condition.ts';
import { Conditions } from '../../src/condition/keep.ts';
import type { FaultEvent, FaultName, TripRecord } from '../../src/lift/events.ts';

const HOUR_MS = 3_600_000;
const trip = (atMs: number): TripRecord => ({
  ...{ type: 'trip', lift: 'a', atMs, startMs: atMs - 9000, from: 0, to: 3, direction: 'up' },
  ...{ distanceMm: 9000, topSpeedMmPerS: 1750, passenger: true, levelErrorMm: null },
});
const fault = (name: FaultName, phase: 'begin' | 'end', atMs: number): FaultEvent => ({
  ...{ type: 'fault', phase, id: `a/${name}`, lift: 'a', fault: name, atMs, beganMs: atMs, snapshot: {} },
});

test('trips, distance, running time; another lift is not counted', () => {
  const one = new Condition('a');
  one.fold(trip(HOUR_MS));
  one.fold({ ...trip(2 * HOUR_MS), lift: 'b' });
  one.fold({ ...trip(2 * HOUR_MS), distanceMm: null });
  const { trips, distanceMm, runningMs, ropeBends } = one.totals(3 * HOUR_MS);
  assert.equal(
    { trips, distanceMm, runningMs, ropeBends },
    { trips: 2, distanceMm: 9000, runningMs: 18_000, ropeBends: 2 },
    'totals',
  );
});

test('availability: a fault that stops the lift and service by people count, a warning does not', () => {
  const one = new Condition('a');
  one.advance(0);
  one.fold(fault('entrapment', 'begin', 10 * HOUR_MS));
  one.fold(fault('entrapment', 'end', 11 * HOUR_MS));
  one.fold(fault('door-held-open', 'begin', 12 * HOUR_MS));
  one.fold(fault('door-held-open', 'end', 13 * HOUR_MS));
  one.fold({ type: 'mode', lift: 'a', atMs: 14 * HOUR_MS, mode: 'inspection', was: 'normal', mutes: [] });
  one.fold({ type: 'mode', lift: 'a', atMs: 15 * HOUR_MS, mode: 'normal', was: 'inspection', mutes: [] });
  const { watchedMs, availability, meanTimeBetweenFaultsMs } = one.totals(20 * HOUR_MS);
  assert.is(watchedMs, 20 * HOUR_MS, 'watched');
  assert.is(availability, 0.9, '18 of 20 hours');
  assert.is(meanTimeBetweenFaultsMs, 18 * HOUR_MS, 'one fault in 18 hours of service');
});

test('across a restart and a reboot of the machine: times of two boots are never subtracted', () => {
  const before = new Condition('a');
  before.advance(500 * HOUR_MS);
  before.fold(trip(501 * HOUR_MS));
  const after = new Condition('a', JSON.parse(JSON.stringify(before.memory)));
  after.fold(trip(HOUR_MS));
  const { trips, watchedMs } = after.totals(2 * HOUR_MS);
  assert.is(trips, 2, 'both');
  assert.is(watchedMs, 2 * HOUR_MS, 'an hour in each boot');
});

test('what was learned is taken up again: a drift that stood ends under its id', () => {
  const way = { from: 0, to: 3, distanceMm: 9000, levelErrorMm: 0 };
  const runs = (condition: Condition, from: number, to: number, ms: number) =>
    Array.from({ length: to - from }, (_, n) => (from + n) * 60_000).flatMap((atMs) =>
      condition.fold({ ...trip(atMs), ...way, startMs: atMs - ms - (atMs % 7) * 10 }),
    );
  const before = new Condition('a');
  const [begin, ...more] = runs(before, 0, 400, 9000).concat(runs(before, 400, 600, 10_000));
  assert.equal([begin?.condition, more], ['run-slowing', []], 'begins');
  const after = new Condition('a', JSON.parse(JSON.stringify(before.memory)));
  const [end, ...none] = runs(after, 0, 200, 9000);
  assert.equal([end?.phase, end?.id, none], ['end', begin?.id, []], 'ends in another boot');
});

test('a lift of 60 landings of uneven heights is kept in 40 kB, whatever it does in a year', () => {
  const condition = new Condition('a');
  const heightMm = (landing: number) => landing * 3000 + (landing % 7) * 137;
  for (let n = 0; n < 200_000; n++) {
    const [from, to] = [(n * 7) % 60, (n * 13 + 1) % 60];
    const atMs = n * 60_000;
    const distanceMm = Math.abs(heightMm(to) - heightMm(from));
    condition.fold({ ...trip(atMs), startMs: atMs - 9000, from, to, distanceMm, levelErrorMm: n % 5 });
    condition.fold({
      ...{ type: 'door-cycle', lift: 'a', atMs, startMs: atMs - 9000, landing: to },
      ...{ openingMs: 2200 + (n % 9), closingMs: 2800 + (n % 9), reversals: 0, relevels: 0 },
    });
  }
  const { length } = JSON.stringify(condition.memory);
  assert.ok(length > 10_000 && length < 40_000, `${length} bytes`);
});

test('nothing watched yet: no share is made up', () => {
  const { availability, meanTimeBetweenFaultsMs } = new Condition('a').totals(5);
  assert.is(availability, null, 'of nothing');
  assert.is(meanTimeBetweenFaultsMs, null, 'no fault');
});

function folder(run: (path: string) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-condition-'));
  return run(join(dir, 'condition.json')).finally(() => rmSync(dir, { recursive: true }));
}

test('kept every two hours, taken up again, totals once a day', () =>
  folder(async (path) => {
    const clock = new VirtualClock(1000);
    const remarks: string[] = [];
    const first = new Conditions(path, ['a', 'b'], clock, (line) => remarks.push(line));
    first.fold(trip(2000));
    assert.equal(first.tick(), [], 'not yet');
    await clock.advance(121 * 60_000);
    assert.equal(first.tick(), [], 'kept');
    const again = new Conditions(path, ['a', 'b'], clock, (line) => remarks.push(line));
    await clock.advance(25 * HOUR_MS);
    assert.equal(
      again.tick().map((event) => (event.type === 'totals' ? `${event.lift} ${event.trips}` : event.condition)),
      ['a 1', 'b 0'],
      'with what the first knew',
    );
    assert.equal(again.tick(), [], 'once');
    assert.equal(remarks, [], 'nothing to say');
  }));

test('a file that is not whole, or cannot be written, is said once; the box goes on', () =>
  folder(async (path) => {
    const clock = new VirtualClock(1000);
    const remarks: string[] = [];
    const remark = (line: string) => remarks.push(line);
    writeFileSync(path, '{"form":1,"lif');
    new Conditions(path, ['a'], clock, remark).keep();
    assert.match(remarks[0] ?? '', /not whole: learned anew/, 'torn');
    assert.is(JSON.parse(readFileSync(path, 'utf8')).form, CONDITION_FORM, 'and written whole again');
    writeFileSync(path, '{"form":99,"lifts":{}}');
    assert.is(new Conditions(path, ['a'], clock, remark).fold(trip(5)).length, 0, 'of another version');
    assert.match(remarks[1] ?? '', /another version/, 'said');
    const nowhere = new Conditions(join(path, 'below', 'x.json'), ['a'], clock, remark);
    nowhere.keep();
    nowhere.keep();
    assert.is(remarks.filter((line) => /cannot be kept/.test(line)).length, 1, 'said once');
  }));

test.run();
