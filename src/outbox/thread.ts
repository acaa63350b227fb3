/** The worker as the calling thread sees it: calls that settle, one after another, and its end. */

import type { Worker } from 'node:worker_threads';
import { startThread } from '../package.ts';
import { OPENING, type Opening, type Operation, type Operations, type Reply, type WorkerOptions } from './messages.ts';
import { type Failure, failureOf, StoreError } from './trouble.ts';

/** The thread ended amid the call: what it was doing may be on disk, or not. */
export const THREAD_ENDED = 'THREAD_ENDED';
/** The call was never made: there is no thread. */
export const NO_THREAD = 'NO_THREAD';

interface Waiting {
  readonly resolve: (gives: never) => void;
  readonly reject: (error: StoreError) => void;
}

export interface ThreadEvents {
  /** The file was found damaged while in use: it was set aside and a new one begun. */
  reopened(opening: Opening): void;
  /** Told once, after every waiting call was rejected with THREAD_ENDED; not told after `close`. */
  ended(failure: Failure): void;
}

export class StoreThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #over: Failure | null = null;
  #closing = false;

  /** Resolves when the store is open; rejects with a StoreError where it cannot be opened. */
  static open(options: WorkerOptions, events: ThreadEvents): Promise<{ thread: StoreThread; opening: Opening }> {
    return new Promise((resolve, reject) => {
      let isOpen = false;
      const thread: StoreThread = new StoreThread(options, {
        opened(opening) {
          if (isOpen) events.reopened(opening);
          isOpen = true;
          resolve({ thread, opening });
        },
        notOpened: (failure) => reject(new StoreError(failure)),
        ended(failure) {
          if (isOpen) events.ended(failure);
          reject(new StoreError(failure));
        },
      });
    });
  }

  private constructor(
    options: WorkerOptions,
    events: { opened(opening: Opening): void; notOpened(failure: Failure): void; ended(failure: Failure): void },
  ) {
    this.#worker = startThread(import.meta.url, 'worker', options);
    this.#worker.on('message', (reply: Reply) => {
      if (reply.call !== OPENING) this.#settle(reply);
      else if (reply.ok) events.opened(reply.gives as Opening);
      else events.notOpened(reply.failure);
    });
    let why = 'the thread ended';
    this.#worker.on('error', (error) => {
      why = failureOf(error).message;
    });
    this.#worker.on('exit', () => {
      this.#over = { code: THREAD_ENDED, message: why };
      for (const { reject } of this.#waiting.values()) reject(new StoreError(this.#over));
      this.#waiting.clear();
      if (!this.#closing) events.ended(this.#over);
    });
  }

  /** Rejects with a StoreError. */
  call<O extends Operation>(op: O, takes: Operations[O]['takes']): Promise<Operations[O]['gives']> {
    if (this.#over) return Promise.reject(new StoreError({ ...this.#over, code: NO_THREAD }));
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#worker.postMessage({ call, op, takes });
    });
  }

  /** Resolves when the thread has ended. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#over) return;
    const exit = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    try {
      await this.call('close', null);
    } catch {
      await this.#worker.terminate();
    }
    await exit;
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.call);
    this.#waiting.delete(reply.call);
    if (reply.ok) waiting?.resolve(reply.gives as never);
    else waiting?.reject(new StoreError(reply.failure));
  }
}

/** Under tsx, a thread does not read TypeScript by itself on Node 20: the loader is registered in it first. */
