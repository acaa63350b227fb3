/**
 * True times of records made before the clock was set. Within one run of the machine, monotonic and wall time differ by one
 * number; the first synchronisation tells it. Pure; run-clock.ts keeps the runs on disk.
 */

import type { StoredRecord } from '../outbox/port.ts';

/** A run of the machine, from its start to its power cut. */
export interface Run {
  /** what the kernel calls this run */
  readonly machine: string;
  /** of the outbox: the program may have started several times */
  readonly boots: readonly string[];
  /** wall time minus monotonic time at the first synchronisation; null before it */
  readonly offsetMs: number | null;
}

/** Oldest first. Records older than that are sent as they are. */
export const RUNS_KEPT = 50;
export const BOOTS_KEPT = 200;

export function noteBoot(runs: readonly Run[], machine: string, boot: string): readonly Run[] {
  const last = runs.at(-1);
  if (last?.machine !== machine) return [...runs, { machine, boots: [boot], offsetMs: null }].slice(-RUNS_KEPT);
  if (last.boots.includes(boot)) return runs;
  return [...runs.slice(0, -1), { ...last, boots: [...last.boots, boot].slice(-BOOTS_KEPT) }];
}

/** The clock of the run that goes on was synchronised. The first time counts: a record that comes twice is the same. */
export function noteSync(runs: readonly Run[], offsetMs: number): readonly Run[] {
  const last = runs.at(-1);
  if (!last || last.offsetMs !== null) return runs;
  return [...runs.slice(0, -1), { ...last, offsetMs }];
}

export function offsetOf(runs: readonly Run[], boot: string): number | null {
  return runs.findLast(({ boots }) => boots.includes(boot))?.offsetMs ?? null;
}

/**
 * The body with its true time, marked `rebased`: one that was stamped while the clock was unset, taken from a chip or
 * stepped. The others, those without a time (gaps), and those of a run that never met a time server stay as they are; so do
 * digests, whose time is that of a record they stand for, which may be of an earlier run than they are.
 */
export function rebased(body: StoredRecord['body'], offsetMs: number | null): StoredRecord['body'] {
  const { type, atMs, clockTrust } = body;
  const stamped = typeof atMs === 'number' && clockTrust !== undefined && type !== 'digest';
  if (offsetMs === null || !stamped || clockTrust === 'ntp') return body;
  return { ...body, wallMs: Math.round(atMs + offsetMs), clockTrust: 'rebased' };
}
