/** Where the files of the store stand, and where they go. */

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** SQLite syncs the folder of its files, but not the name of that folder: without it a power cut may take all away. */
export function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    sync(dirname(made));
  }
}

/** Tells the file and its log that stand there now from any others. */
export function inodesOf(path: string): string {
  return [path, `${path}-wal`].map((part) => statSync(part, { throwIfNoEntry: false })?.ino ?? 0).join();
}

/** 0 where it is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Moves the file and its log to the first free name `<path>.damaged-<n>`, so that SQLite still takes the two for a pair. */
export function setAsideDatabase(path: string): string {
  const aside = damagedName(path, firstFree(path));
  for (const part of ['-wal', '-shm', '']) {
    if (existsSync(path + part)) renameSync(path + part, aside + part);
  }
  sync(dirname(path));
  return aside;
}

/** The file that was moved away last, or null. */
export function lastSetAside(path: string): string | null {
  const free = firstFree(path);
  return free === 1 ? null : damagedName(path, free - 1);
}

function firstFree(path: string): number {
  let n = 1;
  while (existsSync(damagedName(path, n))) n++;
  return n;
}

const damagedName = (path: string, n: number) => `${path}.damaged-${n}`;

/** On disk, and then under its name. */
export function moveInto(path: string, fresh: string): void {
  sync(fresh);
  renameSync(fresh, path);
  sync(dirname(path));
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
