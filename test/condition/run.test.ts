/** What is told of runs that take longer, and how seldom one is told that do not. Seeds are printed where they fail. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../hil/lift/random.ts';
import { Condition } from '../../src/condition/condition.ts';
import type { ConditionEvent, FaultEvent, TripRecord } from '../../src/lift/events.ts';
import { DAY_MS, heightMm, journey, trip, visited } from './lives.ts';

interface Life {
  readonly landings: number;
  readonly perDay: number;
  readonly days: number;
  /** growth of the run time a week, and its swing over the year, as shares */
  readonly weekly: number;
  readonly yearly: number;
  /** share of trips that a hand in the door or a lost poll makes long, unseen */
  readonly odd: number;
  /** what rest is told late by: a second where level switches alone tell it */
  readonly lateMs: number;
}

const LIFE: Life = { landings: 8, perDay: 150, days: 7 * 14, weekly: 0.01, yearly: 0.015, odd: 0.01, lateMs: 0 };

/** At 1.75 m/s with 0.8 m/s2, creeping 0.6 s; 3 % of noise, and a poll of 200 ms at either end. */
function runMs(random: Random, distanceMm: number): number {
  const ownMs = 2200 + (distanceMm / 1750) * 1000 + 600;
  return ownMs * random.between(0.97, 1.03) + random.between(-200, 200);
}

function lived(seed: number, changes: Partial<Life>): { events: ConditionEvent[]; firstShare: number | null } {
  const life = { ...LIFE, ...changes };
  const random = new Random(seed);
  const condition = new Condition('a');
  const events: ConditionEvent[] = [];
  let firstShare: number | null = null;
  for (let n = 0; n < life.perDay * life.days; n++) {
    const day = n / life.perDay;
    const grown = (1 + life.weekly) ** (day / 7) - 1;
    const season = life.yearly * Math.sin((2 * Math.PI * day) / 365);
    const { from, to } = journey(random, life.landings);
    const distanceMm = Math.abs(heightMm(to) - heightMm(from)) + random.whole(-12, 12);
    const odd = random.chance(life.odd) ? random.between(1.2, 3) : 1;
    const ms = runMs(random, distanceMm) * (1 + grown) * (1 + season) * odd + life.lateMs;
    const atMs = Math.round(day * DAY_MS);
    const told = condition.fold(trip(atMs, { startMs: atMs - Math.round(ms), from, to, distanceMm }));
    if (told.length > 0 && firstShare === null) firstShare = grown;
    events.push(...told);
  }
  return { events, firstShare };
}

test('a run time that grows by 1 % a week is told before it is 10 % longer, busy or quiet', () => {
  const shares: number[] = [];
  for (const perDay of [60, 150, 300])
    for (let seed = 1; seed <= 10; seed++) {
      const { events, firstShare } = lived(seed, { perDay });
      assert.ok(firstShare !== null && firstShare < 0.1, `seed ${seed}, ${perDay} a day: told at ${firstShare}`);
      assert.is(events[0]?.condition, 'run-slowing', 'by its name');
      shares.push(firstShare ?? 1);
    }
  assert.ok(Math.min(...shares) > 0.02, `not before it grew at all: ${Math.min(...shares)}`);
});

test('with level switches alone rest is told a second late, always: told before it is 13 % longer', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { firstShare } = lived(seed, { lateMs: 1000 });
    assert.ok(firstShare !== null && firstShare < 0.13, `seed ${seed}: told at ${firstShare}`);
  }
});

test('sixty landings: most distances are rare, and the drift is told all the same', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const { firstShare } = lived(seed, { landings: 60, perDay: 600 });
    assert.ok(firstShare !== null && firstShare < 0.1, `seed ${seed}: told at ${firstShare}`);
  }
});

