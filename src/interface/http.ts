/** The page of the box: a few fixed paths on node:http. Reads only, apart from the buttons of the demo. */

import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Clock } from '../clock.ts';
import { GatewayError, reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import { packageRoot } from '../package.ts';
import type { Board, DemoControls } from './board.ts';
import type { BoardView } from './board-view.ts';
import { DEMO_PATHS, press } from './demo.ts';
import { illsOf } from './health.ts';
import { bodyOf, pathOf, type Refusal, refusalOf } from './refusal.ts';
import { BoardStream } from './stream.ts';

export interface PageOptions {
  /** address to listen on */
  readonly host: string;
  /** TCP port; 0 takes any */
  readonly port: number;
  /** the box as it is now; asked for each answer */
  board(): Board;
  /** the demo's buttons; a box on a real lift has none */
  readonly controls?: DemoControls | undefined;
  /** where the port is taken, take one of the next twenty */
  readonly nextFreePort?: boolean | undefined;
  readonly clock: Clock;
}

export interface Page {
  /** for a person to open: http://127.0.0.1:8080/ */
  readonly url: string;
  /** The board has changed. Cheap while nobody looks. */
  push(): void;
  stop(): Promise<void>;
}

const PORTS_TRIED = 20;
const CONNECTIONS_LIMIT = 64;
const REQUEST_LIMIT_MS = 10_000;

const TYPES: { readonly [ending: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const SECURITY = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/** Rejects with a GatewayError `interface-failed` where the address cannot be had. */
export async function startPage(options: PageOptions): Promise<Page> {
  const stream = new BoardStream(options.clock, () => JSON.stringify(viewOf(options)));
  const files = filesOf(join(packageRoot, 'src/interface/page'));
  const server = createServer({ maxHeaderSize: 8192, requestTimeout: REQUEST_LIMIT_MS }, (request, response) => {
    answer(request, response, options, files, stream).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(response, { status: 500, text: reasonOf(error) });
    });
  });
  server.maxConnections = CONNECTIONS_LIMIT;
  const port = await listen(server, options);
  return {
    url: urlOf(options.host, port),
    push: () => stream.push(),
    stop: () =>
      new Promise((resolve) => {
        stream.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function viewOf({ board, controls, clock }: PageOptions): BoardView {
  return { ...board(), nowWallMs: clock.wallMs(), demo: controls ? { ...controls.state } : null };
}

interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Read once, at the start: no path of a request ever meets the disk. */
function filesOf(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(folder)) {
    const type = TYPES[extname(name)];
    if (type) files.set(name === 'index.html' ? '/' : `/${name}`, { type, bytes: readFileSync(join(folder, name)) });
  }
  return files;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: PageOptions,
  files: ReadonlyMap<string, PageFile>,
  stream: BoardStream,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY)) response.setHeader(name, value);
  const refusal = refusalOf(request, options.host, options.controls ? DEMO_PATHS : new Set());
  if (refusal) return refuse(response, refusal);
  const path = pathOf(request);
  const file = files.get(path);
  if (file) return send(response, 200, file.type, file.bytes);
  if (path === '/events') return openStream(request, response, stream);
  if (path === '/api/board') return send(response, 200, 'application/json', JSON.stringify(viewOf(options)));
  if (path === '/health') return health(response, options.board());
  if (options.controls && DEMO_PATHS.has(path)) {
    const body = await bodyOf(request);
    const problem = 'json' in body ? press(path, body.json, options.controls, options.board()) : body;
    if (problem) return refuse(response, problem);
    stream.push();
    response.writeHead(204).end();
    return;
  }
  refuse(response, { status: 404, text: 'Nothing here.' });
}

function openStream(request: IncomingMessage, response: ServerResponse, stream: BoardStream): void {
  if (stream.full) {
    refuse(response, { status: 503, text: 'Too many pages are open on this box.' });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  if (request.method === 'HEAD') response.end();
  else stream.add(response);
}

function health(response: ServerResponse, board: Board): void {
  const ills = illsOf(board);
  send(response, ills.length > 0 ? 503 : 200, 'text/plain; charset=utf-8', `${ills.join('\n') || 'ok'}\n`);
}

/** A request that is turned away takes its connection with it, with whatever it would still have sent. */
function refuse(response: ServerResponse, { status, text, allow }: Refusal): void {
  if (allow) response.setHeader('allow', allow);
  response.setHeader('connection', 'close');
  send(response, status, 'text/plain; charset=utf-8', `${text}\n`);
}

/** node:http itself leaves the body out of an answer to HEAD. */
function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

async function listen(server: Server, { host, port, nextFreePort }: PageOptions): Promise<number> {
  const last = port > 0 && nextFreePort ? Math.min(port + PORTS_TRIED, 65_535) : port;
  for (let tried = port; ; tried++) {
    try {
      return await listenAt(server, host, tried);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && tried < last) continue;
      throw new GatewayError({
        code: 'interface-failed',
        op: t('open the page', '打开页面'),
        where: `${host}:${tried}`,
        hint: hintOf(code),
        cause: error,
      });
    }
  }
}

function listenAt(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function hintOf(code: string | undefined): string {
  if (code === 'EADDRINUSE') {
    return t(
      'another program has this port (see: ss -ltnp); stop it, or set page.port',
      '该端口已被占用（用 ss -ltnp 查看）；请停止该程序，或修改 page.port',
    );
  }
  if (code === 'EACCES') {
    return t(
      'ports below 1024 are for root; set page.port to 8080',
      '1024 以下的端口需要 root；请将 page.port 设为 8080',
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return t(
      'this machine has no such address (see: ip addr); set page.host',
      '本机没有该地址（用 ip addr 查看）；请修改 page.host',
    );
  }
  return t('check page.host and page.port in the site file', '请检查站点文件中的 page.host 与 page.port');
}

function urlOf(host: string, port: number): string {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}/`;
}
