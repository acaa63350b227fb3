/** Settling of volt-free contacts: a level counts when it has stood long enough. Chatter shorter than that never happened. */

import { type MonoMs, plus } from '../clock.ts';
import type { SignalName } from '../lift/signals.ts';

/** Defaults, ms. Level pulses are 20 ms long at 2.5 m/s, so those settle within half of that; the base switch 10 ms; a hand is slower. */
const SETTLE_MS: { readonly [K in SignalName]?: number } = {
  levelUpper: 8,
  levelLower: 8,
  doorZone: 8,
  baseLanding: 10,
  doorClosed: 10,
  doorOpen: 10,
  endLimit: 10,
  safetyChainClosed: 20,
  passenger: 500,
  alarmButton: 100,
  mainsPresent: 100,
};

export function settleMsOf(signal: SignalName): number {
  return SETTLE_MS[signal] ?? 10;
}

/** One contact. `level` is null until the first level has settled. */
export interface Contact {
  readonly level: boolean | null;
  /** a level seen on the wire that has not stood long enough yet */
  readonly coming: { readonly level: boolean; readonly dueMs: MonoMs } | null;
}

export const UNSEEN: Contact = { level: null, coming: null };

export function edge(contact: Contact, level: boolean, atMs: MonoMs, settleMs: number): Contact {
  if (level === contact.level) return contact.coming ? { ...contact, coming: null } : contact;
  if (level === contact.coming?.level) return contact;
  const coming = { level, dueMs: plus(atMs, settleMs) };
  return settle({ ...contact, coming }, atMs);
}

/** Lets a level that has stood long enough by `nowMs` count. */
export function settle(contact: Contact, nowMs: MonoMs): Contact {
  const { coming } = contact;
  if (!coming || coming.dueMs > nowMs) return contact;
  return { level: coming.level, coming: null };
}

/** When the first of these contacts settles; Infinity where none is to. */
export function contactsDueMs(contacts: { readonly [K in SignalName]?: Contact }): number {
  let due = Number.POSITIVE_INFINITY;
  for (const name in contacts) due = Math.min(due, contacts[name as SignalName]?.coming?.dueMs ?? due);
  return due;
}
