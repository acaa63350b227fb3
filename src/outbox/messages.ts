/** What the calling thread and the worker say to each other. */

import type { Lane } from '../lift/events.ts';
import type { SetAside } from './database.ts';
import type { OpenFault, OutboxStats, ReaderName, StoredRecord } from './port.ts';
import type { Row } from './record.ts';
import type { Failure } from './trouble.ts';

export interface WorkerOptions {
  readonly path: string;
  readonly maxBytes: number;
  /** beside the city's */
  readonly readers: readonly ReaderName[];
  /** ids go on above this, also in a new file: readers count on ids that grow */
  readonly afterId: number;
}

/** The store as it was just opened. */
export interface Opening {
  readonly boot: string;
  readonly openFaults: readonly OpenFault[];
  readonly setAside: SetAside | null;
  /** the files had been deleted under the store before, and are written anew */
  readonly renewed: boolean;
}

/** Records that one reader is done with. */
export interface Forgotten {
  readonly ids: readonly number[];
  readonly reader: ReaderName;
}

/** What one commit takes in. */
export interface Batch {
  /** records dropped in memory before they had a seq: they get theirs here, and a gap record */
  readonly lost: number;
  readonly rows: readonly Row[];
  readonly forget: readonly Forgotten[];
}

/** The rows of the batch got ids and seqs without a hole, from these two on. */
export interface Committed {
  readonly boot: string;
  readonly firstId: number;
  readonly firstSeq: number;
  /** gap records and digests that were made on the way; they stand before the rows */
  readonly made: readonly StoredRecord[];
  /** the records are safe, but the log could not be folded into the file */
  readonly foldFailure: Failure | null;
}

/** By operation: what it takes and what it gives. */
export interface Operations {
  commit: { takes: Batch; gives: Committed };
  read: {
    takes: { lane: Lane; afterId: number; limit: number; reader: ReaderName };
    gives: readonly StoredRecord[];
  };
  poison: { takes: { id: number; reason: string; reader: ReaderName }; gives: null };
  stats: { takes: null; gives: Omit<OutboxStats, 'trouble'> };
  close: { takes: null; gives: null };
}
export type Operation = keyof Operations;

export type Request = {
  [O in Operation]: { readonly call: number; readonly op: O; readonly takes: Operations[O]['takes'] };
}[Operation];

/** `call` OPENING: the store was opened, or could not be; at the start, and after a damaged file was set aside. */
export type Reply =
  | { readonly call: number; readonly ok: true; readonly gives: unknown }
  | { readonly call: number; readonly ok: false; readonly failure: Failure };

export const OPENING = -1;
