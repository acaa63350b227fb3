/** Batches are made in a thread of their own: a large one takes tens of milliseconds, in which nobody's line may wait. */

import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../package.ts';
import type { BatchRecord } from './form.ts';

export interface Asked {
  readonly call: number;
  readonly box: string;
  /** some of them, as JSON: what stands between the brackets of a list */
  readonly part: string;
  readonly last: boolean;
}

export interface Answered {
  readonly call: number;
  readonly payload: Uint8Array | null;
  /** why there is none */
  readonly why: string;
}

interface Waiting {
  readonly resolve: (payload: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** Handed over at a time: telling a thread of many takes milliseconds itself. */
const PART_RECORDS = 250;

export class Packer {
  /** begun with the first batch, and again where it ended */
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  /** The payload of a batch (encodeBatch). Rejects where the records cannot be told, or the thread ended. */
  async batch(box: string, records: readonly BatchRecord[]): Promise<Uint8Array> {
    const worker = this.#worker ?? this.#start();
    const call = ++this.#calls;
    const payload = new Promise<Uint8Array>((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
    });
    // It may fail before all is handed over.
    payload.catch(() => undefined);
    worker.ref();
    for (let from = 0; from < records.length; from += PART_RECORDS) {
      const told = records
        .slice(from, from + PART_RECORDS)
        .map(({ lift, boot, seq, body }) => ({ lift, boot, seq, body }));
      const part = JSON.stringify(told).slice(1, -1);
      worker.postMessage({ call, box, part, last: from + PART_RECORDS >= records.length } satisfies Asked);
      await setImmediate();
    }
    return payload;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = startThread(import.meta.url, 'packer-thread', null);
    this.#worker = worker;
    worker.on('message', ({ call, payload, why }: Answered) => {
      const waiting = this.#waiting.get(call);
      this.#waiting.delete(call);
      if (this.#waiting.size === 0) worker.unref();
      if (payload) waiting?.resolve(payload);
      else waiting?.reject(new Error(why));
    });
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      this.#worker = null;
      for (const { reject } of this.#waiting.values()) reject(new Error('the thread that makes batches ended'));
      this.#waiting.clear();
    });
    return worker;
  }
}
