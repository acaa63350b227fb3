/**
 * The store: synchronous, on SQLite, used only inside the worker. Every method either does all it says in one
 * transaction or throws SQLite's error and has done nothing.
 */

import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { Lane } from '../lift/events.ts';
import { type Budget, budgetOf, PAGE_BYTES } from './budget.ts';
import { openDatabase, setAsideDatabase } from './database.ts';
import { addEvicted, gapBody, gapIn, limitSpans, type Span, type Spans, union, widen } from './gaps.ts';
import { type Ledger, readLedger, spend, writeLedger } from './ledger.ts';
import type { OpenFault, OutboxStats, StoredRecord } from './port.ts';
import { costOf, type FaultChange, type Row } from './record.ts';
import { type Failure, failureOf } from './trouble.ts';

/** What one commit takes in. */
export interface Batch {
  /** records dropped in memory before they had a seq: they get theirs here, and a gap record */
  readonly lost: number;
  readonly rows: readonly Row[];
  readonly forget: readonly number[];
}

/** The rows of the batch got ids and seqs without a hole, from these two on. */
export interface Committed {
  readonly boot: string;
  readonly firstId: number;
  readonly firstSeq: number;
  /** gap records that were made on the way; they stand before the rows */
  readonly gaps: readonly StoredRecord[];
  /** the records are safe, but the log could not be folded into the file */
  readonly foldFailure: Failure | null;
}

type Body = Readonly<Record<string, unknown>>;
interface KeptRow {
  readonly id: number;
  readonly boot: number;
  readonly seq: number;
  readonly lift: string | null;
  readonly cost: number;
  readonly body: string;
}

/** What a gap record takes, and how many rows are evicted at a time. */
const GAP_COST_BYTES = 200;
const EVICT_ROWS = 128;
/** Evicting goes on for this part of a lane's share, so that it is not done again at every commit. */
const EVICT_PART = 32;
/** Far more than eight lifts can have open; older ones are those of lifts that are gone from the site file. */
const MOST_OPEN_FAULTS = 512;
const VACUUM_PAGES = 256;

export class Store {
  readonly boot: string;
  /** those open when the store was opened, oldest first */
  readonly openFaults: readonly OpenFault[];
  /** where a damaged file was moved when this one was opened, or null */
  readonly setAside: string | null;
  readonly budget: Budget;
  readonly #path: string;
  readonly #db: Database.Database;
  readonly #prepared = new Map<string, Database.Statement<unknown[]>>();
  #ledger: Ledger;
  #nextSeq = 1;
  /** the newest alarm that a reader may have sent: gap records up to it are not changed any more */
  #readUpToId = 0;
  /** gap records of this boot that may still grow, by the boot that they tell of */
  readonly #growing = new Map<string, number>();

