/**
 * The broker client over the mqtt package. A fresh client for every attempt: its own reconnecting, its store and its queue
 * are not used, because they hold (and lose) messages in memory. The outbox is the only queue.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import type {
  BrokerClient,
  BrokerHandlers,
  BrokerLink,
  BrokerOptions,
  LinkEnd,
  Publication,
  PublishOutcome,
} from './client.ts';
import { codeOf, endOfClose, endOfDisconnect, endOfError, nameOfReason, unlistedRefusal } from './ends.ts';

/** The session tears down an attempt long before; this only keeps the package from doing so at its own time. */
const PACKAGE_CONNECT_TIMEOUT_MS = 10 * 60_000;
const REFUSED_FROM = 0x80;
const NO_LIMIT = 65_535;

export const mqttClient: BrokerClient = { connect: (options, handlers) => new Link(options, handlers) };

class Link implements BrokerLink {
  readonly #handlers: BrokerHandlers;
  #client: MqttClient | null = null;
  #over: boolean = false;
  #answered = false;
  /** of publications that the broker has not acknowledged, by packet id */
  readonly #owed = new Map<number, (outcome: PublishOutcome) => void>();
  /** what came last, to be looked at where the package cannot read it */
  #bytes: Uint8Array = new Uint8Array();
  #kick: LinkEnd | null = null;

  constructor(options: BrokerOptions, handlers: BrokerHandlers) {
    this.#handlers = handlers;
    void this.#open(options);
  }

  async #open(options: BrokerOptions): Promise<void> {
    try {
      const settings = await clientOptions(options);
      if (this.#over) return;
      // Throws where a certificate or key cannot be read as PEM, or the two do not belong together.
      this.#client = mqtt.connect(options.url, settings);
      this.#listen(this.#client);
    } catch (cause) {
      this.#close({ kind: 'settings', detail: reasonOf(cause) });
    }
  }

  #listen(client: MqttClient): void {
    client.on('connect', ({ properties }) => {
      this.#answered = true;
      if (properties?.maximumQoS === 0)
        return this.#close({
          kind: 'unfit',
          detail: t('it acknowledges nothing (QoS 0 only)', '仅支持 QoS 0，不作确认'),
        });
      this.#handlers.onConnected({
        receiveMaximum: properties?.receiveMaximum ?? NO_LIMIT,
        maximumPacketBytes: properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY,
      });
    });
    client.on('disconnect', ({ reasonCode }) => {
      this.#kick = endOfDisconnect(reasonCode ?? 0);
    });
    client.on('message', (topic, payload, { retain }) => this.#handlers.onMessage?.(topic, payload, retain));
    // Before the package, which reads each piece, and may find fault with it, at once.
    client.stream.prependListener('data', (bytes: Uint8Array) => {
      this.#bytes = bytes;
    });
    client.on('error', (error) => {
      this.#hearUnlisted();
      this.#close(this.#kick ?? endOfError(error, this.#answered));
    });
    client.on('close', () => this.#close(this.#kick ?? endOfClose(this.#answered)));
  }

  /** Mosquitto refuses with a reason that MQTT does not list for PUBACK, and the package ends the link instead of passing it on. */
  #hearUnlisted(): void {
    const refusal = unlistedRefusal(this.#bytes);
    if (!refusal || this.#over) return;
    const { packetId, reasonCode } = refusal;
    this.#owed.get(packetId)?.({ ok: false, reasonCode, reason: nameOfReason(reasonCode) });
  }

  #close(end: LinkEnd): void {
    if (this.#over) return;
    this.drop();
    this.#handlers.onClosed(end);
  }

  publish({ topic, payload, retain }: Publication, done: (outcome: PublishOutcome) => void): void {
    const client = this.#client;
    if (this.#over || !client) return;
    const bytes = typeof payload === 'string' ? payload : Buffer.from(payload);
    let packetId = 0;
    client.publish(topic, bytes, { qos: 1, retain }, (error) => {
      this.#owed.delete(packetId);
      if (this.#over) return;
      if (!error) return done({ ok: true });
      const code = codeOf(error);
      if (typeof code === 'number' && code >= REFUSED_FROM)
        done({ ok: false, reasonCode: code, reason: nameOfReason(code) });
    });
    packetId = client.getLastMessageId();
    this.#owed.set(packetId, done);
  }

  async subscribe(filter: string): Promise<void> {
    await this.#client?.subscribeAsync(filter, { qos: 1 });
  }

  async end(): Promise<void> {
    this.#over = true;
    await this.#client?.endAsync();
  }

  drop(): void {
    this.#over = true;
    // After a graceful end that waits for answers, a forced one does nothing: the socket must go.
    this.#client?.end(true);
    this.#client?.stream?.destroy();
  }
}

async function clientOptions(options: BrokerOptions): Promise<IClientOptions> {
  const secure = /^(mqtts|wss):/.test(options.url);
  if (!secure && (options.caFile || options.certFile || options.keyFile))
    throw new Error(t('certificates are given, but the address is not mqtts://', '配置了证书，但地址不是 mqtts://'));
  if (Boolean(options.certFile) !== Boolean(options.keyFile))
    throw new Error(t('certFile and keyFile go together', 'certFile 与 keyFile 须同时给出'));
  const [ca, cert, key, password] = await Promise.all(
    [options.caFile, options.certFile, options.keyFile, options.passwordFile].map(contentOf),
  );
  return {
    protocolVersion: options.protocol === '5' ? 5 : 4,
    clientId: options.clientId,
    clean: options.keepSessionS === undefined,
    properties: {
      ...(options.keepSessionS !== undefined && { sessionExpiryInterval: options.keepSessionS }),
      ...(options.mostHeardBytes !== undefined && { maximumPacketSize: options.mostHeardBytes }),
    },
    keepalive: options.keepaliveS,
    reconnectPeriod: 0,
    connectTimeout: PACKAGE_CONNECT_TIMEOUT_MS,
    queueQoSZero: false,
    resubscribe: false,
    ...(options.username !== undefined && { username: options.username }),
    ...(password && { password: password.toString('utf8').replace(/\r?\n$/, '') }),
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(options.will && {
      will: {
        topic: options.will.topic,
        payload: Buffer.from(options.will.payload),
        qos: 1,
        retain: options.will.retain,
      },
    }),
  };
}

/** Of a file of the site file; a leading %d is the credentials directory of systemd. Null where none is named. */
export async function contentOf(file: string | undefined): Promise<Buffer | null> {
  return file === undefined ? null : readFile(credentialPath(file));
}

/** The path that a setting means: a leading %d is the directory of systemd's credentials. */
export function credentialPath(file: string): string {
  if (!file.startsWith('%d')) return file;
  const directory = process.env.CREDENTIALS_DIRECTORY;
  if (!directory)
    throw new Error(t(`${file}: $CREDENTIALS_DIRECTORY is not set`, `${file}：未设置 $CREDENTIALS_DIRECTORY`));
  return join(directory, file.slice(2));
}
