/** How long the main thread of a process was ready to run and had to wait for a processor, by the account of Linux. */

import { openSync, readSync } from 'node:fs';
import { systemClock } from '../../src/clock.ts';

/** `waitedMs`: in all until then. */
export interface Waited {
  readonly atMs: number;
  readonly waitedMs: number;
}

/** Time on a processor and time waited for one, both in ns, and how often (proc_schedstat of the kernel's documentation). */
const ACCOUNT = '/proc/self/schedstat';

export class Waits {
  readonly #file = openSync(ACCOUNT, 'r');
  readonly #bytes = Buffer.alloc(100);
  samples: Waited[] = [];

  note(): void {
    const length = readSync(this.#file, this.#bytes, 0, this.#bytes.length, 0);
    const [, waitedNs] = this.#bytes.toString('latin1', 0, length).split(' ');
    this.samples.push({ atMs: systemClock.monoMs(), waitedMs: Number(waitedNs) / 1e6 });
  }
}

/** The most that can have been waited between two moments; Infinity where no sample is before or none after them. */
export function waitedWithin(samples: readonly Waited[], fromMs: number, toMs: number): number {
  const first = samples[firstAfter(samples, fromMs) - 1];
  const last = samples[firstAfter(samples, toMs)];
  return first && last ? last.waitedMs - first.waitedMs : Number.POSITIVE_INFINITY;
}

/** Place of the first sample after `atMs`. */
function firstAfter(samples: readonly Waited[], atMs: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
