/** What is told of a lift that is called more than it was, and how seldom one is told that is not. Seeds are printed where they fail. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../hil/lift/random.ts';
import { Condition } from '../../src/condition/condition.ts';
import type { ConditionEvent } from '../../src/lift/events.ts';
import { DAY_MS, normal, trip } from './lives.ts';

/** Trips of each day of the week, as a share of the mean. */
const WEEKS = {
  office: [1.35, 1.4, 1.4, 1.4, 1.2, 0.15, 0.1],
  flats: [1, 0.95, 0.95, 1, 1.1, 1.05, 0.95],
  market: [0.4, 0.4, 0.4, 0.4, 0.6, 3.6, 1.2],
} as const;

interface Life {
  readonly week: keyof typeof WEEKS;
  readonly perDay: number;
  readonly days: number;
  /** how often it is called from day `since` on, as a share of before */
  readonly times: number;
  readonly since: number;
  /** growth a week as a share */
  readonly weekly: number;
  /** a holiday week at a third of the use, every tenth week, from the third on; a busy two days now and then */
  readonly holidays: boolean;
  /** days on which the box is off before it starts again, so that its weeks begin on another day */
  readonly offAt: readonly number[];
}

const LIFE: Life = {
  ...{ week: 'flats', perDay: 150, days: 100, times: 1, since: 0, weekly: 0, holidays: false, offAt: [] },
};

/** Day by day: 15 % of a day and 7 % of a week by chance, 8 % of the seasons; people come and go, so trips come in pairs. */
function lived(seed: number, changes: Partial<Life>): { events: ConditionEvent[]; firstDay: number | null } {
  const life = { ...LIFE, ...changes };
  const random = new Random(seed);
  let condition = new Condition('a');
  const events: ConditionEvent[] = [];
  const first = random.whole(0, 6);
  let firstDay: number | null = null;
  let ofWeek = 1;
  let bootMs = 0;
  for (let day = 0; day < life.days; day++) {
    if (day % 7 === 0) ofWeek = Math.exp(normal(random, 0.07));
    if (life.offAt.includes(day)) {
      condition = new Condition('a', JSON.parse(JSON.stringify(condition.memory)));
      bootMs = -(day + 1) * DAY_MS;
      continue;
    }
    const own = WEEKS[life.week][(day + first) % 7] ?? 1;
    const holiday = life.holidays && Math.floor(day / 7) % 10 === 2 ? 0.33 : 1;
    const busy = life.holidays && day % 61 < 2 ? 2 : 1;
    const more = (day >= life.since ? life.times : 1) * (1 + life.weekly) ** (day / 7);
    const season = 1 + 0.08 * Math.sin((2 * Math.PI * day) / 365 + seed);
    const mean = life.perDay * own * ofWeek * holiday * busy * more * season * Math.exp(normal(random, 0.15));
    const visitors = Math.max(0, Math.round(mean / 2 + normal(random, Math.sqrt(mean / 2))));
    for (let n = 0; n < 2 * visitors; n++) {
      const atMs = Math.round(bootMs + (day + (n + 1) / (2 * visitors + 1)) * DAY_MS);
      const told = condition.fold(trip(atMs));
      if (told.length > 0 && firstDay === null) firstDay = day;
      events.push(...told);
    }
  }
  return { events, firstDay };
}

const WEEK_NAMES = Object.keys(WEEKS) as (keyof typeof WEEKS)[];

test('called twice as often: told within three weeks, in any kind of week', () => {
  for (const week of WEEK_NAMES)
    for (const perDay of [60, 150, 400])
      for (let seed = 1; seed <= 10; seed++) {
        const { events, firstDay } = lived(seed, { week, perDay, times: 2, since: 70 });
        const days = (firstDay ?? 999) - 70;
        assert.ok(days > 3 && days <= 21, `seed ${seed}, ${week}, ${perDay} a day: told after ${days} days`);
        assert.is(events[0]?.condition, 'start-rate', 'by its name');
      }
});