  constructor({ path, maxBytes }: { path: string; maxBytes: number }) {
    this.budget = budgetOf(maxBytes);
    this.#path = path;
    const { db, setAside } = openDatabase(path);
    this.#db = db;
    this.setAside = setAside;
    try {
      const ledger = readLedger(db);
      this.#ledger = { ...ledger, boot: ledger.boot + 1 };
      db.transaction(() => writeLedger(db, this.#ledger)).immediate();
      this.#fold();
      this.boot = this.#bootName(this.#ledger.boot);
      this.openFaults = this.#readOpenFaults();
      this.#fitBudget();
    } catch (error) {
      db.close();
      throw error;
    }
  }

  commit({ lost, rows, forget }: Batch): Committed {
    // A log that cannot be folded must not grow past its share: then nothing more is taken.
    if (this.#logBytes() > this.budget.walBytes / 2) this.#fold();
    const committed = this.#transaction((ledger) => {
      for (const id of forget) this.#remove(ledger, id);
      const spans: Spans = new Map();
      if (lost > 0) {
        widen(spans, this.boot, { firstSeq: this.#nextSeq, lastSeq: this.#nextSeq + lost - 1, count: lost });
        this.#nextSeq += lost;
        ledger.evicted += lost;
      }
      this.#makeRoom(ledger, rows, spans);
      const gaps = this.#writeGaps(ledger, spans);
      const first = { firstId: ledger.nextId, firstSeq: this.#nextSeq };
      for (const row of rows) this.#insert(ledger, row);
      return { boot: this.boot, ...first, gaps };
    });
    return { ...committed, foldFailure: this.#foldWhenHalfFull() };
  }

  read(lane: Lane, afterId: number, limit: number): StoredRecord[] {
    const rows = this.#sql(`SELECT * FROM ${lane} WHERE id > ? ORDER BY id LIMIT ?`).all(afterId, limit) as KeptRow[];
    const records = rows.flatMap((row) => {
      const body = parsed(row.body);
      if (body) return [this.#stored(lane, row, body)];
      this.poison(row.id, 'the body is damaged');
      return [];
    });
    const last = records.at(-1);
    if (lane === 'alarm' && last && last.id > this.#readUpToId) this.#readUpToId = last.id;
    return records;
  }

  poison(id: number, reason: string): void {
    this.#transaction((ledger) => {
      const removed = this.#remove(ledger, id);
      if (!removed) return;
      const { lane, row } = removed;
      this.#sql('INSERT INTO poison VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
        ...[row.id, lane, row.boot, row.seq, row.lift, row.cost, row.body, reason.slice(0, 500)],
      );
      ledger.poisoned++;
      ledger.poisonBytes += row.cost;
      while (ledger.poisonBytes > this.budget.poisonBytes) {
        const sql = 'DELETE FROM poison WHERE id = (SELECT min(id) FROM poison) RETURNING cost';
        ledger.poisonBytes -= Number(this.#sql(sql).pluck().get());
      }
    });
    this.#foldWhenHalfFull();
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

  close(): void {
    this.#db.close();
  }

  /** Moves the damaged file away and closes. Returns where it went. */
  abandon(): string {
    return setAsideDatabase(this.#path, this.#db);
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
    this.#sql(`INSERT INTO ${lane} VALUES (?, ?, ?, ?, ?, ?)`).run(id, ledger.boot, seq, lift, cost, text);
    spend(ledger, lane, 1, cost);
    if (faultChange) this.#follow(faultChange);
    return id;
  }

  #remove(ledger: Ledger, id: number): { lane: Lane; row: KeptRow } | null {
    for (const lane of ['alarm', 'telemetry'] as const) {
      const row = this.#sql(`DELETE FROM ${lane} WHERE id = ? RETURNING *`).get(id) as KeptRow | undefined;
      if (!row) continue;
      spend(ledger, lane, -1, -row.cost);
      return { lane, row };
    }
    return null;
  }

  #follow(change: FaultChange): void {
    if (change.phase === 'end') {
      this.#sql('DELETE FROM open_fault WHERE id = ?').run(change.id);
      return;
    }
    const { id, lift, fault, subject, beganMs } = change.fault;
    this.#sql('INSERT OR REPLACE INTO open_fault VALUES (?, ?, ?, ?, ?)').run(
      ...[id, lift, fault, subject ?? null, beganMs],
    );
    this.#sql(
      `DELETE FROM open_fault WHERE rowid <= (SELECT rowid FROM open_fault ORDER BY rowid DESC LIMIT 1 OFFSET ${MOST_OPEN_FAULTS})`,
    ).run();
  }

  #readOpenFaults(): OpenFault[] {
    const sql = 'SELECT id, lift, fault, subject, began_ms AS beganMs FROM open_fault ORDER BY rowid';
    const rows = this.#sql(sql).all() as (Omit<OpenFault, 'subject'> & { subject: string | null })[];
    return rows.map(({ subject, ...fault }) => (subject === null ? fault : { ...fault, subject }));
  }

  /** Evicts what is in the way of `rows`; what went is added to `spans`. */
  #makeRoom(ledger: Ledger, rows: readonly Row[], spans: Spans): void {
    const need = { alarm: 0, telemetry: 0 };
    for (const row of rows) need[row.lane] += row.cost;
    const { alarmBytes, telemetryBytes } = this.budget;
    const over = ledger.telemetryBytes + need.telemetry - telemetryBytes;
    if (over > 0) this.#evict(ledger, 'telemetry', over + telemetryBytes / EVICT_PART, spans);
    let evictedAlarms = 0;
    const roomForAlarms = () => {
      const overAlarm = ledger.alarmBytes + need.alarm + spans.size * GAP_COST_BYTES - alarmBytes;
      if (overAlarm <= 0 || ledger.alarmCount === 0) return true;
      evictedAlarms += this.#evict(ledger, 'alarm', overAlarm + alarmBytes / EVICT_PART, spans);
      limitSpans(spans, evictedAlarms);
      return false;
    };
    while (!roomForAlarms());
    // The shares reckon with well filled pages. Odd sizes fill them worse, so the pages themselves have the last word.
    while (this.#usedPages() + pagesFor(need.alarm + need.telemetry) > this.budget.pages) {
      if (ledger.telemetryCount > 0) this.#evict(ledger, 'telemetry', telemetryBytes / EVICT_PART, spans);
      else if (ledger.alarmCount > 0) this.#evict(ledger, 'alarm', alarmBytes / EVICT_PART, spans);
      else return;
    }
  }

  /** Evicts the oldest records of a lane until `bytes` are free or none is left. Returns how many went. */
  #evict(ledger: Ledger, lane: Lane, bytes: number, spans: Spans): number {
    let freed = 0;
    let evicted = 0;
    while (freed < bytes) {
      const rows = this.#sql(`SELECT * FROM ${lane} ORDER BY id LIMIT ${EVICT_ROWS}`).all() as KeptRow[];
      let lastId = 0;
      for (const row of rows) {
        // Gap records live in the alarm lane only.
        const body = lane === 'alarm' ? parsed(row.body) : null;
        addEvicted(spans, { boot: this.#bootName(row.boot), seq: row.seq, body });
        spend(ledger, lane, -1, -row.cost);
        freed += row.cost;
        lastId = row.id;
        evicted++;
        if (freed >= bytes) break;
      }
      if (rows.length === 0) break;
      this.#sql(`DELETE FROM ${lane} WHERE id <= ?`).run(lastId);
    }
    ledger.evicted += evicted;
    return evicted;
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

  #grow(ledger: Ledger, boot: string, span: Span): boolean {
    const id = this.#growing.get(boot);
    if (id === undefined || id <= this.#readUpToId) return false;
    const row = this.#sql('SELECT * FROM alarm WHERE id = ?').get(id) as KeptRow | undefined;
    const gap = row && gapIn(parsed(row.body) ?? {});
    if (!gap) return false;
    const text = JSON.stringify(gapBody(boot, union(gap.span, span)));
    const cost = costOf(text, null);
    this.#sql('UPDATE alarm SET body = ?, cost = ? WHERE id = ?').run(text, cost, id);
    spend(ledger, 'alarm', 0, cost - row.cost);
    return true;
  }

  /** After the budget was lowered: evicts down to it and gives the pages back, a part at a time. */
  #fitBudget(): void {
    if (this.#pragma('page_count') <= this.budget.pages) return;
    this.commit({ lost: 0, rows: [], forget: [] });
    while (this.#pragma('page_count') > this.budget.pages && this.#pragma('freelist_count') > 0) {
      this.#db.pragma(`incremental_vacuum(${VACUUM_PAGES})`);
      this.#fold();
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

  #usedPages(): number {
    return this.#pragma('page_count') - this.#pragma('freelist_count');
  }

  #pragma(name: 'page_count' | 'freelist_count'): number {
    return Number(this.#db.pragma(name, { simple: true }));
  }

  #bootName(n: number): string {
    return `${this.#ledger.store}.${n}`;
  }

  #stored(lane: Lane, { id, lift, boot, seq }: KeptRow, body: Body): StoredRecord {
    return { id, lane, lift, boot: this.#bootName(boot), seq, body };
  }

  #sql(text: string): Database.Statement<unknown[]> {
    const known = this.#prepared.get(text);
    if (known) return known;
    const made = this.#db.prepare<unknown[]>(text);
    this.#prepared.set(text, made);
    return made;
  }
}

/** Pages that new rows may take at worst, a row of half a page each, and those touched beside them. */
function pagesFor(bytes: number): number {
  return 8 + Math.ceil((bytes * 2) / PAGE_BYTES);
}

function parsed(text: string): Body | null {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return null;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
