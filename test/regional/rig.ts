/** Reports to a platform in virtual time, with a fake platform and an outbox in memory. */

import { VirtualClock } from '../../src/clock.ts';
import type { SiteRegionalPlatform } from '../../src/config/schema.ts';
import type { Snapshot } from '../../src/lift/events.ts';
import type { NewRecord } from '../../src/outbox/port.ts';
import { type Regional, startRegional } from '../../src/regional/engine.ts';
import { WatchedOutbox } from '../uplink/watched-outbox.ts';
import { FakePlatform } from './fake-platform.ts';
import { site } from './site.ts';

export const PASSWORD = 'open sesame';

let made = 0;

const CODES: { readonly [fault: string]: number } = { entrapment: 93, 'safety-chain-open': 1 };

/** A fault with its own place in time, so that each is another. */
export function alarm(fault = 'safety-chain-open', lift = 'a'): NewRecord {
  const atMs = ++made;
  const codes = { chongqing: CODES[fault] ?? null };
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

/** `random` 0.5: half of each back-off, so the first request comes after 500 ms. */
export function rig({
  settings = {},
  random = 0.5,
}: {
  settings?: Partial<SiteRegionalPlatform>;
  random?: number;
} = {}) {
  const clock = new VirtualClock();
  const platform = new FakePlatform();
  const outbox = new WatchedOutbox({ readers: ['regional'] });
  const remarks: string[] = [];
  const acknowledged: number[] = [];
  /** as they are now */
  const snapshots = new Map<string, Snapshot>();
  const { regionalPlatform, lifts } = site({ passwordFile: '/password', ...settings });
  const files = { password: PASSWORD as string | null };
  const start = () =>
    startRegional({
      ...{ platform: regionalPlatform, boxId: 'box-1', lifts, outbox, clock, http: platform },
      snapshot: (lift) => snapshots.get(lift) ?? {},
      clockSet: () => true,
      random: () => random,
      onAcknowledged: (ids) => acknowledged.push(...ids),
      remark: (line) => remarks.push(line),
      async contentOf(file) {
        if (file === undefined) return null;
        if (files.password === null) throw new Error(`no such file: ${file}`);
        return Buffer.from(`${files.password}\n`);
      },
    });
  /** `stop` may wait for the platform, in virtual time. */
  const stop = async (regional: Regional) => {
    const stopped = regional.stop();
    await clock.advance(3000);
    await stopped;
  };
  return { clock, platform, outbox, remarks, acknowledged, snapshots, files, start, stop };
}

/** What of the outbox the platform has not taken. */
export async function owed(outbox: WatchedOutbox): Promise<number> {
  const lanes = await Promise.all(
    (['alarm', 'telemetry'] as const).map((lane) => outbox.read(lane, 0, 10_000, 'regional')),
  );
  return lanes.flat().length;
}
