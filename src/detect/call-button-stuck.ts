import { type MonoMs, plus } from '../clock.ts';
import type { Detector, Watch } from './detector.ts';

const RETURNS = 5;
/** A hand that presses again takes longer than a button that is down. */
const AT_ONCE_MS = 2000;
/** Ends when no call came at once for this long. */
const QUIET_MS = 60_000;

interface Button extends Watch {
  readonly called: boolean;
  /** when the last call here was served, or null */
  readonly servedMs: number | null;
  /** calls in a row that came at once after service */
  readonly returns: number;
  /** of a standing fault: since when no call stands, or null */
  readonly quietMs: number | null;
}

const IDLE: Button = {
  standing: false,
  dueMs: Number.POSITIVE_INFINITY,
  called: false,
  servedMs: null,
  returns: 0,
  quietMs: null,
};

/**
 * A call at the landing where the car stands returns at once after each service, five times in a row. Ends when no call
 * has stood here for a minute, or the car left without one. Gap: the count begins anew.
 */
export const callButtonStuck: Detector<Button> = {
  fault: 'call-button-stuck',
  reads: ['callHere', 'moving'],
  needs: [['callHere', 'moving']],
  start: (standing) => ({ ...IDLE, standing }),
  step(watch, { callHere, moving }, { nowMs, muted }) {
    if (callHere.value === null || moving.value === null) return watch.standing ? unknown(watch) : IDLE;
    if (watch.standing) return ending(watch, callHere.value, moving.value, nowMs);
    if (moving.value || muted) return IDLE;
    if (callHere.value === watch.called) return watch;
    if (!callHere.value) return { ...watch, called: false, servedMs: nowMs };
    const atOnce = watch.servedMs !== null && nowMs - watch.servedMs <= AT_ONCE_MS;
    const returns = atOnce ? watch.returns + 1 : 0;
    return returns >= RETURNS ? { ...IDLE, standing: true } : { ...watch, called: true, returns };
  },
};

function unknown(watch: Button): Button {
  return watch.quietMs === null ? watch : { ...watch, quietMs: null, dueMs: IDLE.dueMs };
}

function ending(watch: Button, called: boolean, moving: boolean, nowMs: MonoMs): Button {
  if (called) return unknown(watch);
  if (moving) return IDLE;
  const quietMs = watch.quietMs ?? nowMs;
  const endMs = plus(quietMs as MonoMs, QUIET_MS);
  if (nowMs >= endMs) return IDLE;
  return watch.quietMs === quietMs ? watch : { ...watch, quietMs, dueMs: endMs };
}
