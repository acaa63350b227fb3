/** A real Mosquitto on a free loopback port, with certificates made on the spot. For tests and benches. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sleep, systemClock } from '../../src/clock.ts';
import { GatewayError } from '../../src/errors.ts';
import { t } from '../../src/language.ts';

export interface MosquittoOptions {
  readonly tls?: { readonly requireClientCertificate: boolean };
  readonly port?: number;
  /** keeps sessions and retained messages over a restart */
  readonly persistence?: boolean;
  /** more lines for mosquitto.conf */
  readonly config?: readonly string[];
}

/** Paths of PEM files. */
export interface Certificates {
  readonly ca: string;
  readonly client: KeyPair;
  /** signed by an authority the broker does not know */
  readonly stranger: KeyPair;
  readonly expired: KeyPair;
  /** an authority that did not sign the broker */
  readonly otherCa: string;
}

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
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
  /** on the same port */
  restart(): Promise<void>;
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
  await writeFile(join(directory, 'mosquitto.conf'), configOf(directory, port, options));
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
    async restart() {
      await end('SIGTERM');
      child = await start(directory, port);
    },
    async stop() {
      await end('SIGTERM');
      process.removeListener('exit', onExit);
      await rm(directory, { recursive: true, force: true });
    },
    log: () => readFile(join(directory, 'log'), 'utf8'),
  };
}

function configOf(directory: string, port: number, { tls, persistence, config = [] }: MosquittoOptions): string {
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    `persistence ${persistence ?? false}`,
    `persistence_location ${directory}/`,
    `log_dest file ${join(directory, 'log')}`,
    'log_type all',
    'set_tcp_nodelay true',
    // Mosquitto started by root would become the user `mosquitto`, who may not read the directory.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    ...(tls
      ? [
          `cafile ${join(directory, 'ca.crt')}`,
          `certfile ${join(directory, 'server.crt')}`,
          `keyfile ${join(directory, 'server.key')}`,
          `require_certificate ${tls.requireClientCertificate}`,
        ]
      : []),
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
  await exit;
}

function accepts(port: number): Promise<boolean> {
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const run = promisify(execFile);

async function makeCertificates(directory: string): Promise<Certificates> {
  const at = (name: string) => join(directory, name);
  await Promise.all([makeAuthority(directory, 'ca'), makeAuthority(directory, 'other-ca')]);
  await writeFile(at('server.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  await writeFile(at('client.ext'), 'extendedKeyUsage=clientAuth\n');
  await makeSigned(directory, 'server', 'ca', 'server.ext');
  await makeSigned(directory, 'client', 'ca', 'client.ext');
  await makeSigned(directory, 'stranger', 'other-ca', 'client.ext');
  await makeExpired(directory, 'expired');
  const pair = (name: string): KeyPair => ({ cert: at(`${name}.crt`), key: at(`${name}.key`) });
  return {
    ca: at('ca.crt'),
    otherCa: at('other-ca.crt'),
    client: pair('client'),
    stranger: pair('stranger'),
    expired: pair('expired'),
  };
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

async function makeAuthority(cwd: string, name: string): Promise<void> {
  const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
  await run('openssl', ['req', '-x509', ...newKey, '-days', '1', '-subj', `/CN=${name}`, ...files], { cwd });
}

async function makeRequest(cwd: string, name: string): Promise<void> {
  const files = ['-keyout', `${name}.key`, '-out', `${name}.csr`];
  await run('openssl', ['req', ...newKey, '-subj', `/CN=${name}`, ...files], { cwd });
}

async function makeSigned(cwd: string, name: string, authority: string, extensions: string): Promise<void> {
  await makeRequest(cwd, name);
  const signer = ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-CAcreateserial'];
  const files = ['-in', `${name}.csr`, '-out', `${name}.crt`, '-extfile', extensions];
  await run('openssl', ['x509', '-req', ...signer, '-days', '1', ...files], { cwd });
}

/** `openssl x509` dates from now; `openssl ca` takes any dates. */
async function makeExpired(cwd: string, name: string): Promise<void> {
  await makeRequest(cwd, name);
  await mkdir(join(cwd, 'signed'));
  await writeFile(join(cwd, 'index.txt'), '');
  const config =
    '[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\nnew_certs_dir=signed\nrand_serial=yes\npolicy=p\ndefault_md=sha256\n[p]\ncommonName=supplied\n';
  await writeFile(join(cwd, 'ca.conf'), config);
  const dates = ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z'];
  const files = ['-cert', 'ca.crt', '-keyfile', 'ca.key', '-in', `${name}.csr`, '-out', `${name}.crt`];
  await run(
    'openssl',
    ['ca', '-batch', '-notext', '-config', 'ca.conf', '-extfile', 'client.ext', ...dates, ...files],
    {
      cwd,
    },
  );
}
