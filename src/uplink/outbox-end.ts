/** The uplink's end at the outbox: what the session asks of it, one thing after the other, and what came of it as inputs. */

import { reasonOf } from '../errors.ts';
import type { Outbox, ReaderName, StoredRecord } from '../outbox/port.ts';
import type { Message, StreamName } from './drain.ts';
import type { Effect, Input } from './state.ts';

export interface OutboxEndParts {
  readonly outbox: Outbox;
  readonly reader: ReaderName;
  /** what this stream has to send of what was read */
  messagesOf(stream: StreamName, records: readonly StoredRecord[]): Promise<Message[]>;
  feed(input: Input): void;
  remark(line: string): void;
}

type Read = Extract<Effect, { type: 'read' }>;

export class OutboxEnd {
  readonly #parts: OutboxEndParts;
  #work: Promise<void> = Promise.resolve();
  /** told once, not at every attempt */
  #trouble: string | null = null;

  constructor(parts: OutboxEndParts) {
    this.#parts = parts;
  }

  /** Resolves when what was asked so far is done. */
  settled(): Promise<void> {
    return this.#work;
  }

  /** `stands`: whether the session that asked is still there; what was read for an earlier one comes too late. */
  read({ stream, lane, afterId, limit, turn }: Read, stands: () => boolean): void {
    const { outbox, reader, feed, remark, messagesOf } = this.#parts;
    const failed = () => {
      if (stands()) feed({ type: 'read-failed', turn });
    };
    this.#inTurn(async () => {
      const records = await outbox.read(lane, afterId, limit, reader);
      const lastId = records.at(-1)?.id ?? afterId;
      const more = records.length >= limit;
      // Not in turn: making messages of it holds up nobody else's read.
      messagesOf(stream, records).then(
        (messages) => {
          if (stands()) feed({ type: 'rows', rows: { turn, afterId, messages, lastId, more } });
        },
        (cause: unknown) => {
          remark(reasonOf(cause));
          failed();
        },
      );
    }, failed);
  }

  forget(ids: readonly number[]): void {
    const { outbox, reader, feed } = this.#parts;
    this.#inTurn(
      async () => {
        await outbox.forget(ids, reader);
        feed({ type: 'forgotten' });
      },
      () => feed({ type: 'forget-failed' }),
    );
  }

  poison(ids: readonly number[], reason: string): void {
    const { outbox, reader, feed } = this.#parts;
    this.#inTurn(
      async () => {
        for (const id of ids) await outbox.poison(id, reason, reader);
        feed({ type: 'poison-done', ids });
      },
      () => feed({ type: 'poison-done', ids }),
    );
  }

  /** One thing at a time, in order: a read never shows what a later forget takes away without the session knowing. */
  #inTurn(work: () => Promise<void>, onFailed: () => void): void {
    const done = () => {
      this.#trouble = null;
    };
    this.#work = this.#work.then(work).then(done, (cause) => {
      const trouble = reasonOf(cause);
      if (trouble !== this.#trouble) this.#parts.remark(trouble);
      this.#trouble = trouble;
      onFailed();
    });
  }
}
