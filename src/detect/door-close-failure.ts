import { type MonoMs, plus } from '../clock.ts';
import type { LiftState } from '../lift/state.ts';
import type { Detector, Watch } from './detector.ts';

/** 5 re-openings: the first opening of a stop is none */
const OPENINGS_IN_A_STOP = 6;
/** Proven closed for so long, its next opening is to a new call, not a re-opening. */
const SETTLED_MS = 10_000;
const REVERSALS = 3;
const REVERSALS_WITHIN_MS = 15_000;
/** Closed for less than this, and open again: the contact bounced. No door turns round so soon. */
const BOUNCE_MS = 100;

type Door = 'closed' | 'open' | 'between';

interface Closing extends Watch {
  readonly door: Door | null;
  /** since when the door is on its way from fully open, or null */
  readonly closingMs: number | null;
  /** from closed, in this stop, one soon after the other */
  readonly openings: number;
  /** when it was last seen to close */
  readonly closedMs: number | null;
  /** the last reversal, and those that were within 15 s of it, oldest first */
  readonly reversalsMs: readonly number[];
}

const IDLE: Closing = {
  standing: false,
  dueMs: Number.POSITIVE_INFINITY,
  door: null,
  closingMs: null,
  openings: 0,
  closedMs: null,
  reversalsMs: [],
};

/**
 * The door is not proven closed within its limit after it began to close; or 5 re-openings in one stop, none after
 * it has stood closed for 10 s; or 3 reversals in 15 s. Without a fully-open switch only re-openings can be told. Ends when proven closed and the car starts.
 *
 * Gap: the running limit restarts with the next closing; re-openings and reversals counted so far stand.
 */
export const doorCloseFailure: Detector<Closing> = {
  fault: 'door-close-failure',
  reads: ['doorClosed', 'doorOpen', 'moving'],
  needs: [['doorClosed']],
  start: (standing) => ({ ...IDLE, standing }),
  step(watch, lift, { facts, nowMs, muted }) {
    // Where travel is not told at all, a door proven closed is all that can be waited for.
    if (watch.standing) return lift.doorClosed.value === true && lift.moving.value !== false ? IDLE : watch;
    const started = lift.moving.value === true && lift.doorClosed.value === true;
    const door = doorOf(lift, watch);
    if (muted || started)
      return watch.door === door && watch.openings === 0 && watch.closingMs === null ? watch : { ...IDLE, door };
    const bouncesMs = plus(lift.doorClosed.sinceMs, BOUNCE_MS);
    if (door === 'closed' && watch.door === 'between' && nowMs < bouncesMs)
      return watch.dueMs === bouncesMs ? watch : { ...watch, dueMs: bouncesMs };
    if (door === null) return watch.closingMs === null ? watch : { ...watch, closingMs: null, dueMs: IDLE.dueMs };
    const next = door === watch.door ? watch : moved(watch, door, nowMs);
    const dueMs = next.closingMs === null ? IDLE.dueMs : plus(next.closingMs as MonoMs, facts.limits.doorCloseLimitMs);
    if (nowMs >= dueMs || next.openings >= OPENINGS_IN_A_STOP || next.reversalsMs.length >= REVERSALS) {
      return { ...IDLE, door, standing: true };
    }
    return next.dueMs === dueMs ? next : { ...next, dueMs };
  },
};

/** A door that was fully open, and of which nobody says now whether it still is, is not on its way. */
function doorOf({ doorClosed, doorOpen }: LiftState, { door, closingMs }: Closing): Door | null {
  if (doorClosed.value === null) return null;
  if (doorClosed.value) return 'closed';
  if (doorOpen.value === null && (door === 'open' || closingMs !== null)) return null;
  return doorOpen.value === true ? 'open' : 'between';
}

function moved(watch: Closing, door: Door, nowMs: MonoMs): Closing {
  const next = { ...watch, door };
  switch (door) {
    case 'between':
      // From closed it is opening, which has a detector of its own.
      return watch.door === 'open' ? { ...next, closingMs: nowMs } : opened(next, watch, nowMs);
    case 'open': {
      if (watch.closingMs === null) return opened(next, watch, nowMs);
      const recentMs = watch.reversalsMs.filter((at) => at > nowMs - REVERSALS_WITHIN_MS);
      return { ...next, closingMs: null, reversalsMs: [...recentMs, nowMs] };
    }
    case 'closed':
      return { ...next, closingMs: null, closedMs: nowMs };
  }
}

function opened(next: Closing, { door, openings, closedMs }: Closing, nowMs: MonoMs): Closing {
  if (door !== 'closed') return next;
  const settled = closedMs !== null && nowMs - closedMs > SETTLED_MS;
  return { ...next, openings: settled ? 1 : openings + 1 };
}
