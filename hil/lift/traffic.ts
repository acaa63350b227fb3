/** Who rides, when, and from where to where. */

import { type MonoMs, plus } from '../../src/clock.ts';
import type { LiftFacts } from '../../src/lift/state.ts';
import type { Random } from './random.ts';

export interface Person {
  readonly from: number;
  readonly to: number;
  readonly loadPercent: number;
  /** keeps the door open for a while, or sits in the closed car before choosing a landing */
  readonly lingers: 'in-the-door' | 'in-the-car' | null;
}

const HOUR_MS = 3_600_000;

/** People an hour, by hour of the day (24 values), and which way they go. Hour 0 begins at monotonic 0 and each 24 h on. */
export interface TrafficProfile {
  readonly name: string;
  readonly peoplePerHour: readonly number[];
  /** share of people, by hour, who enter at the base landing */
  readonly enteringShare: readonly number[];
  /** share of people, by hour, who leave at the base landing; the rest ride between any two landings */
  readonly leavingShare: readonly number[];
}

/** Morning up-peak, lunch, evening down-peak, quiet nights: the shape of an office house, about 320 people a day. */
export const officeDay: TrafficProfile = {
  name: 'office-day',
  peoplePerHour: [0.3, 0.1, 0.1, 0.1, 0.2, 1, 6, 22, 40, 28, 14, 16, 34, 30, 14, 14, 18, 34, 24, 10, 5, 3, 2, 1],
  enteringShare: byHour((hour) => (hour >= 6 && hour < 10 ? 0.85 : hour === 13 ? 0.6 : hour >= 17 ? 0.1 : 0.3)),
  leavingShare: byHour((hour) => (hour >= 16 ? 0.8 : hour === 12 ? 0.6 : hour >= 6 && hour < 10 ? 0.05 : 0.3)),
};

/** A house where people live: out in the morning, home in the evening, about 110 a day. */
export const house: TrafficProfile = {
  name: 'house',
  peoplePerHour: [1, 0.5, 0.3, 0.2, 0.3, 1, 4, 9, 8, 5, 4, 5, 6, 5, 4, 4, 5, 8, 10, 8, 6, 5, 4, 2],
  enteringShare: byHour((hour) => (hour >= 15 ? 0.7 : 0.3)),
  leavingShare: byHour((hour) => (hour >= 5 && hour < 11 ? 0.85 : 0.25)),
};

/** The same traffic at every hour. */
export function steady(peoplePerHour: number): TrafficProfile {
  return {
    name: 'steady',
    peoplePerHour: byHour(() => peoplePerHour),
    enteringShare: byHour(() => 0.35),
    leavingShare: byHour(() => 0.35),
  };
}

function byHour(of: (hour: number) => number): number[] {
  return Array.from({ length: 24 }, (_, hour) => of(hour));
}

function hourOf(atMs: MonoMs): number {
  return Math.floor(atMs / HOUR_MS) % 24;
}

/** The next arrival of the Poisson process; Infinity where nobody ever comes. */
export function nextArrivalMs(profile: TrafficProfile, fromMs: MonoMs, random: Random): MonoMs {
  let atMs = fromMs;
  for (let hours = 0; hours <= 24; hours++) {
    const rate = profile.peoplePerHour[hourOf(atMs)] ?? 0;
    const hourEndMs = (Math.floor(atMs / HOUR_MS) + 1) * HOUR_MS;
    const dueMs = rate > 0 ? atMs + random.exponential(HOUR_MS / rate) : Number.POSITIVE_INFINITY;
    if (dueMs < hourEndMs) return plus(dueMs as MonoMs, 0);
    // The process has no memory: what was not reached within the hour is drawn anew at the next hour's rate.
    atMs = hourEndMs as MonoMs;
  }
  return profile.peoplePerHour.some((rate) => rate > 0)
    ? nextArrivalMs(profile, atMs, random)
    : (Number.POSITIVE_INFINITY as MonoMs);
}

export function drawPerson(profile: TrafficProfile, atMs: MonoMs, facts: LiftFacts, random: Random): Person {
  const base = facts.baseLanding;
  const hour = hourOf(atMs);
  const way = random.next();
  const entering = profile.enteringShare[hour] ?? 0;
  const leaving = profile.leavingShare[hour] ?? 0;
  const habit = random.next();
  const lingers = habit < 0.008 ? 'in-the-door' : habit < 0.014 ? 'in-the-car' : null;
  const loadPercent = Math.round(random.between(7, 16));
  if (way < entering) return { from: base, to: otherLanding(base, facts, random), loadPercent, lingers };
  if (way < entering + leaving) return { from: otherLanding(base, facts, random), to: base, loadPercent, lingers };
  const from = random.whole(0, facts.landingHeightsMm.length - 1);
  return { from, to: otherLanding(from, facts, random), loadPercent, lingers };
}

/** Any landing but this one. */
export function otherLanding(than: number, facts: LiftFacts, random: Random): number {
  const drawn = random.whole(0, facts.landingHeightsMm.length - 2);
  return drawn < than ? drawn : drawn + 1;
}
