/**
 * What of the outbox goes out next. Three streams in strict order: entrapments, the other alarms, telemetry. Each record belongs to one
 * of them, so that none is sent twice; within a stream the oldest goes first. Pure; session.ts tells when.
 */

import { type MonoMs, plus } from '../clock.ts';
import type { Lane } from '../lift/events.ts';
import type { Post } from './region.ts';

export const STREAMS = [
  { name: 'urgent', lane: 'alarm', channel: 'alarm', limit: 200 },
  { name: 'alarm', lane: 'alarm', channel: 'alarm', limit: 20 },
  { name: 'telemetry', lane: 'telemetry', channel: 'telemetry', limit: 200 },
] as const satisfies readonly { name: string; lane: Lane; channel: string; limit: number }[];
export type StreamName = (typeof STREAMS)[number]['name'];

/** The outbox could not be read, or did not set a record aside: again after this. */
export const READ_AGAIN_MS = 5000;

/** A record ready to be sent. `post` null: the platform has no place for it. */
export interface Item {
  readonly id: number;
  readonly lift: string | null;
  readonly post: Post | null;
}

interface Stream {
  readonly afterId: number;
  /** nothing waits after `afterId` */
  readonly dry: boolean;
  /** records came while it was being read */
  readonly woken: boolean;
  readonly items: readonly Item[];
}

export interface Queue {
  readonly streams: { readonly [S in StreamName]: Stream };
  readonly reading: StreamName | null;
  readonly pausedUntilMs: MonoMs | null;
  /** lifts whose records are left alone for a while, by stream and lift */
  readonly resting: ReadonlyMap<string, MonoMs>;
}

export type Read = {
  readonly type: 'read';
  readonly stream: StreamName;
  readonly lane: Lane;
  readonly afterId: number;
  readonly limit: number;
};

export interface Rows {
  readonly stream: StreamName;
  readonly afterId: number;
  /** those that belong to this stream */
  readonly items: readonly Item[];
  /** of the last record that was read, or `afterId` */
  readonly lastId: number;
  /** the read was cut off at its limit */
  readonly more: boolean;
}

const fresh: Stream = { afterId: 0, dry: false, woken: false, items: [] };
/** From the oldest again; a read on its way does not count as the last word. */
const rewound: Stream = { ...fresh, woken: true };

export const newQueue: Queue = {
  streams: { urgent: fresh, alarm: fresh, telemetry: fresh },
  reading: null,
  pausedUntilMs: null,
  resting: new Map(),
};

export type Next =
  | { readonly kind: 'item'; readonly stream: StreamName; readonly item: Item }
  | { readonly kind: 'read'; readonly read: Read };

/** What a channel is to do next: send the oldest of its first stream that has any, or read on; null: nothing now. */
export function nextOf(queue: Queue, channel: 'alarm' | 'telemetry'): Next | null {
  for (const { name, lane, limit } of STREAMS.filter((each) => each.channel === channel)) {
    const { items, dry, afterId } = queue.streams[name];
    const [item] = items;
    if (item) return { kind: 'item', stream: name, item };
    if (dry) continue;
    if (queue.reading !== null || queue.pausedUntilMs !== null) return null;
    return { kind: 'read', read: { type: 'read', stream: name, lane, afterId, limit } };
  }
  return null;
}

export function beginRead(queue: Queue, { stream }: Read): Queue {
  return { ...withStream(queue, stream, { woken: false }), reading: stream };
}

/** `gone`: on their way, or done with. Returns the ids of records for which the platform has no place, too. */
export function takeRows(queue: Queue, rows: Rows, gone: ReadonlySet<number>): readonly [Queue, readonly number[]] {
  const idle: Queue = { ...queue, reading: null };
  const stream = queue.streams[rows.stream];
  if (stream.afterId !== rows.afterId) return [idle, []];
  const here = new Set(stream.items.map(({ id }) => id));
  const fit = rows.items.filter(
    ({ id, lift }) => !gone.has(id) && !here.has(id) && !queue.resting.has(restKey(rows.stream, lift)),
  );
  const items = [...stream.items, ...fit.filter(({ post }) => post !== null)];
  const dry = !rows.more && !stream.woken;
  const skipped = fit.flatMap(({ id, post }) => (post === null ? [id] : []));
  return [withStream(idle, rows.stream, { items, afterId: rows.lastId, dry, woken: false }), skipped];
}

export function readFailed(queue: Queue, atMs: MonoMs): Queue {
  return { ...queue, reading: null, pausedUntilMs: plus(atMs, READ_AGAIN_MS) };
}

/** All from the oldest again, a little later: a record that was passed is still there. */
export function rewind(queue: Queue, atMs: MonoMs): Queue {
  const streams = { urgent: rewound, alarm: rewound, telemetry: rewound };
  return { ...queue, streams, pausedUntilMs: plus(atMs, READ_AGAIN_MS) };
}

/** New records are on disk. */
export function wake(queue: Queue, streams: readonly StreamName[]): Queue {
  return streams.reduce((woken, name) => withStream(woken, name, { dry: false, woken: true }), queue);
}

/** The item is on its way: no longer waiting. */
export function take(queue: Queue, stream: StreamName, { id }: Item): Queue {
  return withStream(queue, stream, { items: queue.streams[stream].items.filter((other) => other.id !== id) });
}

/** Back to the head of its stream. */
export function putBack(queue: Queue, stream: StreamName, item: Item): Queue {
  return withStream(queue, stream, { items: [item, ...queue.streams[stream].items] });
}

/** Leaves the records of a lift alone until then; those of others go on, and its own stay in their order. */
export function rest(queue: Queue, stream: StreamName, lift: string | null, untilMs: MonoMs): Queue {
  const items = queue.streams[stream].items.filter((item) => item.lift !== lift);
  const resting = new Map(queue.resting).set(restKey(stream, lift), untilMs);
  return { ...withStream(queue, stream, { items }), resting };
}

function restKey(stream: StreamName, lift: string | null): string {
  return `${stream} ${lift ?? ''}`;
}

/** Ends what is over by now. Where a rest ended, its stream begins again with the oldest record. */
export function thaw(queue: Queue, atMs: MonoMs): Queue {
  const over = [...queue.resting].filter(([, untilMs]) => untilMs <= atMs).map(([key]) => key);
  const paused = queue.pausedUntilMs !== null && queue.pausedUntilMs > atMs;
  if (over.length === 0) return paused ? queue : { ...queue, pausedUntilMs: null };
  const resting = new Map([...queue.resting].filter(([key]) => !over.includes(key)));
  const names = STREAMS.map(({ name }) => name).filter((name) => over.some((key) => key.startsWith(`${name} `)));
  const again = names.reduce((each, name) => withStream(each, name, rewound), queue);
  return { ...again, resting, pausedUntilMs: paused ? queue.pausedUntilMs : null };
}

export function queueDuesMs({ pausedUntilMs, resting }: Queue): (MonoMs | null)[] {
  return [pausedUntilMs, ...resting.values()];
}

function withStream(queue: Queue, name: StreamName, change: Partial<Stream>): Queue {
  return { ...queue, streams: { ...queue.streams, [name]: { ...queue.streams[name], ...change } } };
}
