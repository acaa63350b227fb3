/**
 * Group commit: one commit is under way, and what is handed in meanwhile goes with the next. What cannot be stored waits
 * in memory, bounded; past the bound the oldest of the same lane is dropped, rejected and counted.
 */

import type { Clock, Stop } from '../clock.ts';
import { plus } from '../clock.ts';
import { t } from '../language.ts';
import type { Lane } from '../lift/events.ts';
import type { Budget } from './budget.ts';
import type { Batch, Committed, Forgotten } from './messages.ts';
import type { NewRecord, StoredRecord } from './port.ts';
import { type Row, rowOf } from './record.ts';
import { THREAD_ENDED } from './thread.ts';
import { type Failure, failureOf, outboxError, whyOf } from './trouble.ts';

export type GroupBounds = Pick<Budget, 'batchBytes' | 'batchRecords' | 'queueBytes' | 'queueRecords'>;

export interface GroupParts {
  readonly commit: (batch: Batch) => Promise<Committed>;
  readonly clock: Clock;
  readonly bounds: GroupBounds;
  /** telemetry alone waits so long for a commit that takes more of it */
  readonly telemetryWaitMs: number;
  /** named in errors */
  readonly path: string;
  /** new records on disk, those that the store made among them, by id */
  readonly onCommitted: (records: readonly StoredRecord[]) => void;
  readonly onTrouble: (why: string) => void;
}

/** One call of append: stored as a whole or not at all. One alarm in it makes it an alarm. */
interface Call {
  readonly lane: Lane;
  readonly records: readonly NewRecord[];
  readonly rows: readonly Row[];
  readonly bytes: number;
  readonly resolve: (stored: readonly StoredRecord[]) => void;
  readonly reject: (error: Error) => void;
}

interface Forgetting {
  readonly forgotten: Forgotten;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 30_000;
/** A commit that takes so long is told while it lasts. */
const SLOW_MS = 2000;

const STORE = () => t('store records', '保存记录');

export class GroupCommit {
  readonly #parts: GroupParts;
  /** in the order handed in; `#waiting` holds their totals */
  #calls: Call[] = [];
  readonly #waiting = { alarm: { bytes: 0, records: 0 }, telemetry: { bytes: 0, records: 0 } };
  #forgettings: Forgetting[] = [];
  #lost = 0;
  #failures = 0;
  #trouble: string | null = null;
  #closed = false;
  #busy: Promise<void> | null = null;
  /** until the next try, after one that failed */
  #stopWaiting: Stop | null = null;
  /** while telemetry gathers */
  #stopGathering: Stop | null = null;

  constructor(parts: GroupParts) {
    this.#parts = parts;
  }

  /** why records cannot be stored now, or null */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** records dropped in memory that no gap record tells of yet */
  get lost(): number {
    return this.#lost;
  }

