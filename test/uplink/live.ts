/** An uplink in real time against a real broker, and an ear on what it sends. */

import mqtt from 'mqtt';
import { sleep, systemClock } from '../../src/clock.ts';
import type { SiteUplink } from '../../src/config/schema.ts';
import { startUplink } from '../../src/uplink/engine.ts';
import { unpack } from '../../src/uplink/small/pack.ts';
import { uplinkSettings } from './rig.ts';
import { WatchedOutbox } from './watched-outbox.ts';

const ends: (() => unknown)[] = [];

/** Ends every uplink and ear of a test, passed or failed. */
export async function endAll(): Promise<void> {
  await Promise.all(ends.splice(0).map((end) => end()));
}

/** Back-off is kept short by chance being small: a twentieth of each wait. */
export function live(url: string, settings: Partial<SiteUplink> = {}) {
  const outbox = new WatchedOutbox();
  const remarks: string[] = [];
  const start = () => {
    const uplink = startUplink({
      uplink: { ...uplinkSettings, window: 20, ...settings, url },
      boxId: 'box-1',
      outbox,
      clock: systemClock,
      random: () => 0.05,
      remark: (line) => {
        if (!line.includes('connected')) remarks.push(line);
      },
    });
    ends.push(() => uplink.stop());
    return uplink;
  };
  return { outbox, remarks, start };
}

export interface Ear {
  readonly records: { readonly topic: string; readonly message: { readonly seq: number } }[];
  /** `online`, or why it is not, in the order heard */
  readonly statuses: string[];
  close(): void;
}

/** A subscriber to everything, resolved when the broker has taken the subscription. */
export async function hear(url: string, options: mqtt.IClientOptions = {}): Promise<Ear> {
  const client = mqtt.connect(url, { protocolVersion: 5, reconnectPeriod: 0, ...options });
  const ear: Ear = { records: [], statuses: [], close: () => void client.end(true) };
  ends.push(ear.close);
  client.on('error', () => undefined);
  client.on('message', (topic, payload) => {
    const message = JSON.parse(unpack(payload));
    if (message.type === 'status') ear.statuses.push(message.online ? 'online' : message.why);
    else ear.records.push({ topic, message });
  });
  await new Promise((resolve) => client.once('connect', resolve));
  await client.subscribeAsync('#', { qos: 1 });
  return ear;
}

const LIMIT_MS = 10_000;

export async function until(met: () => boolean, what: string): Promise<void> {
  const limitMs = systemClock.monoMs() + LIMIT_MS;
  while (!met()) {
    if (systemClock.monoMs() > limitMs) throw new Error(`never came: ${what}`);
    await sleep(systemClock, 5);
  }
}
