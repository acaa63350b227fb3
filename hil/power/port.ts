/** What the power cuts use of the outbox: the one place to change when its port does. */

import type { Lane } from '../../src/lift/events.ts';
import { openOnDisk } from '../../src/outbox/outbox.ts';
import { type NewRecord, type OpenFault, READERS, type ReaderName, type StoredRecord } from '../../src/outbox/port.ts';
import { Store } from '../../src/outbox/store.ts';

export interface Port {
  readonly boot: string;
  readonly openFaults: readonly OpenFault[];
  append(records: readonly NewRecord[]): Promise<readonly StoredRecord[]>;
  read(lane: Lane, afterId: number, limit: number, reader: ReaderName): Promise<readonly StoredRecord[]>;
  forget(ids: readonly number[], reader: ReaderName): Promise<void>;
  poison(id: number, reason: string, reader: ReaderName): Promise<void>;
  close(): Promise<void>;
}

export interface PortOptions {
  readonly path: string;
  readonly maxBytes: number;
  /** beside the city's */
  readonly readers: readonly ReaderName[];
  readonly telemetryWaitMs: number;
  onTrouble(why: string): void;
}

export function openPort(options: PortOptions): Promise<Port> {
  return openOnDisk(options);
}

export type Kept = { readonly [L in Lane]: readonly StoredRecord[] };

/** All that a file holds, as the next start finds it. */
export interface Contents {
  readonly boot: string;
  readonly setAside: string | null;
  readonly openFaults: readonly string[];
  /** what each reader is owed, oldest first */
  readonly kept: ReadonlyMap<ReaderName, Kept>;
  readonly waiting: { readonly [L in Lane]: number };
  readonly poisoned: number;
}

const MOST = 1_000_000;

/** Opens the file as a start would, in this thread, and closes it. Throws what the store throws. */
export function contentsOf({ path, maxBytes, readers }: Pick<PortOptions, 'path' | 'maxBytes' | 'readers'>): Contents {
  const store = new Store({ path, maxBytes, readers, afterId: 0 });
  const read = (lane: Lane, reader: ReaderName) => store.read({ lane, reader, afterId: 0, limit: MOST });
  try {
    const { waiting, poisoned } = store.stats();
    const owed = READERS.filter((reader) => reader === 'city' || readers.includes(reader));
    return {
      boot: store.boot,
      setAside: store.setAside?.path ?? null,
      openFaults: store.openFaults.map(({ id }) => id),
      kept: new Map(
        owed.map((reader) => [reader, { alarm: read('alarm', reader), telemetry: read('telemetry', reader) }]),
      ),
      waiting,
      poisoned,
    };
  } finally {
    store.close();
  }
}
