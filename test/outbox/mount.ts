/** Real file systems for the outbox's folder, where this machine lets us mount them. */

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

function root(...words: string[]): boolean {
  const [command = '', ...rest] = process.getuid?.() === 0 ? words : ['sudo', '-n', ...words];
  return spawnSync(command, rest).status === 0;
}

/** Mounts a file system in memory, of a size as mount takes it. False, and said, where it may not be. */
export function mountAt(place: string, size: string): boolean {
  mkdirSync(place);
  if (root('mount', '-t', 'tmpfs', '-o', `size=${size},uid=${process.getuid?.()}`, 'none', place)) return true;
  console.log('NOT RUN: a test of the outbox that mounts a file system; this needs root');
  return false;
}

export function remount(place: string, how: 'ro' | 'rw'): void {
  if (!root('mount', '-o', `remount,${how}`, place)) throw new Error(`${place} was not remounted ${how}`);
}

export function unmount(place: string): void {
  root('umount', place);
}
