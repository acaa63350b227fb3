/** Lives of a lift for the conditions: trips and what folding them tells. */

import type { Random } from '../../hil/lift/random.ts';
import type { Condition } from '../../src/condition/condition.ts';
import type { ConditionEvent, TripRecord } from '../../src/lift/events.ts';

export const DAY_MS = 24 * 3_600_000;

/** A lobby of 4.5 m, storeys of 3 m. */
export const heightMm = (landing: number) => (landing === 0 ? 0 : 1500 + landing * 3000);

export function trip(atMs: number, more: Partial<TripRecord> = {}): TripRecord {
  return {
    ...{ type: 'trip', lift: 'a', atMs, startMs: atMs - 9000, from: null, to: null, direction: 'none' },
    ...{ distanceMm: null, topSpeedMmPerS: null, passenger: true, levelErrorMm: null, ...more },
  };
}

/** Half of the trips begin or end at the lobby. */
export function journey(random: Random, landings: number): { from: number; to: number } {
  const other = random.whole(1, landings - 1);
  const one = random.chance(0.5) ? 0 : (other + random.whole(1, landings - 1)) % landings;
  return random.chance(0.5) ? { from: one, to: other } : { from: other, to: one };
}

/** Of a normal distribution with mean 0 (G. E. P. Box and M. E. Muller, 1958). */
export function normal(random: Random, deviation: number): number {
  return deviation * Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** People at work on the lift from `atMs` on, for an hour. */
export function visited(condition: Condition, atMs: number): ConditionEvent[] {
  const mode = { type: 'mode', lift: 'a', mutes: [] } as const;
  return [
    ...condition.fold({ ...mode, atMs, mode: 'inspection', was: 'normal' }),
    ...condition.fold({ ...mode, atMs: atMs + 3_600_000, mode: 'normal', was: 'inspection' }),
  ];
}
