/** An outbox of ten million records: how long it takes to open, and what the process grows by. */

import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/outbox/database.ts';
import { costOf } from '../../src/outbox/record.ts';
import { builtModule } from './built.ts';
import type { Bench } from './measure.ts';
import type { Opened } from './open-outbox.ts';

const RECORDS = 10_000_000;
const MOST_MS = 1000;
const MOST_MIB = 20;

/** Written by SQLite alone: through the port it would take some minutes. */
function fill(path: string): void {
  const { db } = openDatabase(path);
  const body = JSON.stringify({ type: 'trip', lift: 'a', atMs: 1_000_000, startMs: 990_000, note: 'x'.repeat(100) });
  const cost = costOf(body, 'a');
  db.pragma('synchronous = OFF');
  db.exec(`
    WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ${RECORDS})
    INSERT INTO telemetry SELECT id, 1, id, 'a', ${cost}, '${body}', 1, NULL FROM n;
    UPDATE ledger SET boot = 1, next_id = ${RECORDS + 1}, telemetry_count = ${RECORDS}, telemetry_bytes = ${RECORDS * cost};
  `);
  db.pragma('synchronous = FULL');
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  // What SQLite left to the system is written before anything is measured.
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

function opened(child: string, path: string): Opened {
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', child, path], {
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Opened;
}

export const bench: Bench = {
  name: 'ten-million',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'hoistway-bench-'));
    try {
      const child = builtModule('hil/bench/open-outbox');
      const empty = opened(child, join(folder, 'empty.db'));
      const path = join(folder, 'outbox.db');
      fill(path);
      const gib = (statSync(path).size / 2 ** 30).toFixed(1);
      const full = opened(child, path);
      if (full.waiting !== RECORDS) throw new Error(`${full.waiting} records were found`);
      return [
        {
          ...{ name: `an outbox of ten million records (${gib} GiB) is open`, value: full.openMs, unit: 'ms' },
          ...{ comparedWith: 'an empty one', ratio: full.openMs / empty.openMs },
          ...{ goal: `under ${MOST_MS}`, ok: full.openMs < MOST_MS },
        },
        {
          ...{ name: 'the process grows by it', value: full.growthBytes / 2 ** 20, unit: 'MiB' },
          ...{ comparedWith: 'by an empty one', ratio: full.growthBytes / empty.growthBytes },
          ...{ goal: `under ${MOST_MIB}`, ok: full.growthBytes < MOST_MIB * 2 ** 20 },
        },
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
