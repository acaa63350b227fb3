/**
 * What goes out next, while the session is online. Three streams read the outbox, in strict order: entrapments, the other
 * alarms, telemetry. A lower stream is not read while a higher one may have something. Nothing is held but the window of
 * messages in flight: as many records are read as there is room for. Pure; session.ts tells when.
 */

import { type MonoMs, plus } from '../clock.ts';
import type { Lane } from '../lift/events.ts';

export const STREAMS = [
  { name: 'urgent', lane: 'alarm' },
  { name: 'alarm', lane: 'alarm' },
  { name: 'telemetry', lane: 'telemetry' },
] as const satisfies readonly { name: string; lane: Lane }[];
export type StreamName = (typeof STREAMS)[number]['name'];

/** Records looked through at a time for an entrapment among the alarms that wait. */
export const SCAN_ROWS = 200;
/** A link that acknowledges nothing for so long is torn down. */
export const ACK_LIMIT_MS = 60_000;
/** After a topic was refused as not authorised, its records are left alone for so long. */
export const TOPIC_REST_MS = 60_000;
/** Topics at rest at a time; more are a sign that the broker refuses all. */
const TOPICS_AT_REST = 64;

/** A record ready to be sent. */
export interface Message {
  readonly id: number;
  readonly lane: Lane;
  /** an entrapment, its begin or its end */
  readonly urgent: boolean;
  readonly topic: string;
  readonly payload: string;
  /** size of its PUBLISH packet, at most */
  readonly packetBytes: number;
  /** why it can never be sent, or null */
  readonly fault: string | null;
}

interface Stream {
  readonly afterId: number;
  /** nothing waits after `afterId` */
  readonly dry: boolean;
  /** records came while it was being read */
  readonly woken: boolean;
}

export interface Drain {
  readonly window: number;
  readonly maximumPacketBytes: number;
  readonly streams: { readonly [S in StreamName]: Stream };
  readonly reading: StreamName | null;
  readonly inFlight: ReadonlyMap<number, Message>;
  /** the birth message is on its way and takes a place of the window */
  readonly greeting: boolean;
  /** the last sign that the broker acknowledges, or the time it began to owe one */
  readonly heardMs: MonoMs;
  /** until when nothing is sent: the broker (or the outbox) asked for patience */
  readonly pausedUntilMs: MonoMs | null;
  /** refusals in a row, without an acknowledgement between them */
  readonly refusals: number;
  readonly restingTopics: ReadonlySet<string>;
  readonly restUntilMs: MonoMs | null;
}

export type DrainEffect =
  | {
      readonly type: 'read';
      readonly stream: StreamName;
      readonly lane: Lane;
      readonly afterId: number;
      readonly limit: number;
    }
  | { readonly type: 'publish'; readonly message: Message }
  | { readonly type: 'poison'; readonly id: number; readonly reason: string };

export interface Rows {
  readonly stream: StreamName;
  readonly afterId: number;
  readonly messages: readonly Message[];
  /** the read was cut off at its limit */
  readonly more: boolean;
}

export type Drained = readonly [Drain, readonly DrainEffect[]];

const fresh: Stream = { afterId: 0, dry: false, woken: false };
const allFresh = { urgent: fresh, alarm: fresh, telemetry: fresh };
/** From the oldest again; a read on its way does not count as the last word. */
const rewound: Stream = { ...fresh, woken: true };
const allRewound = { urgent: rewound, alarm: rewound, telemetry: rewound };

export function beginDrain(window: number, maximumPacketBytes: number, atMs: MonoMs): Drain {
  return {
    window,
    maximumPacketBytes,
    streams: allFresh,
    reading: null,
    inFlight: new Map(),
    greeting: true,
    heardMs: atMs,
    pausedUntilMs: null,
    refusals: 0,
    restingTopics: new Set(),
    restUntilMs: null,
  };
}

/** Places of the window that a stream may take now. One is kept for alarms, where there is more than one. */
function room({ window, inFlight, greeting }: Drain, stream: StreamName): number {
  const places = stream === 'telemetry' && window > 1 ? window - 1 : window;
  return Math.max(0, places - inFlight.size - (greeting ? 1 : 0));
}

/** The next read, where there is room for what it may bring. Telemetry waits for half the window: fewer, larger reads. */
export function pump(drain: Drain): Drained {
  if (drain.reading || drain.pausedUntilMs !== null) return [drain, []];
  const next = STREAMS.find(({ name }) => !drain.streams[name].dry);
  if (!next) return [drain, []];
  const { name, lane } = next;
  const free = room(drain, name);
  const enough = name === 'telemetry' ? Math.max(1, Math.floor(drain.window / 2)) : 1;
  if (free < enough) return [drain, []];
  const limit = name === 'urgent' ? SCAN_ROWS : free;
  return [
    { ...withStream(drain, name, { woken: false }), reading: name },
    [{ type: 'read', stream: name, lane, afterId: drain.streams[name].afterId, limit }],
  ];
}

