/** What a simulated day of eight lifts costs on the wire: small, as plain JSON and as Sparkplug B, of the same records. */

import { VirtualClock } from '../../src/clock.ts';
import type { Site } from '../../src/config/schema.ts';
import { loadCatalogue } from '../../src/detect/catalogue.ts';
import { FAULTS, type Snapshot } from '../../src/lift/events.ts';
import type { StoredRecord } from '../../src/outbox/port.ts';
import { Scribe } from '../../src/scribe.ts';
import type { Bench, Measure } from './measure.ts';
import { BOOT, recordsOfADay, roomOfEight } from './uplink-day.ts';
import { bytesOfRecords, bytesOfSession, type Way, waysOf } from './uplink-ways.ts';

const SEED = 20_261;
const MONTH_DAYS = 30;
const GOAL = { tripBytes: 14, faultBytes: 400, timesJson: 12, timesSparkplug: 4, monthBytes: 1_000_000 };

const everySignal: Snapshot = {
  ...{ mode: 'normal', moving: false, direction: 'down', speedMmPerS: 1243, positionMm: 17_836, landing: 6 },
  ...{ doorZone: false, levelUpper: false, levelLower: true, baseLanding: false, endLimit: false, doorClosed: true },
  ...{ doorOpen: false, passenger: true, alarmButton: true, endOfAlarm: false, inspection: false },
  ...{ machineRoomDoorOpen: true, safetyChainClosed: false, brakeReleased: false, callWaiting: true, callHere: false },
  ...{ mainsPresent: true, overload: false, faultCode: 37, loadPercent: 43, atLevel: false },
};

interface Fault {
  readonly name: string;
  readonly bytes: number;
}

/** Each fault of the catalogue with every signal in its snapshot, at an address as they are. */
async function largestFault(site: Site, way: Way): Promise<Fault> {
  const address = '上海市浦东新区世纪大道1788号2号楼B座 西侧货梯厅';
  const lifts = site.lifts.map((lift) => ({ ...lift, address }));
  const scribe = new Scribe({ ...site, lifts }, loadCatalogue(), new VirtualClock(987_654_321), () => 'stepped');
  const [atMs, lift] = [987_612_345, 'lift-f'];
  let largest: Fault = { name: '', bytes: 0 };
  for (const fault of FAULTS) {
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
    const record = scribe.record(event, `${BOOT.replace('.', '_')}_${lift}_${fault}_${atMs}.pcapng`);
    const bytes = await bytesOfRecords(way, [{ ...record, id: 1, boot: BOOT, seq: 48_211 }]);
    if (bytes > largest.bytes) largest = { name: fault, bytes };
  }
  return largest;
}

interface Row {
  readonly name: string;
  /** bytes of a day of the box */
  readonly telemetry: number;
  readonly alarms: number;
  readonly session: number;
}

interface Day {
  readonly telemetry: readonly StoredRecord[];
  readonly alarms: readonly StoredRecord[];
  readonly trips: readonly StoredRecord[];
  readonly lifts: number;
}

async function dayOf(): Promise<Day> {
  const records = await recordsOfADay(SEED);
  const telemetry = records.filter(({ lane }) => lane === 'telemetry');
  const trips = telemetry.filter(({ body }) => body.type === 'trip');
  const alarms = records.filter(({ lane }) => lane === 'alarm');
  return { telemetry, alarms, trips, lifts: new Set(trips.map(({ lift }) => lift)).size };
}

function monthOf({ telemetry, alarms, session }: Row, { lifts }: Day): number {
  return ((telemetry + alarms + session) / lifts) * MONTH_DAYS;
}

function tableOf(rows: readonly Row[], day: Day): string {
  const head = ['bytes', 'all telemetry, a trip', 'alarms, a day', 'session, a day', 'kB a lift-month'];
  const lines = rows.map((row) => [
    ...[row.name, (row.telemetry / day.trips.length).toFixed(1), String(row.alarms), String(row.session)],
    (monthOf(row, day) / 1000).toFixed(0),
  ]);
  const lineOf = ([name = '', ...cells]: readonly string[]) =>
    [name.padEnd(22), ...cells.map((cell) => cell.padStart(24))].join('');
  return [head, ...lines].map(lineOf).join('\n');
}

export const bench: Bench = {
  name: 'uplink',
  async run() {
    const day = await dayOf();
    const { telemetry, alarms, trips, lifts } = day;
    const { site } = await roomOfEight();
    const ways = waysOf(site, BOOT);
    const rowOf = async (way: Way): Promise<Row> => {
      const session = bytesOfSession(way);
      const { name } = way;
      return {
        name,
        telemetry: await bytesOfRecords(way, telemetry),
        alarms: await bytesOfRecords(way, alarms),
        session,
      };
    };
    const [small, json] = [await rowOf(ways.small), await rowOf(ways.json)];
    const [sparkplug, gathered] = [await rowOf(ways.sparkplug), await rowOf(ways.gathered)];
    console.error(
      `${lifts} lifts, ${trips.length} trips, ${telemetry.length} records of telemetry, ${alarms.length} alarms`,
    );
    console.error(tableOf([small, json, sparkplug, gathered], day));
    const alone = { ours: await bytesOfRecords(ways.small, trips), theirs: await bytesOfRecords(ways.json, trips) };
    const fault = await largestFault(site, ways.small);
    await ways.small.dialect.close?.();
    const least = gathered.telemetry < sparkplug.telemetry ? gathered : sparkplug;
    const against = (name: string, bytes: number, comparedWith: string, other: number, times: number): Measure => ({
      ...{ name, value: bytes / trips.length, unit: 'bytes a trip', comparedWith, ratio: bytes / other },
      goal: `at most ${GOAL.tripBytes}, and ${times} times less`,
      ok: bytes / trips.length <= GOAL.tripBytes && other / bytes >= times,
    });
    return [
      against('trip records alone', alone.ours, 'one JSON message a trip', alone.theirs, GOAL.timesJson),
      against('all telemetry', small.telemetry, 'one JSON message a record', json.telemetry, GOAL.timesJson),
      against('all telemetry', small.telemetry, least.name, least.telemetry, GOAL.timesSparkplug),
      {
        ...{ name: `the largest fault with every signal (${fault.name})`, value: fault.bytes, unit: 'bytes' },
        ...{ comparedWith: 'what it may cost', ratio: fault.bytes / GOAL.faultBytes },
        ...{ goal: `at most ${GOAL.faultBytes}`, ok: fault.bytes <= GOAL.faultBytes },
      },
      {
        ...{ name: 'a lift-month, alarms and session with it', value: monthOf(small, day), unit: 'bytes' },
        ...{ comparedWith: 'one JSON message a record', ratio: monthOf(small, day) / monthOf(json, day) },
        ...{ goal: 'under 1,000,000', ok: monthOf(small, day) < GOAL.monthBytes },
      },
    ];
  },
};
