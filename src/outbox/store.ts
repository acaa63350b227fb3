/**
 * The store: synchronous, on SQLite, used only inside the worker. Every method either does all it says in one
 * transaction or throws SQLite's error and has done nothing.
 */

import type Database from 'better-sqlite3';
import type { Lane } from '../lift/events.ts';
import { type Budget, budgetOf } from './budget.ts';
import { giveUpDatabase, openDatabase, type SetAside } from './database.ts';
import type { Digests } from './digest.ts';
import { Eviction } from './eviction.ts';
import { inodesOf, sizeOf } from './files.ts';
import { gapBody, gapIn, type Span, type Spans, union, widen } from './gaps.ts';
import { type Ledger, readLedger, spend, writeLedger } from './ledger.ts';
import type { Batch, Committed, Operations, WorkerOptions } from './messages.ts';
import { type OpenFault, type OutboxStats, READERS, type StoredRecord } from './port.ts';
import { bitsOf } from './readers.ts';
import { type Body, costOf, isWhole, parsed, type Row, sumOf } from './record.ts';
import { renewDatabase } from './renew.ts';
import { type KeptRow, Tables } from './tables.ts';
import { type Failure, failureOf } from './trouble.ts';

const VACUUM_PAGES = 256;
/** So much telemetry is forgotten at one stroke, where so little of it is left. */
const AT_ONE_STROKE = 50;
const MOST_LEFT = 200;
/** as SQLite reads it */
const NO_LIMIT = -1;

export class Store {
  readonly boot: string;
  /** those open when the store was opened, oldest first */
  readonly openFaults: readonly OpenFault[];
  /** the damaged file that was set aside when this one was opened, or null */
  readonly setAside: SetAside | null;
  readonly budget: Budget;
  readonly #path: string;
  readonly #db: Database.Database;
  readonly #tables: Tables;
  readonly #eviction: Eviction;
  readonly #inodes: string;
  #ledger: Ledger;
  #nextSeq = 1;
  /** the newest alarm that a reader may have sent: gap records up to it are not changed any more */
  #readUpToId = 0;
  /** gap records of this boot that may still grow, by the boot that they tell of */
  readonly #growing = new Map<string, number>();

