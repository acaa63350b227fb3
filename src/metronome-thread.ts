/** The thread of the metronome: waits for the moment that it is told, without spinning, and says when it has come. */

import { parentPort, workerData } from 'node:worker_threads';
import { AHEAD_MS, NEVER_US, type Shared } from './metronome.ts';

if (!parentPort) throw new Error('metronome-thread is started by startMetronome, as a thread');
const { changes, dueUs } = workerData as Shared;

for (;;) {
  const change = Atomics.load(changes, 0);
  const due = Atomics.load(dueUs, 0);
  if (due === NEVER_US) {
    Atomics.wait(changes, 0, change);
    continue;
  }
  const waitMs = Number(due - process.hrtime.bigint() / 1000n) / 1000 - AHEAD_MS;
  if (waitMs > 0 && Atomics.wait(changes, 0, change, waitMs) !== 'timed-out') continue;
  // Told once: until the next moment is set, there is nothing to wait for.
  if (Atomics.compareExchange(dueUs, 0, due, NEVER_US) === due) parentPort.postMessage(null);
}
