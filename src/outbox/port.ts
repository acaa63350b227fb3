/** The outbox: the only thing that the scan loop and the network share. */

import type { Lane } from '../lift/events.ts';

/** A record as it is handed in. `body` is its JSON object without `box`, `boot` and `seq`, which the store adds. */
export interface NewRecord {
  readonly lane: Lane;
  /** lift id, or null for the box's own */
  readonly lift: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A record as it is kept. (box, boot, seq) is unique for ever; seq counts 1, 2, 3 ... over both lanes within a boot. */
export interface StoredRecord {
  /** grows with every record ever stored in this database */
  readonly id: number;
  readonly lane: Lane;
  readonly lift: string | null;
  readonly boot: string;
  readonly seq: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** the disk does not take it: an alarm that is told from memory, under a name of its own; its body says so too */
  readonly unstored?: true;
}

/** Body of the record that stands for evicted ones. Bounds are inclusive; `count` of the seqs between them were evicted. */
export interface GapBody {
  readonly type: 'gap';
  readonly gapBoot: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly count: number;
}

/**
 * Who reads the outbox: the city's platform, and beside it the maintainer's, and a regional one by HTTP. A record is kept until each
 * reader that there was when it was stored has forgotten it, or set it aside.
 */
export const READERS = ['city', 'maintainer', 'regional'] as const;
export type ReaderName = (typeof READERS)[number];

export interface OutboxStats {
  readonly boot: string;
  /** records waiting, by lane */
  readonly waiting: { readonly [L in Lane]: number };
  /** records replaced by gap records since the database was made */
  readonly evicted: number;
  /** refused by the receiver and set aside */
  readonly poisoned: number;
  readonly fileBytes: number;
  readonly maxBytes: number;
  /** why records cannot be stored now, or null */
  readonly trouble: string | null;
}

/** A fault that began and whose end has not been stored: judgement takes it up again after a restart. */
export interface OpenFault {
  readonly id: string;
  /** null: a fault of the box itself */
  readonly lift: string | null;
  readonly fault: string;
  readonly subject?: string;
  readonly beganMs: number;
}

/** Where no reader is named it is the city's. */
export interface Outbox {
  readonly boot: string;
  /** Faults open when the outbox was opened. */
  readonly openFaults: readonly OpenFault[];
  /**
   * Resolves when the records are on disk (synced), in the order handed in; alarms that the disk does not take in time are told from memory
   * instead, `unstored`, and go on waiting for it. Stored records have the very bodies that were handed in. Rejects with a GatewayError
   * where they cannot be kept.
   */
  append(records: readonly NewRecord[]): Promise<readonly StoredRecord[]>;
  /** The oldest `limit` records of a lane with an id above `afterId` that this reader has not forgotten. */
  read(lane: Lane, afterId: number, limit: number, reader?: ReaderName): Promise<readonly StoredRecord[]>;
  /** Forgets records that the receiver has acknowledged to this reader. */
  forget(ids: readonly number[], reader?: ReaderName): Promise<void>;
  /** Sets aside a record that the receiver refuses; it is kept for a person, counted, and never sent to it again. */
  poison(id: number, reason: string, reader?: ReaderName): Promise<void>;
  stats(): Promise<OutboxStats>;
  /** Tells of new records, after they are on disk; of `unstored` ones, that they are not. */
  onAppended(listen: (records: readonly StoredRecord[]) => void): () => void;
  close(): Promise<void>;
}
