/**
 * Files that were deleted, moved or replaced while the store has them open. The system lets it go on writing to them, but no
 * start would find what it wrote.
 */

import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { makeFolder, moveInto, setAsideDatabase } from './files.ts';

/** Writes all that an open database holds to a new file at its path, and closes it. What else stands there is set aside. */
export function renewDatabase(path: string, db: Database.Database): void {
  const fresh = `${path}.new`;
  makeFolder(dirname(path));
  rmSync(fresh, { force: true });
  db.prepare('VACUUM INTO ?').run(fresh);
  if ([path, `${path}-wal`].some((part) => existsSync(part))) setAsideDatabase(path);
  moveInto(path, fresh);
  db.close();
}
