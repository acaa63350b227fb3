/** What the session with a regional platform is made of: its channels, what comes in and what goes out. session.ts has the steps. */

import type { MonoMs } from '../clock.ts';
import type { Backoff } from '../uplink/backoff.ts';
import type { Ledger } from '../uplink/ledger.ts';
import type { Said } from '../uplink/reasons.ts';

import type { LiveLimits, LiveMemory, Seen } from './live.ts';
import type { Item, Queue, Read, Rows, StreamName } from './queue.ts';
import type { Failure } from './reasons.ts';
import type { Post, Token, Verdict } from './region.ts';

/** One request at a time on each. While one waits, those after it wait too; never the other way round. */
export const CHANNELS = ['login', 'alarm', 'state', 'telemetry'] as const;
export type ChannelName = (typeof CHANNELS)[number];

export interface Settings extends Backoff, LiveLimits {
  readonly requestTimeoutMs: number;
}

/** What is on its way. `number` tells its answer from one that comes too late. */
export type Flight = { readonly number: number; readonly sinceMs: MonoMs } & (
  | { readonly kind: 'login' }
  | { readonly kind: 'record'; readonly stream: StreamName; readonly item: Item }
  | { readonly kind: 'state'; readonly seen: Seen }
);

export interface Channel {
  readonly flight: Flight | null;
  readonly pausedUntilMs: MonoMs | null;
  /** requests in a row that came to nothing */
  readonly attempt: number;
  /** of them, how often the platform answered to one and the same record */
  readonly refusals: { readonly id: number; readonly times: number } | null;
}

export interface Session {
  readonly settings: Settings;
  readonly phase: { readonly name: 'off' | 'on' } | { readonly name: 'stopping'; readonly untilMs: MonoMs };
  readonly channels: { readonly [C in ChannelName]: Channel };
  readonly queue: Queue;
  readonly ledger: Ledger;
  readonly live: LiveMemory;
  /** the lifts are not looked at again before */
  readonly lookMs: MonoMs;
  readonly token: { readonly text: string; readonly untilMs: MonoMs | null; readonly number: number } | null;
  /** number of the last flight */
  readonly flights: number;
  /** something was ever taken */
  readonly proven: boolean;
  /** the channel that does not get on, the most urgent of them */
  readonly trouble: ChannelName | null;
  readonly why: Said;
  /** records taken since the start */
  readonly sent: number;
  /** the trouble last told to the journal */
  readonly told: string | null;
}

export type Input =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** a deadline of `dueMs` has come */
  | { readonly type: 'timeout' }
  | { readonly type: 'logged-in'; readonly number: number; readonly token: Token }
  | { readonly type: 'answered'; readonly channel: ChannelName; readonly number: number; readonly verdict: Verdict }
  | { readonly type: 'failed'; readonly channel: ChannelName; readonly number: number; readonly failure: Failure }
  | { readonly type: 'appended'; readonly streams: readonly StreamName[] }
  | { readonly type: 'rows'; readonly rows: Rows }
  | { readonly type: 'read-failed' }
  /** the lifts as they are now: the answer to `look` */
  | { readonly type: 'seen'; readonly lifts: readonly Seen[] }
  | { readonly type: 'forgotten' }
  | { readonly type: 'forget-failed' }
  | { readonly type: 'poison-done'; readonly id: number; readonly ok: boolean };

export type Effect =
  | Read
  | { readonly type: 'login'; readonly number: number }
  | { readonly type: 'post'; readonly channel: 'alarm' | 'telemetry'; readonly number: number; readonly post: Post }
  /** the lift as it is when this runs */
  | { readonly type: 'state'; readonly number: number; readonly lift: string }
  /** nothing of it is heard any more */
  | { readonly type: 'abort'; readonly channel: ChannelName }
  | { readonly type: 'look' }
  /** the platform has this record */
  | { readonly type: 'taken'; readonly id: number }
  | { readonly type: 'forget'; readonly ids: readonly number[] }
  | { readonly type: 'poison'; readonly id: number; readonly reason: string }
  | { readonly type: 'remark'; readonly said: Said };

/** `random`: from 0 up to 1, for the back-off. */
export interface Now {
  readonly atMs: MonoMs;
  readonly random: number;
}

export type Stepped = readonly [Session, readonly Effect[]];
