/** The statements of the store. No policy here: which, when and how many is the store's affair. */

import type Database from 'better-sqlite3';
import type { Lane } from '../lift/events.ts';
import type { OpenFault } from './port.ts';
import type { FaultChange } from './record.ts';

/** A row of a lane. `boot` is the number of the boot within this store. */
export interface KeptRow {
  readonly id: number;
  readonly boot: number;
  readonly seq: number;
  readonly lift: string | null;
  readonly cost: number;
  readonly body: string;
  /** a bit for each reader that has not forgotten it */
  readonly owed: number;
  /** of what must not change (`sumOf`); null: from before it was kept */
  readonly sum: number | null;
}

/** In the column of the lift, which takes no null: the box's own. */
const OF_BOX = '';
/** Far more than eight lifts can have open; older ones are those of lifts that are gone from the site file. */
const MOST_OPEN_FAULTS = 512;

export class Tables {
  readonly #db: Database.Database;
  readonly #prepared = new Map<string, Database.Statement<unknown[]>>();

  constructor(db: Database.Database) {
    this.#db = db;
  }

  insert(lane: Lane, { id, boot, seq, lift, cost, body, owed, sum }: KeptRow): void {
    this.#sql(`INSERT INTO ${lane} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`).run(id, boot, seq, lift, cost, body, owed, sum);
  }

  owedTo(bits: number, lane: Lane, afterId: number, limit: number): KeptRow[] {
    const sql = `SELECT * FROM ${lane} WHERE id > ? AND owed & ? ORDER BY id LIMIT ?`;
    return this.#sql(sql).all(afterId, bits, limit) as KeptRow[];
  }

  after(lane: Lane, id: number, limit: number): KeptRow[] {
    return this.#sql(`SELECT * FROM ${lane} WHERE id > ? ORDER BY id LIMIT ?`).all(id, limit) as KeptRow[];
  }

  rewriteAlarm({ id, body, cost, sum }: Pick<KeptRow, 'id' | 'body' | 'cost' | 'sum'>): void {
    this.#sql('UPDATE alarm SET body = ?, cost = ?, sum = ? WHERE id = ?').run(body, cost, sum, id);
  }

  row(lane: Lane, id: number): KeptRow | undefined {
    return this.#sql(`SELECT * FROM ${lane} WHERE id = ?`).get(id) as KeptRow | undefined;
  }

  /** Removes the row where nobody but these readers is owed it. Returns its cost, or null where it stays or is not there. */
  removeSettled(bits: number, lane: Lane, id: number): number | null {
    const sql = `DELETE FROM ${lane} WHERE id = ? AND owed & ~? = 0 RETURNING cost`;
    return (this.#sql(sql).pluck().get(id, bits) as number | undefined) ?? null;
  }

  /** Without their bodies. */
  upTo(lane: Lane, id: number): Pick<KeptRow, 'id' | 'cost' | 'owed'>[] {
    const sql = `SELECT id, cost, owed FROM ${lane} WHERE id <= ?`;
    return this.#sql(sql).all(id) as Pick<KeptRow, 'id' | 'cost' | 'owed'>[];
  }

  /**
   * Leaves these rows of a lane, and no others. SQLite gives back the pages of a table that it empties without writing them; row by row
   * each is written once more.
   */
  leaveOnly(lane: Lane, rows: readonly KeptRow[]): void {
    this.#sql(`DELETE FROM ${lane}`).run();
    for (const row of rows) this.insert(lane, row);
  }

  /** True where the row is there. */
  settle(bits: number, lane: Lane, id: number): boolean {
    return this.#sql(`UPDATE ${lane} SET owed = owed & ~? WHERE id = ?`).run(bits, id).changes > 0;
  }

  /** Readers that are no more: nothing is owed to them. */
  settleAll(bits: number, lane: Lane): { count: number; bytes: number } {
    this.#sql(`UPDATE ${lane} SET owed = owed & ~? WHERE owed & ?`).run(bits, bits);
    const gone = this.#sql(`SELECT count(*) AS count, total(cost) AS bytes FROM ${lane} WHERE owed = 0`).get();
    this.#sql(`DELETE FROM ${lane} WHERE owed = 0`).run();
    return gone as { count: number; bytes: number };
  }

  removeUpTo(lane: Lane, id: number): void {
    this.#sql(`DELETE FROM ${lane} WHERE id <= ?`).run(id);
  }

  /** False where another reader has set it aside already: then only the reason is new. */
  insertPoison(lane: Lane, row: Omit<KeptRow, 'owed' | 'sum'>, reason: string): boolean {
    const { id, boot, seq, lift, cost, body } = row;
    const known = this.#sql('UPDATE poison SET reason = ? WHERE id = ?').run(reason, id).changes > 0;
    if (known) return false;
    this.#sql('INSERT INTO poison VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(id, lane, boot, seq, lift, cost, body, reason);
    return true;
  }

  /** Returns the cost of what went. */
  removeOldestPoison(): number {
    const sql = 'DELETE FROM poison WHERE id = (SELECT min(id) FROM poison) RETURNING cost';
    return Number(this.#sql(sql).pluck().get());
  }

  follow(change: FaultChange): void {
    if (change.phase === 'end') {
      this.#sql('DELETE FROM open_fault WHERE id = ?').run(change.id);
      return;
    }
    const { id, lift, fault, subject = null, beganMs } = change.fault;
    this.#sql('INSERT OR REPLACE INTO open_fault VALUES (?, ?, ?, ?, ?)').run(
      id,
      lift ?? OF_BOX,
      fault,
      subject,
      beganMs,
    );
    const newest = `SELECT rowid FROM open_fault ORDER BY rowid DESC LIMIT 1 OFFSET ${MOST_OPEN_FAULTS}`;
    this.#sql(`DELETE FROM open_fault WHERE rowid <= (${newest})`).run();
  }

  /** Oldest first. */
  openFaults(): OpenFault[] {
    const sql = 'SELECT id, lift, fault, subject, began_ms AS beganMs FROM open_fault ORDER BY rowid';
    const rows = this.#sql(sql).all() as (Omit<OpenFault, 'subject'> & { subject: string | null })[];
    return rows.map(({ subject, ...row }) => {
      const fault = { ...row, lift: row.lift === OF_BOX ? null : row.lift };
      return subject === null ? fault : { ...fault, subject };
    });
  }

  pages(): { all: number; used: number } {
    const all = Number(this.#db.pragma('page_count', { simple: true }));
    return { all, used: all - Number(this.#db.pragma('freelist_count', { simple: true })) };
  }

  #sql(text: string): Database.Statement<unknown[]> {
    const known = this.#prepared.get(text);
    if (known) return known;
    const made = this.#db.prepare<unknown[]>(text);
    this.#prepared.set(text, made);
    return made;
  }
}
