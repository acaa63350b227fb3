/**
 * What a day costs on the wire, MQTT 5 included: the packets of each way to send the same records of the same simulated day,
 * with their acknowledgements, and the pings and the birth of one session. TCP and TLS are not counted: they depend on the link.
 */

import { generate, type Packet } from 'mqtt-packet';
import { VirtualClock } from '../../src/clock.ts';
import { loadCatalogue } from '../../src/detect/catalogue.ts';
import { FAULTS, type Snapshot } from '../../src/lift/events.ts';
import type { StoredRecord } from '../../src/outbox/port.ts';
import { Scribe } from '../../src/scribe.ts';
import { encodeRecord, encodeStatus } from '../../src/uplink/payload.ts';
import { encodeBatch } from '../../src/uplink/small/batch.ts';
import { packOne } from '../../src/uplink/small/pack.ts';
import { batchTopic, recordTopic, statusTopic } from '../../src/uplink/topics.ts';
import type { Bench, Measure } from './measure.ts';
import { recordsOfADay, roomOfEight } from './uplink-day.ts';

const SEED = 20_261;
const HOUR_MS = 3_600_000;
const MONTH_DAYS = 30;
const PREFIX = 'hoistway/v1';
const BOX = 'sim-box';
/** As the site file has it where nothing else is said. */
const KEEPALIVE_S = 30;
const GOAL = { tripBytes: 14, faultBytes: 400, timesJson: 12, monthBytes: 1_000_000 };

interface Message {
  readonly topic: string;
  readonly payload: string | Uint8Array;
}

/** A way to send: records of one lane that are sent together, as messages. A further dialect is a further one of these. */
interface Way {
  readonly name: string;
  /** telemetry that goes together at most; it waits for an hour, and alarms for nothing */
  readonly batchRecords: number;
  encode(records: readonly StoredRecord[]): readonly Message[];
}

function plain(record: StoredRecord): { topic: string; payload: string } {
  const topic = recordTopic(PREFIX, BOX, record.lift, record.body.type);
  if (topic === null) throw new Error(`${String(record.body.type)} has no topic`);
  return { topic, payload: encodeRecord(BOX, record) };
}

const small: Way = {
  name: 'Hoistway, small',
  batchRecords: 2000,
  encode(records) {
    if (records[0]?.lane === 'telemetry')
      return [{ topic: batchTopic(PREFIX, BOX), payload: encodeBatch(BOX, records) }];
    return records.map(plain).map(({ topic, payload }) => ({ topic, payload: packOne(payload) }));
  },
};
const json: Way = { name: 'Hoistway, JSON', batchRecords: 1, encode: (records) => records.map(plain) };
const ways: readonly Way[] = [small, json];

function bytesOf(packet: Packet): number {
  return generate(packet, { protocolVersion: 5 }).length;
}

/** A message and its acknowledgement. */
function bytesOfMessage({ topic, payload }: Message, retain = false): number {
  const sent = { topic, payload: Buffer.from(payload), qos: 1 as const, messageId: 1, dup: false, retain };
  return bytesOf({ cmd: 'publish', ...sent }) + bytesOf({ cmd: 'puback', messageId: 1, reasonCode: 0 });
}

/** The birth, and the pings of a session that lasts a day. */
function bytesOfSession(): number {
  const birth = { topic: statusTopic(PREFIX, BOX), payload: encodeStatus(BOX, '5f3a9c01.7', true) };
  const pings = (24 * 3600) / KEEPALIVE_S;
  return bytesOfMessage(birth, true) + pings * (bytesOf({ cmd: 'pingreq' }) + bytesOf({ cmd: 'pingresp' }));
}

function bytesOfWay({ batchRecords, encode }: Way, records: readonly StoredRecord[]): number {
  const messages = groupsOf(records, batchRecords).flatMap((group) => encode(group));
  return messages.reduce((sum, message) => sum + bytesOfMessage(message), 0);
}

/** What goes together: the telemetry of an hour, as far as it may. */
function groupsOf(records: readonly StoredRecord[], most: number): StoredRecord[][] {
  const groups: StoredRecord[][] = [];
  const open = new Map<string, StoredRecord[]>();
  for (const record of records) {
    const hour = `${record.lane} ${Math.floor(Number(record.body.atMs) / HOUR_MS)}`;
    const group = record.lane === 'telemetry' ? open.get(hour) : undefined;
    if (group && group.length < most) group.push(record);
    else {
      const begun = [record];
      open.set(hour, begun);
      groups.push(begun);
    }
  }
  return groups;
}

const everySignal: Snapshot = {
  ...{ mode: 'normal', moving: false, direction: 'down', speedMmPerS: 1243, positionMm: 17_836, landing: 6 },
  ...{ doorZone: false, levelUpper: false, levelLower: true, baseLanding: false, endLimit: false, doorClosed: true },
  ...{ doorOpen: false, passenger: true, alarmButton: true, endOfAlarm: false, inspection: false },
  ...{ machineRoomDoorOpen: true, safetyChainClosed: false, brakeReleased: false, callWaiting: true, callHere: false },
  ...{ mainsPresent: true, overload: false, faultCode: 37, loadPercent: 43, atLevel: false },
};

