/**
 * Files that were deleted, moved or replaced while the store has them open. The system lets it go on writing to them, but no
 * start would find what it wrote.
 */

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { setAsideDatabase } from './database.ts';

/** Tells the file and its log that stand there now from any others. */
export function inodesOf(path: string): string {
  return [path, `${path}-wal`].map((part) => statSync(part, { throwIfNoEntry: false })?.ino ?? 0).join();
}

/** Writes all that an open database holds to a new file at its path, and closes it. What else stands there is set aside. */
export function renewDatabase(path: string, db: Database.Database): void {
  const fresh = `${path}.new`;
  mkdirSync(dirname(path), { recursive: true });
  rmSync(fresh, { force: true });
  db.prepare('VACUUM INTO ?').run(fresh);
  sync(fresh);
  if ([path, `${path}-wal`].some((part) => existsSync(part))) setAsideDatabase(path, null);
  renameSync(fresh, path);
  sync(dirname(path));
  db.close();
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
