/** The outbox in memory, with what it was asked written down. */

import { MemoryOutbox } from '../../hil/memory-outbox.ts';
import type { Lane } from '../../src/lift/events.ts';
import type { ReaderName, StoredRecord } from '../../src/outbox/port.ts';

export class WatchedOutbox extends MemoryOutbox {
  readonly forgotten: number[] = [];
  /** sizes of the batches forgotten */
  readonly batches: number[] = [];
  reads = 0;
  unreadable = false;
  /** what was read is handed over when this resolves */
  gate: Promise<void> = Promise.resolve();

  override async read(
    lane: Lane,
    afterId: number,
    limit: number,
    reader?: ReaderName,
  ): Promise<readonly StoredRecord[]> {
    this.reads++;
    if (this.unreadable) throw new Error('the disk does not answer');
    const records = await super.read(lane, afterId, limit, reader);
    await this.gate;
    return records;
  }

  override async forget(ids: readonly number[], reader?: ReaderName): Promise<void> {
    await super.forget(ids, reader);
    this.batches.push(ids.length);
    this.forgotten.push(...ids);
  }

  /** Holds back what is read from now on, until the function returned is called. */
  hold(): () => void {
    let open = () => {};
    this.gate = new Promise((resolve) => {
      open = resolve;
    });
    return () => {
      this.gate = Promise.resolve();
      open();
    };
  }

  async waiting(): Promise<number> {
    const { waiting } = await this.stats();
    return waiting.alarm + waiting.telemetry;
  }
}
