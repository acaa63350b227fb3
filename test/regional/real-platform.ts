/** A regional platform as a real HTTP server on loopback, and the gateway's side of it in real time. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import type { SiteRegionalPlatform } from '../../src/config/schema.ts';
import { startRegional } from '../../src/regional/engine.ts';
import { WatchedOutbox } from '../uplink/watched-outbox.ts';
import { PASSWORD } from './rig.ts';
import { site } from './site.ts';

const folder = mkdtempSync(join(tmpdir(), 'hoistway-regional-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const passwordFile = join(folder, 'password');
writeFileSync(passwordFile, `${PASSWORD}\n`);

export interface Heard {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: { readonly [key: string]: unknown };
}

/** True: this request is dealt with; else it is answered as a good platform does. */
export type Ill = (heard: Heard, request: IncomingMessage, response: ServerResponse) => boolean;

const ends: (() => unknown)[] = [];

/** Ends every server and engine of a test, passed or failed. */
export async function endAll(): Promise<void> {
  await Promise.all(ends.splice(0).map((end) => end()));
}

export async function startPlatform(ill: Ill = () => false, tls: { key: string; cert: string } | null = null) {
  const heard: Heard[] = [];
  const taken: Heard[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { authorization } = request.headers;
    const one = { path: request.url ?? '', authorization, body: JSON.parse(Buffer.concat(chunks).toString()) };
    heard.push(one);
    if (ill(one, request, response)) return;
    respond(response, 200, goodAnswer(one));
    if (!one.path.endsWith('/token')) taken.push(one);
  };
  const server = tls
    ? createTlsServer({ key: readFileSync(tls.key), cert: readFileSync(tls.cert) }, listener)
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  const { port } = server.address() as AddressInfo;
  const of = (kind: string) => heard.filter(({ path }) => path.includes(kind));
  return { url: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${port}`, heard, taken, of };
}

function goodAnswer({ path, body }: Heard): unknown {
  if (!path.endsWith('/token')) return { success: true };
  if (body.appSecret !== PASSWORD) return { success: false, errCode: 'BIZ_ERROR', errMessage: 'wrong secret' };
  return { success: true, data: { accessToken: 'token-1', expiresTime: 7200 } };
}

export function respond(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Back-off is kept short by chance being small: a twentieth of each wait. */
export function live(url: string, settings: Partial<SiteRegionalPlatform> = {}) {
  const outbox = new WatchedOutbox({ readers: ['regional'] });
  const remarks: string[] = [];
  const { regionalPlatform, lifts } = site({ passwordFile, ...settings, url });
  const start = () => {
    const regional = startRegional({
      ...{ platform: regionalPlatform, boxId: 'box-1', lifts, outbox, clock: systemClock },
      snapshot: () => ({}),
      clockSet: () => true,
      random: () => 0.05,
      remark: (line) => remarks.push(line),
    });
    ends.push(() => regional.stop());
    return regional;
  };
  return { outbox, remarks, start };
}

/** A certificate for localhost that is its own authority. */
export function selfSigned(name: string): { key: string; cert: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', [...how, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key, cert };
}
