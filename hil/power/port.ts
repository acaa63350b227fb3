/** What the power cuts use of the outbox: the one place to change when its port does. */

import type { Lane } from '../../src/lift/events.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';
import type { NewRecord, OpenFault, StoredRecord } from '../../src/outbox/port.ts';
import { Store } from '../../src/outbox/store.ts';

/** The outbox with its one reader. */
export interface Port {
  readonly boot: string;
  readonly openFaults: readonly OpenFault[];
  append(records: readonly NewRecord[]): Promise<readonly StoredRecord[]>;
  read(lane: Lane, afterId: number, limit: number): Promise<readonly StoredRecord[]>;
  forget(ids: readonly number[]): Promise<void>;
  poison(id: number, reason: string): Promise<void>;
  close(): Promise<void>;
}

export interface PortOptions {
  readonly path: string;
  readonly maxBytes: number;
  onTrouble(why: string): void;
}

export function openPort(options: PortOptions): Promise<Port> {
  return openOutbox(options);
}

/** All that a file holds, as the next start finds it. */
export interface Contents {
  readonly boot: string;
  readonly setAside: string | null;
  readonly openFaults: readonly string[];
  /** by lane, oldest first */
  readonly kept: { readonly [L in Lane]: readonly StoredRecord[] };
  readonly waiting: { readonly [L in Lane]: number };
  readonly poisoned: number;
}

const MOST = 1_000_000;

/** Opens the file as a start would, in this thread, and closes it. Throws what the store throws. */
export function contentsOf(path: string, maxBytes: number): Contents {
  const store = new Store({ path, maxBytes });
  try {
    const { waiting, poisoned } = store.stats();
    return {
      boot: store.boot,
      setAside: store.setAside,
      openFaults: store.openFaults.map(({ id }) => id),
      kept: { alarm: store.read('alarm', 0, MOST), telemetry: store.read('telemetry', 0, MOST) },
      waiting,
      poisoned,
    };
  } finally {
    store.close();
  }
}
