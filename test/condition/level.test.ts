/** What is told of a car that stops off its level, and how seldom one is told that does not. Seeds are printed where they fail. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../hil/lift/random.ts';
import { Condition } from '../../src/condition/condition.ts';
import type { ConditionEvent } from '../../src/lift/events.ts';
import { DAY_MS, journey, normal, trip, visited } from './lives.ts';

interface Life {
  readonly landings: number;
  readonly perDay: number;
  readonly days: number;
  /** spread of the stopping errors, and its growth a week as a share */
  readonly deviationMm: number;
  readonly weeklySpread: number;
  /** a drift, mm a week, at one landing or at all */
  readonly weeklyMm: number;
  readonly at: number | 'all';
  /** swing over the year with the temperature */
  readonly yearlyMm: number;
  /** every 15 days people look at it; where they set, every other time they make a landing level that is more than 2 mm off */
  readonly visits: 'none' | 'look' | 'set';
}

const LIFE: Life = {
  ...{ landings: 8, perDay: 150, days: 7 * 20, deviationMm: 2, weeklySpread: 0, weeklyMm: 0, at: 'all' },
  ...{ yearlyMm: 1, visits: 'none' },
};

function lived(seed: number, changes: Partial<Life>): { events: ConditionEvent[]; firstDay: number | null } {
  const life = { ...LIFE, ...changes };
  const random = new Random(seed);
  const own = Array.from({ length: life.landings }, () => random.between(-8, 8));
  const condition = new Condition('a');
  const events: ConditionEvent[] = [];
  let firstDay: number | null = null;
  let seen = 0;
  for (let n = 0; n < life.perDay * life.days; n++) {
    const day = n / life.perDay;
    if (life.visits !== 'none' && day > 15 * (seen + 1)) {
      events.push(...visited(condition, Math.round(day * DAY_MS) - 3_700_000));
      const at = random.whole(0, life.landings - 1);
      const sets = ++seen % 2 === 0 && life.visits === 'set' && Math.abs(own[at] ?? 0) > 2;
      if (sets) own[at] = random.between(-1.5, 1.5);
    }
    const { to } = journey(random, life.landings);
    const drifted = life.at === 'all' || life.at === to ? (life.weeklyMm * day) / 7 : 0;
    const season = life.yearlyMm * Math.sin((2 * Math.PI * day) / 365);
    const noise = normal(random, life.deviationMm * (1 + life.weeklySpread) ** (day / 7));
    const levelErrorMm = Math.round((own[to] ?? 0) + drifted + season + noise);
    const told = condition.fold(trip(Math.round(day * DAY_MS), { to, levelErrorMm }));
    if (told.length > 0 && firstDay === null) firstDay = day;
    events.push(...told);
  }
  return { events, firstDay };
}

test('a drift of 1 mm a week is told before it is 7 mm, at one landing or at all, up or down', () => {
  for (const deviationMm of [1, 2, 3])
    for (const at of [0, 5, 'all'] as const)
      for (const weeklyMm of [1, -1])
        for (let seed = 1; seed <= 5; seed++) {
          const { events, firstDay } = lived(seed, { deviationMm, at, weeklyMm });
          const said = `seed ${seed}, ${deviationMm} mm of spread, at ${at}, ${weeklyMm} mm a week`;
          const driftedMm = (firstDay ?? 999) / 7;
          assert.ok(driftedMm > 2 && driftedMm < 7, `${said}: told at ${driftedMm} mm`);
          assert.is(events[0]?.condition, 'level-inaccuracy', 'by its name');
          if (at !== 'all') assert.is(events[0]?.landing, at, `${said}: the landing that shows it`);
        }
});

test('a spread of 3 mm that grows by 5 % a week is told before it is twice as wide', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { firstDay } = lived(seed, { deviationMm: 3, weeklySpread: 0.05 });
    const times = 1.05 ** ((firstDay ?? 999) / 7);
    assert.ok(times > 1.2 && times < 2.1, `seed ${seed}: told at ${times} times`);
  }
});