function withStream(drain: Drain, name: StreamName, change: Partial<Stream>): Drain {
  return { ...drain, streams: { ...drain.streams, [name]: { ...drain.streams[name], ...change } } };
}

/** Sends what was read, unless something better came meanwhile: then it is read again later. */
export function takeRows(drain: Drain, rows: Rows, settled: ReadonlySet<number>, atMs: MonoMs): Drained {
  const idle: Drain = { ...drain, reading: null };
  const stream = drain.streams[rows.stream];
  const first = STREAMS.find(({ name }) => !drain.streams[name].dry);
  const stale = first?.name !== rows.stream || stream.afterId !== rows.afterId;
  if (stale || drain.pausedUntilMs !== null) return [idle, []];

  const effects: DrainEffect[] = [];
  const inFlight = new Map(drain.inFlight);
  let free = room(drain, rows.stream);
  let afterId = stream.afterId;
  let cut = false;
  for (const message of rows.messages) {
    const passed =
      settled.has(message.id) ||
      inFlight.has(message.id) ||
      drain.restingTopics.has(message.topic) ||
      (rows.stream === 'urgent' && !message.urgent);
    const fault = faultOf(message, drain.maximumPacketBytes);
    if (!passed && fault) effects.push({ type: 'poison', id: message.id, reason: fault });
    else if (!passed) {
      cut = free === 0;
      if (cut) break;
      free--;
      inFlight.set(message.id, message);
      effects.push({ type: 'publish', message });
    }
    afterId = message.id;
  }
  const heardMs = owes(drain) ? drain.heardMs : atMs;
  const dry = !cut && !rows.more && !stream.woken;
  return [{ ...withStream(idle, rows.stream, { afterId, dry, woken: false }), inFlight, heardMs }, effects];
}

function faultOf({ fault, packetBytes }: Message, maximumPacketBytes: number): string | null {
  if (fault) return fault;
  if (packetBytes <= maximumPacketBytes) return null;
  return `packet of ${packetBytes} bytes, the broker takes ${maximumPacketBytes}`;
}

/** The broker owes an acknowledgement. */
export function owes({ inFlight, greeting }: Drain): boolean {
  return inFlight.size > 0 || greeting;
}

/** New records are on disk. */
export function wake(
  drain: Drain,
  lanes: { readonly urgent: boolean; readonly alarm: boolean; readonly telemetry: boolean },
): Drain {
  return STREAMS.reduce(
    (woken, { name }) => (lanes[name] ? withStream(woken, name, { dry: false, woken: true }) : woken),
    drain,
  );
}

export function settle(drain: Drain, id: number, atMs: MonoMs): Drain {
  const inFlight = new Map(drain.inFlight);
  inFlight.delete(id);
  return { ...drain, inFlight, heardMs: atMs };
}

/** Waits no longer for what is in flight: it stays in the outbox. */
export function writeOff(drain: Drain): Drain {
  return { ...drain, inFlight: new Map(), greeting: false };
}

export function pause(drain: Drain, untilMs: MonoMs): Drain {
  return { ...drain, pausedUntilMs: untilMs };
}

/** Leaves the records of a topic alone for a while; null where too many topics rest already. */
export function restTopic(drain: Drain, topic: string, atMs: MonoMs): Drain | null {
  if (drain.restingTopics.size >= TOPICS_AT_REST) return null;
  return {
    ...drain,
    restingTopics: new Set([...drain.restingTopics, topic]),
    restUntilMs: drain.restUntilMs ?? plus(atMs, TOPIC_REST_MS),
  };
}

/** Ends what is over by now: a pause, the rest of topics. Both begin again with the oldest record that waits. */
export function resume(drain: Drain, atMs: MonoMs): Drain {
  const awake = drain.pausedUntilMs !== null && drain.pausedUntilMs <= atMs;
  const rested = drain.restUntilMs !== null && drain.restUntilMs <= atMs;
  if (!awake && !rested) return drain;
  return {
    ...drain,
    streams: allRewound,
    pausedUntilMs: awake ? null : drain.pausedUntilMs,
    ...(rested && { restingTopics: new Set<string>(), restUntilMs: null }),
  };
}

export function isMute(drain: Drain, atMs: MonoMs): boolean {
  return owes(drain) && atMs >= plus(drain.heardMs, ACK_LIMIT_MS);
}

/** When the drain next needs to look, or null. */
export function drainDueMs(drain: Drain): MonoMs | null {
  const dues = [drain.pausedUntilMs, drain.restUntilMs, owes(drain) ? plus(drain.heardMs, ACK_LIMIT_MS) : null];
  return dues.reduce((least, due) => (least === null || (due !== null && due < least) ? due : least), null);
}
