/** The port of a dialect: how records become messages. */

import type { StoredRecord } from '../outbox/port.ts';

export interface Encoded {
  /** those that the message carries, oldest first */
  readonly records: readonly StoredRecord[];
  readonly topic: string;
  readonly payload: string | Uint8Array;
  /** why it can never be sent, or null */
  readonly fault: string | null;
}

export interface Dialect {
  /** telemetry that may go in one message: so much of it is waited for, and read at a time; 1: each record goes alone, at once */
  readonly batchRecords: number;
  /** Messages that carry each of these records once. The same record gives the same content, however often it is sent. */
  encode(records: readonly StoredRecord[]): readonly Encoded[] | Promise<readonly Encoded[]>;
  close?(): Promise<void>;
}
