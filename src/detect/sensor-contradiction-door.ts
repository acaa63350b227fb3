import type { LiftState } from '../lift/state.ts';
import { AT_REST, doubted, left, NO_RIDE, type Ride, ride, tripEnded, type Unrest, unrest } from './doubt.ts';

/**
 * The door: its two sources differ (the controller's against the switch), or both of its ends are on at once. A switch that
 * changes faster than any door; that stays closed over four trips, though an empty car that goes to park makes but one or two;
 * or that shows open as the car leaves, three times in a row. Gap: restarted; one side alone contradicts nobody.
 */
interface Seen {
  readonly closed: Unrest;
  readonly ride: Ride;
  /** trips that ended since the switch last showed open */
  readonly shutTrips: number;
  /** times in a row that the car left with the switch showing open */
  readonly openStarts: number;
}

const DOOR_CHANGES_PER_S = 0.5;
const MOST_CHANGES = 10;
const MOST_SHUT_TRIPS = 4;
const MOST_OPEN_STARTS = 3;

export const doorContradiction = doubted<Seen>({
  subject: 'door',
  reads: ['controller', 'inputs', 'doorClosed', 'doorOpen', 'moving', 'atLevel'],
  needs: [
    ['controller:doorClosed', 'input:doorClosed'],
    ['controller:doorOpen', 'input:doorOpen'],
    ['doorClosed', 'doorOpen'],
    ['input:doorClosed', 'moving'],
  ],
  blank: { closed: AT_REST, ride: NO_RIDE, shutTrips: 0, openStarts: 0 },
  follow(seen, lift, nowMs) {
    const { inputs } = lift;
    const closed = unrest(seen.closed, inputs.doorClosed, DOOR_CHANGES_PER_S, nowMs);
    const now = ride(seen.ride, lift);
    if (closed === seen.closed && now === seen.ride) return seen;
    const ended = tripEnded(seen.ride, now);
    const leaves = now.left && !seen.ride.left;
    return {
      closed,
      ride: now,
      shutTrips: inputs.doorClosed === true ? seen.shutTrips + ended : 0,
      openStarts: !leaves ? seen.openStarts : inputs.doorClosed === false ? seen.openStarts + 1 : 0,
    };
  },
  find(seen, { controller, inputs, doorClosed, doorOpen }, _facts, nowMs) {
    if (left(seen.closed, DOOR_CHANGES_PER_S, nowMs) >= MOST_CHANGES) {
      return { sensor: 'doorClosed', way: 'flickers', limitMs: 0 };
    }
    if (differ(controller.doorClosed, inputs.doorClosed))
      return { sensor: 'doorClosed', way: wayOf(inputs.doorClosed) };
    if (differ(controller.doorOpen, inputs.doorOpen)) return { sensor: 'doorOpen', way: wayOf(inputs.doorOpen) };
    if (doorClosed.value === true && doorOpen.value === true) return { sensor: 'doorOpen', way: 'both-ends' };
    if (seen.shutTrips >= MOST_SHUT_TRIPS) return { sensor: 'doorClosed', way: 'stuck-on', limitMs: 0 };
    return seen.openStarts >= MOST_OPEN_STARTS ? { sensor: 'doorClosed', way: 'missing', limitMs: 0 } : null;
  },
  known: ({ controller, inputs, doorClosed, doorOpen }: LiftState) =>
    known(controller.doorClosed, inputs.doorClosed) ||
    known(controller.doorOpen, inputs.doorOpen) ||
    known(doorClosed.value, doorOpen.value) ||
    (controller.doorClosed === undefined && typeof inputs.doorClosed === 'boolean'),
  clears({ sensor, way }, { inputs }) {
    if (way === 'stuck-on') return inputs[sensor] === false;
    return way === 'missing' ? inputs[sensor] === true : true;
  },
});

type Side = boolean | null | undefined;

function wayOf(on: Side): 'stuck-on' | 'missing' {
  return on ? 'stuck-on' : 'missing';
}

function differ(a: Side, b: Side): boolean {
  return typeof a === 'boolean' && typeof b === 'boolean' && a !== b;
}

function known(a: Side, b: Side): boolean {
  return typeof a === 'boolean' && typeof b === 'boolean';
}
