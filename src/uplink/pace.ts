/**
 * What the backlog may take of the line: a token bucket of bytes a second, and a budget of bytes a day. Everything that is sent is
 * charged; only telemetry waits for it, so an alarm never does. Pure.
 */

import { type MonoMs, plus } from '../clock.ts';

export interface PaceLimits {
  /** bytes a second that telemetry may take over a while */
  readonly bytesPerS: number;
  /** bytes a day after which telemetry waits for the next; null: as many as come */
  readonly bytesPerDay: number | null;
}

export interface Pace {
  /** left in the bucket; below zero where the last message was larger than what was left */
  readonly tokens: number;
  readonly atMs: MonoMs;
  /** sent since `dayMs` */
  readonly dayBytes: number;
  readonly dayMs: MonoMs;
}

const DAY_MS = 86_400_000;

/** What the bucket holds: a second of it. */
export function newPace({ bytesPerS }: PaceLimits, atMs: MonoMs): Pace {
  return { tokens: bytesPerS, atMs, dayBytes: 0, dayMs: atMs };
}

export function charge(pace: Pace, limits: PaceLimits, bytes: number, atMs: MonoMs): Pace {
  const { tokens, dayBytes, dayMs } = filled(pace, limits, atMs);
  return { tokens: tokens - bytes, atMs, dayBytes: dayBytes + bytes, dayMs };
}

function filled(pace: Pace, { bytesPerS }: PaceLimits, atMs: MonoMs): Pace {
  const tokens = Math.min(bytesPerS, pace.tokens + ((atMs - pace.atMs) / 1000) * bytesPerS);
  if (atMs < pace.dayMs + DAY_MS) return { ...pace, tokens, atMs };
  return { tokens, atMs, dayBytes: 0, dayMs: atMs };
}

/** Whether telemetry may go now. */
export function isFree(pace: Pace, limits: PaceLimits, atMs: MonoMs): boolean {
  return freeAtMs(pace, limits, atMs) <= atMs;
}

/** When telemetry may go on, `atMs` where it may now. */
export function freeAtMs(pace: Pace, limits: PaceLimits, atMs: MonoMs): MonoMs {
  const { tokens, dayBytes, dayMs } = filled(pace, limits, atMs);
  if (limits.bytesPerDay !== null && dayBytes >= limits.bytesPerDay) return plus(dayMs, DAY_MS);
  return tokens >= 0 ? atMs : plus(atMs, Math.ceil((-tokens / limits.bytesPerS) * 1000));
}

/** The budget of the day is used up. */
export function isSpent(pace: Pace, limits: PaceLimits, atMs: MonoMs): boolean {
  return limits.bytesPerDay !== null && filled(pace, limits, atMs).dayBytes >= limits.bytesPerDay;
}
