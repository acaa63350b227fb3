/** Opens the outbox: the port on one side, the thread of the store on the other. */

import { type Clock, plus, type Stop, systemClock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import type { Lane } from '../lift/events.ts';
import { budgetOf, LEAST_BYTES } from './budget.ts';
import type { SetAside } from './database.ts';
import { FromMemory } from './from-memory.ts';
import { GroupCommit } from './group.ts';
import type { Opening, Operation, Operations } from './messages.ts';
import type { NewRecord, OpenFault, Outbox, OutboxStats, ReaderName, StoredRecord } from './port.ts';
import { NO_THREAD, StoreThread } from './thread.ts';
import { type Failure, failureOf, isOfDisk, outboxError, StoreError, whyOf } from './trouble.ts';

export interface OutboxOptions {
  /** the database file; its folder is made where it is missing */
  readonly path: string;
  /** most that the file and its log take of the disk; at least 1 MiB */
  readonly maxBytes: number;
  /** beside the city's, who is always one: what is stored is kept until these too have forgotten it */
  readonly readers?: readonly ReaderName[];
  /** telemetry may wait so long in memory for a commit that takes more of it; 0 where left out. Alarms never wait. */
  readonly telemetryWaitMs?: number;
  /** told in plain words, once for each new trouble, and when a damaged file was set aside */
  readonly onTrouble?: (why: string) => void;
  readonly clock?: Clock;
}

const REOPEN_MS = 1000;

const NOT_OPEN = () => t('the outbox is not open', '待发队列未打开');

const OPEN = () => t('open the outbox', '打开待发队列');

/**
 * Rejects with a GatewayError where the file cannot be opened, or another process has it. Where the disk is the reason it is told as
 * trouble, and tried again: records wait in memory until then.
 */
export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { path, readers = [] } = options;
  const store = await openOnDisk(options);
  // A disk is slow by the time of this world, whatever clock its records have.
  return new FromMemory({ store, readers: ['city', ...readers], clock: systemClock, path });
}

/** Where nothing is told that is not on disk. */
export async function openOnDisk(options: OutboxOptions): Promise<Outbox> {
  if (options.maxBytes < LEAST_BYTES) {
    const where = `${options.path}, maxBytes ${options.maxBytes}`;
    const hint = t('give the outbox at least 1 MiB', '待发队列至少需要 1 MiB');
    throw new GatewayError({ code: 'outbox-failed', op: OPEN(), where, hint });
  }
  const outbox = new WorkerOutbox(options);
  try {
    await outbox.open();
  } catch (error) {
    throw outboxError(OPEN(), options.path, failureOf(error));
  }
  return outbox;
}

