/** A box that answers requests, in real time against a real broker: its uplink, an outbox in memory, and captures on disk. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { type ClockTrust, systemClock } from '../../src/clock.ts';
import type { SiteUplink } from '../../src/config/schema.ts';
import type { Board } from '../../src/interface/board.ts';
import { Asker } from '../../src/requests/asker.ts';
import { Requests } from '../../src/requests/engine.ts';
import type { RequestSources } from '../../src/requests/sources.ts';
import { findCapture, openCapture } from '../../src/trace/captures.ts';
import { startUplink } from '../../src/uplink/engine.ts';
import { mqttClient } from '../../src/uplink/mqtt-client.ts';
import { plainDialect } from '../../src/uplink/plain.ts';
import { fakeBoard } from '../interface/fake-board.ts';
import { uplinkSettings } from '../uplink/rig.ts';
import { WatchedOutbox } from '../uplink/watched-outbox.ts';
import { privatePem, publicLine } from './keys.ts';

const ends: (() => unknown)[] = [];

export async function endAll(): Promise<void> {
  await Promise.all(ends.splice(0).map((end) => end()));
}

export function startBox(
  url: string,
  { trust = 'ntp', ...settings }: Partial<SiteUplink> & { trust?: ClockTrust } = {},
) {
  const outbox = new WatchedOutbox();
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-requests-'));
  const remarks: string[] = [];
  const shown: { board: Board; keys: string } = { board: fakeBoard(), keys: publicLine };
  const sources: RequestSources = {
    keys: async () => shown.keys,
    clockTrust: () => trust,
    board: () => shown.board,
    facts: async () => ({
      ...{ clockTrust: trust, wallMs: systemClock.wallMs(), disk: { wroteInMs: 1 }, freeDiskBytes: 10 ** 9 },
      ...{ outbox: { trouble: null }, freeMemoryBytes: 10 ** 9, processBytes: 10 ** 8, inputs: [], versions: {} },
    }),
    records: (lane, afterId, limit) => outbox.read(lane, afterId, limit),
    async evidence(of) {
      const found = 'capture' in of ? of : await findCapture(dir, of.event);
      return 'failure' in found ? found : openCapture(dir, found.capture);
    },
    configuration: () => ({ box: 'box-1' }),
    journal: () => remarks,
  };
  const remark = (line: string) => void remarks.push(line);
  const parts = { ...uplinkSettings, window: 20, backlogBytesPerS: 1_048_576, ...settings, url };
  const requests = new Requests({
    ...{ boxId: 'box-1', topicPrefix: parts.topicPrefix, bytesPerS: parts.backlogBytesPerS, clock: systemClock },
    ...{ sources, remark, say: (publication) => uplink.say(publication) },
  });
  const uplink = startUplink({
    ...{ uplink: parts, boxId: 'box-1', outbox, clock: systemClock, random: () => 0.05, remark, ears: [requests] },
    dialect: plainDialect(parts.topicPrefix, 'box-1', () => outbox.boot),
  });
  ends.push(async () => {
    requests.stop();
    await uplink.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  /** A capture of random bytes, which nothing makes smaller. */
  const capture = (name: string, bytes: number) => {
    const content = randomBytes(bytes);
    writeFileSync(join(dir, name), content);
    return content;
  };
  return { outbox, dir, remarks, shown, uplink, capture };
}

export function askerParts(url: string, pem = privatePem) {
  return {
    ...{ client: mqttClient, clock: systemClock, box: 'box-1', topicPrefix: 'hoistway/v1', keyName: 'tester' },
    broker: { url, protocol: '5', clientId: `asker-${Math.random()}`, keepaliveS: 30 } as const,
    privatePem: pem,
    silenceMs: 8000,
  };
}

export async function openAsker(url: string, pem?: string): Promise<Asker> {
  const asker = await Asker.open(askerParts(url, pem));
  ends.push(() => asker.close());
  return asker;
}

/** A bare client, for what an honest one would not send; `heard` has every message. */
export async function rawClient(url: string) {
  const client = mqtt.connect(url, { protocolVersion: 5, reconnectPeriod: 0 });
  client.on('error', () => undefined);
  const heard: { topic: string; message: { [key: string]: unknown } }[] = [];
  client.on('message', (topic, payload) => heard.push({ topic, message: JSON.parse(payload.toString()) }));
  await new Promise((resolve) => client.once('connect', resolve));
  await client.subscribeAsync('hoistway/v1/box-1/response/+', { qos: 1 });
  ends.push(() => void client.end(true));
  const publish = (payload: string, retain = false) =>
    client.publishAsync('hoistway/v1/box-1/request', payload, { qos: 1, retain });
  return { client, heard, publish };
}
