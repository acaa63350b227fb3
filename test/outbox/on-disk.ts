/** A suite of tests, each with a folder of its own for real files of the outbox. */

import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type Test } from 'uvu';
import { openOutbox } from '../../src/outbox/outbox.ts';
import type { Outbox } from '../../src/outbox/port.ts';

export const maxBytes = 4 * 1024 * 1024;

export interface OnDisk {
  folder: string;
  path: string;
  troubles: string[];
  /** opens `path`, or another file; closed after the test, however that ends */
  open(path?: string): Promise<Outbox>;
  opened: Outbox[];
}

export function suiteOnDisk(name: string): Test<OnDisk> {
  const test = suite<OnDisk>(name);
  test.before.each((context) => {
    context.folder = mkdtempSync(join(tmpdir(), 'hoistway-damage-'));
    context.path = join(context.folder, 'outbox.db');
    context.troubles = [];
    context.opened = [];
    context.open = async (path = context.path) => {
      const outbox = await openOutbox({ path, maxBytes, onTrouble: (why) => context.troubles.push(why) });
      context.opened.push(outbox);
      return outbox;
    };
  });
  test.after.each(async ({ folder, opened }) => {
    for (const outbox of opened) await outbox.close();
    rmSync(folder, { recursive: true });
  });
  return test;
}

export function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}
