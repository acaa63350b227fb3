/** The life of a fleet: it starts, loses brokers and gets them back, comes to rest, and all that it made must have arrived. */

import { type MonoMs, plus, sleep, systemClock } from '../../src/clock.ts';
import type { SiteUplink } from '../../src/config/schema.ts';
import { Random } from '../lift/random.ts';
import type { BoxPlan, Pace } from './box.ts';
import type { Report } from './boxes.ts';
import type { Brokers } from './brokers.ts';
import { BoxProcess, ListenWorker } from './crew.ts';
import { Receipt, type Verdict } from './receipt.ts';
import { mostInASecond, type Spread } from './spread.ts';

export interface FleetPlan {
  readonly boxes: number;
  readonly seed: number;
  /** how often a broker (of a cluster: the next node) is taken away and brought back */
  readonly restarts: number;
  /** the run lasts at least so long */
  readonly leastMs: number;
  readonly spread: Spread;
  readonly pace: Pace;
  /** processes that hold the boxes */
  readonly processes: number;
  /** `listen` workers, each with its share of the boxes */
  readonly workers: number;
}

export interface FleetReport {
  readonly verdict: Verdict;
  readonly made: number;
  /** from the start until every box had been there, and from each loss of a broker until every one had been back, ms */
  readonly gatheredMs: readonly number[];
  /** records that arrived while a node was away: none, where there is one broker */
  readonly heardAway: readonly number[];
  /** of boxes, in any second, by their own count */
  readonly mostConnectsPerS: number;
  /** by the log of the broker; null: it has none */
  readonly mostLoggedPerS: number | null;
  readonly connects: number;
  readonly recordsPerS: number;
  readonly bytesPerBox: number;
  readonly cpuMsPerBoxHour: number;
  readonly brokerBytes: number;
  readonly timersLateMs: number;
  /** why it could not come to its end, or null */
  readonly trouble: string | null;
}

/** Between all being there and the next loss. */
const CALM_MS = [1000, 5000] as const;
/** What a machine under load may take beyond what was planned. */
const GRACE_MS = 120_000;
/** Longer than between two words of a process. */
const LOOK_EVERY_MS = 300;

/** The level of the topic that says whose share a box is in. */
export function prefixOf(box: number, workers: number): string {
  return `hoistway/v1/${box % workers}`;
}

interface RunParts {
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

export async function runFleet(plan: FleetPlan, brokers: Brokers, parts: RunParts): Promise<FleetReport> {
  const receipt = new Receipt();
  const workers = Array.from({ length: plan.workers }, (_, n) => {
    const words = ['--broker', turned(brokers.urls, n).join(','), '--topic', `${prefixOf(n, plan.workers)}/#`];
    return new ListenWorker([...words, '--protocol', brokers.protocol], `share-${n}`, (heard) => receipt.note(heard));
  });
  const processes = Array.from({ length: plan.processes }, () => new BoxProcess());
  try {
    await Promise.all(workers.map(({ ready }) => ready));
    const run = new Run(plan, brokers, processes, receipt, parts);
    return await run.live();
  } finally {
    for (const process of processes) process.kill();
    await Promise.all(workers.map((worker) => worker.end()));
  }
}

function turned<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

class Run {
  readonly plan: FleetPlan;
  readonly brokers: Brokers;
  readonly processes: readonly BoxProcess[];
  readonly receipt: Receipt;
  readonly parts: RunParts;
  readonly #gatheredMs: number[] = [];
  readonly #heardAway: number[] = [];
  readonly #random: Random;
  #trouble: string | null = null;

  constructor(plan: FleetPlan, brokers: Brokers, processes: readonly BoxProcess[], receipt: Receipt, parts: RunParts) {
    this.plan = plan;
    this.brokers = brokers;
    this.processes = processes;
    this.receipt = receipt;
    this.parts = parts;
    this.#random = new Random(plan.seed).fork('brokers');
  }

