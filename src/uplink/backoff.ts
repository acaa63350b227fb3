/** How long to wait before the next attempt. Pure. */

import type { Settings } from './state.ts';

export type Backoff = Pick<Settings, 'retryFirstMs' | 'retryMaxMs'>;

/** Full jitter: anywhere between nothing and a limit that doubles, so that a city of boxes does not return at once. */
export function backoffMs(attempt: number, { retryFirstMs, retryMaxMs }: Backoff, random: number): number {
  return random * Math.min(retryMaxMs, retryFirstMs * 2 ** Math.min(attempt, 30));
}