class WorkerOutbox implements Outbox {
  readonly #options: OutboxOptions;
  #lastId = 0;
  readonly #clock: Clock;
  readonly #group: GroupCommit;
  readonly #listeners = new Set<(records: readonly StoredRecord[]) => void>();
  #thread: StoreThread | null = null;
  #boot = '';
  #openFaults: readonly OpenFault[] = [];
  #lastStats: Omit<OutboxStats, 'trouble'>;
  /** why there is no store now */
  #down = NOT_OPEN();
  #stopReopening: Stop | null = null;
  #reopening: Promise<void> | null = null;
  #closed: Promise<void> | null = null;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const { path, maxBytes } = options;
    const waiting = { alarm: 0, telemetry: 0 };
    this.#lastStats = { boot: '', waiting, evicted: 0, poisoned: 0, fileBytes: 0, maxBytes };
    this.#group = new GroupCommit({
      commit: (batch) => this.#call('commit', batch),
      clock: this.#clock,
      telemetryWaitMs: options.telemetryWaitMs ?? 0,
      bounds: budgetOf(maxBytes),
      path,
      onCommitted: (records) => this.#tell(records),
      onTrouble: (why) => options.onTrouble?.(why),
    });
  }

  get boot(): string {
    return this.#boot;
  }

  get openFaults(): readonly OpenFault[] {
    return this.#openFaults;
  }

  async open(): Promise<void> {
    try {
      this.#openFaults = (await this.#startThread()).openFaults;
    } catch (error) {
      // A box whose disk fails must not stand still: it alarms from memory, and opens the file when the disk lets it.
      const failure = failureOf(error);
      if (!isOfDisk(failure)) throw error;
      this.#ended(failure);
    }
  }

  append(records: readonly NewRecord[]): Promise<readonly StoredRecord[]> {
    return this.#group.append(records);
  }

  read(lane: Lane, afterId: number, limit: number, reader: ReaderName = 'city'): Promise<readonly StoredRecord[]> {
    return this.#ask(t('read records', '读取记录'), 'read', { lane, afterId, limit, reader });
  }

  forget(ids: readonly number[], reader: ReaderName = 'city'): Promise<void> {
    return this.#group.forget({ ids, reader });
  }

  async poison(id: number, reason: string, reader: ReaderName = 'city'): Promise<void> {
    await this.#ask(t('set a record aside', '搁置记录'), 'poison', { id, reason, reader });
  }

  /** Answers also while there is no store: with what was last known, and why. */
  async stats(): Promise<OutboxStats> {
    let trouble = this.#group.trouble;
    try {
      this.#lastStats = await this.#call('stats', null);
    } catch (error) {
      trouble = whyOf(failureOf(error));
    }
    return { ...this.#lastStats, evicted: this.#lastStats.evicted + this.#group.lost, trouble };
  }

  onAppended(listen: (records: readonly StoredRecord[]) => void): () => void {
    this.#listeners.add(listen);
    return () => this.#listeners.delete(listen);
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      this.#stopReopening?.();
      await this.#reopening;
      await this.#group.close();
      await this.#thread?.close();
      this.#thread = null;
      this.#down = NOT_OPEN();
    })();
    return this.#closed;
  }

  async #startThread(): Promise<Opening> {
    const { path, maxBytes, readers = [] } = this.#options;
    const { thread, opening } = await StoreThread.open(
      { path, maxBytes, readers, afterId: this.#lastId },
      { reopened: (again) => this.#opened(again), ended: (failure) => this.#ended(failure) },
    );
    this.#thread = thread;
    this.#opened(opening);
    return opening;
  }

  #opened({ boot, setAside, renewed }: Opening): void {
    this.#boot = boot;
    if (renewed) {
      this.#options.onTrouble?.(
        t(
          'the file of the outbox was deleted or replaced while in use: all that it held is written to a new one',
          '待发队列文件在使用中被删除或替换：其全部内容已写入新文件',
        ),
      );
    }
    if (setAside !== null) this.#options.onTrouble?.(damageOf(setAside));
  }

  #ended(failure: Failure): void {
    this.#thread = null;
    this.#down = whyOf(failure);
    this.#options.onTrouble?.(this.#down);
    this.#reopenLater();
  }

  #reopenLater(): void {
    if (this.#closed) return;
    this.#stopReopening = this.#clock.at(plus(this.#clock.monoMs(), REOPEN_MS), () => {
      this.#reopening = this.#startThread().then(
        () => {},
        (error: unknown) => {
          this.#down = whyOf(failureOf(error));
          this.#reopenLater();
        },
      );
    });
  }

  /** Rejects with a StoreError. */
  #call<O extends Operation>(op: O, takes: Operations[O]['takes']): Promise<Operations[O]['gives']> {
    if (this.#thread) return this.#thread.call(op, takes);
    return Promise.reject(new StoreError({ code: NO_THREAD, message: this.#down }));
  }

  /** Rejects with a GatewayError. */
  async #ask<O extends Operation>(
    doing: string,
    op: O,
    takes: Operations[O]['takes'],
  ): Promise<Operations[O]['gives']> {
    try {
      return await this.#call(op, takes);
    } catch (error) {
      throw outboxError(doing, this.#options.path, failureOf(error));
    }
  }

  #tell(records: readonly StoredRecord[]): void {
    this.#lastId = Math.max(this.#lastId, records.at(-1)?.id ?? 0);
    for (const listen of this.#listeners) listen(records);
  }
}

function damageOf({ path, salvaged }: SetAside): string {
  const moved = t(`the outbox was damaged: it was moved to ${path}`, `待发队列已损坏：原文件移至 ${path}`);
  const begun =
    salvaged === null
      ? t('nothing of it could be read, and a new one was begun', '无法读取其中内容，已新建队列')
      : t(
          `${salvaged.kept} records were taken over, ${salvaged.lost} could not be read`,
          `已取回 ${salvaged.kept} 条记录，${salvaged.lost} 条无法读取`,
        );
  return t(`${moved}; ${begun}`, `${moved}；${begun}`);
}
