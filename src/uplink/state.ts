/** What the session is made of: its states, what comes in and what goes out. session.ts has the steps between them. */

import type { MonoMs } from '../clock.ts';
import type { Granted, LinkEnd, PublishOutcome } from './client.ts';
import type { Batching, Drain, DrainEffect, Rows } from './drain.ts';
import type { Ledger } from './ledger.ts';
import type { Pace, PaceLimits } from './pace.ts';
import type { Said } from './reasons.ts';
import type { Suspects } from './suspects.ts';

export interface Settings {
  readonly window: number;
  /** the limit of the first wait, which then doubles */
  readonly retryFirstMs: number;
  readonly retryMaxMs: number;
  readonly batch: Batching;
  readonly pace: PaceLimits;
}

export type State =
  | { readonly name: 'off'; readonly why: Said }
  | { readonly name: 'waiting'; readonly untilMs: MonoMs; readonly why: Said }
  | { readonly name: 'connecting'; readonly sinceMs: MonoMs; readonly why: Said }
  | {
      readonly name: 'online';
      readonly sinceMs: MonoMs;
      readonly acknowledged: boolean;
      readonly drain: Drain;
      readonly why: Said;
    }
  | {
      readonly name: 'stopping';
      readonly untilMs: MonoMs;
      readonly drain: Drain;
      readonly farewell: boolean;
      readonly why: Said;
    };

export interface Session {
  readonly settings: Settings;
  readonly state: State;
  readonly ledger: Ledger;
  /** null until something was sent */
  readonly pace: Pace | null;
  /** telemetry waits for its share of the line until then; null: it does not */
  readonly pacedUntilMs: MonoMs | null;
  /** what may be why sessions ended */
  readonly suspects: Suspects;
  /** failed attempts in a row */
  readonly attempt: number;
  /** records acknowledged since the start */
  readonly sent: number;
  /** the trouble last told to the journal: the same one is not told at every attempt */
  readonly told: string | null;
}

export type Input =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** a deadline of `dueMs` has come */
  | { readonly type: 'timeout' }
  | { readonly type: 'connected'; readonly granted: Granted }
  | { readonly type: 'closed'; readonly end: LinkEnd }
  /** the birth message is acknowledged, or refused */
  | { readonly type: 'greeted'; readonly outcome: PublishOutcome }
  /** `id`: the first record of the message */
  | { readonly type: 'answered'; readonly id: number; readonly outcome: PublishOutcome }
  /** `telemetry`: how many records */
  | { readonly type: 'appended'; readonly urgent: boolean; readonly alarm: boolean; readonly telemetry: number }
  | { readonly type: 'rows'; readonly rows: Rows }
  | { readonly type: 'read-failed'; readonly turn: number }
  | { readonly type: 'forgotten' }
  | { readonly type: 'forget-failed' }
  | { readonly type: 'poison-done'; readonly ids: readonly number[] }
  /** something beside the records is being sent, and the broker has answered it */
  | { readonly type: 'saying'; readonly bytes: number }
  | { readonly type: 'said' }
  /** no record may go now, and why; null: they may again */
  | { readonly type: 'held'; readonly why: Said | null }
  /** this link has served: the next attempt */
  | { readonly type: 'leave'; readonly why: Said }
  /** the goodbye is said and the link closed */
  | { readonly type: 'ended' };

export type Effect =
  | DrainEffect
  | { readonly type: 'connect' }
  /** close the link at once; nothing of it is heard any more */
  | { readonly type: 'drop' }
  | { readonly type: 'greet' }
  /** disconnect, and hear nothing of the link any more */
  | { readonly type: 'part' }
  /** say offline and disconnect: `ended` follows */
  | { readonly type: 'farewell' }
  | { readonly type: 'forget'; readonly ids: readonly number[] }
  | { readonly type: 'remark'; readonly said: Said };

/** `random`: from 0 up to 1, for the back-off. */
export interface Now {
  readonly atMs: MonoMs;
  readonly random: number;
}

export type Stepped = readonly [Session, readonly Effect[]];

export type Online = Extract<State, { name: 'online' }>;
export type Stopping = Extract<State, { name: 'stopping' }>;
