/** How many records a second reach the disk: one to a commit, in groups of 50, and by a bare append with fdatasync; what a day writes. */

import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';
import type { NewRecord, Outbox } from '../../src/outbox/port.ts';
import { flashOfADay } from './flash.ts';
import type { Bench } from './measure.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const COMMITS = 300;
const GROUP = 50;
/** Turn about, so that what else the machine does falls on all alike. */
const ROUNDS = 3;

const record: NewRecord = {
  lane: 'telemetry',
  lift: 'a',
  body: { type: 'trip', lift: 'a', atMs: 1_000_000, startMs: 990_000, from: 1, to: 7, note: 'x'.repeat(100) },
};
const line = Buffer.from(`${JSON.stringify(record.body)}\n`);

/** Records a second. */
function rateOf(records: number, startMs: number): number {
  return (records * 1000) / (systemClock.monoMs() - startMs);
}

async function oneAtATime(outbox: Outbox): Promise<number> {
  const startMs = systemClock.monoMs();
  for (let n = 0; n < COMMITS; n++) await outbox.append([record]);
  return rateOf(COMMITS, startMs);
}

/** Calls of one record each, 50 of them waiting at any time, as from eight busy lifts. */
async function grouped(outbox: Outbox): Promise<number> {
  const startMs = systemClock.monoMs();
  for (let n = 0; n < COMMITS; n++) await Promise.all(Array.from({ length: GROUP }, () => outbox.append([record])));
  return rateOf(COMMITS * GROUP, startMs);
}

function bare(folder: string, group: number): number {
  const file = openSync(join(folder, 'bare.log'), 'a');
  const bytes = Buffer.concat(Array.from({ length: group }, () => line));
  const startMs = systemClock.monoMs();
  for (let n = 0; n < COMMITS; n++) {
    writeSync(file, bytes);
    fdatasyncSync(file);
  }
  closeSync(file);
  return rateOf(COMMITS * group, startMs);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

export const bench: Bench = {
  name: 'outbox',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'hoistway-bench-'));
    const rates = {
      one: [] as number[],
      grouped: [] as number[],
      bareOne: [] as number[],
      bareGrouped: [] as number[],
    };
    const outbox = await openOutbox({ path: join(folder, 'outbox.db'), maxBytes: MAX_BYTES });
    try {
      for (let round = 0; round < ROUNDS; round++) {
        rates.one.push(await oneAtATime(outbox));
        rates.bareOne.push(bare(folder, 1));
        rates.grouped.push(await grouped(outbox));
        rates.bareGrouped.push(bare(folder, GROUP));
      }
    } finally {
      await outbox.close();
      rmSync(folder, { recursive: true });
    }
    const rate = (name: keyof typeof rates) => Math.round(median(rates[name]));
    const measure = (name: string, value: number, comparedWith: string, other: number, least: number) => ({
      name,
      value,
      unit: 'records/s',
      comparedWith: `${comparedWith}, ${other} records/s`,
      ratio: value / other,
      goal: `at least ${least}`,
      ok: value / other >= least,
    });
    return [
      measure('one record a commit', rate('one'), 'bare append + fdatasync of each', rate('bareOne'), 0.25),
      measure('groups of 50', rate('grouped'), 'bare append + fdatasync of 50', rate('bareGrouped'), 0.1),
      measure('groups of 50', rate('grouped'), 'one record a commit', rate('one'), 10),
      await flashOfADay(),
    ];
  },
};