/** Each fault of the catalogue with every signal in its snapshot, at an address as they are. */
async function largestFault(): Promise<{ readonly name: string; readonly bytes: number }> {
  const { site } = await roomOfEight();
  const address = '上海市浦东新区世纪大道1788号2号楼B座 西侧货梯厅';
  const lifts = site.lifts.map((lift) => ({ ...lift, address }));
  const scribe = new Scribe({ ...site, lifts }, loadCatalogue(), new VirtualClock(987_654_321), () => 'stepped');
  const [atMs, lift] = [987_612_345, 'lift-f'];
  const sizes = FAULTS.map((fault) => {
    const id = `${lift}/${fault}@${atMs}`;
    const event = {
      type: 'fault',
      phase: 'begin',
      id,
      lift,
      fault,
      atMs,
      beganMs: atMs,
      snapshot: everySignal,
    } as const;
    const record = scribe.record(event, `5f3a9c01_7_${lift}_${fault}_${atMs}.pcapng`);
    const [message] = small.encode([{ ...record, id: 1, boot: '5f3a9c01.7', seq: 48_211 }]);
    return { name: fault, bytes: message ? bytesOfMessage(message) : Number.NaN };
  });
  return sizes.reduce((most, one) => (one.bytes > most.bytes ? one : most));
}

interface Row {
  readonly name: string;
  /** a day of the box */
  readonly tripsAlone: number;
  readonly telemetry: number;
  readonly alarms: number;
}

function tableOf(rows: readonly Row[], trips: number, lifts: number, session: number): string {
  const head = ['', 'trips alone, B/trip', 'all telemetry, B/trip', 'alarms, B/day', 'session, B/day', 'kB/lift-month'];
  const lines = rows.map(({ name, tripsAlone, telemetry, alarms }) => [
    ...[name, (tripsAlone / trips).toFixed(2), (telemetry / trips).toFixed(2), String(alarms), String(session)],
    ((((telemetry + alarms + session) / lifts) * MONTH_DAYS) / 1000).toFixed(0),
  ]);
  return [head, ...lines]
    .map(([name = '', ...cells]) => [name.padEnd(16), ...cells.map((cell) => cell.padStart(22))].join(''))
    .join('\n');
}

export const bench: Bench = {
  name: 'uplink',
  async run() {
    const records = await recordsOfADay(SEED);
    const telemetry = records.filter(({ lane }) => lane === 'telemetry');
    const alarms = records.filter(({ lane }) => lane === 'alarm');
    const trips = telemetry.filter(({ body }) => body.type === 'trip');
    const lifts = new Set(trips.map(({ lift }) => lift)).size;
    const session = bytesOfSession();
    const rows = ways.map((way) => ({
      ...{ name: way.name, tripsAlone: bytesOfWay(way, trips), telemetry: bytesOfWay(way, telemetry) },
      alarms: bytesOfWay(way, alarms),
    }));
    console.error(
      `${lifts} lifts, ${trips.length} trips, ${telemetry.length} records of telemetry, ${alarms.length} alarms`,
    );
    console.error(tableOf(rows, trips.length, lifts, session));
    const [ours, plainly] = rows;
    if (!ours || !plainly) throw new Error('two ways are compared');
    const fault = await largestFault();
    const monthBytes = ((ours.telemetry + ours.alarms + session) / lifts) * MONTH_DAYS;
    const plainMonth = ((plainly.telemetry + plainly.alarms + session) / lifts) * MONTH_DAYS;
    const perTrip = (name: string, bytes: number, other: number): Measure => ({
      ...{
        name,
        value: bytes / trips.length,
        unit: 'bytes',
        comparedWith: 'one JSON message a record',
        ratio: bytes / other,
      },
      ...{
        goal: `at most ${GOAL.tripBytes}, and ${GOAL.timesJson} times less`,
        ok: bytes / trips.length <= GOAL.tripBytes && other / bytes >= GOAL.timesJson,
      },
    });
    return [
      perTrip('a trip record, in hourly batches', ours.tripsAlone, plainly.tripsAlone),
      perTrip('all telemetry of a trip, door cycles and totals with it', ours.telemetry, plainly.telemetry),
      {
        ...{ name: `the largest fault with every signal (${fault.name})`, value: fault.bytes, unit: 'bytes' },
        ...{ comparedWith: 'what it may cost', ratio: fault.bytes / GOAL.faultBytes },
        ...{ goal: `at most ${GOAL.faultBytes}`, ok: fault.bytes <= GOAL.faultBytes },
      },
      {
        ...{ name: 'a lift-month, alarms and session with it', value: monthBytes, unit: 'bytes' },
        ...{ comparedWith: 'one JSON message a record', ratio: monthBytes / plainMonth },
        ...{ goal: 'under 1,000,000', ok: monthBytes < GOAL.monthBytes },
      },
    ];
  },
};
