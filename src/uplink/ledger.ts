/**
 * Records that the broker has settled, on their way out of the outbox. Forgotten in batches: a write to an SD card is dear,
 * and a crash in between is only a repeat. One batch at a time.
 */

import { type MonoMs, plus } from '../clock.ts';

export const FORGET_AFTER_MS = 50;
export const FORGET_BATCH = 100;
/** Of a backlog, more at a time would hold up an alarm that is to be stored. */
export const FORGET_MOST = 400;
/** With so many not yet forgotten telemetry waits until the outbox has taken them. */
export const LEDGER_LIMIT = 2000;
/** With so many the outbox is in trouble: nothing more is sent at all. */
export const LEDGER_MOST = 10_000;
const FORGET_AGAIN_MS = 5000;

export interface Ledger {
  /** acknowledged, not yet handed to the outbox */
  readonly acked: readonly number[];
  readonly dueMs: MonoMs | null;
  /** handed to the outbox, not yet confirmed */
  readonly leaving: readonly number[];
  /** refused for good, being set aside */
  readonly poisoning: readonly number[];
}

export const emptyLedger: Ledger = { acked: [], dueMs: null, leaving: [], poisoning: [] };

/** Records that are done with although the outbox may still show them. */
export function settledIds({ acked, leaving, poisoning }: Ledger): Set<number> {
  return new Set([...acked, ...leaving, ...poisoning]);
}

export function isFull({ acked, leaving, poisoning }: Ledger, limit: number): boolean {
  return acked.length + leaving.length + poisoning.length >= limit;
}

export function isEmpty({ acked, leaving, poisoning }: Ledger): boolean {
  return acked.length + leaving.length + poisoning.length === 0;
}

/** A full batch is due at once; after a failure only the time of the next attempt counts. */
export function noteAcked(ledger: Ledger, ids: readonly number[], atMs: MonoMs): Ledger {
  const acked = [...ledger.acked, ...ids];
  const full = acked.length >= FORGET_BATCH && ledger.acked.length < FORGET_BATCH;
  const dueMs = full ? atMs : (ledger.dueMs ?? plus(atMs, FORGET_AFTER_MS));
  return { ...ledger, acked, dueMs };
}

/** The next batch to hand to the outbox, of `most` at most, when it is due or `now` asks for it at once. */
export function nextBatch(
  ledger: Ledger,
  atMs: MonoMs,
  now: boolean,
  most = FORGET_MOST,
): { ledger: Ledger; ids: readonly number[] } {
  const { acked, dueMs, leaving } = ledger;
  const due = dueMs !== null && (now || dueMs <= atMs);
  if (!due || leaving.length > 0) return { ledger, ids: [] };
  const ids = acked.slice(0, most);
  const rest = acked.slice(most);
  return { ledger: { ...ledger, acked: rest, dueMs: rest.length > 0 ? atMs : null, leaving: ids }, ids };
}

export function noteForgotten(ledger: Ledger): Ledger {
  return { ...ledger, leaving: [] };
}

/** The outbox could not: again a little later. */
export function noteForgetFailed(ledger: Ledger, atMs: MonoMs): Ledger {
  return { ...ledger, acked: [...ledger.leaving, ...ledger.acked], leaving: [], dueMs: plus(atMs, FORGET_AGAIN_MS) };
}

export function notePoisoning(ledger: Ledger, ids: readonly number[]): Ledger {
  return { ...ledger, poisoning: [...ledger.poisoning, ...ids] };
}

/** Set aside, or not: then the record is met again in the next session. */
export function notePoisonDone(ledger: Ledger, ids: readonly number[]): Ledger {
  return { ...ledger, poisoning: ledger.poisoning.filter((other) => !ids.includes(other)) };
}
