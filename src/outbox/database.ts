/** Opens the database file: one writer, synced at every commit, migrated; a damaged file is set aside, never deleted. */

import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { PAGE_BYTES } from './budget.ts';
import { lastSetAside, makeFolder, moveInto, setAsideDatabase, sizeOf } from './files.ts';
import { type Salvaged, salvage } from './salvage.ts';
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
  `
  ALTER TABLE alarm ADD COLUMN sum INTEGER;
  ALTER TABLE telemetry ADD COLUMN sum INTEGER;
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** How long to wait for a process that is just leaving. */
const BUSY_TIMEOUT_MS = 1000;

/** A damaged file that was moved away. */
export interface SetAside {
  readonly path: string;
  /** what could be taken over of it; null: nothing */
  readonly salvaged: Salvaged | null;
}

export interface Opened {
  readonly db: Database.Database;
  readonly setAside: SetAside | null;
}

/** Throws SQLite's or the system's error, or a StoreError NEWER. `again`: what was salvaged is damaged too, and is not tried a second time. */
export function openDatabase(path: string, again = false): Opened {
  makeFolder(dirname(path));
  const setAside = beginAnew(path);
  const hasLog = sizeOf(`${path}-wal`) > 0;
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    prepare(db, hasLog);
    return { db, setAside };
  } catch (error) {
    if (!isDamage(failureOf(error))) {
      db?.close();
      // Of a read-only file system SQLite only says that it cannot lock or open its files; the system says EROFS.
      if (/^SQLITE_(CANTOPEN|IOERR)/.test(failureOf(error).code)) accessSync(dirname(path), constants.W_OK);
      throw error;
    }
    const aside = giveUpDatabase(path, db, !again);
    const opened = openDatabase(path, true);
    return { ...opened, setAside: opened.setAside ?? { path: aside, salvaged: null } };
  }
}

/** Says, from before a damaged file is moved until what it holds is in a new one, that this is to be done. */
const markOf = (path: string) => `${path}.salvage`;

/**
 * Moves a damaged file away; who opens the path next takes over what it still holds. Moved before it is closed: closing first would let
 * SQLite fold the log into the damaged file and delete it.
 */
export function giveUpDatabase(path: string, db: Database.Database | null, salvaging = true): string {
  try {
    if (salvaging) writeFileSync(markOf(path), '', { flush: true });
    return setAsideDatabase(path);
  } finally {
    try {
      db?.close();
    } catch {
      // The handle of a damaged file may refuse to close; nothing of it is used again.
    }
  }
}

/** Where a damaged file was given up, now or before a power cut: a new file with what it still holds. */
function beginAnew(path: string): SetAside | null {
  if (!existsSync(markOf(path))) return null;
  const from = existsSync(path) ? null : lastSetAside(path);
  const setAside = from === null ? null : { path: from, salvaged: takenOver(from, path) };
  rmSync(markOf(path));
  return setAside;
}

/** Null where it comes to nothing: a box goes on with an empty outbox rather than with none. */
function takenOver(from: string, path: string): Salvaged | null {
  const fresh = `${path}.new`;
  const remove = () => {
    for (const part of ['', '-wal']) rmSync(fresh + part, { force: true });
  };
  let db: Database.Database | null = null;
  try {
    remove();
    db = new Database(fresh);
    prepare(db, false);
    const salvaged = salvage(from, db, SCHEMA_VERSION);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    if (salvaged === null) remove();
    else moveInto(path, fresh);
    return salvaged;
  } catch {
    db?.close();
    remove();
    return null;
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
