import { doubted, NO_RIDE, type Ride, ride, tripEnded } from './doubt.ts';

/**
 * The passenger sensor. On behind closed doors for 30 s, twice the hold of a PIR, where the controller knows of nobody; on
 * without a break for ten minutes in a closed car that stands, and no entrapment was told of it; or on for three hours and a
 * dozen trips: stuck on. Three trips with somebody whom the controller knows of and it
 * does not, or, where the controller tells of nobody, twenty trips
 * without anybody at all: missing, for an empty car moves only to fetch somebody. That it flickers
 * is its nature. Gap: restarted.
 */
interface Seen {
  readonly seen: boolean | null;
  readonly ride: Ride;
  /** since when it is on without a break, and trips that ended meanwhile */
  readonly onMs: number | null;
  readonly onTrips: number;
  /** trips that ended since it was last on; and of these with somebody in the car, as the controller says */
  readonly emptyTrips: number;
  readonly missedTrips: number;
  /** the controller knew of somebody on this trip */
  readonly told: boolean;
}

const HELD_LIMIT_MS = 30_000;
const SHUT_IN_LIMIT_MS = 10 * 60_000;
const MOST_ON_MS = 3 * 3_600_000;
const MOST_TRIPS = 12;
/** People call, and take the stairs: some trips in a row are empty, but not so many. */
const MOST_EMPTY_TRIPS = 20;
const MOST_MISSED_TRIPS = 3;

export const passengerContradiction = doubted<Seen>({
  subject: 'passenger',
  reads: ['controller', 'inputs', 'doorClosed', 'moving', 'atLevel'],
  outrankedBy: ['entrapment'],
  needs: [
    ['controller:passenger', 'input:passenger'],
    ['input:passenger', 'moving'],
  ],
  blank: { seen: null, ride: NO_RIDE, onMs: null, onTrips: 0, emptyTrips: 0, missedTrips: 0, told: false },
  follow(was, lift, nowMs) {
    const { controller, inputs, moving } = lift;
    const seen = inputs.passenger ?? null;
    const told = moving.value === true && (was.told || controller.passenger === true);
    const now = ride(was.ride, lift);
    if (seen === was.seen && now === was.ride && told === was.told) return was;
    const ended = tripEnded(was.ride, now);
    return {
      seen,
      ride: now,
      told,
      onMs: seen === true ? (was.onMs ?? nowMs) : null,
      onTrips: seen === true ? was.onTrips + ended : 0,
      emptyTrips: seen === false ? was.emptyTrips + ended : 0,
      missedTrips: seen === false ? was.missedTrips + (was.told ? ended : 0) : 0,
    };
  },
  find({ onMs, onTrips, emptyTrips, missedTrips }, { controller, inputs, doorClosed, moving }, _facts, nowMs) {
    if (inputs.passenger === true) {
      const nobody = controller.passenger === false && doorClosed.value === true;
      if (nobody) return { sensor: 'passenger', way: 'stuck-on', limitMs: HELD_LIMIT_MS };
      // A person who is not trapped is on the way, or out, by then.
      const shut = doorClosed.value === true && typeof controller.passenger !== 'boolean';
      if (shut && moving.value !== true) return { sensor: 'passenger', way: 'stuck-on', limitMs: SHUT_IN_LIMIT_MS };
      const long = onMs !== null && nowMs - onMs >= MOST_ON_MS && onTrips >= MOST_TRIPS;
      return long ? { sensor: 'passenger', way: 'stuck-on', limitMs: 0 } : null;
    }
    const unsaid = typeof controller.passenger !== 'boolean';
    const missing = missedTrips >= MOST_MISSED_TRIPS || (unsaid && emptyTrips >= MOST_EMPTY_TRIPS);
    return missing ? { sensor: 'passenger', way: 'missing', limitMs: 0 } : null;
  },
  known: ({ inputs }) => typeof inputs.passenger === 'boolean',
  clears: ({ way }, { inputs }) => inputs.passenger === (way === 'missing'),
});
