/**
 * A clock whose timers come within about a tenth of a millisecond. Node's own come up to a millisecond and more after their time: of
 * a serial line at 115200 baud, which owes 1.75 ms of silence between frames, that would waste a tenth. The long part of a wait is
 * Node's; the last milliseconds are waited for by a thread of its own, that sleeps until the moment.
 */

import type { Worker } from 'node:worker_threads';
import { type Clock, type MonoMs, type Stop, systemClock } from './clock.ts';
import { startThread } from './package.ts';

/** How much before its time a timer of Node is set, so that it never comes after it, ms. */
const COARSE_MS = 3;
/** How long a thread takes from its moment until the other one runs; the rest of it is waited for on the spot, ms. */
export const AHEAD_MS = 0.3;
export const NEVER_US = 2n ** 62n;

export interface Shared {
  /** counts what was set; woken with it */
  readonly changes: Int32Array;
  /** the next moment, monotonic microseconds */
  readonly dueUs: BigInt64Array;
}

interface Timer {
  readonly dueMs: MonoMs;
  readonly run: () => void;
}

export interface Metronome extends Clock {
  close(): Promise<void>;
}

export function startMetronome(): Metronome {
  return new Threaded();
}

class Threaded implements Metronome {
  readonly #shared: Shared = {
    changes: new Int32Array(new SharedArrayBuffer(4)),
    dueUs: new BigInt64Array(new SharedArrayBuffer(8)),
  };
  readonly #worker: Worker;
  /** of the next milliseconds, the first one first */
  readonly #soon: Timer[] = [];
  #ready = false;

  constructor() {
    this.#shared.dueUs[0] = NEVER_US;
    this.#worker = startThread(import.meta.url, 'metronome-thread', this.#shared);
    this.#worker.on('message', () => this.#tick());
    this.#worker.once('online', () => {
      this.#ready = true;
    });
    // Without the thread, Node's own timers go on.
    this.#worker.on('error', () => this.#fail());
    this.#worker.unref();
  }

  monoMs = systemClock.monoMs;
  wallMs = systemClock.wallMs;

  at(dueMs: MonoMs, run: () => void): Stop {
    let stop: Stop = () => undefined;
    const fine = () => {
      if (!this.#ready) {
        stop = systemClock.at(dueMs, run);
        return;
      }
      const timer = { dueMs, run };
      stop = () => this.#drop(timer);
      this.#add(timer);
    };
    const coarseMs = (dueMs - COARSE_MS) as MonoMs;
    if (coarseMs > systemClock.monoMs()) stop = systemClock.at(coarseMs, fine);
    else fine();
    return () => stop();
  }

  async close(): Promise<void> {
    this.#fail();
    await this.#worker.terminate();
  }

  #add(timer: Timer): void {
    const at = this.#soon.findIndex(({ dueMs }) => dueMs > timer.dueMs);
    if (at < 0) this.#soon.push(timer);
    else this.#soon.splice(at, 0, timer);
    if (this.#soon[0] === timer) this.#set();
  }

  #drop(timer: Timer): void {
    const at = this.#soon.indexOf(timer);
    if (at < 0) return;
    this.#soon.splice(at, 1);
    if (this.#soon.length === 0) this.#set();
  }

  #tick(): void {
    for (let first = this.#soon[0]; first && first.dueMs - systemClock.monoMs() <= AHEAD_MS; first = this.#soon[0]) {
      this.#soon.shift();
      while (systemClock.monoMs() < first.dueMs);
      first.run();
    }
    this.#set();
  }

  #set(): void {
    const [first] = this.#soon;
    const { changes, dueUs } = this.#shared;
    // A timer that is set holds the process, as those of Node do.
    if (first) this.#worker.ref();
    else this.#worker.unref();
    Atomics.store(dueUs, 0, first ? BigInt(Math.round(first.dueMs * 1000)) : NEVER_US);
    Atomics.add(changes, 0, 1);
    Atomics.notify(changes, 0);
  }

  #fail(): void {
    this.#ready = false;
    for (const { dueMs, run } of this.#soon.splice(0)) systemClock.at(dueMs, run);
  }
}