test('called three times as often: told within ten days', () => {
  for (const week of WEEK_NAMES)
    for (let seed = 1; seed <= 10; seed++) {
      const days = (lived(seed, { week, times: 3, since: 70 }).firstDay ?? 999) - 70;
      assert.ok(days > 2 && days <= 10, `seed ${seed}, ${week}: told after ${days} days`);
    }
});

test('use that grows by 3 % a week is told before it is two and a half times as much', () => {
  for (const week of WEEK_NAMES)
    for (let seed = 1; seed <= 10; seed++) {
      const { firstDay } = lived(seed, { week, weekly: 0.03, days: 220 });
      const times = 1.03 ** ((firstDay ?? 999) / 7);
      assert.ok(times > 1.3 && times < 2.5, `seed ${seed}, ${week}: told at ${times} times`);
    }
});

test('under one false warning per lift-year: at most one in 30 years of weeks, seasons, holidays, busy days and restarts', () => {
  const warned: string[] = [];
  for (let seed = 1; seed <= 30; seed++) {
    const perDay = [10, 60, 200][seed % 3] ?? 60;
    const week = WEEK_NAMES[Math.floor(seed / 3) % 3] ?? 'office';
    const { events } = lived(seed, { week, perDay, days: 365, holidays: true, offAt: [40, 41, 90, 200, 250] });
    if (events.length > 0) warned.push(`seed ${seed}, ${week}, ${perDay} a day: ${events[0]?.changePercent} %`);
  }
  assert.ok(warned.length <= 1, warned.join('; '));
});

test('the evidence in trips a day; back to normal it ends, and what lasts for four weeks is the new normal', () => {
  const condition = new Condition('a');
  const events: ConditionEvent[] = [];
  let day = 0;
  const days = (count: number, perDay: number) => {
    for (const end = day + count; day < end; day++)
      for (let n = 1; n <= perDay; n++)
        events.push(...condition.fold(trip(Math.round((day + n / (perDay + 1)) * DAY_MS))));
  };
  const phases = () => events.map(({ phase, id }) => `${phase} ${id === events[0]?.id}`);
  days(70, 100);
  days(12, 250);
  const [begin] = events;
  assert.equal([begin?.normal, begin?.unit], [100, 'trips a day'], 'what was normal');
  assert.ok(begin && begin.now > 150 && begin.now <= 250, `and now: ${begin?.now}`);
  days(10, 100);
  assert.equal(phases(), ['begin true', 'end true'], 'one growth');
  days(50, 250);
  assert.equal(phases().slice(2), ['begin false', 'end false'], 'four weeks long: how it is used now');
  assert.is(events[3]?.changePercent, 150, 'as much as ever at its end');
  days(100, 250);
  assert.is(events.length, 4, 'no growth any more');
  days(12, 700);
  assert.is(events[4]?.normal, 250, 'but the normal, from which a growth is told again');
});

test('runs of people at work are no starts, and time alone tells what a quiet lift did', () => {
  const condition = new Condition('a');
  const mode = { type: 'mode', lift: 'a', mutes: [] } as const;
  for (let day = 0; day < 100; day++) {
    const atMs = day * DAY_MS;
    condition.fold({ ...mode, atMs: atMs + 1, mode: 'inspection', was: 'normal' });
    for (let n = 0; n < (day > 70 ? 300 : 0); n++) condition.fold(trip(atMs + 10_000 + n));
    condition.fold({ ...mode, atMs: atMs + 20_000_000, mode: 'normal', was: 'inspection' });
    for (let n = 0; n < 100; n++) assert.equal(condition.fold(trip(atMs + 30_000_000 + n)), [], `day ${day}`);
  }
  for (let n = 0; n < 10_000; n++) condition.fold(trip(100 * DAY_MS + n));
  condition.advance(104 * DAY_MS);
  assert.equal(
    condition.told().map(({ condition: name, phase }) => `${name} ${phase}`),
    ['start-rate begin'],
    'a day of ten thousand, seen when it was over',
  );
});

test.run();
