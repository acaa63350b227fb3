/** A platform as the field run needs it: a session that the broker keeps, and every message with its repeats. */

import { readFileSync } from 'node:fs';
import mqtt from 'mqtt';
import { decode } from '../../src/uplink/payload.ts';
import type { Mosquitto } from '../wire/mosquitto.ts';

export interface Delivered {
  readonly boot: string;
  readonly seq: number;
  readonly body: Record<string, unknown>;
  /** how often it came */
  times: number;
}

export class Consumer {
  /** first deliveries, in order */
  readonly delivered: Delivered[] = [];
  /** a repeat that differs from its first delivery; there must be none */
  readonly differing: string[] = [];
  readonly #seen = new Map<string, { record: Delivered; text: string }>();
  readonly #client: mqtt.MqttClient;

  constructor({ url, certs }: Mosquitto) {
    this.#client = mqtt.connect(url, {
      ...{ clientId: 'field-consumer', clean: false, protocolVersion: 5, reconnectPeriod: 200 },
      properties: { sessionExpiryInterval: 3600 },
      ...(certs
        ? { ca: readFileSync(certs.ca), cert: readFileSync(certs.client.cert), key: readFileSync(certs.client.key) }
        : {}),
    });
    this.#client.on('error', () => undefined);
    this.#client.on('message', (topic, bytes) => this.#take(topic, bytes));
  }

  async subscribed(): Promise<void> {
    await this.#client.subscribeAsync('hoistway/v1/#', { qos: 1 });
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #take(topic: string, bytes: Buffer): void {
    for (const decoded of decode(topic, bytes)) if (decoded.kind !== 'status') this.#note(topic, decoded.message);
  }

  #note(topic: string, message: { readonly boot: string; readonly seq: number }): void {
    const { boot, seq } = message;
    const key = `${boot} ${seq}`;
    const text = JSON.stringify(message);
    const known = this.#seen.get(key);
    if (known) {
      known.record.times++;
      if (known.text !== text) this.differing.push(`${key} on ${topic}`);
      return;
    }
    const record = { boot, seq, body: message as unknown as Record<string, unknown>, times: 1 };
    this.#seen.set(key, { record, text });
    this.delivered.push(record);
  }
}
