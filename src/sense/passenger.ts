/**
 * Who is in the car, told by a PIR and the door. A PIR flickers, loses who stands still, and stays on for a while after the
 * last movement. But nobody appears or vanishes behind closed doors: somebody seen there is there until the door opens.
 */

import { type MonoMs, plus } from '../clock.ts';
import type { Decoded } from './decode.ts';

/** A PIR may stay on so long after the last movement (10 to 25 s): on at closing is no proof of somebody inside. */
const PIR_HOLD_MS = 25_000;
/** In a car that stands where its door closed the PIR must come on twice: one that gets stuck comes on once. */
const ALIVE_RISES = 2;
/** Nobody stands still for longer, shut in and wanting out. */
const STILL_MS = 60_000;
const GONE_MS = 5 * 60_000;
/** Nobody leaves through a door that was open for less. */
const PASSABLE_MS = 2000;

export interface Cabin {
  /** seen behind closed doors */
  readonly latched: boolean;
  /** since when the door is closed, or null */
  readonly closedMs: number | null;
  /** since when the door is open, or null */
  readonly openMs: number | null;
  /** since when the PIR is on, or null */
  readonly seenMs: number | null;
  /** somebody was seen as the car moved, since the door closed */
  readonly rode: boolean;
  /** times that somebody came to be seen since the door closed */
  readonly rises: number;
  /** since when somebody who is in there is not seen, or null; and for so long that it is not known any more */
  readonly stillMs: number | null;
  readonly lost: boolean;
  /** when time alone makes a difference; Infinity where it does not */
  readonly dueMs: number;
}

export const CABIN_UNSEEN: Cabin = {
  latched: false,
  closedMs: null,
  openMs: null,
  seenMs: null,
  rode: false,
  rises: 0,
  stillMs: null,
  lost: false,
  dueMs: Number.POSITIVE_INFINITY,
};

/** Closed where nobody says open: through a door that one of two sources saw open, somebody may have left. */
export function carClosed(contact: Decoded | undefined, controller: Decoded | undefined): boolean | null {
  if (contact === false || controller === false) return false;
  return contact === true || controller === true ? true : null;
}

/** `closed`, `seen` and `moving` as they are known now; null where nobody can say. `offLevel`: between landings. */
export function look(
  cabin: Cabin,
  closed: boolean | null,
  seen: boolean | null,
  moving: boolean | null,
  offLevel: boolean,
  nowMs: MonoMs,
): Cabin {
  if (isSettled(cabin, closed, seen, moving, offLevel, nowMs)) return cabin;
  const door = doorOf(cabin, closed, nowMs);
  const seenMs = seen ? (cabin.seenMs ?? nowMs) : null;
  if (door.closedMs === null) {
    const gone = door.openMs !== null && nowMs - door.openMs >= PASSABLE_MS;
    return { ...CABIN_UNSEEN, openMs: door.openMs, latched: door.latched && !gone, seenMs };
  }
  const rode = door.rode || (moving === true && seenMs !== null);
  // On until now, or on again: the PIR that was on at closing counts once it has outlasted its own hold on a ride.
  const sinceMs = seenMs ?? cabin.seenMs;
  const rose = seenMs !== null && cabin.seenMs === null && seenMs > door.closedMs;
  const rises = door.rises + (rose ? 1 : 0);
  const outlasted = rode && sinceMs !== null && nowMs - door.closedMs >= PIR_HOLD_MS;
  const latched = door.latched || rises >= (rode ? 1 : ALIVE_RISES) || outlasted;
  const stillMs = latched && seenMs === null && !offLevel ? (cabin.stillMs ?? nowMs) : null;
  if (stillMs !== null && nowMs >= later(stillMs, GONE_MS)) return { ...CABIN_UNSEEN, closedMs: door.closedMs };
  const lost = stillMs !== null && nowMs >= later(stillMs, STILL_MS);
  const dueMs = stillMs === null ? Number.POSITIVE_INFINITY : later(stillMs, lost ? GONE_MS : STILL_MS);
  return { ...door, latched, seenMs, rode, rises, stillMs, lost, dueMs };
}

/**
 * Whether somebody is in the car, from what the PIR shows now. Behind closed doors one that was on at closing, and is on, is
 * believed on a ride and between landings; in a car that stands where the door closed it may be stuck as well. Somebody whom
 * it has not seen for a minute at a landing may have left through a door whose switch is stuck: nobody knows, until he moves;
 * after five minutes he is gone.
 */
export function occupied(
  { latched, closedMs, rode, lost }: Cabin,
  seen: boolean | null,
  offLevel: boolean,
): boolean | null {
  if (seen === null) return null;
  if (latched) return lost ? null : true;
  return seen && closedMs !== null && !rode && !offLevel ? null : seen;
}

/** Nothing that is seen now, and no time that passes, changes what is known. */
function isSettled(
  { latched, closedMs, openMs, seenMs, rode, stillMs, lost }: Cabin,
  closed: boolean | null,
  seen: boolean | null,
  moving: boolean | null,
  offLevel: boolean,
  nowMs: MonoMs,
): boolean {
  if ((seen === true) !== (seenMs !== null)) return false;
  if (closed === true ? closedMs === null : closed === false && openMs === null) return false;
  if (closedMs === null) return !latched;
  if (!rode && moving === true && seenMs !== null) return false;
  if (!latched) return seenMs === null;
  if (seenMs !== null || offLevel) return stillMs === null;
  return stillMs !== null && nowMs < later(stillMs, lost ? GONE_MS : STILL_MS);
}

/** A blink of the door is no opening; an opening that lasted lets the latch go when the door closes again. */
function doorOf(cabin: Cabin, closed: boolean | null, nowMs: MonoMs): Cabin {
  if (closed === null) return cabin;
  if (!closed) return cabin.openMs === null ? { ...cabin, closedMs: null, openMs: nowMs } : cabin;
  if (cabin.closedMs !== null) return cabin;
  const latched = cabin.latched && cabin.openMs !== null && nowMs - cabin.openMs < PASSABLE_MS;
  return { ...cabin, latched, closedMs: nowMs, openMs: null };
}

/** The moment of a deadline, to the digit that the room keeps: one that is met must be over. */
function later(ms: number, byMs: number): number {
  return plus(ms as MonoMs, byMs);
}
