/** An uplink in real time against a real broker, and an ear on what it sends. */

import mqtt from 'mqtt';
import * as assert from 'uvu/assert';
import { type Mosquitto, type MosquittoOptions, startMosquitto } from '../../hil/wire/mosquitto.ts';
import { type Clock, sleep, systemClock } from '../../src/clock.ts';
import type { SiteUplink } from '../../src/config/schema.ts';
import { startUplink, type Uplink } from '../../src/uplink/engine.ts';
import { plainDialect } from '../../src/uplink/plain.ts';
import { type Said, saidOf, type TroubleName } from '../../src/uplink/reasons.ts';
import { smallDialect } from '../../src/uplink/small/dialect.ts';
import { unpack } from '../../src/uplink/small/pack.ts';
import { uplinkSettings } from './rig.ts';
import { WatchedOutbox } from './watched-outbox.ts';

const ends: (() => unknown)[] = [];

/** Ends every uplink and ear of a test, passed or failed. */
export async function endAll(): Promise<void> {
  await Promise.all(ends.splice(0).map((end) => end()));
}

/** With a real broker, which is ended after all that is connected to it. */
export async function withBroker(
  run: (broker: Mosquitto) => Promise<void>,
  options: MosquittoOptions = {},
): Promise<void> {
  const broker = await startMosquitto(options);
  try {
    await run(broker);
  } finally {
    broker.thaw();
    await endAll();
    await broker.stop();
  }
}

export function online(uplink: Uplink): Promise<void> {
  return until(() => uplink.state.state === 'online', 'online');
}

/** Whether this Mosquitto says so when another client takes a session over: from 2.0.15 on. */
export async function saysTakenOver(broker: Mosquitto): Promise<boolean> {
  const [, minor, patch] = /mosquitto version 2\.(\d+)\.(\d+)/.exec(await broker.log()) ?? [];
  return Number(minor) > 0 || Number(patch) >= 15;
}

interface LiveParts {
  readonly clock?: Clock;
  /** from 0 up to 1; by default back-off is kept short: a twentieth of each wait */
  readonly random?: number;
}

/** `whys`: what the board said at each remark. */
export function live(
  url: string,
  settings: Partial<SiteUplink> = {},
  { clock = systemClock, random = 0.05 }: LiveParts = {},
) {
  const outbox = new WatchedOutbox();
  const remarks: string[] = [];
  const whys: Said[] = [];
  let board: (() => Uplink['state']) | null = null;
  const start = () => {
    const uplink: Uplink = startUplink({
      uplink: { ...uplinkSettings, window: 20, ...settings, url },
      boxId: 'box-1',
      outbox,
      dialect: (settings.payload === 'small' ? smallDialect : plainDialect)(
        uplinkSettings.topicPrefix,
        'box-1',
        () => outbox.boot,
      ),
      clock,
      random: () => random,
      remark: (line) => {
        if (line.includes('connected')) return;
        remarks.push(line);
        whys.push(uplink.state.why);
      },
    });
    board = () => uplink.state;
    ends.push(() => uplink.stop());
    return uplink;
  };
  return { outbox, remarks, whys, start, board: () => board?.() };
}

/** Waits until the journal tells that trouble; the board said the same at that moment, in both languages. */
export async function told(
  { remarks, whys, board }: Pick<ReturnType<typeof live>, 'remarks' | 'whys' | 'board'>,
  trouble: TroubleName,
): Promise<string> {
  const DETAIL = '\0';
  const forms = [saidOf(trouble, DETAIL), saidOf(trouble, '')];
  const fits = (text: string, language: keyof Said) =>
    forms.some((said) => {
      const [before = '', after = ''] = said[language].split(DETAIL);
      return said[language].includes(DETAIL) ? text.startsWith(before) && text.endsWith(after) : text === before;
    });
  const journal = () => remarks.map((line) => line.replace('uplink: ', ''));
  const found = () => journal().findIndex((line) => fits(line, 'en'));
  await until(
    () => found() >= 0,
    () => `${trouble} in the journal, which has ${JSON.stringify(remarks)}; the board: ${JSON.stringify(board())}`,
  );
  const why = whys[found()];
  assert.is(why?.en, journal()[found()], `${trouble} on the board`);
  assert.ok(fits(why?.zh ?? '', 'zh'), `${trouble} on the board in Chinese: ${why?.zh}`);
  return remarks[found()] ?? '';
}

export interface Ear {
  readonly records: { readonly topic: string; readonly message: { readonly seq: number } }[];
  /** `online`, or why it is not, in the order heard */
  readonly statuses: string[];
  close(): void;
}

/** A subscriber to everything, resolved when the broker has taken the subscription. */
export async function hear(url: string, options: mqtt.IClientOptions = {}): Promise<Ear> {
  const client = mqtt.connect(url, { protocolVersion: 5, reconnectPeriod: 50, ...options });
  const ear: Ear = { records: [], statuses: [], close: () => void client.end(true) };
  ends.push(ear.close);
  client.on('error', () => undefined);
  client.on('message', (topic, payload) => {
    const message = JSON.parse(unpack(payload));
    if (message.type === 'status') ear.statuses.push(message.online ? 'online' : message.why);
    else ear.records.push({ topic, message });
  });
  await new Promise((resolve) => client.once('connect', resolve));
  // Only until it is there: what comes later is for the test to see.
  client.options.reconnectPeriod = options.reconnectPeriod ?? 0;
  await client.subscribeAsync('#', { qos: 1 });
  return ear;
}

/** Generous: a machine that is busy with other things is no failure. */
const LIMIT_MS = 60_000;

export async function until(met: () => boolean, what: string | (() => string)): Promise<void> {
  const limitMs = systemClock.monoMs() + LIMIT_MS;
  while (!met()) {
    if (systemClock.monoMs() > limitMs) throw new Error(`never came: ${typeof what === 'string' ? what : what()}`);
    await sleep(systemClock, 5);
  }
}
