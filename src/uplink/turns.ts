/** What a reader asks of the outbox, one thing after the other: a read never shows what a later forget takes away unknown to it. */

import { reasonOf } from '../errors.ts';

export class Turns {
  readonly #remark: (line: string) => void;
  #work: Promise<unknown> = Promise.resolve();
  /** told once, not at every attempt */
  #trouble: string | null = null;

  constructor(remark: (line: string) => void) {
    this.#remark = remark;
  }

  /** Resolves when what was asked so far is done. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Resolves or rejects as the work does, when it was its turn. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    const done = () => {
      this.#trouble = null;
    };
    this.#work = result.then(done, () => undefined);
    return result;
  }

  /** The same, with what comes of it. A failure is told. */
  run(work: () => Promise<unknown>, done: () => void, failed: () => void): void {
    this.take(work).then(done, (cause: unknown) => {
      this.tell(cause);
      failed();
    });
  }

  tell(cause: unknown): void {
    const trouble = reasonOf(cause);
    if (trouble !== this.#trouble) this.#remark(trouble);
    this.#trouble = trouble;
  }
}
