/** How long to wait before the next attempt, and which session ends the waiting. Pure. */

import type { MonoMs } from '../clock.ts';
import type { Settings, State } from './state.ts';

export type Backoff = Pick<Settings, 'retryFirstMs' | 'retryMaxMs'>;

/** Full jitter: anywhere between nothing and a limit that doubles, so that a city of boxes does not return at once. */
export function backoffMs(attempt: number, { retryFirstMs, retryMaxMs }: Backoff, random: number): number {
  return random * Math.min(retryMaxMs, retryFirstMs * 2 ** Math.min(attempt, 30));
}

/** A session lasted, and ends the back-off, after this; after the shorter one where something was acknowledged. */
export const LASTED_MS = 60_000;
export const LASTED_WITH_ACK_MS = 10_000;

export function lasted(state: State, atMs: MonoMs): boolean {
  if (state.name !== 'online') return false;
  const onlineMs = atMs - state.sinceMs;
  return onlineMs >= LASTED_MS || (state.acknowledged && onlineMs >= LASTED_WITH_ACK_MS);
}

export function isShort(state: State, atMs: MonoMs): boolean {
  return state.name === 'online' && atMs - state.sinceMs < LASTED_WITH_ACK_MS;
}
