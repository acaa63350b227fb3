/** How long the session waits for the broker's acknowledgements, and when the drain next needs to look. Pure. */

import { type MonoMs, plus } from '../clock.ts';
import { type Drain, owes } from './drain.ts';

/** A link that acknowledges nothing for so long is torn down. */
export const ACK_LIMIT_MS = 60_000;
/** A link that acknowledges nothing for so long is told as slow. */
export const SLOW_MS = 10_000;

export function noteSlow(drain: Drain): Drain {
  return { ...drain, slow: true };
}

export function isMute(drain: Drain, atMs: MonoMs): boolean {
  return owes(drain) && atMs >= plus(drain.heardMs, ACK_LIMIT_MS);
}

/** Slow, and not yet told so. */
export function isSlow(drain: Drain, atMs: MonoMs): boolean {
  return !drain.slow && owes(drain) && atMs >= plus(drain.heardMs, SLOW_MS);
}

/** When the drain next needs to look, or null. */
export function drainDueMs(drain: Drain): MonoMs | null {
  const owedMs = owes(drain) ? plus(drain.heardMs, drain.slow ? ACK_LIMIT_MS : SLOW_MS) : null;
  const dues = [drain.pausedUntilMs, drain.restUntilMs, drain.gathering?.untilMs ?? null, owedMs];
  return dues.reduce((least, due) => (least === null || (due !== null && due < least) ? due : least), null);
}
