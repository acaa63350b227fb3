/** The brokers that a fleet is run against: one Mosquitto that is stopped and started, or a cluster whose nodes are killed in turn. */

import { readFile } from 'node:fs/promises';
import { startMosquitto } from '../wire/mosquitto.ts';
import { startNatsCluster } from '../wire/nats.ts';

export interface Brokers {
  readonly name: string;
  readonly protocol: '5' | '3.1.1';
  /** one of each node */
  readonly urls: readonly string[];
  /** how long a node is away, ms: from, to */
  readonly awayMs: readonly [number, number];
  /** Takes a node away. */
  fail(node: number): Promise<void>;
  /** Brings it back. */
  mend(node: number): Promise<void>;
  /** the most connects that it logged within a second of its clock; null: it does not log them */
  mostConnectsPerS(): Promise<number | null>;
  /** what its processes hold now */
  bytes(): Promise<number>;
  stop(): Promise<void>;
}

export async function oneMosquitto(): Promise<Brokers> {
  const broker = await startMosquitto({
    persistence: true,
    logs: ['error', 'warning', 'notice'],
    // What it would drop of a listener that is away is lost to it: the default is 1000 messages.
    config: ['max_queued_messages 0', 'max_inflight_messages 1000'],
  });
  return {
    name: 'mosquitto',
    protocol: '5',
    urls: [broker.url],
    awayMs: [2000, 10_000],
    fail: () => broker.pause(),
    mend: () => broker.restart(),
    mostConnectsPerS: async () => mostLogged(await broker.log()),
    bytes: () => residentBytes([broker.pid()]),
    stop: () => broker.stop(),
  };
}

/**
 * Three servers, each killed in its turn: the other two elect leaders in some four seconds, and go on. By the third it leads most of the
 * streams, and that takes longer.
 */
export async function natsCluster(): Promise<Brokers> {
  const cluster = await startNatsCluster();
  return {
    name: 'nats-server',
    protocol: '3.1.1',
    urls: cluster.urls,
    awayMs: [20_000, 25_000],
    fail: (node) => cluster.kill(node),
    mend: (node) => cluster.start(node),
    mostConnectsPerS: async () => null,
    bytes: () => residentBytes(cluster.pids()),
    stop: () => cluster.stop(),
  };
}

/** `1766000000: New client connected from 127.0.0.1:40000 as hoistway-box-7 (p5, c1, k30).` */
function mostLogged(log: string): number {
  const counts = new Map<string, number>();
  for (const [, second = ''] of log.matchAll(/^(\d+): New client connected/gm))
    counts.set(second, (counts.get(second) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

export async function residentBytes(pids: readonly number[]): Promise<number> {
  const each = pids.map(async (pid) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  });
  return (await Promise.all(each)).reduce((sum, bytes) => sum + bytes, 0);
}
