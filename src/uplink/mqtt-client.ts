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

/** The session tears down an attempt long before; this only keeps the package from doing so at its own time. */
const PACKAGE_CONNECT_TIMEOUT_MS = 10 * 60_000;
const REFUSED_FROM = 0x80;
const NO_LIMIT = 65_535;

export const mqttClient: BrokerClient = { connect: (options, handlers) => new Link(options, handlers) };

class Link implements BrokerLink {
  readonly #handlers: BrokerHandlers;
  #client: MqttClient | null = null;
  #over: boolean = false;
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
      this.#kick = { kind: 'kicked', detail: nameOfReason(reasonCode ?? 0) };
    });
    client.on('message', (topic, payload, { retain }) => this.#handlers.onMessage?.(topic, payload, retain));
    client.on('error', (error) => this.#close(this.#kick ?? endOf(error)));
    client.on('close', () =>
      this.#close(this.#kick ?? { kind: 'lost', detail: t('closed by the other side', '被对方关闭') }),
    );
  }

  #close(end: LinkEnd): void {
    if (this.#over) return;
    this.drop();
    this.#handlers.onClosed(end);
  }

  publish({ topic, payload, retain }: Publication, done: (outcome: PublishOutcome) => void): void {
    if (this.#over) return;
    const bytes = typeof payload === 'string' ? payload : Buffer.from(payload);
    this.#client?.publish(topic, bytes, { qos: 1, retain }, (error) => {
      if (this.#over) return;
      if (!error) return done({ ok: true });
      const code = codeOf(error);
      if (typeof code === 'number' && code >= REFUSED_FROM)
        done({ ok: false, reasonCode: code, reason: nameOfReason(code) });
    });
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
    clean: true,
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

function credentialPath(file: string): string {
  if (!file.startsWith('%d')) return file;
  const directory = process.env.CREDENTIALS_DIRECTORY;
  if (!directory)
    throw new Error(t(`${file}: $CREDENTIALS_DIRECTORY is not set`, `${file}：未设置 $CREDENTIALS_DIRECTORY`));
  return join(directory, file.slice(2));
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}

const UNREACHABLE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_FAIL|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ETIMEDOUT|EADDRNOTAVAIL|EACCES)$/;
const TLS = /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|EPROTO|HOSTNAME_MISMATCH)/;

function endOf(error: Error): LinkEnd {
  const code = codeOf(error);
  return typeof code === 'number' ? { kind: 'refused', detail: nameOfReason(code) } : networkEndOf(error);
}

/** An error of the network, whatever was spoken over it. */
export function networkEndOf(error: Error): { kind: 'unreachable' | 'tls' | 'lost'; detail: string } {
  const code = codeOf(error);
  // An AggregateError (both IPv6 and IPv4 tried) has a code and no message.
  const detail = error.message || String(code);
  if (typeof code === 'string' && UNREACHABLE.test(code)) return { kind: 'unreachable', detail };
  if (typeof code === 'string' && TLS.test(code)) return { kind: 'tls', detail };
  return { kind: 'lost', detail };
}

function nameOfReason(code: number): string {
  const name = mqtt.ReasonCodes[code as keyof typeof mqtt.ReasonCodes];
  return `${name || t('no reason given', '未说明原因')} (${code})`;
}