  async live(): Promise<FleetReport> {
    const { plan, brokers, processes, receipt } = this;
    const beganMs = systemClock.monoMs();
    this.#begin();
    await this.#gather(beganMs);
    for (let n = 0; n < plan.restarts && this.#goesOn(); n++) {
      await this.#sleep(this.#random.between(...CALM_MS));
      const node = n % brokers.urls.length;
      const lostMs = systemClock.monoMs();
      const heard = receipt.records;
      await brokers.fail(node);
      await this.#sleep(this.#random.between(...brokers.awayMs));
      this.#heardAway.push(receipt.records - heard);
      await brokers.mend(node);
      await this.#gather(lostMs);
    }
    await this.#sleep(plan.leastMs - (systemClock.monoMs() - beganMs));
    for (const process of processes) process.tell({ type: 'rest' });
    const brokerBytes = await brokers.bytes();
    const made = await this.#arrived();
    const livedMs = systemClock.monoMs() - beganMs;
    const reports = (await Promise.all(processes.map((process) => process.end()))).filter((one) => one !== null);
    const connectsAtMs = reports.flatMap((report) => report.connectsAtMs);
    const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
    return {
      verdict: receipt.verdict(reports.flatMap(({ boxes }) => boxes)),
      made,
      gatheredMs: this.#gatheredMs,
      heardAway: this.#heardAway,
      mostConnectsPerS: mostInASecond(connectsAtMs),
      mostLoggedPerS: await brokers.mostConnectsPerS(),
      connects: connectsAtMs.length,
      recordsPerS: (1000 * made) / livedMs,
      bytesPerBox: sum(({ grownBytes }) => grownBytes) / plan.boxes,
      cpuMsPerBoxHour: (sum(({ cpuMs }) => cpuMs) / plan.boxes / livedMs) * 3_600_000,
      brokerBytes,
      timersLateMs: Math.max(0, ...reports.map(({ lateMs }) => lateMs)),
      trouble: this.#trouble ?? processes.find(({ trouble }) => trouble)?.trouble ?? null,
    };
  }

  #begin(): void {
    const { boxes, pace, seed } = this.plan;
    const plans = Array.from({ length: boxes }, (_, n) => this.#planOf(n));
    const each = Math.ceil(boxes / this.processes.length);
    this.processes.forEach((process, at) => {
      process.tell({ type: 'begin', boxes: plans.slice(at * each, (at + 1) * each), pace, seed });
    });
  }

  #planOf(n: number): BoxPlan {
    const { plan, brokers } = this;
    const { retryFirstMs, retryMaxMs } = plan.spread;
    const [url = '', ...alternatives] = turned(brokers.urls, n);
    const uplink: SiteUplink = {
      url,
      alternatives,
      payload: 'json',
      protocol: brokers.protocol,
      topicPrefix: prefixOf(n, plan.workers),
      ...{ window: 20, keepaliveS: 60, batchMs: 0, backlogBytesPerS: 1_048_576, retryFirstMs, retryMaxMs },
    };
    return { id: `box-${n}`, uplink };
  }

  /** Until each box has been there. */
  async #gather(sinceMs: MonoMs): Promise<void> {
    const { boxes, spread } = this.plan;
    const mark = this.#gatheredMs.length + 1;
    for (const process of this.processes) process.tell({ type: 'mark', mark });
    const all = () => this.processes.every(({ standing }) => standing.mark === mark) && this.#sum('there') === boxes;
    await this.#until(2 * spread.retryMaxMs, all, 'boxes do not come back');
    const ms = systemClock.monoMs() - sinceMs;
    this.#gatheredMs.push(ms);
    this.parts.tell(`${this.#sum('there')} of ${boxes} boxes there after ${(ms / 1000).toFixed(1)} s`);
  }

  async #arrived(): Promise<number> {
    const { receipt, plan } = this;
    const whole = () => this.#sum('sent') === this.#sum('made') && receipt.records >= this.#sum('made');
    await this.#until(3 * plan.spread.retryMaxMs, whole, 'the records do not arrive');
    return this.#sum('made');
  }

  async #until(ms: number, met: () => boolean, otherwise: string): Promise<void> {
    const limitMs = plus(systemClock.monoMs(), ms + GRACE_MS);
    // Two looks that agree: what a process says of itself is a moment old.
    for (let looks = 0; looks < 2 && this.#goesOn(); looks = met() ? looks + 1 : 0) {
      await this.#sleep(LOOK_EVERY_MS);
      if (systemClock.monoMs() > limitMs) this.#trouble = otherwise;
    }
  }

  #sum(what: 'there' | 'made' | 'sent'): number {
    return this.processes.reduce((sum, { standing }) => sum + standing[what], 0);
  }

  #goesOn(): boolean {
    return (
      !this.parts.signal.aborted && this.#trouble === null && this.processes.every(({ trouble }) => trouble === null)
    );
  }

  #sleep(ms: number): Promise<void> {
    return ms > 0 ? sleep(systemClock, ms, this.parts.signal) : Promise.resolve();
  }
}
