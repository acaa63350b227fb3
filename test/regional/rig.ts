/** Reports to a platform in virtual time, with a fake platform and an outbox in memory. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '../../src/clock.ts';
import type { SiteRegionalPlatform } from '../../src/config/schema.ts';
import type { Snapshot } from '../../src/lift/events.ts';
import type { NewRecord } from '../../src/outbox/port.ts';
import { type Regional, startRegional } from '../../src/regional/engine.ts';
import { WatchedOutbox } from '../uplink/watched-outbox.ts';
import { FakePlatform } from './fake-platform.ts';
import { site } from './site.ts';

const folder = mkdtempSync(join(tmpdir(), 'hoistway-regional-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
export const PASSWORD = 'open sesame';
export const passwordFile = join(folder, 'password');
writeFileSync(passwordFile, `${PASSWORD}\n`);

let made = 0;

/** A fault with its own place in time, so that each is another. */
export function alarm(fault = 'safety-chain-open', lift = 'a'): NewRecord {
  const atMs = ++made;
  const codes = { chongqing: fault === 'entrapment' ? 93 : 1 };
  const title = { en: fault, zh: fault };
  const id = `${lift}/${fault}@${atMs}`;
  const times = { atMs, wallMs: Date.UTC(2026, 0, 1) + atMs, clockTrust: 'ntp' };
  const body = { type: 'fault', phase: 'begin', id, lift, fault, ...times, snapshot: {}, codes, title };
  return { lane: 'alarm', lift, body };
}

export const entrapment = (lift = 'a') => alarm('entrapment', lift);

export function trip(lift = 'a'): NewRecord {
  return { lane: 'telemetry', lift, body: { type: 'trip', lift, to: 1 } };
}

export function totals(lift = 'a', trips = 1): NewRecord {
  const body = { type: 'totals', lift, trips, doorCycles: 2, runningMs: 60_000, distanceMm: 3000, ropeBends: 4 };
  return { lane: 'telemetry', lift, body: { ...body, wallMs: 0, atMs: 0, clockTrust: 'ntp' } };
}

/** Long enough for files to be read and answers to come, in virtual time none of it. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** `random` 0.5: half of each back-off, so the first request comes after 500 ms. States are not due unless asked for. */
export function rig({
  settings = {},
  random = 0.5,
  states = false,
}: {
  settings?: Partial<SiteRegionalPlatform>;
  random?: number;
  states?: boolean;
} = {}) {
  const clock = new VirtualClock();
  const platform = new FakePlatform();
  const outbox = new WatchedOutbox({ readers: ['regional'] });
  const remarks: string[] = [];
  const acknowledged: number[] = [];
  const lifts = new Map<string, Snapshot>(states ? [['a', {}], ['b', {}]] : []);
  const { regionalPlatform, lifts: all } = site({ passwordFile, ...settings });
  const start = () =>
    startRegional({
      ...{ platform: regionalPlatform, boxId: 'box-1', outbox, clock, http: platform },
      lifts: all.filter(({ id }) => lifts.has(id) || !states),
      snapshot: (lift) => lifts.get(lift) ?? {},
      clockSet: () => true,
      random: () => random,
      onAcknowledged: (ids) => acknowledged.push(...ids),
      remark: (line) => remarks.push(line),
    });
  /** Virtual time, in steps that leave files their real time. */
  const advance = async (ms: number, stepMs = 250) => {
    await settled();
    for (let left = ms; left > 0; left -= stepMs) {
      await clock.advance(Math.min(left, stepMs));
      await settled();
    }
  };
  const stop = async (regional: Regional) => {
    const stopped = regional.stop();
    await advance(3000);
    await stopped;
  };
  return { clock, platform, outbox, remarks, acknowledged, lifts, start, advance, stop };
}

/** What of the outbox the platform has not taken. */
export async function owed(outbox: WatchedOutbox): Promise<number> {
  const lanes = await Promise.all((['alarm', 'telemetry'] as const).map((lane) => outbox.read(lane, 0, 10_000, 'regional')));
  return lanes.flat().length;
}
