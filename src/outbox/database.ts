/** Opens the database file: one writer, synced at every commit, migrated; a damaged file is set aside, never deleted. */

import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { PAGE_BYTES } from './budget.ts';
import { failureOf, isDamage, StoreError } from './trouble.ts';

/** One step per version of the schema; `user_version` tells how many have been taken. Steps are only ever added. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE ledger (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    store TEXT NOT NULL,
    boot INTEGER NOT NULL,
    next_id INTEGER NOT NULL,
    evicted INTEGER NOT NULL,
    poisoned INTEGER NOT NULL,
    alarm_count INTEGER NOT NULL,
    alarm_bytes INTEGER NOT NULL,
    telemetry_count INTEGER NOT NULL,
    telemetry_bytes INTEGER NOT NULL,
    poison_bytes INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE alarm (
    id INTEGER PRIMARY KEY, boot INTEGER NOT NULL, seq INTEGER NOT NULL,
    lift TEXT, cost INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE telemetry (
    id INTEGER PRIMARY KEY, boot INTEGER NOT NULL, seq INTEGER NOT NULL,
    lift TEXT, cost INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE poison (
    id INTEGER PRIMARY KEY, lane TEXT NOT NULL, boot INTEGER NOT NULL, seq INTEGER NOT NULL,
    lift TEXT, cost INTEGER NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL
  ) STRICT;
  CREATE TABLE open_fault (
    id TEXT PRIMARY KEY, lift TEXT NOT NULL, fault TEXT NOT NULL, subject TEXT, began_ms REAL NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE alarm ADD COLUMN owed INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE telemetry ADD COLUMN owed INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE ledger ADD COLUMN readers INTEGER NOT NULL DEFAULT 1;
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** How long to wait for a process that is just leaving. */
const BUSY_TIMEOUT_MS = 1000;

export interface Opened {
  readonly db: Database.Database;
  /** where a damaged file was moved, or null */
  readonly setAside: string | null;
}

/** Throws SQLite's or the system's error, or a StoreError NEWER. */
export function openDatabase(path: string): Opened {
  makeFolder(dirname(path));
  const hasLog = existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0;
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    prepare(db, hasLog);
    return { db, setAside: null };
  } catch (error) {
    if (!isDamage(failureOf(error))) {
      db?.close();
      // Of a read-only file system SQLite only says that it cannot lock or open its files; the system says EROFS.
      if (/^SQLITE_(CANTOPEN|IOERR)/.test(failureOf(error).code)) accessSync(dirname(path), constants.W_OK);
      throw error;
    }
    const setAside = setAsideDatabase(path, db);
    return { db: openDatabase(path).db, setAside };
  }
}

/** SQLite syncs the folder of its files, but not the name of that folder: without it a power cut may take all away. */
function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    const parent = openSync(dirname(made), 'r');
    fsyncSync(parent);
    closeSync(parent);
  }
}

function prepare(db: Database.Database, endedUnclean: boolean): void {
  // Held until closed, and taken by the first read: a second process is refused, and no shared-memory file is needed.
  db.pragma('locking_mode = EXCLUSIVE');
  if (db.pragma('page_count', { simple: true }) === 0) {
    // Fixed from the first page on. Said of a file that stands, it would write to it before it was checked.
    db.pragma(`page_size = ${PAGE_BYTES}`);
    db.pragma('auto_vacuum = INCREMENTAL');
  }
  const journal = db.pragma('journal_mode = WAL', { simple: true });
  if (journal !== 'wal') throw new StoreError({ code: 'SQLITE_CANTOPEN', message: `journal mode ${journal}, not wal` });
  db.pragma('synchronous = FULL');
  // The store empties the log itself: SQLite keeps silent when its own checkpoint fails.
  db.pragma('wal_autocheckpoint = 0');
  db.pragma('cache_size = -2000');
  if (endedUnclean) {
    const found = db.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw new StoreError({ code: 'SQLITE_CORRUPT', message: String(found) });
  }
  migrate(db);
  const rows = db.prepare('SELECT count(*) FROM ledger').pluck().get();
  if (rows !== 1) throw new StoreError({ code: 'SQLITE_CORRUPT', message: 'the ledger is empty' });
}

function migrate(db: Database.Database): void {
  const from = Number(db.pragma('user_version', { simple: true }));
  if (from > SCHEMA_VERSION) {
    throw new StoreError({ code: 'NEWER', message: `schema ${from}, this version knows ${SCHEMA_VERSION}` });
  }
  const step = db.transaction(() => {
    for (const sql of MIGRATIONS.slice(from)) db.exec(sql);
    if (from === 0) {
      db.prepare('INSERT INTO ledger VALUES (1, ?, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1)').run(randomBytes(4).toString('hex'));
    }
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  });
  if (from < SCHEMA_VERSION) step.immediate();
}

/**
 * Moves the file and its log to the first free name `<path>.damaged-<n>`, so that SQLite still takes the two for a pair.
 * Moved before it is closed: closing first would let SQLite fold the log into the damaged file and delete it.
 */
export function setAsideDatabase(path: string, db: Database.Database | null): string {
  let n = 1;
  while (existsSync(`${path}.damaged-${n}`)) n++;
  const aside = `${path}.damaged-${n}`;
  for (const part of ['-wal', '-shm', '']) {
    if (existsSync(path + part)) renameSync(path + part, aside + part);
  }
  try {
    db?.close();
  } catch {
    // The handle of a damaged file may refuse to close; nothing of it is used again.
  }
  return aside;
}
