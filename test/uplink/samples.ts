/** Real messages of each type: lift events through the scribe and the encoder, as the gateway makes them. */

import * as v from 'valibot';
import type { BoxFaultEvent } from '../../src/box/faults.ts';
import { VirtualClock } from '../../src/clock.ts';
import { siteSchema } from '../../src/config/schema.ts';
import { loadCatalogue } from '../../src/detect/catalogue.ts';
import { type LiftEvent, laneOf } from '../../src/lift/events.ts';
import { addDigested, type Digests } from '../../src/outbox/digest.ts';
import type { GapBody, StoredRecord } from '../../src/outbox/port.ts';
import { Scribe } from '../../src/scribe.ts';
import { encodeRecord, encodeStatus } from '../../src/uplink/payload.ts';
import { recordTopic, statusTopic } from '../../src/uplink/topics.ts';

const lift = {
  id: 'a',
  registrationNumber: '3110-1234',
  rescueLabelNumber: '12345',
  address: '1 Example Road, entrance 2',
  ratedSpeedMmPerS: 1750,
  landings: [
    { marking: '1', heightMm: 0 },
    { marking: '2', heightMm: 3000 },
  ],
};
const site = v.parse(siteSchema, { version: 1, box: { id: 'box-1' }, lifts: [lift] });
const scribe = new Scribe(site, loadCatalogue(), new VirtualClock(60_000), () => 'ntp');

const begin: LiftEvent = {
  type: 'fault',
  phase: 'begin',
  id: 'a/entrapment@59000',
  lift: 'a',
  fault: 'entrapment',
  atMs: 59_000,
  beganMs: 59_000,
  snapshot: {
    mode: 'normal',
    moving: false,
    direction: 'none',
    speedMmPerS: 0,
    positionMm: 1500,
    landing: 0,
    doorZone: false,
    levelUpper: false,
    levelLower: false,
    baseLanding: false,
    endLimit: false,
    doorClosed: true,
    doorOpen: false,
    passenger: true,
    alarmButton: true,
    endOfAlarm: false,
    inspection: false,
    machineRoomDoorOpen: true,
    safetyChainClosed: false,
    brakeReleased: false,
    callWaiting: false,
    callHere: true,
    mainsPresent: true,
    overload: false,
    faultCode: 0,
    loadPercent: 10,
    atLevel: false,
  },
};

