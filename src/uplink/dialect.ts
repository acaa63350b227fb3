/** The port of a dialect: how records become messages, and what else is said and heard for the sake of a platform. */

import type { StoredRecord } from '../outbox/port.ts';
import type { Publication } from './client.ts';
import type { Said } from './reasons.ts';

export interface Encoded {
  /** those that the message carries, oldest first */
  readonly records: readonly StoredRecord[];
  readonly topic: string;
  readonly payload: string | Uint8Array;
  /** why it can never be sent, or null */
  readonly fault: string | null;
}

export interface Dialect {
  /** telemetry that may go in one message: so much of it is waited for, and read at a time; 1: each record goes alone, at once */
  readonly batchRecords: number;
  /** Messages that carry each of these records once. The same record gives the same content, however often it is sent. */
  encode(records: readonly StoredRecord[]): readonly Encoded[] | Promise<readonly Encoded[]>;
  close?(): Promise<void>;
  /** what it says and hears beside the records */
  readonly session: DialectSession;
}

/**
 * A session as the dialect has it. An attempt: `will`; the broker accepts; the subscriptions are taken; then what `greet` gives
 * is published. While `held` says why, no record goes. A message of records is sealed once, when it goes out.
 */
export interface DialectSession {
  /** topic filters, to be taken before anything is published */
  readonly subscriptions: readonly string[];
  /** no record goes while what it says is not acknowledged */
  readonly alone: boolean;
  /** Of the attempt that begins now. Called once for each. */
  will(): Publication;
  /** Published in this order, with nothing between. Nothing, where it has to wait for a message that `onMessage` will be given. */
  greet(): readonly Publication[];
  /** why no record may go now, or null; asked again after `greet` and after each message */
  readonly held: Said | null;
  /** Records are on disk. Told before any of them is given to `encode`. */
  note(records: readonly StoredRecord[]): void;
  /** The message with what only its place in the session can say, and not larger. Called in the order in which messages go out. */
  seal(publication: Publication): Publication;
  onMessage(topic: string, payload: Uint8Array, retained: boolean): Reaction;
  /** The last words of a session that is ended on purpose; the will is not sent then. */
  farewell(): readonly Publication[];
}

/** What comes of a message that was heard. */
export interface Reaction {
  /** as that of `greet` */
  readonly publish: readonly Publication[];
  /** why this link has served, or null: disconnect when that is published, and begin the next attempt */
  readonly leave: Said | null;
  /** for the journal */
  readonly remarks: readonly Said[];
}

export const NO_REACTION: Reaction = { publish: [], leave: null, remarks: [] };
