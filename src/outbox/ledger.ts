/** The one row that keeps the running totals, so that nothing has to be counted when the store is opened. */

import type Database from 'better-sqlite3';
import type { Lane } from '../lift/events.ts';

export interface Ledger {
  /** made with the database: 8 random hex digits */
  readonly store: string;
  /** how many times it has been opened */
  readonly boot: number;
  nextId: number;
  evicted: number;
  poisoned: number;
  alarmCount: number;
  alarmBytes: number;
  telemetryCount: number;
  telemetryBytes: number;
  poisonBytes: number;
  /** a bit for each reader that new records are owed to */
  readonly readers: number;
}

const COLUMNS: { readonly [K in keyof Ledger]: string } = {
  store: 'store',
  boot: 'boot',
  nextId: 'next_id',
  evicted: 'evicted',
  poisoned: 'poisoned',
  alarmCount: 'alarm_count',
  alarmBytes: 'alarm_bytes',
  telemetryCount: 'telemetry_count',
  telemetryBytes: 'telemetry_bytes',
  poisonBytes: 'poison_bytes',
  readers: 'readers',
};
const FIELDS = Object.entries(COLUMNS);
const SELECT = `SELECT ${FIELDS.map(([field, column]) => `${column} AS ${field}`).join(', ')} FROM ledger`;
const UPDATE = `UPDATE ledger SET ${FIELDS.map(([field, column]) => `${column} = @${field}`).join(', ')}`;

export function readLedger(db: Database.Database): Ledger {
  return db.prepare(SELECT).get() as Ledger;
}

export function writeLedger(db: Database.Database, ledger: Ledger): void {
  db.prepare(UPDATE).run(ledger);
}

/** Books `count` records of `bytes` to a lane; negative where they leave. */
export function spend(ledger: Ledger, lane: Lane, count: number, bytes: number): void {
  if (lane === 'alarm') {
    ledger.alarmCount += count;
    ledger.alarmBytes += bytes;
  } else {
    ledger.telemetryCount += count;
    ledger.telemetryBytes += bytes;
  }
}
