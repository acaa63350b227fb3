import type { Detector, Watch } from './detector.ts';
import { all, any, not } from './held.ts';

const FAST_MM_PER_S = 1500;
const STOPPED_MM_PER_S = 100;
const WITHIN_MS = 3000;

interface Run extends Watch {
  readonly fast: boolean;
  /** until when it was fast on this run, or null */
  readonly fastMs: number | null;
  readonly moving: boolean;
}

const IDLE: Run = { standing: false, dueMs: Number.POSITIVE_INFINITY, fast: false, fastMs: null, moving: false };

/**
 * From over 1.5 m/s to under 0.1 m/s within 3 s and out of the door zone, or a running car that stops there with the
 * safety chain open. A normal stop slows down as fast, and ends at a level: that is none. Ends in a door zone.
 *
 * Gap: the run seen before it is forgotten.
 */
export const suddenStop: Detector<Run> = {
  fault: 'sudden-stop',
  reads: ['speedMmPerS', 'moving', 'doorZone', 'safetyChainClosed'],
  needs: [
    ['controller:speedMmPerS', 'doorZone'],
    ['safetyChainClosed', 'moving', 'doorZone'],
  ],
  start: (standing) => ({ ...IDLE, standing }),
  step(watch, { speedMmPerS, moving, doorZone, safetyChainClosed }, { nowMs, muted }) {
    if (watch.standing) return doorZone.value === true ? IDLE : watch;
    if (muted || (moving.value === null && speedMmPerS.value === null)) return IDLE;
    // Between two landings passed nothing tells how it slows down.
    const known = speedMmPerS.value !== null && speedMmPerS.source !== 'derived';
    const speed = known ? Math.abs(speedMmPerS.value) : null;
    const fastMs = watch.fast ? nowMs : watch.fastMs;
    const braked = speed !== null && speed < STOPPED_MM_PER_S && fastMs !== null;
    const inTime = braked && nowMs - fastMs <= WITHIN_MS;
    const stopped = all(watch.moving, not(moving.value), not(safetyChainClosed.value));
    if (all(not(doorZone.value), any(inTime, stopped)) === true) return { ...IDLE, standing: true };
    const fast = speed !== null && speed > FAST_MM_PER_S;
    const next = { ...IDLE, fast, fastMs: braked || fast ? null : fastMs, moving: moving.value === true };
    const same = next.fast === watch.fast && next.fastMs === watch.fastMs && next.moving === watch.moving;
    return same ? watch : next;
  },
};
