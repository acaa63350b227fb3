/** Child of the fault tests: stores an alarm every 20 ms for `SECONDS`, and prints as JSON how that went. */

import { systemClock } from '../../src/clock.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';
import { fault } from '../contract/outbox.ts';

const [path = '', seconds = '0'] = process.argv.slice(2);
const troubles: string[] = [];
const outbox = await openOutbox({ path, maxBytes: 2 ** 20, onTrouble: (why) => troubles.push(why) });
const began = systemClock.monoMs();
let last = began;
let stillMs = 0;
let slowestMs = 0;
const stored: Promise<unknown>[] = [];
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    const now = systemClock.monoMs();
    stillMs = Math.max(stillMs, now - last);
    last = now;
    const own = outbox.append([fault(`f${stored.length}`, 'begin')]);
    stored.push(
      own.then(() => {
        slowestMs = Math.max(slowestMs, systemClock.monoMs() - now);
      }),
    );
    if (now - began < Number(seconds) * 1000) return;
    clearInterval(timer);
    resolve();
  }, 20);
});
await Promise.all(stored);
const { trouble, waiting } = await outbox.stats();
await outbox.close();
console.log(JSON.stringify({ troubles, trouble, stillMs, slowestMs, handedIn: stored.length, kept: waiting.alarm }));
