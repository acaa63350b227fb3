/**
 * What a day of eight lifts, about a thousand trips each, writes to the flash: the outbox as the gateway runs it, telemetry forgotten
 * once an hour as its messages are acknowledged, and what was learned of the lifts. Read from the kernel's account of this process.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monoMs, VirtualClock } from '../../src/clock.ts';
import { Conditions } from '../../src/condition/keep.ts';
import type { LiftEvent } from '../../src/lift/events.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';
import type { Outbox, StoredRecord } from '../../src/outbox/port.ts';
import type { Measure } from './measure.ts';
import { recordsOfADay } from './uplink-day.ts';

const GOAL_BYTES = 20e6;
const MAX_BYTES = 256 * 2 ** 20;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SEED = 5;
/** the default of `outbox.telemetryWaitMs` */
const WAIT_MS = 180_000;
/** more than an hour has */
const MOST_RECORDS = 10_000;

/** Bytes that this process has sent to the disk, those of its threads among them. */
function writtenBytes(): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

/** As the uplink does it: with the acknowledgement of the message that carried them, all at once. */
async function forgetAll(outbox: Outbox, lane: 'alarm' | 'telemetry'): Promise<void> {
  const records = await outbox.read(lane, 0, MOST_RECORDS);
  await outbox.forget(records.map(({ id }) => id));
}

/** Bytes of the day. `telemetryWaitMs` 0: each record is written, and forgotten, by itself. */
async function writtenBy(day: readonly StoredRecord[], telemetryWaitMs: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'hoistway-bench-'));
  const clock = new VirtualClock();
  const outbox = await openOutbox({ path: join(folder, 'outbox.db'), maxBytes: MAX_BYTES, telemetryWaitMs, clock });
  const lifts = [...new Set(day.flatMap(({ lift }) => lift ?? []))];
  const conditions = new Conditions(join(folder, 'condition.json'), lifts, clock, () => undefined);
  const single = telemetryWaitMs === 0;
  const stored: Promise<unknown>[] = [];
  const beforeBytes = writtenBytes();
  let hourMs = HOUR_MS;
  try {
    for (const record of day) {
      const atMs = Number(record.body.atMs);
      while (clock.monoMs() + MINUTE_MS < atMs) {
        await clock.advance(MINUTE_MS);
        conditions.tick();
        // What was due is on the disk before time goes on: it answers one thing after the other.
        await outbox.stats();
      }
      await clock.advanceTo(monoMs(Math.max(atMs, clock.monoMs())));
      await outbox.stats();
      conditions.fold(record.body as unknown as LiftEvent);
      const kept = outbox.append([record]);
      stored.push(kept);
      if (record.lane === 'alarm' || single) {
        await kept;
        await forgetAll(outbox, record.lane);
      }
      if (atMs < hourMs) continue;
      hourMs += HOUR_MS;
      await forgetAll(outbox, 'telemetry');
    }
    conditions.keep();
  } finally {
    await outbox.close();
    await Promise.all(stored);
    rmSync(folder, { recursive: true });
  }
  return writtenBytes() - beforeBytes;
}

export async function flashOfADay(): Promise<Measure> {
  const day = await recordsOfADay(SEED);
  const trips = day.filter(({ body }) => body.type === 'trip').length;
  const bytes = await writtenBy(day, WAIT_MS);
  const singleBytes = await writtenBy(day, 0);
  return {
    name: `a day of eight lifts (${trips.toLocaleString('en')} trips, ${day.length.toLocaleString('en')} records) writes`,
    ...{ value: bytes / 1e6, unit: 'MB', comparedWith: 'each record by itself', ratio: bytes / singleBytes },
    ...{ goal: 'under 20 MB', ok: bytes < GOAL_BYTES },
  };
}
