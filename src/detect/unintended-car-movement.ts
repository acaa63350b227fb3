import { type MonoMs, plus } from '../clock.ts';
import type { Detector, Watch } from './detector.ts';

interface Standing extends Watch {
  /** the car has stood in a zone with an open door, and nothing has started it since */
  readonly armed: boolean;
  /** since when it is seen out of the zone with a door open, or null */
  readonly awayMs: number | null;
}

const IDLE: Standing = { standing: false, dueMs: Number.POSITIVE_INFINITY, armed: false, awayMs: null };

/**
 * The car leaves the door zone with a door not closed, and nothing started it: a brake that slips, ropes that give. Where
 * it was started it is moving-with-door-open. Whether it was started only a controller can say; from level switches a car
 * that moves is a car that moves. Ends with a normal run, its door proven closed.
 *
 * Gap: what was armed is dropped, for it may have been started in it.
 */
export const unintendedCarMovement: Detector<Standing> = {
  fault: 'unintended-car-movement',
  reads: ['moving', 'doorZone', 'doorClosed'],
  needs: [['controller:moving', 'doorZone', 'doorClosed']],
  start: (standing) => ({ ...IDLE, standing }),
  step(watch, { moving, doorZone, doorClosed }, { facts, nowMs, muted }) {
    if (watch.standing) return moving.value === true && doorClosed.value === true ? IDLE : watch;
    const known = moving.source === 'controller' && moving.value !== null && doorZone.value !== null;
    if (!known || muted || moving.value || doorClosed.value !== false) return IDLE;
    if (doorZone.value) return watch.armed && watch.awayMs === null ? watch : { ...IDLE, armed: true };
    if (!watch.armed) return watch;
    const awayMs = watch.awayMs ?? nowMs;
    const dueMs = plus(awayMs as MonoMs, facts.limits.doorOpenWhileRunningLimitMs);
    if (nowMs >= dueMs) return { ...IDLE, standing: true };
    return watch.awayMs === awayMs ? watch : { ...watch, awayMs, dueMs };
  },
};
