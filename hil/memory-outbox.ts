/** The outbox without a disk: everything happens at once, in plain arrays. It fails when a test tells it to. */

import type { Lane } from '../src/lift/events.ts';
import { budgetOf } from '../src/outbox/budget.ts';
import { addDigested, type Digests } from '../src/outbox/digest.ts';
import { addEvicted, gapBody, gapIn, type Spans, union } from '../src/outbox/gaps.ts';
import {
  type NewRecord,
  type OpenFault,
  type Outbox,
  type OutboxStats,
  READERS,
  type ReaderName,
  type StoredRecord,
} from '../src/outbox/port.ts';
import { costOf, rowOf } from '../src/outbox/record.ts';
import { outboxError } from '../src/outbox/trouble.ts';

interface Kept {
  record: StoredRecord;
  cost: number;
  /** readers that have not forgotten it */
  readonly owed: Set<ReaderName>;
}

/** What outlives closing and opening again: the "disk". */
class MemoryDisk {
  readonly lanes: { [L in Lane]: Kept[] } = { alarm: [], telemetry: [] };
  readonly poisoned: { record: StoredRecord; reason: string }[] = [];
  readonly openFaults = new Map<string, OpenFault>();
  boots = 0;
  nextId = 1;
  evicted = 0;
}

export interface MemoryOptions {
  readonly maxBytes?: number;
  readonly disk?: MemoryDisk;
  readonly readers?: readonly ReaderName[];
}

export class MemoryOutbox implements Outbox {
  readonly boot: string;
  readonly openFaults: readonly OpenFault[];
  /** while set, nothing can be stored: append, forget and poison reject with it */
  failing: string | null = null;
  readonly #disk: MemoryDisk;
  readonly #maxBytes: number;
  readonly #readers: readonly ReaderName[];
  readonly #listeners = new Set<(records: readonly StoredRecord[]) => void>();
  readonly #growing = new Map<string, number>();
  #readUpToId = 0;
  #nextSeq = 1;
  #closed = false;

