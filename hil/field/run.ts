/**
 * The field run: a lift in real time behind a slave written by others on a serial line, the gateway as its service manager
 * runs it, a real Mosquitto with TLS and client certificates, and a platform that counts what arrives.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type MonoMs, plus, sleep, systemClock } from '../../src/clock.ts';
import { loadSite } from '../../src/config/load.ts';
import { wiringsOf } from '../../src/config/wiring.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';
import { packageRoot } from '../../src/package.ts';
import { SimLift } from '../lift/lift.ts';
import { Random } from '../lift/random.ts';
import { Registers } from '../lift/registers.ts';
import type { Expected } from '../lift/truth.ts';
import { startMosquitto } from '../wire/mosquitto.ts';
import { openPtyPair } from '../wire/pty.ts';
import { Consumer, type Delivered } from './consumer.ts';
import { FIELD_FAULTS, fieldSite } from './site.ts';

export interface FieldOptions {
  readonly seconds: number;
  readonly baud: number;
  readonly parity: 'none' | 'even';
  /** how often the gateway is killed (SIGKILL) at random moments */
  readonly kills: number;
  /** how long the broker is down in the middle of the run */
  readonly brokerDownSeconds: number;
  readonly seed: number;
  remark(line: string): void;
}

export interface FieldResult {
  readonly delivered: readonly Delivered[];
  /** what the gateway said in its journal that it had stored: `boot seq` */
  readonly announced: readonly string[];
  readonly differing: readonly string[];
  readonly expected: readonly Expected[];
  /** left in the outbox when all was over */
  readonly waiting: number;
  readonly kills: number;
  /** requests that the slave was sent, as the journal of the line tells */
  readonly scanMs: number;
}

const TICK_MS = 10;

export async function fieldRun(options: FieldOptions): Promise<FieldResult> {
  const { seconds, baud, seed, remark } = options;
  const dir = await mkdtemp(join(tmpdir(), 'hoistway-field-'));
  const pty = await openPtyPair();
  const broker = await startMosquitto({ tls: { requireClientCertificate: true }, persistence: true });
  const sitePath = join(dir, 'site.yaml');
  await writeFile(sitePath, fieldSite({ ...options, port: pty.a, brokerUrl: broker.url, certs: broker.certs, dir }));
  const loaded = await loadSite(sitePath);
  const lift = await startLift(loaded, pty.b, baud, seed);
  const consumer = new Consumer(broker);
  await consumer.subscribed();
  const gateway = new Service(sitePath);
  const random = new Random(seed).fork('kills');

  const startMs = systemClock.monoMs();
  const endMs = plus(startMs, seconds * 1000);
  const outage = brokerOutage(broker, startMs, options);
  let kills = 0;
  while (kills < options.kills) {
    await sleep(systemClock, random.between(0.2, 1.8) * ((seconds * 1000) / options.kills));
    gateway.kill();
    kills++;
    if (kills % 10 === 0) remark(`${kills} kills`);
  }
  await sleep(systemClock, endMs - systemClock.monoMs());
  await outage;
  // The last faults end, and everything goes up, before the lift stands still.
  await lift.quiet();
  await gateway.stop();
  const waiting = await whatWaits(join(dir, 'state'));
  await lift.stop();
  await consumer.close();
  await broker.stop();
  await pty.close();
  await rm(dir, { recursive: true, force: true });
  const { delivered, differing } = consumer;
  const scanMs = loaded.site.lifts[0]?.controller?.scanIntervalMs ?? 0;
  return { delivered, differing, announced: gateway.announced, expected: lift.sim.expected(), waiting, kills, scanMs };
}

async function brokerOutage(
  broker: Awaited<ReturnType<typeof startMosquitto>>,
  startMs: MonoMs,
  { seconds, brokerDownSeconds, remark }: FieldOptions,
): Promise<void> {
  if (brokerDownSeconds === 0) return;
  await sleep(systemClock, startMs + seconds * 400 - systemClock.monoMs());
  remark(`broker down for ${brokerDownSeconds} s`);
  await broker.pause();
  await sleep(systemClock, brokerDownSeconds * 1000);
  await broker.restart();
}

/** The lift, and the slave of pymodbus whose registers follow it. */
async function startLift(loaded: Awaited<ReturnType<typeof loadSite>>, port: string, baud: number, seed: number) {
  const [wiring] = wiringsOf(loaded);
  const profile = loaded.profiles.get('generic');
  if (!wiring || !profile) throw new Error('the field site has one lift with the generic profile');
  const startMs = systemClock.monoMs();
  const sim = new SimLift({ facts: wiring.facts, random: new Random(seed), startMs, traffic: null, restMs: 2000 });
  const slave = spawn('/usr/bin/python3', [join(packageRoot, 'hil/field/slave.py'), port, String(baud), '1'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    slave.stdout.once('data', resolve);
    slave.once('exit', (code) => reject(new Error(`the pymodbus slave ended with ${code}`)));
  });
  const registers = new Registers(profile);
  let next = 0;
  let feeding = true;
  const timer = setInterval(() => {
    sim.advanceTo(systemClock.monoMs());
    const over = sim.episodes.every(({ doneMs }) => doneMs !== null);
    if (over && feeding) sim.inject(FIELD_FAULTS[next++ % FIELD_FAULTS.length] as (typeof FIELD_FAULTS)[number]);
    const values = sim.controllerValues();
    if (values) registers.set(values);
    slave.stdin.write(`1 4 0 ${[...registers.image('input').values()].join(' ')}\n`);
  }, TICK_MS);
  return {
    sim,
    /** no new fault begins; resolves when the last is over, and a while after */
    async quiet() {
      feeding = false;
      while (!sim.episodes.every(({ doneMs }) => doneMs !== null)) await sleep(systemClock, 100);
      await sleep(systemClock, 5000);
    },
    async stop() {
      clearInterval(timer);
      const ended = new Promise((resolve) => slave.once('exit', resolve));
      slave.stdin.end();
      await ended;
    },
  };
}

/** `hoistway run` as systemd would keep it: started again at once, whatever ended it. */
class Service {
  readonly announced: string[] = [];
  readonly #site: string;
  #child: ChildProcess;
  #stopping = false;

  constructor(site: string) {
    this.#site = site;
    this.#child = this.#start();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }

  #start(): ChildProcess {
    const main = join(packageRoot, 'src/main.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', main, 'run', '--site', this.#site], {
      cwd: packageRoot,
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    if (child.stderr) {
      createInterface({ input: child.stderr }).on('line', (line) => {
        const stored = /^stored (\S+ \d+) /.exec(line);
        if (stored?.[1]) this.announced.push(stored[1]);
      });
    }
    child.once('exit', () => {
      if (!this.#stopping) this.#child = this.#start();
    });
    return child;
  }
}

async function whatWaits(stateDir: string): Promise<number> {
  const outbox = await openOutbox({ path: join(stateDir, 'outbox.db'), maxBytes: 2 ** 28 });
  const { waiting } = await outbox.stats();
  await outbox.close();
  return waiting.alarm + waiting.telemetry;
}
