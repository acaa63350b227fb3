/** What the loops of all lines share, however they read. */

import { t } from './language.ts';
import type { Line } from './ports.ts';
import type { PlannedRead, ReadGroup } from './sense/decode.ts';
import { type ReadRequest, registersOf } from './sense/observation.ts';

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

/** The loop turns this often also where nothing is due for an hour: its turns are the proof that it lives. */
export const LONGEST_WAIT_MS = 1000;

/** A read that failed, as one line for a person. `where`: its line. */
export function detailOf(where: string, request: ReadRequest, what: string): string {
  return `${where} ${t('unit', '站号')} ${request.unit} ${registersOf(request)}: ${what}`;
}

export function exceptionWords(code: number): string {
  return t(`exception ${code}`, `异常码 ${code}`);
}

class Tally {
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
  failed(slave: Slave, read: Omit<ReadRequest, 'unit'> | null, detail: string): void {
    const counts = this.of.get(slave);
    if (!counts) return;
    counts.failed++;
    if (read !== null) {
      const name = registersOf(read);
      counts.failedReads[name] = (counts.failedReads[name] ?? 0) + 1;
    }
    if (counts.lastError === null) this.#onTrouble(slave, detail);
    counts.lastError = detail;
  }
}

/** Begun once, and ended with its line's last turn. */
export abstract class LineLoop {
  abstract readonly line: Line;
  readonly slaves: readonly Slave[];
  /** reads that came so late that a whole turn was left out */
  overruns = 0;
  /** turns of the loop: proof that it is alive, whatever the line does */
  turns = 0;
  protected readonly tally: Tally;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;

  constructor(slaves: readonly Slave[], onTrouble: OnTrouble) {
    this.slaves = slaves;
    this.tally = new Tally(slaves, onTrouble);
  }

  get counts(): ReadonlyMap<Slave, SlaveCounts> {
    return this.tally.of;
  }

  start(): void {
    this.#running ??= this.run(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Turns until `signal` aborts. */
  protected abstract run(signal: AbortSignal): Promise<void>;
}
