/**
 * What a Mosquitto takes of one core, by its processor time, so that what else the machine does counts for little: connects with TLS
 * and certificates beside connects without, and messages of QoS 1 that it takes and gives on.
 */

import { readFile } from 'node:fs/promises';
import mqtt, { type IClientOptions } from 'mqtt';
import { residentBytes } from '../fleet-run/brokers.ts';
import { type Mosquitto, type MosquittoOptions, startMosquitto } from '../wire/mosquitto.ts';
import type { Bench } from './measure.ts';

const CONNECTS = 1000;
const MESSAGES = 20_000;
const SESSIONS = 500;
const AT_ONCE = 20;
/** The kernel counts processor time in hundredths of a second. */
const TICKS_PER_S = 100;
/** A trip and a door cycle, each alone and plain, a thousand times a day of each lift of a large city. */
const CITY_PER_S = (45_000 * 1000 * 2) / 86_400;
const TOPIC = 'hoistway/v1/box-1/a/trip';
const PAYLOAD = 'x'.repeat(260);

async function processorS(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // Behind the name of the program, which may hold anything: user and system time are the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

async function perCoreSecond(broker: Mosquitto, count: number, run: () => Promise<void>): Promise<number> {
  const before = await processorS(broker.pid());
  await run();
  return count / ((await processorS(broker.pid())) - before);
}

/** `count` times, so many of them at once. */
async function inLanes(count: number, run: () => Promise<unknown>): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await run();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function connected(broker: Mosquitto, options: IClientOptions): Promise<mqtt.MqttClient> {
  return mqtt.connectAsync(broker.url, { protocolVersion: 5, reconnectPeriod: 0, ...options });
}

async function withBroker<T>(options: MosquittoOptions, run: (broker: Mosquitto) => Promise<T>): Promise<T> {
  const broker = await startMosquitto({ logs: ['error'], ...options });
  try {
    return await run(broker);
  } finally {
    await broker.stop();
  }
}

async function tlsOf({ certs }: Mosquitto): Promise<IClientOptions> {
  if (!certs) return {};
  const [ca, cert, key] = await Promise.all(
    [certs.ca, certs.client.cert, certs.client.key].map((file) => readFile(file)),
  );
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function connects(options: MosquittoOptions): Promise<number> {
  return withBroker(options, async (broker) => {
    const tls = await tlsOf(broker);
    const once = async () => (await connected(broker, tls)).endAsync();
    return perCoreSecond(broker, CONNECTS, () => inLanes(CONNECTS, once));
  });
}

/** What the broker holds for a session, kB. */
function held(options: MosquittoOptions): Promise<number> {
  return withBroker(options, async (broker) => {
    const tls = await tlsOf(broker);
    const before = await residentBytes([broker.pid()]);
    const clients: mqtt.MqttClient[] = [];
    await inLanes(SESSIONS, async () => clients.push(await connected(broker, tls)));
    const grown = (await residentBytes([broker.pid()])) - before;
    await Promise.all(clients.map((client) => client.endAsync()));
    return grown / SESSIONS / 1000;
  });
}

function messages(): Promise<number> {
  return withBroker({ config: ['max_inflight_messages 1000', 'max_queued_messages 0'] }, async (broker) => {
    const ear = await connected(broker, {});
    let left = MESSAGES;
    const all = new Promise<void>((resolve) => {
      ear.on('message', () => {
        if (--left === 0) resolve();
      });
    });
    await ear.subscribeAsync('#', { qos: 1 });
    const box = await connected(broker, {});
    const rate = await perCoreSecond(broker, MESSAGES, async () => {
      await inLanes(MESSAGES, () => box.publishAsync(TOPIC, PAYLOAD, { qos: 1 }));
      await all;
    });
    await Promise.all([ear.endAsync(), box.endAsync()]);
    return rate;
  });
}

export const bench: Bench = {
  name: 'broker',
  async run() {
    const plain = await connects({});
    const secure = await connects({ tls: { requireClientCertificate: true } });
    const taken = await messages();
    const plainHeld = await held({});
    const secureHeld = await held({ tls: { requireClientCertificate: true } });
    return [
      {
        name: 'connects with TLS and a client certificate',
        ...{ value: secure, unit: 'per second of a core', comparedWith: `those without, ${Math.round(plain)}` },
        ...{ ratio: secure / plain, goal: 'at least 300 per second of a core', ok: secure >= 300 },
      },
      {
        name: 'messages taken and given on, QoS 1',
        ...{
          value: taken,
          unit: 'per second of a core',
          comparedWith: `what 45,000 lifts send, each record alone, ${Math.round(CITY_PER_S)}`,
        },
        ...{ ratio: taken / CITY_PER_S, goal: 'at least 5', ok: taken / CITY_PER_S >= 5 },
      },
      {
        name: 'memory of a session with TLS',
        ...{ value: secureHeld, unit: 'kB', comparedWith: `that of one without, ${plainHeld.toFixed(1)}` },
        ...{ ratio: secureHeld / plainHeld, goal: 'at most 100 kB', ok: secureHeld <= 100 },
      },
    ];
  },
};
