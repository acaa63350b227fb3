/** The peer of the backlog bench: MQTT.js with mqtt-level-store as its outgoing store, as its own page shows it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import mqtt, { type IClientOptions } from 'mqtt';
import { systemClock } from '../../src/clock.ts';
import { startMosquitto } from '../wire/mosquitto.ts';
import { onDemand } from './on-demand.ts';

const peer = onDemand(['mqtt-level-store@3.1.0'], { scripts: true });
/** without a delivery for so long, no more come */
const PATIENCE_MS = 15_000;

interface Manager {
  readonly incoming: IClientOptions['incomingStore'];
  readonly outgoing: IClientOptions['outgoingStore'];
}

/** How fast it delivers what was published while it was offline, or why it could not be run. */
export async function levelStore(
  messages: number,
  payloadOf: (n: number) => string,
): Promise<{ recordsPerS: number; lost: number } | string> {
  const missing = peer.install();
  if (missing !== null) return missing;
  const made = createRequire(join(peer.folder, 'x.js'))('mqtt-level-store') as (
    path: string,
    options: object,
  ) => Manager;
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
  while (delivered < messages && systemClock.monoMs() - lastMs < PATIENCE_MS) {
    await wait(5);
    if (delivered > last) [last, lastMs] = [delivered, systemClock.monoMs()];
  }
  client.end(true);
  await broker.stop();
  rmSync(store, { recursive: true, force: true });
  return { recordsPerS: (delivered * 1000) / Math.max(1, lastMs - beganMs), lost: messages - delivered };
}