const events: { readonly event: LiftEvent; readonly capture: string | null }[] = [
  { event: begin, capture: 'a-entrapment.pcapng' },
  { event: { ...begin, phase: 'end', atMs: 60_000, snapshot: {} }, capture: null },
  {
    event: { ...begin, fault: 'sensor-contradiction', subject: 'door', sensor: 'doorClosed', way: 'stuck-on' },
    capture: null,
  },
  { event: { type: 'mode', lift: 'a', atMs: 1, mode: 'normal', was: null, mutes: [] }, capture: null },
  {
    event: { type: 'mode', lift: 'a', atMs: 1, mode: 'inspection', was: 'normal', mutes: ['entrapment'] },
    capture: null,
  },
  {
    event: {
      type: 'trip',
      lift: 'a',
      atMs: 9000,
      startMs: 1000,
      from: 0,
      to: 1,
      direction: 'up',
      distanceMm: 3000,
      topSpeedMmPerS: 1740.5,
      passenger: true,
      levelErrorMm: -3,
    },
    capture: null,
  },
  {
    event: {
      type: 'trip',
      lift: 'a',
      atMs: 9000,
      startMs: 1000,
      from: null,
      to: null,
      direction: 'none',
      distanceMm: null,
      topSpeedMmPerS: null,
      passenger: null,
      levelErrorMm: null,
    },
    capture: null,
  },
  {
    event: {
      type: 'door-cycle',
      lift: 'a',
      atMs: 9000,
      startMs: 1000,
      landing: 1,
      openingMs: 2400,
      closingMs: null,
      reversals: 1,
      relevels: 0,
    },
    capture: null,
  },
  {
    event: {
      type: 'rescue',
      lift: 'a',
      id: 'a/entrapment@61000',
      atMs: 1_500_000,
      raisedMs: 61_000,
      technicianAfterMs: 1_100_000,
      technicianBy: 'machine-room-door',
      doorsOpenAfterMs: 1_300_000,
      passengerOutAfterMs: null,
      backInServiceAfterMs: 1_439_000,
    },
    capture: null,
  },
  {
    event: {
      type: 'condition',
      phase: 'begin',
      id: 'a/door-slowing:closing@700000',
      lift: 'a',
      condition: 'door-slowing',
      subject: 'closing',
      atMs: 700_000,
      beganMs: 700_000,
      normal: 2750.5,
      now: 2964.2,
      unit: 'ms',
      changePercent: 7.8,
      samples: 5200,
    },
    capture: null,
  },
  {
    event: {
      type: 'totals',
      lift: 'a',
      atMs: 800_000,
      trips: 12,
      doorCycles: 14,
      relevels: 1,
      ropeBends: 12,
      runningMs: 90_000,
      distanceMm: 54_000,
      watchedMs: 800_000,
      availability: 0.99321,
      meanTimeBetweenFaultsMs: null,
    },
    capture: null,
  },
  { event: { type: 'alarm-test', lift: 'a', atMs: 600_000, working: true }, capture: null },
  {
    event: {
      type: 'condition',
      phase: 'begin',
      id: 'a/level-inaccuracy@900000',
      lift: 'a',
      condition: 'level-inaccuracy',
      landing: 1,
      atMs: 900_000,
      beganMs: 900_000,
      normal: 2.4,
      now: 6.1,
      unit: 'mm',
      changePercent: 154.2,
      samples: 310,
    },
    capture: null,
  },
];

const gap: GapBody = { type: 'gap', gapBoot: 'boot-0', firstSeq: 3, lastSeq: 90, count: 80 };

export interface Sample {
  readonly type: string;
  readonly topic: string;
  readonly payload: string;
}

function sampleOf(record: StoredRecord): Sample {
  const type = String(record.body.type);
  const topic = recordTopic('hoistway/v1', 'box-1', record.lift, type);
  if (topic === null) throw new Error(`no topic for ${type}`);
  return { type, topic, payload: encodeRecord('box-1', record) };
}

const lost: BoxFaultEvent = {
  ...{ type: 'box-fault', phase: 'begin', id: 'box/uplink-lost@400000', fault: 'uplink-lost' },
  ...{ atMs: 400_000, beganMs: 400_000 },
};

/** One after the other, as the outbox keeps them. */
export const records: readonly StoredRecord[] = [
  ...events.map(({ event, capture }) => scribe.record(event, capture)),
  gapRecord(),
  scribe.recordOfBox(lost),
  digestRecord(),
].map((record, n) => ({ ...record, id: n + 1, boot: 'boot-1', seq: n + 1 }));

function digestRecord() {
  const digests: Digests = new Map();
  for (const { event, capture } of events) {
    if (laneOf(event) === 'telemetry') addDigested(digests, event.lift, scribe.record(event, capture).body);
  }
  return { lane: 'telemetry' as const, lift: 'a', body: { ...digests.get('a') } };
}

function gapRecord() {
  return { lane: 'alarm' as const, lift: null, body: { ...gap } };
}

export const samples: readonly Sample[] = [
  ...records.map(sampleOf),
  ...([true, 'stopped', 'lost'] as const).map((online) => ({
    type: 'status',
    topic: statusTopic('hoistway/v1', 'box-1'),
    payload: encodeStatus('box-1', 'boot-1', online),
  })),
];

/** Alarms as they are told where the disk takes nothing; a gap is of the disk itself. */
export const unstored: readonly Sample[] = records
  .filter(({ lane, body }) => lane === 'alarm' && body.type !== 'gap')
  .map((record) => sampleOf({ ...record, body: { ...record.body, unstored: true } }));
