/**
 * The state of the lifts as the platform was last told it: never queued, the newest wins. A lift is due when it changed and its last
 * time is long enough ago, or when that is so long ago that silence would be taken for a dead box. Pure.
 */

import { type MonoMs, plus } from '../clock.ts';

/** A lift as it is seen now; `key` is what of it the platform would be told, without the time. */
export interface Seen {
  readonly lift: string;
  readonly key: string;
}

export interface LiveLimits {
  readonly throttleMs: number;
  readonly heartbeatMs: number;
}

/** What each lift was last told as, and when. */
export type LiveMemory = ReadonlyMap<string, { readonly atMs: MonoMs; readonly key: string }>;

/** The lift that has waited longest of those that are due; null: none is. */
export function dueLift(memory: LiveMemory, seen: readonly Seen[], limits: LiveLimits, atMs: MonoMs): Seen | null {
  const due = seen.filter((each) => dueMsOf(memory, each, limits) <= atMs);
  const toldMs = ({ lift }: Seen) => memory.get(lift)?.atMs ?? Number.NEGATIVE_INFINITY;
  return due.reduce<Seen | null>((first, each) => (first && toldMs(first) <= toldMs(each) ? first : each), null);
}

function dueMsOf(memory: LiveMemory, { lift, key }: Seen, { throttleMs, heartbeatMs }: LiveLimits): number {
  const told = memory.get(lift);
  if (!told) return Number.NEGATIVE_INFINITY;
  return plus(told.atMs, told.key === key ? Math.max(throttleMs, heartbeatMs) : throttleMs);
}

export function noteTold(memory: LiveMemory, { lift, key }: Seen, atMs: MonoMs): LiveMemory {
  return new Map(memory).set(lift, { atMs, key });
}
