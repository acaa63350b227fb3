/**
 * The scan loop of one line: asks what is due, one request at a time, and leaves alone for a while what does not answer.
 * A dead slave costs the others one time-out now and then; nobody else's schedule changes. Knows nothing of the network.
 */

import { type Clock, type MonoMs, plus, sleep } from './clock.ts';
import type { ModbusLine, ReadOutcome } from './ports.ts';
import type { PlannedRead, ReadGroup } from './sense/decode.ts';

export interface Slave {
  readonly lift: string;
  readonly unit: number;
  readonly reads: readonly PlannedRead[];
  readonly intervalMs: { readonly [G in ReadGroup]: number };
}

export interface SlaveCounts {
  ok: number;
  failed: number;
  lastError: string | null;
}

const LINE_DOWN_POLL_MS = 50;
/** The loop turns this often also where nothing is due for an hour: its turns are the proof that it lives. */
const LONGEST_WAIT_MS = 1000;

/** Lines of long intervals need no more than this to be apart, and are first read soon. */
const LONGEST_PHASE_MS = 200;

/** How much later than the first of `lines` the line at place `at` turns: read at once, each would wait for all the others. */
export function phaseMs(slaves: readonly Slave[], at: number, lines: number): number {
  const turnMs = Math.min(LONGEST_PHASE_MS, ...slaves.map(({ intervalMs }) => intervalMs.fast));
  return (turnMs * at) / lines;
}

interface Due {
  readonly slave: Slave;
  readonly read: PlannedRead;
  dueMs: MonoMs;
}

export class ScanLoop {
  readonly line: ModbusLine;
  readonly slaves: readonly Slave[];
  readonly counts: ReadonlyMap<Slave, SlaveCounts>;
  /** reads that came so late that a whole turn was left out */
  overruns = 0;
  /** turns of the loop: proof that it is alive, whatever the line does */
  turns = 0;
  readonly #clock: Clock;
  readonly #phaseMs: number;
  readonly #lateReplyWindowMs: number;
  readonly #restUntilMs = new Map<Slave, MonoMs>();
  readonly #stop = new AbortController();
  readonly #onTrouble: (slave: Slave, detail: string | null) => void;
  #running: Promise<void> | null = null;
  /** the last read was a time-out */
  #timedOut = false;

  constructor(options: {
    line: ModbusLine;
    slaves: readonly Slave[];
    clock: Clock;
    lateReplyWindowMs: number;
    /** from start() to the first turn; 0 where left out */
    phaseMs?: number;
    /** once when a slave stops answering, with the reason, and once when it answers again, with null */
    onTrouble: (slave: Slave, detail: string | null) => void;
  }) {
    this.line = options.line;
    this.slaves = options.slaves;
    this.#clock = options.clock;
    this.#phaseMs = options.phaseMs ?? 0;
    this.#lateReplyWindowMs = options.lateReplyWindowMs;
    this.#onTrouble = options.onTrouble;
    this.counts = new Map(options.slaves.map((slave) => [slave, { ok: 0, failed: 0, lastError: null }]));
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const startMs = plus(this.#clock.monoMs(), this.#phaseMs);
    const plan = this.slaves.flatMap((slave) => slave.reads.map((read): Due => ({ slave, read, dueMs: startMs })));
    if (plan.length === 0) return;
    while (!this.#stop.signal.aborted) {
      this.turns++;
      const waitMs = await this.#turn(plan);
      if (waitMs > 0) await sleep(this.#clock, Math.min(waitMs, LONGEST_WAIT_MS), this.#stop.signal);
    }
  }

  /** Makes the read that is due first. Resolves with how long nothing is due. */
  async #turn(plan: readonly Due[]): Promise<number> {
    const { up, why } = this.line.state;
    if (!up) {
      if (why) for (const slave of this.slaves) this.#note(slave, { ok: false, why: 'line-down', detail: why });
      return LINE_DOWN_POLL_MS;
    }
    const nowMs = this.#clock.monoMs();
    const next = this.#next(plan, nowMs);
    const waitMs = this.#atMs(next) - nowMs;
    if (waitMs > 0) return waitMs;
    const { slave, read } = next;
    const outcome = await this.line.read({
      unit: slave.unit,
      table: read.table,
      address: read.address,
      count: read.count,
    });
    this.#schedule(next, nowMs);
    this.#note(slave, outcome);
    this.#timedOut = !outcome.ok && outcome.why === 'timeout';
    if (this.#timedOut) {
      // Until its late reply can no longer come, another request to it could be answered by that one.
      this.#restUntilMs.set(slave, plus(this.#clock.monoMs(), this.#lateReplyWindowMs));
    }
    return 0;
  }

  /** What is due first. Never two time-outs in a row while a slave that answers is due: the dead wait for the living. */
  #next(plan: readonly Due[], nowMs: MonoMs): Due {
    const earliest = (first: Due, due: Due) => (this.#atMs(due) < this.#atMs(first) ? due : first);
    const living = (due: Due) => this.#atMs(due) <= nowMs && this.counts.get(due.slave)?.lastError === null;
    const answering = this.#timedOut ? plan.filter(living) : [];
    return (answering.length > 0 ? answering : plan).reduce(earliest);
  }

  /** The next turn on the same grid, so that the schedule does not drift; turns that are past are counted and left out. */
  #schedule(due: Due, nowMs: MonoMs): void {
    const intervalMs = due.slave.intervalMs[due.read.group];
    const missed = Math.floor((nowMs - due.dueMs) / intervalMs);
    // Turns left out because the slave was left alone are no overrun.
    if (missed > 0 && !this.#restUntilMs.has(due.slave)) this.overruns += missed;
    due.dueMs = plus(due.dueMs, intervalMs * (missed + 1));
  }

  #atMs({ slave, dueMs }: Due): number {
    return Math.max(dueMs, this.#restUntilMs.get(slave) ?? 0);
  }

  #note(slave: Slave, outcome: ReadOutcome): void {
    const counts = this.counts.get(slave);
    if (!counts) return;
    if (outcome.ok) {
      this.#restUntilMs.delete(slave);
      counts.ok++;
      if (counts.lastError !== null) this.#onTrouble(slave, null);
      counts.lastError = null;
      return;
    }
    counts.failed++;
    if (counts.lastError === null) this.#onTrouble(slave, outcome.detail);
    counts.lastError = outcome.detail;
  }
}
