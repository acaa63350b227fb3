/**
 * Alarms that the disk does not take are told from memory: a worn card must not silence the box. Such a record has a name of its own,
 * of a boot that is on no disk; once the disk takes it too, that copy counts for nothing while this process lives, and is sent only
 * by the next, if the power went before a reader was done with the first.
 */

import { randomBytes } from 'node:crypto';
import { type Clock, plus } from '../clock.ts';
import { t } from '../language.ts';
import type { Lane } from '../lift/events.ts';
import type { NewRecord, OpenFault, Outbox, OutboxStats, ReaderName, StoredRecord } from './port.ts';
import { outboxError } from './trouble.ts';

/** An alarm that is not on disk after this is told from memory. A card in good health takes up to a second now and then. */
export const TOLD_AFTER_MS = 2000;
/** What is asked of a disk that hangs is given up after this, so that what is in memory can be read. */
export const ANSWER_LIMIT_MS = 5000;
/** Ids of records in memory stand between those of the store, which are whole numbers. */
const ID_STEP = 2 ** -20;
/** Alarms of hours of the worst day. */
const MOST_KEPT = 2000;

interface Told {
  readonly record: StoredRecord;
  /** readers that are not done with it */
  readonly owed: Set<ReaderName>;
  /** of its copy on disk, or null */
  storedId: number | null;
  /** the disk may still take it */
  waits: boolean;
}

export interface FromMemoryParts {
  readonly store: Outbox;
  readonly readers: readonly ReaderName[];
  readonly clock: Clock;
  /** named in errors */
  readonly path: string;
}

export class FromMemory implements Outbox {
  readonly #parts: FromMemoryParts;
  readonly #boot = `${randomBytes(4).toString('hex')}.1`;
  readonly #listeners = new Set<(records: readonly StoredRecord[]) => void>();
  /** by the body that was handed in; oldest first */
  readonly #told = new Map<NewRecord['body'], Told>();
  /** readers that were given what is in memory while the disk did not answer: they have gone past what is on it */
  readonly #missed = new Set<ReaderName>();
  #seq = 0;
  /** the highest id of the store that was seen */
  #lastId = 0;

