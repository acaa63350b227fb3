import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BoxFaultEvent } from '../src/box/faults.ts';
import { VirtualClock } from '../src/clock.ts';
import { loadSite } from '../src/config/load.ts';
import { loadCatalogue } from '../src/detect/catalogue.ts';
import type { DoorCycleRecord, FaultEvent, ModeEvent, RescueRecord, TripRecord } from '../src/lift/events.ts';
import { packageRoot } from '../src/package.ts';
import { Scribe } from '../src/scribe.ts';
import { decode, encodeRecord } from '../src/uplink/payload.ts';
import { recordTopic } from '../src/uplink/topics.ts';

const { site } = await loadSite(join(packageRoot, 'seeds/sites/demo.yaml'));
const [east] = site.lifts;
const catalogue = loadCatalogue();
const WALL_AT_ZERO_MS = Date.UTC(2026, 4, 1);

const fault: FaultEvent = {
  ...{ type: 'fault', phase: 'begin', id: 'east/entrapment@61000', lift: 'east', fault: 'entrapment' },
  ...{ atMs: 61_000, beganMs: 61_000, snapshot: { passenger: true, doorClosed: true } },
};
const mode: ModeEvent = { type: 'mode', lift: 'east', atMs: 1, mode: 'inspection', was: null, mutes: ['entrapment'] };
const trip: TripRecord = {
  ...{ type: 'trip', lift: 'east', atMs: 9000, startMs: 1000, from: 0, to: 3, direction: 'up' },
  ...{ distanceMm: 12_000, topSpeedMmPerS: 1750, passenger: null, levelErrorMm: null },
};
const door: DoorCycleRecord = {
  ...{ type: 'door-cycle', lift: 'east', atMs: 9000, startMs: 1000, landing: 2 },
  ...{ openingMs: null, closingMs: null, reversals: 0, relevels: 0 },
};

function rig(nowMs = 100_000) {
  const clock = new VirtualClock(nowMs, WALL_AT_ZERO_MS);
  return new Scribe(site, catalogue, clock, () => 'rtc');
}

test('a fault says where the rescuer goes, how grave it is, and where its evidence is', () => {
  const { lane, lift, body } = rig().record(fault, 'east_entrapment_61000');
  assert.is(lane, 'alarm', 'the lane that is never displaced');
  assert.is(lift, 'east', 'its lift');
  assert.equal(
    body,
    {
      ...fault,
      registrationNumber: east?.registrationNumber,
      rescueLabelNumber: '01234',
      address: east?.address,
      wallMs: WALL_AT_ZERO_MS + 61_000,
      clockTrust: 'rtc',
      severity: 'critical',
      title: catalogue.entrapment.title,
      codes: catalogue.entrapment.codes,
      capture: 'east_entrapment_61000',
    },
    'all of it',
  );
});

test('without a capture none is named', () => {
  assert.not.ok('capture' in rig().record({ ...fault, phase: 'end' }, null).body, 'no such word');
});

test('the wall time is that of the event, not of the writing', () => {
  assert.is(rig(61_000).record(fault, null).body.wallMs, WALL_AT_ZERO_MS + 61_000, 'written at once');
  assert.is(rig(999_999).record(fault, null).body.wallMs, WALL_AT_ZERO_MS + 61_000, 'written later');
  assert.is(rig(61_000.4).record(trip, null).body.wallMs, WALL_AT_ZERO_MS + 9000, 'whole milliseconds');
});

test('a change of mode goes with the alarms, and says where; a trip and a door cycle are telemetry, and small', () => {
  const scribe = rig();
  const told = scribe.record(mode, null);
  assert.is(told.lane, 'alarm', 'mode');
  assert.is(told.body.rescueLabelNumber, '01234', 'with the label');
  assert.not.ok('severity' in told.body, 'a mode has no severity');
  for (const event of [trip, door]) {
    const { lane, body } = scribe.record(event, null);
    assert.is(lane, 'telemetry', event.type);
    assert.is(body.registrationNumber, east?.registrationNumber, `${event.type}: whose it is`);
    assert.not.ok('address' in body, `${event.type}: no address`);
  }
});

test('the trust in the clock is asked for each record', () => {
  let asked = 0;
  const scribe = new Scribe(site, catalogue, new VirtualClock(), () => (asked++ === 0 ? 'unset' : 'stepped'));
  assert.is(scribe.record(trip, null).body.clockTrust, 'unset', 'at first');
  assert.is(scribe.record(trip, null).body.clockTrust, 'stepped', 'then');
});

test('what the scribe writes is what the platform is promised', () => {
  const scribe = rig();
  for (const event of [fault, { ...fault, phase: 'end' as const }, mode, trip, door]) {
    const record = scribe.record(event, event.type === 'fault' ? 'name' : null);
    const topic = recordTopic('hoistway/v1', 'demo', record.lift, record.body.type) ?? '';
    const payload = encodeRecord('demo', { ...record, id: 1, boot: 'b.1', seq: 1 });
    const [decoded] = decode(topic, Buffer.from(payload));
    assert.is(decoded?.kind, event.type, event.type);
  }
});

test('a fault of the box itself is an alarm of no lift: how grave it is and when, and no address', () => {
  const lost: BoxFaultEvent = {
    ...{ type: 'box-fault', phase: 'begin', id: 'box/uplink-lost@61000', fault: 'uplink-lost' },
    ...{ atMs: 61_000, beganMs: 61_000 },
  };
  const { severity, title, codes } = catalogue['uplink-lost'];
  assert.equal(
    rig().recordOfBox(lost),
    {
      ...{ lane: 'alarm', lift: null },
      body: { ...lost, wallMs: WALL_AT_ZERO_MS + 61_000, clockTrust: 'rtc', severity, title, codes },
    },
    'all of it',
  );
});

test('a rescue carries when the platform had its entrapment', () => {
  const scribe = rig(65_000);
  scribe.stored({ ...scribe.record(fault, null), id: 7, boot: 'b', seq: 1 });
  scribe.acknowledged([6, 7]);
  const rescue: RescueRecord = {
    ...{ type: 'rescue', lift: 'east', id: fault.id, atMs: 900_000, raisedMs: 61_000, technicianAfterMs: null },
    ...{ technicianBy: null, doorsOpenAfterMs: 700_000, passengerOutAfterMs: null, backInServiceAfterMs: 839_000 },
  };
  assert.is(scribe.record(rescue, null).body.acknowledgedAfterMs, 4000, 'at 65 s');
  assert.is(scribe.record(rescue, null).body.acknowledgedAfterMs, null, 'told once');
  assert.is(scribe.record(rescue, null).lane, 'alarm', 'never displaced by telemetry');
  assert.is(scribe.record(rescue, null).body.rescueLabelNumber, east?.rescueLabelNumber, 'where it was');
});

test.run();
