import { type MonoMs, plus } from '../clock.ts';
import type { Detector, Watch } from './detector.ts';

/** A measured speed counts when it stands in two scans, whatever their distance; a spike of one word is none. */
const STANDS_MS = 300;
/** Two intervals between landings, where speed is worked out from the level switches. */
const INTERVALS = 2;
const NORMAL_MS = 2000;

interface Speed extends Watch {
  readonly sinceMs: number | null;
  /** intervals in a row that were too fast, or of a standing fault, that were not */
  readonly intervals: number;
  /** since when the last interval's speed stands, or null */
  readonly intervalMs: number | null;
}

const IDLE: Speed = {
  standing: false,
  dueMs: Number.POSITIVE_INFINITY,
  sinceMs: null,
  intervals: 0,
  intervalMs: null,
};

/**
 * Faster than the limit's share of the rated speed: measured by the controller, or over two landing intervals in a row
 * where the level switches tell it. Ends after two normal intervals, or 2 s of a measured normal speed.
 *
 * Gap: restarted. Nobody knows how fast it went.
 */
export const overspeed: Detector<Speed> = {
  fault: 'overspeed',
  reads: ['speedMmPerS', 'landing'],
  needs: [['speedMmPerS']],
  start: (standing) => ({ ...IDLE, standing }),
  step(watch, { speedMmPerS, landing }, { facts, nowMs, muted }) {
    if (speedMmPerS.value === null || (muted && !watch.standing)) return restarted(watch);
    const mostMmPerS = (facts.ratedSpeedMmPerS * facts.limits.overspeedLimitPercent) / 100;
    const wanted = Math.abs(speedMmPerS.value) > mostMmPerS !== watch.standing;
    const turned = { ...IDLE, standing: !watch.standing };
    if (speedMmPerS.source === 'derived') {
      const atMs = Math.max(speedMmPerS.sinceMs, landing.sinceMs);
      if (atMs === watch.intervalMs) return watch;
      const intervals = wanted ? watch.intervals + 1 : 0;
      return intervals >= INTERVALS ? turned : { ...watch, intervals, intervalMs: atMs };
    }
    if (!wanted) return restarted(watch);
    const sinceMs = watch.sinceMs ?? nowMs;
    const dueMs = plus(sinceMs as MonoMs, watch.standing ? NORMAL_MS : STANDS_MS);
    if (nowMs >= dueMs) return turned;
    return watch.sinceMs === sinceMs ? watch : { ...watch, sinceMs, dueMs };
  },
};

function restarted(watch: Speed): Speed {
  return watch.sinceMs === null && watch.intervals === 0 ? watch : { ...IDLE, standing: watch.standing };
}
