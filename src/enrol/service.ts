/**
 * The service that boxes enrol at, HTTPS. POST /enrol {"secret", "request"} for a box with a code, POST /renew {"request"} for one that
 * shows its present certificate; both answer {"certificate", "authority"}, PEM. Wrong codes are slowed, and counted by address.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import * as v from 'valibot';
import { type Clock, sleep } from '../clock.ts';
import { GatewayError, reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import type { Answer, Authority } from './authority.ts';
import { Guesses } from './guesses.ts';

const BODY_MOST_BYTES = 16_384;
const CONNECTIONS_MOST = 100;
const REQUEST_LIMIT_MS = 20_000;
const BOX = /^[a-z0-9][a-z0-9-]*$/;

const text = v.pipe(v.string(), v.maxLength(8192));
const enrolSchema = v.object({ secret: text, request: text });
const renewSchema = v.object({ request: text });

export interface Service {
  readonly port: number;
  close(): Promise<void>;
}

export interface ServiceParts {
  readonly authority: Authority;
  readonly host: string;
  readonly port: number;
  /** names and addresses by which boxes call it */
  readonly hosts: readonly string[];
  readonly clock: Clock;
  /** each wrong code waits so long for its answer */
  readonly wrongWaitMs?: number;
  /** one line for the journal; never a secret */
  readonly remark: (line: string) => void;
}

interface Said {
  readonly status: number;
  readonly body: object;
}

export async function startService(parts: ServiceParts): Promise<Service> {
  const { authority, host, port, remark } = parts;
  const guesses = new Guesses();
  const identity = await authority.serverIdentity(parts.hosts);
  const server = createServer(
    // A box without a certificate must get through to /enrol; /renew looks at what it showed.
    {
      ...identity,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
    },
    (request, response) => {
      answer(parts, guesses, request).then(
        (said) => send(response, said),
        (cause) => {
          remark(reasonOf(cause));
          send(response, { status: 500, body: { error: 'failed' } });
        },
      );
    },
  );
  server.maxConnections = CONNECTIONS_MOST;
  server.requestTimeout = REQUEST_LIMIT_MS;
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error) => reject(notListening(`${host}:${port}`, cause));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(parts: ServiceParts, guesses: Guesses, request: IncomingMessage): Promise<Said> {
  const { authority, clock, remark, wrongWaitMs = 1000 } = parts;
  if (request.method !== 'POST') return { status: 405, body: { error: 'POST' } };
  const address = request.socket.remoteAddress ?? '';
  const json = await bodyOf(request);
  if (request.url === '/renew') {
    const box = boxOf(request.socket as TLSSocket);
    if (box === null) return { status: 401, body: { error: 'no certificate of this authority' } };
    const asked = v.safeParse(renewSchema, json);
    if (!asked.success) return { status: 400, body: { error: 'request' } };
    return told(await authority.renew(box, asked.output.request), remark, 'renewed');
  }
  if (request.url !== '/enrol') return { status: 404, body: { error: 'no such path' } };
  if (!guesses.allows(address, clock.monoMs())) return { status: 429, body: { error: 'too many wrong codes' } };
  const asked = v.safeParse(enrolSchema, json);
  if (!asked.success) return { status: 400, body: { error: 'request' } };
  // Counted before it is known to be wrong: many at once are no way round.
  guesses.noteWrong(address, clock.monoMs());
  const answered = await authority.enrol(asked.output.secret, asked.output.request, clock.wallMs());
  if (answered.ok) guesses.forget(address);
  else if (answered.why === 'code') {
    remark(t(`a wrong, used or expired code from ${address}`, `来自 ${address} 的注册码错误、已使用或已过期`));
    await sleep(clock, wrongWaitMs);
  }
  return told(answered, remark, 'enrolled');
}

function told(answered: Answer, remark: (line: string) => void, done: string): Said {
  if (!answered.ok) {
    const status = answered.why === 'code' ? 403 : 400;
    return { status, body: { error: answered.why } };
  }
  const { box, certificate, authority } = answered;
  remark(`${box}: ${done}`);
  return { status: 200, body: { certificate, authority } };
}

/** Whose valid certificate this connection has shown. */
function boxOf(socket: TLSSocket): string | null {
  if (!socket.authorized) return null;
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' && BOX.test(name) ? name : null;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let bytes = 0;
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > BODY_MOST_BYTES) return null;
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return null;
  }
}

function send(response: ServerResponse, { status, body }: Said): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}

function notListening(where: string, cause: Error): GatewayError {
  const hint = t('another --listen HOST:PORT', '更换 --listen 主机:端口');
  return new GatewayError({ code: 'uplink-failed', op: t('listen for boxes', '监听网关'), where, hint, cause });
}
