/**
 * What a damaged file still holds: read row by row around the damage, and written to a new one under the names that the records had.
 * The damaged file is only read.
 */

import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Lane } from '../lift/events.ts';
import { type Ledger, readLedger, spend, writeLedger } from './ledger.ts';
import { isWhole } from './record.ts';
import { type KeptRow, Tables } from './tables.ts';
import { failureOf, isDamage } from './trouble.ts';

export interface Salvaged {
  /** records taken over */
  readonly kept: number;
  /** records that were in the file by its own count, and cannot be read */
  readonly lost: number;
}

interface Refused extends Omit<KeptRow, 'owed' | 'sum'> {
  readonly lane: Lane;
  readonly reason: string;
}

interface OpenRow {
  readonly id: string;
  readonly lift: string;
  readonly fault: string;
  readonly subject: string | null;
  readonly began_ms: number;
}

/** Read at a time, where nothing is damaged. */
const ROWS = 500;
/** No row of any table is numbered so high. */
const END = 2 ** 48;

/** Null where not even the names of its records can be read. `into`: new and empty. Throws SQLite's error where it cannot be written. */
export function salvage(path: string, into: Database.Database, schemaVersion: number): Salvaged | null {
  let from: Database.Database | null = null;
  try {
    from = new Database(path, { readonly: true, fileMustExist: true });
    if (from.pragma('user_version', { simple: true }) !== schemaVersion) return null;
    const [held, source] = [readLedger(from), from];
    return into.transaction(() => takeOver(source, into, held)).immediate();
  } catch (error) {
    if (isDamage(failureOf(error))) return null;
    throw error;
  } finally {
    from?.close();
    rmSync(`${path}-shm`, { force: true });
  }
}

function takeOver(from: Database.Database, into: Database.Database, held: Ledger): Salvaged {
  const tables = new Tables(into);
  const nothing = { alarmCount: 0, alarmBytes: 0, telemetryCount: 0, telemetryBytes: 0, poisonBytes: 0 };
  const ledger: Ledger = { ...held, ...nothing };
  for (const lane of ['alarm', 'telemetry'] as const) {
    for (const row of rowsOf<KeptRow>(from, lane, held.nextId)) {
      if (!isWhole(`${held.store}.${row.boot}`, row) || !fits(() => tables.insert(lane, row))) continue;
      spend(ledger, lane, 1, row.cost);
      ledger.nextId = Math.max(ledger.nextId, row.id + 1);
    }
  }
  for (const { lane, reason, ...row } of rowsOf<Refused>(from, 'poison', held.nextId)) {
    if (fits(() => tables.insertPoison(lane, row, reason))) ledger.poisonBytes += row.cost;
  }
  for (const { id, lift, fault, subject, began_ms: beganMs } of rowsOf<OpenRow>(from, 'open_fault', END)) {
    const open = { id, lift: lift || null, fault, beganMs, ...(subject === null ? {} : { subject }) };
    fits(() => tables.follow({ phase: 'begin', fault: open }));
  }
  writeLedger(into, ledger);
  const kept = ledger.alarmCount + ledger.telemetryCount;
  return { kept, lost: Math.max(0, held.alarmCount + held.telemetryCount - kept) };
}

/** False where the row is no row of this table: damage that SQLite read as something else. */
function fits(insert: () => void): boolean {
  try {
    insert();
    return true;
  } catch (error) {
    if (failureOf(error).code.startsWith('SQLITE_CONSTRAINT')) return false;
    throw error;
  }
}

/** The rows of a table that can be read, in their order. One numbered `end` or higher is damage. */
function* rowsOf<Row>(db: Database.Database, table: string, end: number): Generator<Row> {
  const behind = db.prepare<[number, number]>(
    `SELECT rowid AS at, * FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
  );
  const read = (at: number, limit: number): (Row & { at: number })[] | null => {
    try {
      const rows = behind.all(at, limit) as (Row & { at: number })[];
      return rows.some((row) => row.at >= end) ? null : rows;
    } catch (error) {
      if (isDamage(failureOf(error))) return null;
      throw error;
    }
  };
  for (let [at, limit] = [0, ROWS]; ; ) {
    const rows = read(at, limit);
    if (rows === null && limit > 1) {
      // Up to the damage, one by one.
      limit = 1;
      continue;
    }
    if (rows === null) {
      const next = beyond(at, (from) => read(from, 1) !== null);
      if (next === null) return;
      at = next;
    } else {
      for (const { at: _, ...row } of rows) yield row as Row;
      const last = rows.at(-1)?.at ?? at;
      if (last <= at) return;
      at = last;
    }
    limit = ROWS;
  }
}

/** The first number behind `at` from which on can be read again: by steps that double, and then back by halves. Null: none. */
function beyond(at: number, canRead: (from: number) => boolean): number | null {
  let bad = at;
  let good = at + 1;
  while (!canRead(good)) {
    if (good > END) return null;
    bad = good;
    good = at + (good - at) * 2;
  }
  while (good - bad > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (canRead(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
