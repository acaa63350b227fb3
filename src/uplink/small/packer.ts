/** Batches are made in a thread of their own: a large one takes tens of milliseconds, in which nobody's line may wait. */

import type { Worker } from 'node:worker_threads';
import { startThread } from '../../package.ts';
import type { BatchRecord } from './form.ts';

export interface Asked {
  readonly call: number;
  readonly box: string;
  readonly records: readonly BatchRecord[];
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

export class Packer {
  /** begun with the first batch, and again where it ended */
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;

  /** The payload of a batch (encodeBatch). Rejects where the records cannot be told, or the thread ended. */
  batch(box: string, records: readonly BatchRecord[]): Promise<Uint8Array> {
    const worker = this.#worker ?? this.#start();
    const call = ++this.#calls;
    const told = records.map(({ lift, boot, seq, body }) => ({ lift, boot, seq, body }));
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      worker.ref();
      worker.postMessage({ call, box, records: told } satisfies Asked);
    });
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
