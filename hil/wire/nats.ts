/** A cluster of real NATS servers with JetStream and their MQTT listener (3.1.1), on free loopback ports. For tests and the fleet. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep, systemClock } from '../../src/clock.ts';
import { GatewayError } from '../../src/errors.ts';
import { t } from '../../src/language.ts';
import { accepts, freePort } from './mosquitto.ts';

export interface NatsCluster {
  /** MQTT, one of each node */
  readonly urls: readonly string[];
  /** of the processes that run now */
  pids(): readonly number[];
  /** SIGKILL */
  kill(node: number): Promise<void>;
  /** Resolves when it listens for MQTT again; it catches up with the others while it serves. */
  start(node: number): Promise<void>;
  stop(): Promise<void>;
}

interface Node {
  readonly config: string;
  readonly mqttPort: number;
  /** says when the server has found the others */
  readonly health: string;
  child: ChildProcess | null;
}

const PROGRAMS = ['/usr/sbin/nats-server', '/usr/local/bin/nats-server', '/opt/homebrew/bin/nats-server'];
const START_LIMIT_MS = 60_000;
const POLL_MS = 50;

export async function startNatsCluster(size = 3): Promise<NatsCluster> {
  const directory = await mkdtemp(join(tmpdir(), 'hoistway-nats-'));
  const ports: { client: number; mqtt: number; route: number; health: number }[] = [];
  for (let n = 0; n < size; n++) {
    ports.push({ client: await freePort(), mqtt: await freePort(), route: await freePort(), health: await freePort() });
  }
  const routes = ports.map(({ route }) => `nats://127.0.0.1:${route}`).join(', ');
  const nodes: Node[] = [];
  for (const [n, { client, mqtt, route, health }] of ports.entries()) {
    const config = join(directory, `node-${n}.conf`);
    const lines = [
      `server_name: node-${n}`,
      `listen: "127.0.0.1:${client}"`,
      `http: "127.0.0.1:${health}"`,
      `log_file: "${join(directory, `node-${n}.log`)}"`,
      `jetstream { store_dir: "${join(directory, `node-${n}`)}" }`,
      // With more on its way to a listener than one, what is sent again after a loss comes behind what is newer.
      `mqtt { listen: "127.0.0.1:${mqtt}", max_ack_pending: 1, ack_wait: "2s" }`,
      `cluster { name: hoistway, listen: "127.0.0.1:${route}", routes: [${routes}] }`,
    ];
    await writeFile(config, `${lines.join('\n')}\n`);
    nodes.push({ config, mqttPort: mqtt, health: `http://127.0.0.1:${health}/healthz`, child: null });
  }
  const onExit = () => {
    for (const { child } of nodes) child?.kill('SIGKILL');
  };
  // A run that dies leaves no servers behind.
  process.once('exit', onExit);
  for (const node of nodes) launch(node);
  for (const node of nodes) {
    const found = () =>
      fetch(node.health).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(node, found, directory);
  }
  return {
    urls: ports.map(({ mqtt }) => `mqtt://127.0.0.1:${mqtt}`),
    pids: () => nodes.flatMap(({ child }) => (child?.pid === undefined ? [] : [child.pid])),
    kill: async (node) => {
      const one = nodes[node];
      if (one) await ended(one);
    },
    async start(node) {
      const one = nodes[node];
      if (!one) return;
      launch(one);
      await until(one, () => accepts(one.mqttPort), directory);
    },
    async stop() {
      await Promise.all(nodes.map(ended));
      process.removeListener('exit', onExit);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function launch(node: Node): void {
  const program = PROGRAMS.find((path) => existsSync(path)) ?? 'nats-server';
  node.child = spawn(program, ['-c', node.config], { stdio: 'ignore' });
  // A program that is not there is told by the wait for it.
  node.child.once('error', () => undefined);
}

async function until({ child }: Node, met: () => Promise<boolean>, directory: string): Promise<void> {
  const untilMs = systemClock.monoMs() + START_LIMIT_MS;
  while (!(await met())) {
    if (child?.pid === undefined || child.exitCode !== null || systemClock.monoMs() > untilMs)
      throw notStarted(directory);
    await sleep(systemClock, POLL_MS);
  }
}

function notStarted(directory: string): GatewayError {
  return new GatewayError({
    code: 'uplink-failed',
    op: t('start the NATS cluster', '启动 NATS 集群'),
    where: directory,
    hint: t('is nats-server installed? its log is in that directory', '是否已安装 nats-server？日志在该目录中'),
  });
}

async function ended(node: Node): Promise<void> {
  const { child } = node;
  node.child = null;
  if (!child || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
