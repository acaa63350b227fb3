import { type MonoMs, plus } from '../clock.ts';
import type { Detector, Watch } from './detector.ts';

interface Waiting extends Watch {
  /** the car is on a trip */
  readonly travelling: boolean;
  /** since when it stands at a landing after a trip with its door closed, or null */
  readonly arrivedMs: number | null;
  /** since when door or travel are unknown, or null */
  readonly unknownMs: number | null;
}

const IDLE: Waiting = {
  standing: false,
  dueMs: Number.POSITIVE_INFINITY,
  travelling: false,
  arrivedMs: null,
  unknownMs: null,
};

/** No door opens and closes again within this; two sources of it differ for a scan at each movement. */
const BLINK_MS = 1500;
/** From the stop on, a door has opened and closed again in no less: of a trip that ended longer ago in the dark nobody knows how. */
const CYCLE_MS = 5000;

/**
 * At a landing after a trip, and no opening within the limit. A car that may be empty and parks with its doors closed is
 * none, unless the site file says that this lift never does. Ends when the door opens.
 *
 * Gap: nothing fires in it. The arrival stands over a blink; over a longer gap it is dropped, for the door may have opened. A car
 * that is still on its trip after the gap arrives later; one found standing after more than 5 s of it may have let people in and out.
 */
export const doorOpenFailure: Detector<Waiting> = {
  fault: 'door-open-failure',
  reads: ['moving', 'doorZone', 'doorClosed', 'passenger'],
  needs: [
    ['moving', 'doorZone', 'doorClosed', 'passenger'],
    ['moving', 'doorZone', 'doorClosed', 'emptyCarParksClosed: false'],
  ],
  start: (standing) => ({ ...IDLE, standing }),
  step(was, { moving, doorZone, doorClosed, passenger }, { facts, nowMs, muted }) {
    if (was.standing) return doorClosed.value === false ? IDLE : was;
    if (moving.value === null || doorClosed.value === null) return unknown(was, nowMs);
    const watch = known(was, nowMs);
    if (moving.value === true) return watch.travelling ? watch : { ...IDLE, travelling: true };
    if (doorClosed.value === false || muted) return IDLE;
    if (watch.travelling && doorZone.value !== true) return watch;
    const arrived = watch.travelling ? { ...IDLE, arrivedMs: nowMs } : watch;
    if (arrived.arrivedMs === null) return arrived;
    if (doorZone.value !== true || (passenger.value !== true && facts.emptyCarParksClosed)) {
      return wait(arrived, IDLE.dueMs);
    }
    const dueMs = plus(arrived.arrivedMs as MonoMs, facts.limits.doorOpenLimitMs);
    return nowMs >= dueMs ? { ...IDLE, standing: true } : wait(arrived, dueMs);
  },
};

function unknown(watch: Waiting, nowMs: MonoMs): Waiting {
  return watch.unknownMs === null ? { ...watch, unknownMs: nowMs, dueMs: IDLE.dueMs } : watch;
}

function known(watch: Waiting, nowMs: MonoMs): Waiting {
  if (watch.unknownMs === null) return watch;
  if (nowMs - watch.unknownMs <= BLINK_MS) return { ...watch, unknownMs: null };
  return { ...IDLE, travelling: watch.travelling && nowMs - watch.unknownMs <= CYCLE_MS };
}

function wait(watch: Waiting, dueMs: number): Waiting {
  return watch.dueMs === dueMs ? watch : { ...watch, dueMs };
}
