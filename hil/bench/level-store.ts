/**
 * The peer of the backlog bench: MQTT.js with mqtt-level-store as its outgoing store, as its own page shows it. Published while
 * offline, then connected to a real Mosquitto. Installed on demand, from the registry, into a folder that is kept for the next run.
 */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import mqtt, { type IClientOptions } from 'mqtt';
import { systemClock } from '../../src/clock.ts';
import { startMosquitto } from '../wire/mosquitto.ts';

const PACKAGE = 'mqtt-level-store@3.1.0';
const folder = join(tmpdir(), `hoistway-bench-${PACKAGE}`);
const PATIENCE_MS = 120_000;

interface Manager {
  readonly incoming: IClientOptions['incomingStore'];
  readonly outgoing: IClientOptions['outgoingStore'];
}

function installed(): string | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (statSync(folder).uid !== process.getuid?.()) return `${folder} belongs to somebody else`;
  const mark = join(folder, 'installed');
  if (statSync(mark, { throwIfNoEntry: false })) return null;
  console.error(`installing ${PACKAGE} into ${folder}, once`);
  const words = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--fetch-retries=1', PACKAGE];
  const { status, stderr, error } = spawnSync('npm', words, { timeout: 600_000, encoding: 'utf8' });
  if (status !== 0) return error?.message ?? (stderr.trim().split('\n')[0] || 'npm failed');
  writeFileSync(mark, '');
  return null;
}

/** How fast it delivers what was published while it was offline, or why it could not be run. */
export async function levelStore(
  messages: number,
  payloadOf: (n: number) => string,
): Promise<{ recordsPerS: number; lost: number } | string> {
  const missing = installed();
  if (missing !== null) return missing;
  const made = createRequire(join(folder, 'x.js'))('mqtt-level-store') as (path: string, options: object) => Manager;
  const store = mkdtempSync(join(tmpdir(), 'hoistway-level-'));
  const broker = await startMosquitto({ config: ['max_queued_messages 0'] });
  await broker.pause();
  const { incoming, outgoing } = made(store, { errorIfExists: false });
  const client = mqtt.connect(broker.url, {
    ...{ incomingStore: incoming, outgoingStore: outgoing, reconnectPeriod: 50, clean: false, clientId: 'bench-peer' },
  } as IClientOptions);
  client.on('error', () => undefined);
  let delivered = 0;
  for (let n = 0; n < messages; n++) {
    client.publish('bench/record', payloadOf(n), { qos: 1 }, (error) => {
      if (!error) delivered++;
    });
    if (n % 1000 === 0) await wait(0);
  }
  await wait(500);
  await broker.restart();
  const beganMs = systemClock.monoMs();
  let [last, lastMs] = [0, beganMs];
  while (delivered < messages && systemClock.monoMs() - lastMs < PATIENCE_MS / 8) {
    await wait(5);
    if (delivered > last) [last, lastMs] = [delivered, systemClock.monoMs()];
  }
  client.end(true);
  await broker.stop();
  rmSync(store, { recursive: true, force: true });
  return { recordsPerS: (delivered * 1000) / Math.max(1, lastMs - beganMs), lost: messages - delivered };
}
