/**
 * A week without a network, then back: eight lifts at 1,000 trips a day, drained to a real Mosquitto while alarms come. Records a
 * second, how long an alarm takes from its deciding edge to the broker's acknowledgement, and the memory of the process; beside it
 * MQTT.js with its own level store, offline and back.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type MonoMs, systemClock } from '../../src/clock.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';
import type { NewRecord, Outbox } from '../../src/outbox/port.ts';
import type { BrokerClient } from '../../src/uplink/client.ts';
import { startUplink } from '../../src/uplink/engine.ts';
import { mqttClient } from '../../src/uplink/mqtt-client.ts';
import { smallDialect } from '../../src/uplink/small/dialect.ts';
import { startMosquitto } from '../wire/mosquitto.ts';
import { levelStore } from './level-store.ts';
import type { Bench, Measure } from './measure.ts';

const WEEK_RECORDS = 8 * 7 * 1000 * 2;
const MILLION = 1_000_000;
const A_COMMIT = 500;
const MAX_BYTES = 2 ** 30;
const ALARM_EVERY_MS = 25;
/** alarms that are timed at least, also where the backlog is gone before */
const LEAST_ALARMS = 200;
/** MQTT.js numbers what waits with 16 bits: it holds no more */
const PEER_MESSAGES = 20_000;

function recordOf(n: number): NewRecord {
  const lift = `lift-${'abcdefgh'[n % 8]}`;
  const startMs = n * 5400;
  const when = { registrationNumber: '31105000002026000001', wallMs: 1_767_225_600_000 + startMs, clockTrust: 'ntp' };
  const to = (n * 7) % 12;
  const body =
    n % 2 === 0
      ? {
          ...{ type: 'trip', lift, atMs: startMs + 9000 + (n % 977), startMs, from: (n * 5) % 12, to, direction: 'up' },
          ...{ distanceMm: 3000 * to, topSpeedMmPerS: 1750, passenger: true, levelErrorMm: n % 5, ...when },
        }
      : {
          ...{ type: 'door-cycle', lift, atMs: startMs + 5000 + (n % 613), startMs, landing: to },
          ...{ openingMs: 2400 + (n % 40), closingMs: 2700 + (n % 60), reversals: 0, relevels: 0, ...when },
        };
  return { lane: 'telemetry', lift, body };
}

function alarmOf(n: number): NewRecord {
  const id = `lift-a/safety-chain-open@${n}`;
  const body = { type: 'fault', phase: 'end', id, lift: 'lift-a', fault: 'safety-chain-open', atMs: n, beganMs: n };
  return { lane: 'alarm', lift: 'lift-a', body };
}

interface Drained {
  readonly recordsPerS: number;
  /** from handing it to the outbox to the PUBACK, in order of size */
  readonly alarmMs: readonly number[];
  /** most of the process after a tenth of the records, beside the most up to then */
  readonly growthBytes: number;
}

/** Tells when the broker acknowledged each message of an alarm, oldest first. */
function timed(acknowledged: (atMs: MonoMs) => void): BrokerClient {
  return {
    connect(options, handlers) {
      const link = mqttClient.connect(options, handlers);
      return {
        subscribe: (filter) => link.subscribe(filter),
        end: () => link.end(),
        drop: () => link.drop(),
        publish(publication, done) {
          link.publish(publication, (outcome) => {
            if (publication.topic.endsWith('/fault')) acknowledged(systemClock.monoMs());
            done(outcome);
          });
        },
      };
    },
  };
}

async function filled(folder: string, records: number): Promise<Outbox> {
  const outbox = await openOutbox({ path: join(folder, 'outbox.db'), maxBytes: MAX_BYTES });
  for (let from = 0; from < records; from += A_COMMIT) {
    await outbox.append(Array.from({ length: Math.min(A_COMMIT, records - from) }, (_, n) => recordOf(from + n)));
  }
  return outbox;
}