  constructor({ path, maxBytes, afterId, readers }: WorkerOptions) {
    this.budget = budgetOf(maxBytes);
    this.#path = path;
    const { db, setAside } = openDatabase(path);
    this.#db = db;
    this.#tables = new Tables(db);
    this.#eviction = new Eviction({ tables: this.#tables, budget: this.budget, bootName: (n) => this.#bootName(n) });
    this.setAside = setAside;
    try {
      const ledger = readLedger(db);
      const owed = bitsOf(['city', ...readers]);
      const gone = ledger.readers & ~owed;
      this.#ledger = {
        ...ledger,
        boot: ledger.boot + 1,
        nextId: Math.max(ledger.nextId, afterId + 1),
        readers: owed,
      };
      this.#transaction((kept) => {
        if (gone !== 0) this.#leave(kept, gone);
      });
      this.#fold();
      this.boot = this.#bootName(this.#ledger.boot);
      this.openFaults = this.#tables.openFaults();
      this.#fitBudget();
      this.#inodes = inodesOf(path);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  commit({ lost, rows, forget }: Batch): Committed {
    // A log that cannot be folded must not grow past its share: then nothing more is taken.
    if (this.#logBytes() > this.budget.walBytes / 2) this.#fold();
    const committed = this.#transaction((ledger) => {
      for (const { ids, reader } of forget) this.#forget(ledger, bitsOf([reader]), ids);
      const spans: Spans = new Map();
      const digests: Digests = new Map();
      if (lost > 0) {
        widen(spans, this.boot, { firstSeq: this.#nextSeq, lastSeq: this.#nextSeq + lost - 1, count: lost });
        this.#nextSeq += lost;
        ledger.evicted += lost;
      }
      this.#eviction.makeRoom(ledger, rows, { spans, digests });
      const made = [...this.#writeGaps(ledger, spans), ...this.#writeDigests(ledger, digests)];
      const first = { firstId: ledger.nextId, firstSeq: this.#nextSeq };
      for (const row of rows) this.#insert(ledger, row);
      return { boot: this.boot, ...first, made };
    });
    return { ...committed, foldFailure: this.#foldWhenHalfFull() };
  }

  read({ lane, afterId, limit, reader }: Operations['read']['takes']): StoredRecord[] {
    const rows = this.#tables.owedTo(bitsOf([reader]), lane, afterId, limit);
    const records = rows.flatMap((row) => {
      const body = isWhole(this.#bootName(row.boot), row) ? parsed(row.body) : null;
      if (body) return [this.#stored(lane, row, body)];
      this.#poison(row.id, 'damaged on the disk', bitsOf(READERS));
      return [];
    });
    const last = records.at(-1);
    if (lane === 'alarm' && last && last.id > this.#readUpToId) this.#readUpToId = last.id;
    return records;
  }

  poison({ id, reason, reader }: Operations['poison']['takes']): void {
    this.#poison(id, `${reader}: ${reason}`, bitsOf([reader]));
  }

  #poison(id: number, reason: string, bits: number): void {
    this.#transaction((ledger) => {
      const found = this.#find(id);
      if (!found || (found.row.owed & bits) === 0) return;
      const { lane, row } = found;
      this.#settle(ledger, bits, id);
      if (!this.#tables.insertPoison(lane, row, reason.slice(0, 500))) return;
      ledger.poisoned++;
      ledger.poisonBytes += row.cost;
      while (ledger.poisonBytes > this.budget.poisonBytes) ledger.poisonBytes -= this.#tables.removeOldestPoison();
    });
    this.#foldWhenHalfFull();
  }

  #find(id: number): { lane: Lane; row: KeptRow } | null {
    for (const lane of ['alarm', 'telemetry'] as const) {
      const row = this.#tables.row(lane, id);
      if (row) return { lane, row };
    }
    return null;
  }

  stats(): Omit<OutboxStats, 'trouble'> {
    const { alarmCount, telemetryCount, evicted, poisoned } = this.#ledger;
    return {
      boot: this.boot,
      waiting: { alarm: alarmCount, telemetry: telemetryCount },
      evicted,
      poisoned,
      fileBytes: sizeOf(this.#path) + this.#logBytes(),
      maxBytes: this.budget.maxBytes,
    };
  }

  /** the highest id that was ever given out */
  get lastId(): number {
    return this.#ledger.nextId - 1;
  }

  close(): void {
    this.#db.close();
  }

  /** The files are not those that it opened. */
  get isAdrift(): boolean {
    return inodesOf(this.#path) !== this.#inodes;
  }

  /** Writes all it holds to a new file and closes. */
  renew(): void {
    renewDatabase(this.#path, this.#db);
  }

  /** Closes the damaged file; the next to open it takes over what it still holds. */
  abandon(): void {
    giveUpDatabase(this.#path, this.#db);
  }

  /** Runs in one transaction on a copy of the ledger; what is held in memory changes only when it is on disk. */
  #transaction<T>(run: (ledger: Ledger) => T): T {
    const ledger = { ...this.#ledger };
    const nextSeq = this.#nextSeq;
    const work = this.#db.transaction(() => {
      const result = run(ledger);
      writeLedger(this.#db, ledger);
      return result;
    });
    try {
      const result = work.immediate();
      this.#ledger = ledger;
      return result;
    } catch (error) {
      this.#nextSeq = nextSeq;
      this.#growing.clear();
      throw error;
    }
  }

  #insert(ledger: Ledger, { lane, lift, text, cost, faultChange }: Row): StoredRecord['id'] {
    const id = ledger.nextId++;
    const seq = this.#nextSeq++;
    const sealed = { id, seq, lift, body: text };
    const sum = sumOf(this.boot, sealed);
    this.#tables.insert(lane, { ...sealed, boot: ledger.boot, cost, owed: ledger.readers, sum });
    spend(ledger, lane, 1, cost);
    if (faultChange) this.#tables.follow(faultChange);
    return id;
  }

  #forget(ledger: Ledger, bits: number, ids: readonly number[]): void {
    if (this.#forgetWhole(ledger, bits, new Set(ids))) return;
    for (const id of ids) this.#settle(ledger, bits, id);
  }

  /** Most often telemetry is forgotten whole, but for what came since: then it goes at one stroke. False where it is not so. */
  #forgetWhole(ledger: Ledger, bits: number, ids: ReadonlySet<number>): boolean {
    if (ids.size < AT_ONE_STROKE || ledger.telemetryCount - ids.size > MOST_LEFT) return false;
    const lastId = Math.max(...ids);
    const rows = this.#tables.upTo('telemetry', lastId);
    const isSettled = ({ id, owed }: Pick<KeptRow, 'id' | 'owed'>) => ids.has(id) && (owed & ~bits) === 0;
    if (rows.length !== ids.size || !rows.every(isSettled)) return false;
    this.#tables.leaveOnly('telemetry', this.#tables.after('telemetry', lastId, NO_LIMIT));
    const bytes = rows.reduce((sum, { cost }) => sum + cost, 0);
    spend(ledger, 'telemetry', -rows.length, -bytes);
    return true;
  }

  /** These readers are done with the record; it goes when nobody else is owed it. */
  #settle(ledger: Ledger, bits: number, id: number): void {
    for (const lane of ['telemetry', 'alarm'] as const) {
      const cost = this.#tables.removeSettled(bits, lane, id);
      if (cost !== null) spend(ledger, lane, -1, -cost);
      if (cost !== null || this.#tables.settle(bits, lane, id)) return;
    }
  }

  #leave(ledger: Ledger, bits: number): void {
    for (const lane of ['alarm', 'telemetry'] as const) {
      const { count, bytes } = this.#tables.settleAll(bits, lane);
      spend(ledger, lane, -count, -bytes);
    }
  }

  /** Writes the spans down: into gap records that nobody has read yet, or as new ones, which are returned. */
  #writeGaps(ledger: Ledger, spans: Spans): StoredRecord[] {
    const made: StoredRecord[] = [];
    for (const [boot, span] of spans) {
      if (this.#grow(ledger, boot, span)) continue;
      const text = JSON.stringify(gapBody(boot, span));
      const seq = this.#nextSeq;
      const row: Row = { lane: 'alarm', lift: null, text, cost: costOf(text, null), faultChange: null };
      const id = this.#insert(ledger, row);
      this.#growing.set(boot, id);
      made.push({ id, lane: 'alarm', lift: null, boot: this.boot, seq, body: { ...gapBody(boot, span) } });
    }
    return made;
  }

  #writeDigests(ledger: Ledger, digests: Digests): StoredRecord[] {
    return [...digests].map(([lift, body]) => {
      const text = JSON.stringify(body);
      const seq = this.#nextSeq;
      const row: Row = { lane: 'telemetry', lift, text, cost: costOf(text, lift), faultChange: null };
      return { id: this.#insert(ledger, row), lane: 'telemetry', lift, boot: this.boot, seq, body: { ...body } };
    });
  }

  #grow(ledger: Ledger, boot: string, span: Span): boolean {
    const id = this.#growing.get(boot);
    if (id === undefined || id <= this.#readUpToId) return false;
    const row = this.#tables.row('alarm', id);
    const gap = row && gapIn(parsed(row.body) ?? {});
    if (!gap) return false;
    const text = JSON.stringify(gapBody(boot, union(gap.span, span)));
    const cost = costOf(text, null);
    this.#tables.rewriteAlarm({ id, body: text, cost, sum: sumOf(this.boot, { ...row, body: text }) });
    spend(ledger, 'alarm', 0, cost - row.cost);
    return true;
  }

  /** After the budget was lowered: evicts down to it and gives the pages back, a part at a time. */
  #fitBudget(): void {
    if (this.#tables.pages().all <= this.budget.pages) return;
    this.commit({ lost: 0, rows: [], forget: [] });
    for (let { all, used } = this.#tables.pages(); all > this.budget.pages && all > used; ) {
      this.#db.pragma(`incremental_vacuum(${VACUUM_PAGES})`);
      this.#fold();
      ({ all, used } = this.#tables.pages());
    }
  }

  /** Folds the log into the main file and empties it. Throws where that fails: the log still holds everything then. */
  #fold(): void {
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
  }

  #foldWhenHalfFull(): Failure | null {
    if (this.#logBytes() <= this.budget.walBytes / 2) return null;
    try {
      this.#fold();
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  #logBytes(): number {
    return sizeOf(`${this.#path}-wal`);
  }

  #bootName(n: number): string {
    return `${this.#ledger.store}.${n}`;
  }

  #stored(lane: Lane, { id, lift, boot, seq }: KeptRow, body: Body): StoredRecord {
    return { id, lane, lift, boot: this.#bootName(boot), seq, body };
  }
}
