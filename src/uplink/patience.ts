/** How long the session waits: for acknowledgements, after refusals, for telemetry to gather. Pure. */

import { type MonoMs, plus } from '../clock.ts';
import { allRewound, type Drain, owes, roused } from './drain.ts';

/** After a topic was refused as not authorised, its records are left alone for so long. */
export const TOPIC_REST_MS = 60_000;
/** Topics at rest at a time; more are a sign that the broker refuses all. */
const TOPICS_AT_REST = 64;
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

export function pause(drain: Drain, untilMs: MonoMs): Drain {
  return { ...drain, pausedUntilMs: untilMs };
}

/** Leaves the records of a topic alone for a while; null where too many topics rest already. */
export function restTopic(drain: Drain, topic: string, atMs: MonoMs): Drain | null {
  if (drain.restingTopics.size >= TOPICS_AT_REST) return null;
  return {
    ...drain,
    restingTopics: new Set([...drain.restingTopics, topic]),
    restUntilMs: drain.restUntilMs ?? plus(atMs, TOPIC_REST_MS),
  };
}

/** Ends what is over by now: gathering; a pause, the rest of topics, after which all begins again with the oldest record. */
export function resume(drain: Drain, atMs: MonoMs): Drain {
  const gathered = drain.gathering !== null && drain.gathering.untilMs <= atMs;
  return ended(gathered ? { ...roused(drain, 'telemetry'), gathering: null } : drain, atMs);
}

function ended(drain: Drain, atMs: MonoMs): Drain {
  const awake = drain.pausedUntilMs !== null && drain.pausedUntilMs <= atMs;
  const rested = drain.restUntilMs !== null && drain.restUntilMs <= atMs;
  if (!awake && !rested) return drain;
  return {
    ...drain,
    streams: allRewound,
    pausedUntilMs: awake ? null : drain.pausedUntilMs,
    ...(rested && { restingTopics: new Set<string>(), restUntilMs: null }),
  };
}