  constructor({ maxBytes = 16 * 1024 * 1024, disk = new MemoryDisk(), readers = [] }: MemoryOptions = {}) {
    this.#disk = disk;
    this.#readers = ['city', ...readers];
    const gone = READERS.filter((reader) => !this.#readers.includes(reader));
    for (const lane of Object.values(disk.lanes)) for (const kept of [...lane]) this.#settle(kept, gone);
    this.#maxBytes = maxBytes;
    this.boot = `0badcafe.${++disk.boots}`;
    this.openFaults = [...disk.openFaults.values()];
  }

  /** Another outbox on the same records, as after a restart. */
  reopen(readers = this.#readers): MemoryOutbox {
    this.#closed = true;
    return new MemoryOutbox({ maxBytes: this.#maxBytes, disk: this.#disk, readers });
  }

  /** Refused records with their reasons, oldest first. */
  get poisoned(): readonly { readonly record: StoredRecord; readonly reason: string }[] {
    return this.#disk.poisoned;
  }

  async append(records: readonly NewRecord[]): Promise<readonly StoredRecord[]> {
    this.#mayWrite('store records');
    let rows: ReturnType<typeof rowOf>[];
    try {
      rows = records.map(rowOf);
    } catch (error) {
      throw outboxError('store records', 'memory', { code: '', message: String(error) });
    }
    const made = this.#makeRoom(rows);
    const stored = rows.map(({ lane, lift, text, cost, faultChange }, n) => {
      if (faultChange?.phase === 'begin') this.#disk.openFaults.set(faultChange.fault.id, faultChange.fault);
      if (faultChange?.phase === 'end') this.#disk.openFaults.delete(faultChange.id);
      const kept = this.#keep(lane, lift, JSON.parse(text), cost);
      return { ...kept, body: records[n]?.body ?? kept.body };
    });
    const news = [...made, ...stored];
    if (news.length > 0) for (const listen of this.#listeners) listen(news);
    return stored;
  }

  async read(
    lane: Lane,
    afterId: number,
    limit: number,
    reader: ReaderName = 'city',
  ): Promise<readonly StoredRecord[]> {
    if (this.#closed) throw closed('read records');
    const waits = ({ record, owed }: Kept) => record.id > afterId && owed.has(reader);
    const found = this.#disk.lanes[lane].filter(waits).slice(0, limit);
    const records = found.map(({ record }) => record);
    if (lane === 'alarm') this.#readUpToId = Math.max(this.#readUpToId, records.at(-1)?.id ?? 0);
    return records;
  }

  async forget(ids: readonly number[], reader: ReaderName = 'city'): Promise<void> {
    this.#mayWrite('forget records');
    for (const id of ids) {
      const kept = this.#find(id);
      if (kept) this.#settle(kept, [reader]);
    }
  }

  async poison(id: number, reason: string, reader: ReaderName = 'city'): Promise<void> {
    this.#mayWrite('set a record aside');
    const kept = this.#find(id);
    if (!kept?.owed.has(reader)) return;
    this.#settle(kept, [reader]);
    const aside = { record: kept.record, reason: `${reader}: ${reason}` };
    const known = this.#disk.poisoned.findIndex(({ record }) => record.id === id);
    if (known < 0) this.#disk.poisoned.push(aside);
    else this.#disk.poisoned[known] = aside;
  }

  async stats(): Promise<OutboxStats> {
    const { lanes, evicted, poisoned } = this.#disk;
    return {
      boot: this.boot,
      waiting: { alarm: lanes.alarm.length, telemetry: lanes.telemetry.length },
      evicted,
      poisoned: poisoned.length,
      fileBytes: this.#bytes('alarm') + this.#bytes('telemetry'),
      maxBytes: this.#maxBytes,
      trouble: this.failing,
    };
  }

  onAppended(listen: (records: readonly StoredRecord[]) => void): () => void {
    this.#listeners.add(listen);
    return () => this.#listeners.delete(listen);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #mayWrite(op: string): void {
    if (this.#closed) throw closed(op);
    if (this.failing !== null) throw outboxError(op, 'memory', { code: 'DROPPED', message: this.failing });
  }

  #bytes(lane: Lane): number {
    return this.#disk.lanes[lane].reduce((sum, { cost }) => sum + cost, 0);
  }

  #keep(lane: Lane, lift: string | null, body: StoredRecord['body'], cost: number): StoredRecord {
    const record = { id: this.#disk.nextId++, lane, lift, boot: this.boot, seq: this.#nextSeq++, body };
    this.#disk.lanes[lane].push({ record, cost, owed: new Set(this.#readers) });
    return record;
  }

  #find(id: number): Kept | undefined {
    return Object.values(this.#disk.lanes)
      .flat()
      .find(({ record }) => record.id === id);
  }

  #settle(kept: Kept, readers: readonly ReaderName[]): void {
    for (const reader of readers) kept.owed.delete(reader);
    const lane = this.#disk.lanes[kept.record.lane];
    if (kept.owed.size === 0) lane.splice(lane.indexOf(kept), 1);
  }

  #makeRoom(rows: readonly { lane: Lane; cost: number }[]): StoredRecord[] {
    const budget = budgetOf(this.#maxBytes);
    const share = { alarm: budget.alarmBytes, telemetry: budget.telemetryBytes };
    const spans: Spans = new Map();
    const digests: Digests = new Map();
    for (const lane of ['telemetry', 'alarm'] as const) {
      const need = rows.reduce((sum, row) => sum + (row.lane === lane ? row.cost : 0), 0);
      let over = this.#bytes(lane) + need - share[lane];
      if (over <= 0) continue;
      for (over += share[lane] / 32; over > 0; ) {
        const oldest = this.#disk.lanes[lane].shift();
        if (!oldest) break;
        addEvicted(spans, oldest.record);
        if (lane === 'telemetry') addDigested(digests, oldest.record.lift, oldest.record.body);
        this.#disk.evicted++;
        over -= oldest.cost;
      }
    }
    const gaps = this.#writeGaps(spans);
    const digested = [...digests].map(([lift, body]) =>
      this.#keep('telemetry', lift, { ...body }, costOf(JSON.stringify(body), lift)),
    );
    return [...gaps, ...digested];
  }

  #writeGaps(spans: Spans): StoredRecord[] {
    return [...spans].flatMap(([boot, span]) => {
      const known = this.#disk.lanes.alarm.find(({ record }) => record.id === this.#growing.get(boot));
      const gap = known && known.record.id > this.#readUpToId ? gapIn(known.record.body) : null;
      if (known && gap) {
        known.record = { ...known.record, body: { ...gapBody(boot, union(gap.span, span)) } };
        return [];
      }
      const body = { ...gapBody(boot, span) };
      const made = this.#keep('alarm', null, body, costOf(JSON.stringify(body), null));
      this.#growing.set(boot, made.id);
      return [made];
    });
  }
}

function closed(op: string): Error {
  return outboxError(op, 'memory', { code: 'CLOSED', message: 'the outbox is closed' });
}
