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

/** What was certainly waited between two moments: before the first, no more than all the time since the sample before it. */
export function waitedWithin(samples: readonly Waited[], fromMs: number, toMs: number): number {
  const first = lastBy(samples, fromMs);
  const last = lastBy(samples, toMs);
  if (!first || !last) return 0;
  return Math.max(0, last.waitedMs - first.waitedMs - (fromMs - first.atMs));
}

/** The last sample of `atMs` or before. */
function lastBy(samples: readonly Waited[], atMs: number): Waited | undefined {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return samples[low - 1];
}
