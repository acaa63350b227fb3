/**
 * Who is in the car, told by a PIR and the door. A PIR flickers, loses who stands still, and stays on for a while after the
 * last movement. But nobody appears or vanishes behind closed doors: somebody seen there is there until the door opens.
 */

import type { MonoMs } from '../clock.ts';
import type { Decoded } from './decode.ts';

/** A PIR may stay on so long after the last movement (10 to 25 s): on at closing is no proof of somebody inside. */
const PIR_HOLD_MS = 25_000;
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
}

export const CABIN_UNSEEN: Cabin = { latched: false, closedMs: null, openMs: null, seenMs: null };

/** Closed where nobody says open: through a door that one of two sources saw open, somebody may have left. */
export function carClosed(contact: Decoded | undefined, controller: Decoded | undefined): boolean | null {
  if (contact === false || controller === false) return false;
  return contact === true || controller === true ? true : null;
}

/** `closed` and `seen` as they are known now; null where nobody can say. */
export function look(cabin: Cabin, closed: boolean | null, seen: boolean | null, nowMs: MonoMs): Cabin {
  if (isSettled(cabin, closed, seen)) return cabin;
  const door = doorOf(cabin, closed, nowMs);
  const seenMs = seen ? (cabin.seenMs ?? nowMs) : null;
  if (door.closedMs === null) {
    const gone = door.openMs !== null && nowMs - door.openMs >= PASSABLE_MS;
    return settled(cabin, { ...door, latched: door.latched && !gone, seenMs });
  }
  // On until now, or on again: the PIR that was on at closing counts once it has outlasted its own hold.
  const sinceMs = seenMs ?? cabin.seenMs;
  const rose = seenMs !== null && seenMs > door.closedMs;
  const outlasted = sinceMs !== null && nowMs - door.closedMs >= PIR_HOLD_MS;
  return settled(cabin, { ...door, latched: door.latched || rose || outlasted, seenMs });
}

/** Nothing that is seen now, and no time that passes, changes what is known. */
function isSettled(
  { latched, closedMs, openMs, seenMs }: Cabin,
  closed: boolean | null,
  seen: boolean | null,
): boolean {
  if ((seen === true) !== (seenMs !== null)) return false;
  if (closed === true ? closedMs === null : closed === false && openMs === null) return false;
  return closedMs === null ? !latched : latched || seenMs === null;
}

/** A blink of the door is no opening; an opening that lasted lets the latch go when the door closes again. */
function doorOf(cabin: Cabin, closed: boolean | null, nowMs: MonoMs): Cabin {
  if (closed === null) return cabin;
  if (!closed) return cabin.openMs === null ? { ...cabin, closedMs: null, openMs: nowMs } : cabin;
  if (cabin.closedMs !== null) return cabin;
  const latched = cabin.latched && cabin.openMs !== null && nowMs - cabin.openMs < PASSABLE_MS;
  return { ...cabin, latched, closedMs: nowMs, openMs: null };
}

function settled(was: Cabin, now: Cabin): Cabin {
  const same =
    was.latched === now.latched &&
    was.closedMs === now.closedMs &&
    was.openMs === now.openMs &&
    was.seenMs === now.seenMs;
  return same ? was : now;
}
