/**
 * The dialect over a real broker with the real MQTT client: a box in small, with a shelf for an outbox, and a host in small. The
 * box does what the engine of the uplink does with a dialect, and no more.
 */

import mqtt from 'mqtt';
import { systemClock } from '../../../src/clock.ts';
import type { StoredRecord } from '../../../src/outbox/port.ts';
import type { BrokerLink, BrokerOptions, Publication } from '../../../src/uplink/client.ts';
import { mqttClient } from '../../../src/uplink/mqtt-client.ts';
import { SparkplugDialect } from '../../../src/uplink/sparkplug/sparkplug.ts';
import { Host } from './host.ts';
import { whole } from './peer.ts';
import { lifts } from './records.ts';

/** Records that are read at a time. */
const READ = 20;

const ends: (() => unknown)[] = [];

/** Ends every box and host of a test, passed or failed. */
export async function endAll(): Promise<void> {
  await Promise.all(ends.splice(0).map((end) => end()));
}

export class Box {
  readonly shelf = new Map<number, StoredRecord>();
  readonly remarks: string[] = [];
  /** topics that it was told something on */
  readonly heard: string[] = [];
  readonly dialect: SparkplugDialect;
  readonly #url: string;
  readonly #inFlight = new Set<number>();
  #link: BrokerLink | null = null;

  constructor(url: string, primaryHost?: string) {
    let connects = -1;
    const bdSeq = { next: () => ++connects };
    this.#url = url;
    this.dialect = new SparkplugDialect({ group: 'city', box: 'box-1', lifts, primaryHost, clock: systemClock, bdSeq });
    ends.push(() => this.kill());
  }

  /** Onto the shelf, and out when the session stands. */
  store(...records: readonly StoredRecord[]): void {
    for (const record of records) this.shelf.set(record.id, record);
    this.dialect.note(records);
    this.#pump();
  }

  connect(): void {
    this.#inFlight.clear();
    const options: BrokerOptions = {
      ...{ url: this.#url, protocol: '5', clientId: 'hoistway-box-1', keepaliveS: 30 },
      will: this.dialect.will(),
    };
    const link = mqttClient.connect(options, {
      onConnected: () => void this.#begin(link),
      onClosed: ({ detail }) => this.remarks.push(detail),
      onMessage: (topic, payload, retained) => {
        this.heard.push(topic);
        const { publish, leave, remarks } = this.dialect.onMessage(topic, payload, retained);
        for (const publication of publish) this.#publish(publication, () => undefined);
        for (const { en } of remarks) this.remarks.push(en);
        if (leave) void this.#leave(leave.en);
        this.#pump();
      },
    });
    this.#link = link;
  }

  /** The line is cut: no goodbye. */
  kill(): void {
    this.#link?.drop();
    this.#link = null;
  }

  async stop(): Promise<void> {
    for (const publication of this.dialect.farewell()) this.#publish(publication, () => undefined);
    await this.#link?.end();
    this.#link = null;
  }

  async #begin(link: BrokerLink): Promise<void> {
    for (const filter of this.dialect.subscriptions) await link.subscribe(filter);
    for (const publication of this.dialect.greet()) this.#publish(publication, () => undefined);
    this.#pump();
  }

  async #leave(why: string): Promise<void> {
    this.remarks.push(why);
    await this.#link?.end();
    this.connect();
  }

  #publish(publication: Publication, done: () => void): void {
    this.#link?.publish(publication, done);
  }

  /** What waits, of one lift at a time, as many in a message as fit; it leaves the shelf with its acknowledgement. */
  #pump(): void {
    if (!this.#link || this.dialect.held) return;
    const waiting = [...this.shelf.values()].filter(({ id }) => !this.#inFlight.has(id));
    // What lies together on the shelf goes together, as far as it may; twenty records a read.
    for (let at = 0; at < waiting.length; at += READ) {
      for (const { records, topic, payload } of this.dialect.encode(waiting.slice(at, at + READ))) {
        for (const { id } of records) this.#inFlight.add(id);
        this.#publish(this.dialect.seal({ topic, payload, retain: false }), () => {
          for (const { id } of records) this.shelf.delete(id);
        });
      }
    }
  }
}

export interface LiveHost {
  readonly host: Host;
  /** asks the box for something; the name of a metric that it sets to true */
  command(topic: string, name: string): void;
  /** says that it is there, or that it has gone, as hosts do; returns when the broker has it */
  say(online: boolean): Promise<void>;
  /** its line is cut: its own will says the rest */
  kill(): void;
}

/** A host that has subscribed to the group. `id`: it tells its state, and leaves a will. */
export async function listen(url: string, id?: string): Promise<LiveHost> {
  const timestamp = systemClock.wallMs();
  const topic = `spBv1.0/STATE/${id}`;
  const state = (online: boolean) => JSON.stringify({ online, timestamp });
  const client = mqtt.connect(url, {
    ...{ protocolVersion: 5, reconnectPeriod: 0, clean: true },
    ...(id !== undefined && { will: { topic, payload: Buffer.from(state(false)), qos: 1 as const, retain: true } }),
  });
  const host = new Host();
  const kill = () => void client.stream?.destroy();
  ends.push(() => client.end(true));
  client.on('error', () => undefined);
  client.on('message', (from, payload) => {
    if (!/\/(NCMD|DCMD)\//.test(from)) host.hear(from, payload);
  });
  await new Promise((resolve) => client.once('connect', resolve));
  await client.subscribeAsync('spBv1.0/city/#', { qos: 1 });
  return {
    host,
    kill,
    command(to, name) {
      const metrics = [{ name, type: 'Boolean' as const, value: true, timestamp: 1 }];
      client.publish(to, Buffer.from(whole.encodePayload({ timestamp: 1, metrics })), { qos: 0 });
    },
    say: (online) => client.publishAsync(topic, state(online), { qos: 1, retain: true }).then(() => undefined),
  };
}
