/**
 * The text of src/uplink/small/dictionary.txt: what messages have in common, made from messages of every type as the box makes
 * them. What is sent most stands last, where zlib reaches it with the fewest bits.
 */

import * as v from 'valibot';
import { BOX_FAULTS } from '../../src/box/faults.ts';
import { VirtualClock } from '../../src/clock.ts';
import { siteSchema } from '../../src/config/schema.ts';
import { loadCatalogue } from '../../src/detect/catalogue.ts';
import { CONDITIONS, FAULTS, type FaultEvent, type LiftEvent, type Snapshot } from '../../src/lift/events.ts';
import type { NewRecord } from '../../src/outbox/port.ts';
import { Scribe } from '../../src/scribe.ts';
import { encodeRecord } from '../../src/uplink/payload.ts';
import { fold } from '../../src/uplink/small/fold.ts';

const BOOT = '0a1b2c3d.1';
const atMs = 1_000_000;
const lift = 'lift-a';

const site = v.parse(siteSchema, {
  ...{ version: 1, box: { id: 'box-1' } },
  lifts: [
    {
      ...{ id: lift, registrationNumber: '31103101152025000123', rescueLabelNumber: '31001', address: 'No. 1 Road' },
      ratedSpeedMmPerS: 1750,
      landings: [
        { marking: '1', heightMm: 0 },
        { marking: '2', heightMm: 3000 },
      ],
    },
  ],
});
const catalogue = loadCatalogue();
const scribe = new Scribe(site, catalogue, new VirtualClock(atMs), () => 'ntp');

const standing: Snapshot = {
  ...{ mode: 'normal', moving: false, direction: 'none', speedMmPerS: 0, positionMm: 0, landing: 0 },
  ...{ doorZone: true, levelUpper: true, levelLower: true, baseLanding: false, endLimit: false },
  ...{ doorClosed: false, doorOpen: true, passenger: false, alarmButton: false, endOfAlarm: false, inspection: false },
  ...{ machineRoomDoorOpen: false, safetyChainClosed: true, brakeReleased: false, callWaiting: false, callHere: false },
  ...{ mainsPresent: true, overload: false, faultCode: 0, loadPercent: 0, atLevel: true },
};
const stuck: Snapshot = {
  ...{ mode: 'normal', moving: true, direction: 'up', speedMmPerS: 1750, positionMm: 1500, landing: 1 },
  ...{ doorZone: false, levelUpper: false, levelLower: false, baseLanding: false, endLimit: false },
  ...{ doorClosed: true, doorOpen: false, passenger: true, alarmButton: false, safetyChainClosed: true },
  ...{ brakeReleased: true, callWaiting: true, callHere: false },
  ...{ mainsPresent: true, overload: false, faultCode: 0, loadPercent: 10, atLevel: false },
};

function faultOf(fault: FaultEvent['fault'], snapshot: Snapshot): LiftEvent {
  const id = `${lift}/${fault}@${atMs}`;
  return { type: 'fault', phase: 'begin', id, lift, fault, atMs, beganMs: atMs, snapshot };
}

function captureOf(fault: FaultEvent['fault']): string {
  return `${BOOT} ${lift} ${fault} ${atMs}.pcapng`.replace(/[ .](?!pcapng)/g, '_');
}

/** Of every type but faults, the rarest first. */
const events: readonly LiftEvent[] = [
  {
    ...{ type: 'rescue', lift, id: `${lift}/entrapment@${atMs}`, atMs, raisedMs: atMs, technicianAfterMs: null },
    ...{ technicianBy: 'inspection', doorsOpenAfterMs: null, passengerOutAfterMs: null, backInServiceAfterMs: null },
  },
  ...CONDITIONS.map((condition): LiftEvent => {
    const id = `${lift}/${condition}@${atMs}`;
    const levels = { normal: 2000, now: 2000, unit: 'ms', changePercent: 10, samples: 1000 };
    return { type: 'condition', phase: 'begin', id, lift, condition, atMs, beganMs: atMs, ...levels };
  }),
  {
    ...{ type: 'totals', lift, atMs, trips: 1000, doorCycles: 1000, relevels: 100, ropeBends: 1000, runningMs: 10_000 },
    ...{ distanceMm: 10_000, watchedMs: 86_400_000, availability: 0.99, meanTimeBetweenFaultsMs: null },
  },
  { type: 'alarm-test', lift, atMs, working: true },
  { type: 'mode', lift, atMs, mode: 'normal', was: 'inspection', mutes: [] },
  { type: 'mode', lift, atMs, mode: 'inspection', was: 'normal', mutes: FAULTS.filter(isMuted) },
];

function isMuted(fault: FaultEvent['fault']): boolean {
  return catalogue[fault].mutedIn.includes('inspection');
}

const trip: LiftEvent = {
  ...{ type: 'trip', lift, atMs, startMs: atMs, from: 0, to: 1, direction: 'up', distanceMm: 3000 },
  ...{ topSpeedMmPerS: 1750, passenger: true, levelErrorMm: 0 },
};
const door: LiftEvent = {
  ...{ type: 'door-cycle', lift, atMs, startMs: atMs, landing: 1, openingMs: 2000, closingMs: 2000 },
  ...{ reversals: 0, relevels: 0 },
};

function textOf(record: NewRecord): string {
  return encodeRecord('box-1', { ...record, id: 1, boot: BOOT, seq: 1 });
}

/** The head of a batch of these: what does not change from one to the next. */
function headOf(batch: readonly LiftEvent[]): string {
  const folded = fold(
    'box-1',
    batch.map((event, at) => ({ ...scribe.record(event, null), boot: BOOT, seq: at + 1 })),
  );
  const text = JSON.stringify(folded);
  return text.slice(0, text.indexOf('"least"'));
}

export function dictionaryText(): string {
  const own = BOX_FAULTS.map((fault) =>
    textOf(
      scribe.recordOfBox({ type: 'box-fault', phase: 'begin', id: `box/${fault}@${atMs}`, fault, atMs, beganMs: atMs }),
    ),
  );
  const gap = textOf({
    ...{ lane: 'alarm', lift: null },
    body: { type: 'gap', gapBoot: BOOT, firstSeq: 1, lastSeq: 1, count: 1 },
  });
  const totals = events.filter(({ type }) => type === 'totals');
  // Of most faults, what no other says.
  const faults = FAULTS.toReversed().map((fault) => {
    const text = textOf(scribe.record(faultOf(fault, {}), captureOf(fault)));
    return text.slice(text.indexOf('"id"'), text.indexOf('"atMs"')) + text.slice(text.indexOf('"severity"'));
  });
  const told = events.map((event) => textOf(scribe.record(event, null)));
  const whole = [standing, stuck].map((snapshot) =>
    textOf(scribe.record(faultOf('entrapment', snapshot), captureOf('entrapment'))),
  );
  return [gap, ...own, ...told, ...faults, headOf([...totals, trip, door]), headOf([trip, door]), ...whole].join('\n');
}
