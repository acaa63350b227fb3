/** A process of the ten-million bench: opens the outbox whose path it is given, and says what that cost. */

import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/clock.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';

/** What opening took, until the first record could be read. */
export interface Opened {
  readonly openMs: number;
  /** resident memory after it, and a read, beside that before */
  readonly growthBytes: number;
  readonly waiting: number;
}

const [path = ''] = process.argv.slice(2);
const residentBytes = () => {
  global.gc?.();
  return process.memoryUsage().rss;
};

await wait(200);
const beforeBytes = residentBytes();
const beganMs = systemClock.monoMs();
const outbox = await openOutbox({ path, maxBytes: 100 * 2 ** 30 });
await outbox.read('telemetry', 0, 500);
const openMs = systemClock.monoMs() - beganMs;
const { waiting } = await outbox.stats();
await wait(200);
const opened: Opened = { openMs, growthBytes: residentBytes() - beforeBytes, waiting: waiting.telemetry };
console.log(JSON.stringify(opened));
await outbox.close();
