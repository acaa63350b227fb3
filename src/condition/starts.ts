/**
 * Trips a day, over the last seven days that were watched without a break. Whichever day they begin with, they hold each day
 * of the week once: nothing has to be known of the calendar.
 */

const DAY_MS = 24 * 3_600_000;
const WEEK = 7;
/** A lift that is hardly used: so few trips a day are none the less a normal to grow from. */
const LEAST_A_DAY = 1;

export interface Starts {
  /** of the day that goes on: its age and its trips */
  dayMs: number;
  trips: number;
  /** trips of the days before, the oldest first */
  days: number[];
}

export function newStarts(): Starts {
  return { dayMs: 0, trips: 0, days: [] };
}

/** So much time was watched: trips a day over the week that ended with each day that is now whole. */
export function watched(starts: Starts, ms: number): number[] {
  const weeks: number[] = [];
  starts.dayMs += ms;
  for (; starts.dayMs >= DAY_MS; starts.dayMs -= DAY_MS) {
    starts.days = [...starts.days.slice(1 - WEEK), starts.trips];
    starts.trips = 0;
    if (starts.days.length === WEEK)
      weeks.push(Math.max(LEAST_A_DAY, starts.days.reduce((sum, trips) => sum + trips, 0) / WEEK));
  }
  return weeks;
}