test('under one false warning per lift-year: none in 30 years of levels that hold, and are set anew now and then', () => {
  const warned: string[] = [];
  for (let seed = 1; seed <= 30; seed++) {
    const perDay = [40, 120, 300][seed % 3] ?? 120;
    const deviationMm = [1, 2, 3, 4][seed % 4] ?? 2;
    const { events } = lived(seed, { perDay, deviationMm, days: 365, visits: 'set' });
    if (events.length > 0) warned.push(`seed ${seed}, ${perDay} a day, ${deviationMm} mm: ${JSON.stringify(events)}`);
  }
  assert.equal(warned, [], 'false warnings');
});

test('visits every 15 days do not hide a slow drift', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { firstDay } = lived(seed, { at: 3, weeklyMm: 0.5, visits: 'look' });
    const driftedMm = ((firstDay ?? 999) / 7) * 0.5;
    assert.ok(driftedMm > 2 && driftedMm < 7, `seed ${seed}: told at ${driftedMm} mm`);
  }
});

test('the evidence: how far off it usually was, how far it is, at which landing; put right, it ends', () => {
  const condition = new Condition('a');
  const random = new Random(4);
  const events: ConditionEvent[] = [];
  for (let n = 0; n < 6000; n++) {
    const to = n % 4;
    const slipped = to === 2 && n > 2000 && n < 4000 ? 9 : 0;
    const levelErrorMm = Math.round(slipped + normal(random, 1.5));
    events.push(...condition.fold(trip(n * 60_000, { to, levelErrorMm })));
  }
  const [begin, end] = events;
  assert.equal(
    events.map(({ phase, id, landing }) => `${phase} ${id === begin?.id} ${landing}`),
    ['begin true 2', 'end true 2'],
    'one drift',
  );
  assert.ok(begin && begin.normal > 0.9 && begin.normal < 1.6, `usually: ${begin?.normal}`);
  assert.ok(begin.now > 3.5 && begin.now < 9, `now: ${begin.now}`);
  assert.is(begin.unit, 'mm', 'its unit');
  assert.ok(begin.beganMs < 2200 * 60_000, 'within fifty stops at that landing');
  assert.ok(end && end.changePercent < 120, `at its end: ${end?.changePercent} %`);
});

test('a vane that slipped where many have is one drift until the last is put right', () => {
  const condition = new Condition('a');
  const events: ConditionEvent[] = [];
  const stop = (n: number, to: number, mm: number) =>
    events.push(...condition.fold(trip(n * 60_000, { to, levelErrorMm: mm + (n % 3) - 1 })));
  for (let n = 0; n < 400; n++) stop(n, n % 4, 0);
  for (let n = 400; n < 800; n++) stop(n, n % 4, 8);
  assert.is(events.length, 1, 'four landings, one begin');
  for (let n = 800; n < 1200; n++) stop(n, n % 4, n % 4 === 3 ? 8 : 0);
  assert.is(events.length, 1, 'one still stands');
  for (let n = 1200; n < 1600; n++) stop(n, n % 4, 0);
  assert.equal([events.length, events[1]?.phase, events[1]?.landing], [2, 'end', 3], 'the last of them');
});

test('a landing that people set anew while its drift stood ends it, and is its new normal', () => {
  const condition = new Condition('a');
  const events: ConditionEvent[] = [];
  const stops = (from: number, to: number, mm: number) => {
    for (let n = from; n < to; n++)
      events.push(...condition.fold(trip(n * 60_000, { to: 1, levelErrorMm: mm + (n % 3) - 1 })));
  };
  stops(0, 100, -6);
  stops(100, 200, 4);
  assert.equal(
    events.map(({ phase }) => phase),
    ['begin'],
    '10 mm from where it was',
  );
  visited(condition, 200 * 60_000);
  stops(300, 500, 0);
  assert.equal(
    events.map(({ phase }) => phase),
    ['begin', 'end'],
    'level now, which it was never before',
  );
  stops(500, 600, 8);
  assert.is(events.length, 3, 'from which it drifts again');
});

test('without a position from the controller nothing is said, and an interrupted trip is no stop at a landing', () => {
  for (const levelErrorMm of [null, 700]) {
    const condition = new Condition('a');
    for (let n = 0; n < 500; n++) {
      const stopped = n < 100 && levelErrorMm !== null ? 0 : levelErrorMm;
      assert.equal(condition.fold(trip(n * 60_000, { to: 1, levelErrorMm: stopped })), [], `${levelErrorMm}`);
    }
  }
});

test.run();