  constructor(parts: FromMemoryParts) {
    this.#parts = parts;
    parts.store.onAppended((records) => {
      this.#see(records);
      const news = records.filter((record) => !this.#isCopy(record));
      if (news.length > 0) this.#tell(news);
    });
  }

  get boot(): string {
    return this.#parts.store.boot;
  }

  get openFaults(): readonly OpenFault[] {
    return this.#parts.store.openFaults;
  }

  append(records: readonly NewRecord[]): Promise<readonly StoredRecord[]> {
    const { store } = this.#parts;
    const stored = store.append(records);
    if (records.length === 0 || records.some(({ lane }) => lane !== 'alarm')) return stored;
    // Where one waits, the next need not wait to be told.
    const waitMs = [...this.#told.values()].some(({ waits }) => waits) ? 0 : TOLD_AFTER_MS;
    return new Promise((resolve, reject) => {
      const stop = this.#after(waitMs, () => resolve(this.#fromMemory(records)));
      const ended = () => {
        stop();
        this.#settled(records);
      };
      stored.then(
        (kept) => {
          ended();
          resolve(kept);
        },
        (error: unknown) => {
          ended();
          reject(error);
        },
      );
    });
  }

  async read(
    lane: Lane,
    afterId: number,
    limit: number,
    reader: ReaderName = 'city',
  ): Promise<readonly StoredRecord[]> {
    const { store } = this.#parts;
    if (lane !== 'alarm' || (this.#told.size === 0 && !this.#missed.has(reader)))
      return this.#see(await this.#inTime(store.read(lane, afterId, limit, reader)));
    let stored: readonly StoredRecord[] = [];
    try {
      const from = this.#missed.has(reader) ? 0 : afterId;
      stored = this.#see(await this.#inTime(store.read(lane, from, limit + this.#told.size, reader)));
      this.#missed.delete(reader);
    } catch (error) {
      if (this.#owedTo(reader).length === 0) throw error;
      this.#missed.add(reader);
    }
    const owed = this.#owedTo(reader);
    const copies = new Set(owed.map(({ storedId }) => storedId));
    const unstored = owed.flatMap(({ record }) => (record.id > afterId ? [record] : []));
    const all = [...stored.filter(({ id }) => !copies.has(id)), ...unstored];
    return all.sort((a, b) => a.id - b.id).slice(0, limit);
  }

  async forget(ids: readonly number[], reader: ReaderName = 'city'): Promise<void> {
    const stored = this.#done(ids, reader);
    if (stored.length > 0) await this.#inTime(this.#parts.store.forget(stored, reader));
  }

  async poison(id: number, reason: string, reader: ReaderName = 'city'): Promise<void> {
    for (const stored of this.#done([id], reader)) await this.#parts.store.poison(stored, reason, reader);
  }

  async stats(): Promise<OutboxStats> {
    const stats = await this.#parts.store.stats();
    const unstored = [...this.#told.values()].filter(({ owed, storedId }) => owed.size > 0 && storedId === null).length;
    return { ...stats, waiting: { ...stats.waiting, alarm: stats.waiting.alarm + unstored } };
  }

  onAppended(listen: (records: readonly StoredRecord[]) => void): () => void {
    this.#listeners.add(listen);
    return () => this.#listeners.delete(listen);
  }

  close(): Promise<void> {
    return this.#parts.store.close();
  }

  #fromMemory(records: readonly NewRecord[]): StoredRecord[] {
    const news: StoredRecord[] = [];
    const told = records.map(({ lane, lift, body }) => {
      const known = this.#told.get(body);
      if (known) return known.record;
      const seq = ++this.#seq;
      const id = this.#lastId + seq * ID_STEP;
      const record = {
        id,
        lane,
        lift,
        boot: this.#boot,
        seq,
        body: { ...body, unstored: true },
        unstored: true,
      } as const;
      this.#told.set(body, { record, owed: new Set(this.#parts.readers), storedId: null, waits: true });
      news.push(record);
      return record;
    });
    this.#bound();
    this.#tell(news);
    return told;
  }

  /** The oldest go where there are too many: they wait for the disk all the same. */
  #bound(): void {
    for (const body of this.#told.keys()) {
      if (this.#told.size <= MOST_KEPT) return;
      this.#told.delete(body);
    }
  }

  /** Whether it was told from memory before it came to the disk. Readers that are done with the one are done with the other. */
  #isCopy({ id, body }: StoredRecord): boolean {
    const told = this.#told.get(body);
    if (!told) return false;
    told.storedId = id;
    for (const reader of this.#parts.readers) {
      // Where it fails the record comes again after the next start.
      if (!told.owed.has(reader)) this.#parts.store.forget([id], reader).catch(() => undefined);
    }
    return true;
  }

  /** The store has taken them, or given them up. */
  #settled(records: readonly NewRecord[]): void {
    for (const { body } of records) {
      const told = this.#told.get(body);
      if (!told) continue;
      told.waits = false;
      if (told.owed.size === 0) this.#told.delete(body);
    }
  }

  /** Notes that a reader is done with these. Returns the ids that the store knows them by. */
  #done(ids: readonly number[], reader: ReaderName): number[] {
    const stored = ids.filter(Number.isInteger);
    if (stored.length === ids.length) return stored;
    const done = new Set(ids);
    for (const [body, told] of this.#told) {
      if (!done.has(told.record.id)) continue;
      told.owed.delete(reader);
      if (told.storedId !== null) stored.push(told.storedId);
      if (told.owed.size === 0 && !told.waits) this.#told.delete(body);
    }
    return stored;
  }

  #owedTo(reader: ReaderName): Told[] {
    return [...this.#told.values()].filter(({ owed }) => owed.has(reader));
  }

  #see(records: readonly StoredRecord[]): readonly StoredRecord[] {
    for (const { id } of records) if (id > this.#lastId) this.#lastId = id;
    return records;
  }

  #tell(records: readonly StoredRecord[]): void {
    for (const listen of this.#listeners) listen(records);
  }

  #after(waitMs: number, run: () => void): () => void {
    const { clock } = this.#parts;
    return clock.at(plus(clock.monoMs(), waitMs), run);
  }

  /** Rejects where the disk hangs. */
  #inTime<T>(asked: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = this.#after(ANSWER_LIMIT_MS, () => {
        const message = t('the disk does not answer', '磁盘无响应');
        reject(outboxError(t('use the outbox', '使用待发队列'), this.#parts.path, { code: 'SLOW', message }));
      });
      asked.then(resolve, reject).finally(stop);
    });
  }
}