  append(records: readonly NewRecord[]): Promise<readonly StoredRecord[]> {
    const { bounds, path } = this.#parts;
    if (this.#closed) return Promise.reject(outboxError(STORE(), path, CLOSED));
    if (records.length === 0) return Promise.resolve([]);
    let rows: Row[];
    try {
      rows = records.map(rowOf);
    } catch (error) {
      return Promise.reject(outboxError(STORE(), path, failureOf(error)));
    }
    const bytes = rows.reduce((sum, row) => sum + row.cost, 0);
    if (bytes > bounds.batchBytes || rows.length > bounds.batchRecords) {
      const message = `${rows.length} records, ${bytes} bytes: more than one commit takes`;
      return Promise.reject(outboxError(STORE(), path, { code: '', message }));
    }
    return new Promise((resolve, reject) => {
      const lane = rows.some((row) => row.lane === 'alarm') ? 'alarm' : 'telemetry';
      const call: Call = { lane, records, rows, bytes, resolve, reject };
      this.#calls.push(call);
      this.#count(call, 1);
      this.#trim(lane);
      this.#start();
    });
  }

  forget(forgotten: Forgotten): Promise<void> {
    if (this.#closed)
      return Promise.reject(outboxError(t('forget records', '删除已确认的记录'), this.#parts.path, CLOSED));
    if (forgotten.ids.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#forgettings.push({ forgotten, resolve, reject });
      this.#start();
    });
  }

  /** Tries once more to store what waits; rejects what could not be stored. Takes nothing from now on. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of [this.#stopWaiting, this.#stopGathering]) stop?.();
    this.#stopWaiting = null;
    this.#stopGathering = null;
    await this.#busy;
    while (this.#hasWork() && (await this.#commitOnce()));
    const failure = { code: 'CLOSED', message: this.#trouble ?? CLOSED.message };
    const error = outboxError(STORE(), this.#parts.path, failure);
    for (const waiting of [...this.#calls, ...this.#forgettings]) waiting.reject(error);
    this.#calls = [];
    this.#forgettings = [];
  }

  #hasWork(): boolean {
    return this.#calls.length > 0 || this.#forgettings.length > 0;
  }

  /** Begins in a microtask, so that what is handed in at one go is stored at one go. */
  #start(): void {
    if (this.#busy || this.#stopWaiting || this.#closed) return;
    if (this.#mayGather()) {
      this.#stopGathering ??= this.#after(this.#parts.telemetryWaitMs, () => this.#drainNow());
      return;
    }
    this.#drainNow();
  }

  /** Nothing but telemetry waits, and less of it than a commit is worth. */
  #mayGather(): boolean {
    const { bounds, telemetryWaitMs } = this.#parts;
    const { alarm, telemetry } = this.#waiting;
    if (telemetryWaitMs === 0 || alarm.records > 0 || this.#forgettings.length > 0) return false;
    return telemetry.records < bounds.batchRecords / 2 && telemetry.bytes < bounds.batchBytes / 2;
  }

  #drainNow(): void {
    this.#stopGathering?.();
    this.#stopGathering = null;
    this.#busy = Promise.resolve().then(() => this.#drain());
  }

  async #drain(): Promise<void> {
    try {
      while (this.#hasWork()) {
        if (await this.#commitOnce()) continue;
        if (!this.#closed) this.#retryLater();
        return;
      }
    } finally {
      // In the same turn as the last look for work: what comes later must start anew.
      this.#busy = null;
    }
  }

  #retryLater(): void {
    const waitMs = Math.min(RETRY_FIRST_MS * 2 ** Math.min(this.#failures - 1, 20), RETRY_MAX_MS);
    this.#stopWaiting = this.#after(waitMs, () => {
      this.#stopWaiting = null;
      this.#drainNow();
    });
  }

  #after(waitMs: number, run: () => void): Stop {
    const { clock } = this.#parts;
    return clock.at(plus(clock.monoMs(), waitMs), run);
  }

  /** Commits what waits, up to the bounds of one batch. False where it failed. */
  async #commitOnce(): Promise<boolean> {
    const calls = this.#takeCalls();
    const forgettings = this.#forgettings;
    this.#forgettings = [];
    const lost = this.#lost;
    const batch: Batch = {
      lost,
      rows: calls.flatMap((call) => call.rows),
      forget: forgettings.map(({ forgotten }) => forgotten),
    };
    const stopTimer = this.#after(SLOW_MS, () => {
      this.#setTrouble({ code: 'SLOW', message: t('the disk takes seconds to write', '磁盘写入需要数秒') });
    });
    let committed: Committed;
    try {
      committed = await this.#parts.commit(batch);
    } catch (error) {
      this.#failed(calls, forgettings, failureOf(error));
      return false;
    } finally {
      stopTimer();
    }
    this.#lost -= lost;
    this.#failures = 0;
    this.#setTrouble(committed.foldFailure);
    const stored = settle(calls, committed);
    for (const { resolve } of forgettings) resolve();
    const news = [...committed.made, ...stored];
    if (news.length > 0) this.#parts.onCommitted(news);
    return true;
  }

  #failed(calls: readonly Call[], forgettings: readonly Forgetting[], failure: Failure): void {
    this.#failures++;
    this.#setTrouble(failure);
    const error = outboxError(STORE(), this.#parts.path, failure);
    // The reader asks again; waiting here would hold its reads up behind a full disk.
    for (const { reject } of forgettings) reject(error);
    if (failure.code === THREAD_ENDED) {
      // Stored or not, nobody knows: keeping them could store them twice.
      for (const { reject } of calls) reject(error);
      return;
    }
    this.#calls = [...calls, ...this.#calls];
    for (const call of calls) this.#count(call, 1);
    this.#trim('telemetry');
    this.#trim('alarm');
  }

  #setTrouble(failure: Failure | null): void {
    const why = failure && whyOf(failure);
    if (why !== null && why !== this.#trouble) this.#parts.onTrouble(why);
    this.#trouble = why;
  }

  #takeCalls(): Call[] {
    const { batchBytes, batchRecords } = this.#parts.bounds;
    let bytes = 0;
    let records = 0;
    let taken = 0;
    for (const call of this.#calls) {
      bytes += call.bytes;
      records += call.rows.length;
      if (bytes > batchBytes || records > batchRecords) break;
      taken++;
    }
    const calls = this.#calls.splice(0, taken);
    for (const call of calls) this.#count(call, -1);
    return calls;
  }

  /** Drops the oldest calls of a lane until what waits of it is within the bounds. */
  #trim(lane: Lane): void {
    const { queueBytes, queueRecords } = this.#parts.bounds;
    const waiting = this.#waiting[lane];
    while (waiting.bytes > queueBytes || waiting.records > queueRecords) {
      const [oldest] = this.#calls.splice(
        this.#calls.findIndex((call) => call.lane === lane),
        1,
      );
      if (!oldest) return;
      this.#count(oldest, -1);
      this.#lost += oldest.rows.length;
      const message = this.#trouble ?? t('the disk is too slow', '磁盘过慢');
      oldest.reject(outboxError(STORE(), this.#parts.path, { code: 'DROPPED', message }));
    }
  }

  #count({ lane, bytes, rows }: Call, sign: 1 | -1): void {
    this.#waiting[lane].bytes += sign * bytes;
    this.#waiting[lane].records += sign * rows.length;
  }
}

const CLOSED: Failure = { code: 'CLOSED', message: 'the outbox is closed' };

/** Resolves each call with its records; returns them all. */
function settle(calls: readonly Call[], { boot, firstId, firstSeq }: Committed): StoredRecord[] {
  let placed = 0;
  return calls.flatMap(({ records, resolve }) => {
    const stored = records.map(({ lane, lift, body }): StoredRecord => {
      const n = placed++;
      return { id: firstId + n, lane, lift, boot, seq: firstSeq + n, body };
    });
    resolve(stored);
    return stored;
  });
}
