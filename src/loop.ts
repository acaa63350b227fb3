/** What the loops of all lines share, however they read. */

import type { Line } from './ports.ts';
import type { PlannedRead, ReadGroup } from './sense/decode.ts';

export interface Slave {
  /** whose controller it is; of a module, the lifts whose inputs it has */
  readonly lift: string;
  /** a remote-IO module, and no controller */
  readonly isModule?: boolean;
  readonly unit: number;
  readonly reads: readonly PlannedRead[];
  readonly intervalMs: { readonly [G in ReadGroup]: number };
}

export interface SlaveCounts {
  ok: number;
  failed: number;
  lastError: string | null;
  /** failures of each of its reads, by table, address and count: `input 4+3` */
  readonly failedReads: { [read: string]: number };
}

/** Told once when a slave stops answering, with the reason, and once when it answers again, with null. */
export type OnTrouble = (slave: Slave, detail: string | null) => void;

export interface LineLoop {
  readonly line: Line;
  readonly slaves: readonly Slave[];
  readonly counts: ReadonlyMap<Slave, SlaveCounts>;
  /** reads that came so late that a whole turn was left out */
  readonly overruns: number;
  /** turns of the loop: proof that it is alive, whatever the line does */
  readonly turns: number;
  start(): void;
  stop(): Promise<void>;
}

/** The loop turns this often also where nothing is due for an hour: its turns are the proof that it lives. */
export const LONGEST_WAIT_MS = 1000;

export class Tally {
  readonly of: ReadonlyMap<Slave, SlaveCounts>;
  readonly #onTrouble: OnTrouble;

  constructor(slaves: readonly Slave[], onTrouble: OnTrouble) {
    this.of = new Map(slaves.map((slave) => [slave, { ok: 0, failed: 0, lastError: null, failedReads: {} }]));
    this.#onTrouble = onTrouble;
  }

  ok(slave: Slave): void {
    const counts = this.of.get(slave);
    if (!counts) return;
    counts.ok++;
    if (counts.lastError !== null) this.#onTrouble(slave, null);
    counts.lastError = null;
  }

  /** `read`: null where it was no read that failed */
  failed(slave: Slave, read: Pick<PlannedRead, 'table' | 'address' | 'count'> | null, detail: string): void {
    const counts = this.of.get(slave);
    if (!counts) return;
    counts.failed++;
    if (read !== null) {
      const name = `${read.table} ${read.address}+${read.count}`;
      counts.failedReads[name] = (counts.failedReads[name] ?? 0) + 1;
    }
    if (counts.lastError === null) this.#onTrouble(slave, detail);
    counts.lastError = detail;
  }
}