test('under one false warning per lift-year: none in 30 years of runs that do not slow', () => {
  const warned: string[] = [];
  for (let seed = 1; seed <= 30; seed++) {
    const perDay = [40, 120, 300][seed % 3] ?? 120;
    const { events } = lived(seed, { perDay, days: 365, weekly: 0, lateMs: seed % 2 ? 0 : 1000 });
    if (events.length > 0) warned.push(`seed ${seed}, ${perDay} a day: ${events[0]?.changePercent} %`);
  }
  assert.equal(warned, [], 'false warnings');
});

test('the evidence: what was normal, what it is, and of how many', () => {
  const { events } = lived(3, { yearly: 0, odd: 0 });
  const [told] = events;
  assert.ok(told && told.normal > 5000 && told.normal < 12_000, `learned: ${told?.normal}`);
  assert.ok(told.now > told.normal * 1.02 && told.now < told.normal * 1.1, `and now: ${told.now}`);
  assert.is(told.unit, 'ms', 'its unit');
  assert.ok(told.samples > 500, `from so many: ${told.samples}`);
  assert.is(events.length, 1, 'told once while it stands');
});

/** A lift that learned 9 s from 0 to 3, and then runs as `then` says, 1000 times. */
function afterLearning(then: Partial<TripRecord>, between: (condition: Condition, atMs: number) => unknown = () => 0) {
  const condition = new Condition('a');
  const way = { from: 0, to: 3, distanceMm: 9000 };
  const run = (n: number, more: Partial<TripRecord>) => condition.fold(trip(n * 60_000, { ...way, ...more }));
  for (let n = 1; n <= 200; n++) run(n, { startMs: n * 60_000 - 9000 - (n % 7) * 20 });
  between(condition, 201 * 60_000);
  const events: ConditionEvent[] = [];
  for (let n = 300; n < 1300; n++) events.push(...run(n, { startMs: n * 60_000 - 12_000, ...then }));
  return events.map(({ condition: name, phase }) => `${name} ${phase}`);
}

const trapped: FaultEvent = {
  ...{ type: 'fault', phase: 'begin', id: 'a/drive-fault', lift: 'a', fault: 'drive-fault' },
  ...{ atMs: 0, beganMs: 0, snapshot: {} },
};

test('a third longer is told; what says nothing of the lift is left out', () => {
  assert.equal(afterLearning({}), ['run-slowing begin'], 'a third longer');
  assert.equal(afterLearning({ distanceMm: null }), [], 'nobody knows how far');
  assert.equal(afterLearning({ from: null }), [], 'begun unseen');
  assert.equal(afterLearning({ to: null }), [], 'ended nobody knows where');
  assert.equal(afterLearning({ to: 0 }), [], 'back where it began');
  assert.equal(afterLearning({ levelErrorMm: 900 }), [], 'interrupted between two landings');
  assert.equal(afterLearning({ from: 3, to: 0 }), [], 'the other way has its own normal, which a hydraulic lift needs');
  const work = (condition: Condition, atMs: number) =>
    condition.fold({ type: 'mode', lift: 'a', atMs, mode: 'inspection', was: 'normal', mutes: [] });
  assert.equal(afterLearning({}, work), [], 'people at work');
  assert.equal(
    afterLearning({}, (condition, atMs) => condition.fold({ ...trapped, atMs })),
    [],
    'while a fault stands that stops it',
  );
});

test('a visit that made the runs shorter gives a new normal, from which a drift is told', () => {
  const condition = new Condition('a');
  const events: ConditionEvent[] = [];
  const run = (n: number, ms: number) => {
    const way = { from: 0, to: 3, distanceMm: 9000, startMs: n * 60_000 - ms - (n % 7) * 20 };
    events.push(...condition.fold(trip(n * 60_000, way)));
  };
  for (let n = 0; n < 300; n++) run(n, 9000);
  visited(condition, 300 * 60_000);
  for (let n = 400; n < 900; n++) run(n, 8000);
  assert.equal(events, [], 'faster is no drift');
  for (let n = 900; n < 1400; n++) run(n, 9000);
  assert.is(events[0]?.condition, 'run-slowing', 'as long as it once was, which is long now');
});

test.run();
