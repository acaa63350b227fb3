/** A real Mosquitto on a free loopback port, with certificates made on the spot. For tests and benches. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep, systemClock } from '../../src/clock.ts';
import { GatewayError } from '../../src/errors.ts';
import { t } from '../../src/language.ts';
import { type Certificates, makeCertificates, makeServer, type ServerCertificate } from './certificates.ts';

export interface MosquittoOptions {
  readonly tls?: { readonly requireClientCertificate: boolean; readonly server?: ServerCertificate };
  readonly port?: number;
  /** keeps sessions and retained messages over a restart */
  readonly persistence?: boolean;
  /** lines of its access list: what is not named is not allowed */
  readonly acl?: readonly string[];
  /** what it logs (log_type); everything where left out */
  readonly logs?: readonly string[];
  /** more lines for mosquitto.conf */
  readonly config?: readonly string[];
}

export interface Mosquitto {
  readonly url: string;
  readonly port: number;
  readonly certs?: Certificates;
  /** ends it and removes its directory */
  stop(): Promise<void>;
  /** ends it as its service manager would; `restart` brings it back */
  pause(): Promise<void>;
  /** SIGKILL: a power cut of the broker. `restart` brings it back. */
  kill(): Promise<void>;
  /** on the same port, with that certificate from now on */
  restart(server?: ServerCertificate): Promise<void>;
  /** SIGSTOP: the kernel keeps its connections and takes new ones, and nobody answers */
  freeze(): void;
  thaw(): void;
  /** of its process, which changes with each restart */
  pid(): number;
  /** what it has written to its log */
  log(): Promise<string>;
}

const PROGRAMS = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'];
const START_LIMIT_MS = 5000;
const POLL_MS = 20;

export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const directory = await mkdtemp(join(tmpdir(), 'hoistway-mosquitto-'));
  const port = options.port ?? (await freePort());
  const certs = options.tls ? await makeCertificates(directory) : undefined;
  const configure = async (server: ServerCertificate) => {
    if (certs) await makeServer(directory, server);
    await writeFile(join(directory, 'mosquitto.conf'), configOf(directory, port, options, server));
  };
  if (options.acl) await writeFile(join(directory, 'acl'), `${options.acl.join('\n')}\n`);
  await configure(options.tls?.server ?? 'server');
  let child = await start(directory, port);
  const end = (signal: NodeJS.Signals) => ended(child, signal);
  // A test that dies leaves no broker behind.
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  return {
    url: `${options.tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${port}`,
    port,
    ...(certs && { certs }),
    pause: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async restart(server) {
      await end('SIGTERM');
      if (server) await configure(server);
      child = await start(directory, port);
    },
    async stop() {
      await end('SIGTERM');
      process.removeListener('exit', onExit);
      await rm(directory, { recursive: true, force: true });
    },
    pid: () => child.pid ?? 0,
    log: () => readFile(join(directory, 'log'), 'utf8'),
  };
}

function configOf(
  directory: string,
  port: number,
  { tls, persistence, acl, logs = ['all'], config = [] }: MosquittoOptions,
  server: ServerCertificate,
): string {
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    `persistence ${persistence ?? false}`,
    `persistence_location ${directory}/`,
    `log_dest file ${join(directory, 'log')}`,
    ...logs.map((type) => `log_type ${type}`),
    'set_tcp_nodelay true',
    // Mosquitto started by root would become the user `mosquitto`, who may not read the directory.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    ...(tls
      ? [
          `cafile ${join(directory, 'ca.crt')}`,
          `certfile ${join(directory, `${server}.crt`)}`,
          `keyfile ${join(directory, `${server}.key`)}`,
          `require_certificate ${tls.requireClientCertificate}`,
        ]
      : []),
    ...(acl ? [`acl_file ${join(directory, 'acl')}`] : []),
    ...config,
  ];
  return `${lines.join('\n')}\n`;
}

async function start(directory: string, port: number): Promise<ChildProcess> {
  const program = PROGRAMS.find((path) => existsSync(path)) ?? 'mosquitto';
  const child = spawn(program, ['-c', join(directory, 'mosquitto.conf')], { stdio: 'ignore' });
  let trouble = '';
  child.once('error', (error) => {
    trouble = error.message;
  });
  const until = systemClock.monoMs() + START_LIMIT_MS;
  while (!(await accepts(port))) {
    if (trouble || child.exitCode !== null || systemClock.monoMs() > until) throw notStarted(directory, trouble);
    await sleep(systemClock, POLL_MS);
  }
  return child;
}

function notStarted(directory: string, trouble: string): GatewayError {
  return new GatewayError({
    code: 'uplink-failed',
    op: t('start Mosquitto', '启动 Mosquitto'),
    where: directory,
    hint: t('is mosquitto installed? its log is in that directory', '是否已安装 mosquitto？日志在该目录中'),
    cause: trouble || t('it does not listen', '未开始监听'),
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  child.kill('SIGCONT');
  await exit;
}

export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