async function drained(records: number): Promise<Drained> {
  const folder = mkdtempSync(join(tmpdir(), 'hoistway-bench-'));
  const broker = await startMosquitto({ config: ['max_queued_messages 0'] });
  const outbox = await filled(folder, records);
  const asked: MonoMs[] = [];
  const alarmMs: number[] = [];
  const client = timed((atMs) => alarmMs.push(atMs - (asked[alarmMs.length] ?? atMs)));
  // From the first tenth on: by then all threads are there.
  let beforeBytes = 0;
  let mostBytes = 0;
  const uplink = startUplink({
    uplink: {
      ...{ url: broker.url, protocol: '5', topicPrefix: 'hoistway/v1', window: 20, keepaliveS: 30, payload: 'small' },
      ...{ alternatives: [], batchMs: 3_600_000, backlogBytesPerS: 100_000_000, retryFirstMs: 100, retryMaxMs: 1000 },
    },
    dialect: smallDialect('hoistway/v1', 'bench-box', () => outbox.boot),
    ...{ boxId: 'bench-box', outbox, clock: systemClock, client, random: () => 0, remark: () => undefined },
  });
  try {
    while (uplink.state.state !== 'online') await wait(1);
    const beganMs = systemClock.monoMs();
    let doneMs: MonoMs | null = null;
    for (let n = 0; doneMs === null || n < LEAST_ALARMS; n++) {
      asked.push(systemClock.monoMs());
      await outbox.append([alarmOf(n)]);
      await wait(ALARM_EVERY_MS);
      const { rss } = process.memoryUsage();
      mostBytes = Math.max(mostBytes, rss);
      if (uplink.state.sent < records / 10) beforeBytes = mostBytes;
      if (doneMs === null && uplink.state.sent >= records + alarmMs.length) doneMs = systemClock.monoMs();
    }
    while (alarmMs.length < asked.length) await wait(1);
    const { waiting } = await outbox.stats();
    if (waiting.telemetry > 0 && uplink.state.sent < records) throw new Error('not all of it was drained');
    return {
      recordsPerS: (records * 1000) / (doneMs - beganMs),
      alarmMs: alarmMs.sort((a, b) => a - b),
      growthBytes: mostBytes - beforeBytes,
    };
  } finally {
    await uplink.stop();
    await outbox.close();
    await broker.stop();
    rmSync(folder, { recursive: true });
  }
}

const p99 = (sorted: readonly number[]) => sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;

export const bench: Bench = {
  name: 'backlog',
  async run() {
    const quiet = await drained(0);
    const week = await drained(WEEK_RECORDS);
    const peer = await levelStore(PEER_MESSAGES, (n) => JSON.stringify({ seq: n, ...recordOf(n).body }));
    const million = await drained(MILLION);
    const rate: Measure = {
      name: `a week of eight lifts (${WEEK_RECORDS.toLocaleString('en')} records) drained`,
      ...{ value: week.recordsPerS, unit: 'records/s', comparedWith: 'the goal', ratio: week.recordsPerS / 30_000 },
      ...{ goal: 'at least 30,000', ok: week.recordsPerS >= 30_000 },
    };
    const beside: Measure[] =
      typeof peer === 'string'
        ? []
        : [
            {
              name: `the same beside MQTT.js with its level store (${PEER_MESSAGES.toLocaleString('en')} messages, ${peer.lost} lost)`,
              ...{ value: peer.recordsPerS, unit: 'records/s', comparedWith: 'it', goal: 'none: to compare with' },
              ...{ ratio: week.recordsPerS / peer.recordsPerS, ok: true },
            },
          ];
    if (typeof peer === 'string') console.error(`NOT RUN: MQTT.js with its level store (${peer})`);
    return [
      rate,
      ...beside,
      alarms('an alarm on a quiet line, 99th percentile', quiet, quiet, 20),
      alarms('an alarm while the week drains, 99th percentile', week, quiet, 1000),
      alarms('an alarm while a million records drain, 99th percentile', million, quiet, 20),
      memory('memory while the week drains', week),
      memory('memory while a million records drain', million),
    ];
  },
};

function alarms(name: string, { alarmMs }: Drained, quiet: Drained, mostMs: number): Measure {
  const value = p99(alarmMs);
  return {
    ...{ name: `${name} (of ${alarmMs.length}, worst ${Math.round(alarmMs.at(-1) ?? 0)} ms)`, value, unit: 'ms' },
    ...{ comparedWith: 'one on a quiet line', ratio: value / p99(quiet.alarmMs) },
    ...{ goal: `under ${mostMs}`, ok: value < mostMs },
  };
}

const FLAT_BYTES = 64 * 2 ** 20;

function memory(name: string, { growthBytes }: Drained): Measure {
  return {
    ...{
      name,
      value: growthBytes / 2 ** 20,
      unit: 'MiB more',
      comparedWith: 'the goal',
      ratio: growthBytes / FLAT_BYTES,
    },
    ...{ goal: 'under 64: it does not grow with the backlog', ok: growthBytes < FLAT_BYTES },
  };
}
