/** The uplink's end at the outbox: what the session asks of it, one thing after the other, and what came of it as inputs. */

import type { Outbox, ReaderName, StoredRecord } from '../outbox/port.ts';
import type { Message, StreamName } from './drain.ts';
import type { Effect, Input } from './state.ts';
import { Turns } from './turns.ts';

export interface OutboxEndParts {
  readonly outbox: Outbox;
  readonly reader: ReaderName;
  /** what this stream has to send of what was read */
  messagesOf(stream: StreamName, records: readonly StoredRecord[]): Promise<Message[]>;
  feed(input: Input): void;
  remark(line: string): void;
}

type Read = Extract<Effect, { type: 'read' }>;
type Records = Promise<readonly StoredRecord[]>;

/** Read at a time, so that an alarm that is being stored never waits for more. */
const PIECE_RECORDS = 250;

export class OutboxEnd {
  readonly #parts: OutboxEndParts;
  readonly #turns: Turns;
  /** what comes behind a full read of telemetry, read while messages are made of that one */
  #ahead: (Pick<Read, 'afterId' | 'limit'> & { readonly records: Records }) | null = null;
  /** all alarms behind an id, as they were just looked through for an entrapment: the next look at them is for the others */
  #alarms: { readonly afterId: number; readonly records: readonly StoredRecord[] } | null = null;

  constructor(parts: OutboxEndParts) {
    this.#parts = parts;
    this.#turns = new Turns((line) => parts.remark(line));
  }

  /** Resolves when what was asked so far is done. */
  settled(): Promise<void> {
    return this.#turns.settled();
  }

  /** `stands`: whether the session that asked is still there; what was read for an earlier one comes too late. */
  async read(read: Read, stands: () => boolean): Promise<void> {
    const { feed, messagesOf } = this.#parts;
    const { stream, afterId, limit, turn } = read;
    try {
      const records = await this.#recordsOf(read);
      const lastId = records.at(-1)?.id ?? afterId;
      const more = records.length >= limit;
      if (more && stream === 'telemetry') this.#readAhead({ ...read, afterId: lastId });
      // Not in turn: making messages of it holds up nobody else's read.
      const messages = stands() ? await messagesOf(stream, records) : [];
      if (stands()) feed({ type: 'rows', rows: { turn, afterId, messages, lastId, more } });
    } catch (cause) {
      this.#turns.tell(cause);
      if (stands()) feed({ type: 'read-failed', turn });
    }
  }

  forget(ids: readonly number[]): void {
    const { outbox, reader, feed } = this.#parts;
    // It may hold an entrapment that is forgotten now.
    this.#alarms = null;
    this.#turns.run(
      () => outbox.forget(ids, reader),
      () => feed({ type: 'forgotten' }),
      () => feed({ type: 'forget-failed' }),
    );
  }

  poison(ids: readonly number[], reason: string): void {
    const { outbox, reader, feed } = this.#parts;
    const done = () => feed({ type: 'poison-done', ids });
    const work = async () => {
      for (const id of ids) await outbox.poison(id, reason, reader);
    };
    this.#turns.run(work, done, done);
  }

  async #recordsOf(read: Read): Records {
    const { stream, afterId, limit } = read;
    const [ahead, alarms] = [this.#ahead, this.#alarms];
    this.#alarms = null;
    if (stream === 'alarm' && alarms?.afterId === afterId) return alarms.records.slice(0, limit);
    if (stream === 'telemetry') {
      this.#ahead = null;
      if (ahead?.afterId === afterId && ahead.limit === limit) return ahead.records;
    }
    const records = await this.#pieces(read);
    if (stream === 'urgent' && records.length < limit) this.#alarms = { afterId, records };
    return records;
  }

  #readAhead(read: Read): void {
    const records = this.#pieces(read);
    // Its failure is told where it is asked for.
    records.catch(() => undefined);
    this.#ahead = { afterId: read.afterId, limit: read.limit, records };
  }

  async #pieces({ lane, afterId, limit }: Read): Records {
    const { outbox, reader } = this.#parts;
    const records: StoredRecord[] = [];
    while (records.length < limit) {
      const most = Math.min(PIECE_RECORDS, limit - records.length);
      const from = records.at(-1)?.id ?? afterId;
      const piece = await this.#turns.take(() => outbox.read(lane, from, most, reader));
      records.push(...piece);
      if (piece.length < most) break;
    }
    return records;
  }
}
