/** What is told of a door that slows, and how seldom one is told that does not. Seeds are printed where they fail. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../hil/lift/random.ts';
import { Condition, newMemory } from '../../src/condition/condition.ts';
import type { ConditionEvent, DoorCycleRecord } from '../../src/lift/events.ts';

const DAY_MS = 24 * 3_600_000;
const LANDINGS = 8;

interface Life {
  readonly perDay: number;
  readonly days: number;
  /** growth of the closing time a week, as a share */
  readonly weekly: number;
  /** swing of the year with the temperature, as a share */
  readonly yearly: number;
  /** share of cycles in which a hand or a bag makes the door long, unseen */
  readonly odd: number;
}

/** The conditions of a life: closing times of each landing's own mean, 2.5 to 3 s about it, whatever else `life` asks for. */
function lived(seed: number, life: Life): { events: ConditionEvent[]; firstShare: number | null } {
  const random = new Random(seed);
  const own = Array.from({ length: LANDINGS }, () => random.between(2500, 3300));
  const condition = new Condition('a');
  const events: ConditionEvent[] = [];
  let firstShare: number | null = null;
  for (let n = 0; n < life.perDay * life.days; n++) {
    const day = n / life.perDay;
    const grown = (1 + life.weekly) ** (day / 7) - 1;
    const season = life.yearly * Math.sin((2 * Math.PI * day) / 365);
    const landing = random.whole(0, LANDINGS - 1);
    const odd = random.chance(life.odd) ? random.between(1.2, 3) : 1;
    const closingMs = (own[landing] ?? 0) * random.between(0.91, 1.09) * (1 + grown) * (1 + season) * odd;
    const told = condition.fold(cycle(Math.round(day * DAY_MS), landing, closingMs));
    if (told.length > 0 && firstShare === null) firstShare = grown;
    events.push(...told);
  }
  return { events, firstShare };
}

function cycle(atMs: number, landing: number, closingMs: number, more: Partial<DoorCycleRecord> = {}): DoorCycleRecord {
  return {
    ...{ type: 'door-cycle', lift: 'a', atMs, startMs: atMs - 9000, landing },
    ...{ openingMs: 2200, closingMs, reversals: 0, relevels: 0, ...more },
  };
}

test('a door that slows by 1 % a week is told before it is 15 % slow, busy or quiet', () => {
  const shares: number[] = [];
  for (const perDay of [60, 150, 300]) {
    for (let seed = 1; seed <= 10; seed++) {
      const { events, firstShare } = lived(seed, { perDay, days: 7 * 20, weekly: 0.01, yearly: 0.03, odd: 0.01 });
      assert.ok(firstShare !== null && firstShare < 0.15, `seed ${seed}, ${perDay} a day: told at ${firstShare}`);
      assert.is(events[0]?.condition, 'door-slowing', 'by its name');
      assert.is(events[0]?.subject, 'closing', 'and what slows');
      shares.push(firstShare ?? 1);
    }
  }
  assert.ok(Math.min(...shares) > 0.03, `not before it is slow at all: ${Math.min(...shares)}`);
});

test('under one false warning per lift-year: none in 30 years of doors that do not slow', () => {
  let years = 0;
  const warned: string[] = [];
  for (let seed = 1; seed <= 30; seed++, years++) {
    const perDay = [40, 120, 300][seed % 3] ?? 120;
    const { events } = lived(seed, { perDay, days: 365, weekly: 0, yearly: 0.03, odd: 0.01 });
    if (events.length > 0) warned.push(`seed ${seed}, ${perDay} a day: ${events[0]?.changePercent} %`);
  }
  assert.equal(warned, [], `false warnings in ${years} lift-years`);
});

test('the evidence: what was normal, what it is, and of how many', () => {
  const { events } = lived(3, { perDay: 150, days: 7 * 20, weekly: 0.01, yearly: 0, odd: 0 });
  const [told] = events;
  assert.ok(told && told.normal > 2500 && told.normal < 3400, `learned: ${told?.normal}`);
  assert.ok(told.now > told.normal * 1.03 && told.now < told.normal * 1.15, `and now: ${told.now}`);
  assert.is(told.unit, 'ms', 'its unit');
  assert.ok(told.samples > 1000, `from so many: ${told.samples}`);
  assert.is(events.length, 1, 'told once while it stands');
});

test('put right, it ends under the same id', () => {
  const condition = new Condition('a');
  const events: ConditionEvent[] = [];
  const random = new Random(9);
  for (let n = 0; n < 6000; n++) {
    const slow = n > 2000 && n < 4000 ? 1.2 : 1;
    events.push(...condition.fold(cycle(n * 60_000, n % 3, 2800 * slow * random.between(0.95, 1.05))));
  }
  assert.equal(
    events.map(({ phase, id }) => `${phase} ${id === events[0]?.id}`),
    ['begin true', 'end true'],
    'one drift',
  );
});

test('a visit that made the door faster gives a new normal, from which a drift is told again', () => {
  const condition = new Condition('a');
  const events: ConditionEvent[] = [];
  for (let n = 0; n < 500; n++) events.push(...condition.fold(cycle(n * 60_000, 1, 3000 + (n % 7) * 20)));
  condition.fold({ type: 'mode', lift: 'a', atMs: 500 * 60_000, mode: 'normal', was: 'inspection', mutes: [] });
  for (let n = 500; n < 1000; n++) events.push(...condition.fold(cycle(n * 60_000, 1, 2500 + (n % 7) * 20)));
  assert.equal(events, [], 'faster is no drift');
  for (let n = 1000; n < 2000; n++) events.push(...condition.fold(cycle(n * 60_000, 1, 2900 + (n % 7) * 20)));
  assert.is(events[0]?.condition, 'door-slowing', 'as slow as it once was, which is slow now');
});

test('cycles with a hand in the door, and times that were not seen, say nothing of the door', () => {
  const condition = new Condition('a');
  for (let n = 0; n < 3000; n++) {
    const long = n > 1000 ? { reversals: 1 } : {};
    const told = condition.fold(cycle(n * 60_000, 1, n > 1000 ? 9000 : 2800, long));
    assert.equal(told, [], 'quiet');
  }
  assert.equal(
    condition.fold(cycle(1, 1, 0, { closingMs: null, openingMs: null })),
    [],
    'only the closed switch is wired',
  );
});

test('relevelling three times as often is told, as often as it learned is not', () => {
  const random = new Random(5);
  const condition = new Condition('a', newMemory());
  const events: ConditionEvent[] = [];
  const relevels = (rate: number) => (random.chance(rate) ? 1 : 0);
  for (let n = 0; n < 20_000; n++)
    events.push(...condition.fold(cycle(n * 60_000, 1, 2800, { relevels: relevels(0.1) })));
  assert.equal(events, [], 'its normal');
  for (let n = 0; n < 500; n++) events.push(...condition.fold(cycle(n * 60_000, 1, 2800, { relevels: relevels(0.4) })));
  assert.equal(
    events.map(({ condition: name, phase }) => `${name} ${phase}`),
    ['relevel-excess begin'],
    'four times as often',
  );
});

test.run();
