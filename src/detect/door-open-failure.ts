import { type MonoMs, plus } from '../clock.ts';
import type { Detector, Watch } from './detector.ts';

interface Waiting extends Watch {
  /** the car is on a trip */
  readonly travelling: boolean;
  /** since when it stands at a landing after a trip with its door closed, or null */
  readonly arrivedMs: number | null;
}

const IDLE: Waiting = { standing: false, dueMs: Number.POSITIVE_INFINITY, travelling: false, arrivedMs: null };

/**
 * At a landing after a trip, and no opening within the limit. A car that may be empty and parks with its doors closed is
 * none, unless the site file says that this lift never does. Ends when the door opens.
 *
 * Gap: held. While the door or the travel is unknown nothing fires; the arrival stands.
 */
export const doorOpenFailure: Detector<Waiting> = {
  fault: 'door-open-failure',
  start: (standing) => ({ ...IDLE, standing }),
  step(watch, { moving, doorZone, doorClosed, passenger }, { facts, nowMs, muted }) {
    if (watch.standing) return doorClosed.value === false ? IDLE : watch;
    if (moving.value === true) return watch.travelling ? watch : { ...IDLE, travelling: true };
    if (doorClosed.value === false || muted) return watch === IDLE ? watch : IDLE;
    if (moving.value === null || doorClosed.value === null) return wait(watch, Number.POSITIVE_INFINITY);
    if (watch.travelling) {
      if (doorZone.value !== true) return watch;
      return { ...IDLE, arrivedMs: nowMs, dueMs: plus(nowMs, facts.limits.doorOpenLimitMs) };
    }
    if (watch.arrivedMs === null) return watch;
    if (doorZone.value !== true || (passenger.value !== true && facts.emptyCarParksClosed)) {
      return wait(watch, Number.POSITIVE_INFINITY);
    }
    const dueMs = plus(watch.arrivedMs as MonoMs, facts.limits.doorOpenLimitMs);
    return nowMs >= dueMs ? { ...IDLE, standing: true } : wait(watch, dueMs);
  },
};

function wait(watch: Waiting, dueMs: number): Waiting {
  return watch.dueMs === dueMs ? watch : { ...watch, dueMs };
}
