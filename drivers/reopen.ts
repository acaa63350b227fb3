/** How long a line waits before it is opened again, serial or TCP. */

/** Waits between two attempts, ms; the last one for ever. Reading must resume within 2 s of a return. */
export const REOPEN_AFTER_MS = [100, 250, 500, 1000] as const;

/** `attempt`: how many have failed since it was last up */
export function reopenAfterMs(attempt: number): number {
  return REOPEN_AFTER_MS[Math.min(attempt, REOPEN_AFTER_MS.length - 1)] ?? 1000;
}
