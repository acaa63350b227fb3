/** What a region makes of real records and lifts, as the gateway makes them. */

import { VirtualClock } from '../../src/clock.ts';
import type { SiteRegionalPlatform } from '../../src/config/schema.ts';
import { loadCatalogue } from '../../src/detect/catalogue.ts';
import type { FaultEvent, FaultName, Snapshot } from '../../src/lift/events.ts';
import type { NewRecord } from '../../src/outbox/port.ts';
import type { Post, Region, Told } from '../../src/regional/region.ts';
import { Scribe } from '../../src/scribe.ts';
import { lifts, site } from './site.ts';

/** 2026-01-01 00:00:00 UTC at zero of its monotonic time, and a minute later. */
export const clock = new VirtualClock(60_000);
const scribe = new Scribe(site(), loadCatalogue(), clock, () => 'ntp');

export function faultRecord(fault: FaultName, changes: Partial<FaultEvent> = {}): NewRecord {
  const event: FaultEvent = {
    ...{ type: 'fault', phase: 'begin', id: `a/${fault}@59000`, lift: 'a', fault, atMs: 59_000, beganMs: 59_000 },
    ...{ snapshot: {}, ...changes },
  };
  return scribe.record(event, null);
}

export const modeRecord = (mode: Snapshot['mode'] = 'inspection', was: Snapshot['mode'] | null = 'normal') =>
  scribe.record({ type: 'mode', lift: 'a', atMs: 59_000, mode, was: was ?? null, mutes: [] }, null);

export const totalsRecord: NewRecord = scribe.record(
  {
    ...{ type: 'totals', lift: 'a', atMs: 59_000, trips: 1200, doorCycles: 1400, relevels: 3, ropeBends: 4800 },
    ...{ runningMs: 5_400_000, distanceMm: 15_400_600, watchedMs: 86_400_000, availability: 0.99 },
    meanTimeBetweenFaultsMs: null,
  },
  null,
);

const place = {
  ...{ id: 'a', registrationNumber: '3110-1234', rescueLabelNumber: '12345' },
  ...{ address: '1 Example Road, entrance 2', markings: ['B1', '1', '2'] },
};

export function told(record: NewRecord, faultCodes: SiteRegionalPlatform['faultCodes'] = {}): Told {
  return {
    ...{ id: 'box-1-0badcafe.1-7', box: 'box-1', place, body: record.body, clockSet: true },
    ...{ wallMs: record.body.wallMs as Told['wallMs'], nowMs: clock.wallMs() },
    agreed: { senderId: 'hw', faultCodes },
  };
}

/** As it goes over the wire: without what is undefined. */
export function report(region: Region, record: NewRecord, faultCodes: SiteRegionalPlatform['faultCodes'] = {}) {
  return onWire(region.report(told(record, faultCodes)));
}

export function live(region: Region, snapshot: Snapshot) {
  const post = onWire(region.live({ place, snapshot, nowMs: clock.wallMs() }));
  if (!post) throw new Error('a state is always told');
  return post;
}

export function onWire(post: Post | null): { path: string; body: Record<string, unknown> } | null {
  return post && JSON.parse(JSON.stringify(post));
}

/** A car that stands at the landing marked 1 with its door open. */
export const AT_LANDING: Snapshot = {
  ...{ mode: 'normal', moving: false, direction: 'none', speedMmPerS: 0, landing: 1, doorZone: true, atLevel: true },
  ...{ doorClosed: false, doorOpen: true, passenger: true, overload: false, brakeReleased: false },
  machineRoomDoorOpen: false,
};
/** A car that goes down between two. */
export const ON_THE_RUN: Snapshot = {
  ...{ mode: 'normal', moving: true, direction: 'down', speedMmPerS: -1740, landing: 2, doorZone: false },
  ...{ atLevel: false, doorClosed: true, doorOpen: false, passenger: false, brakeReleased: true },
};

export { lifts };
