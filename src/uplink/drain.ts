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

/** A message ready to be sent. */
export interface Message {
  /** the records that it carries, oldest first; never empty */
  readonly ids: readonly number[];
  readonly topic: string;
  readonly payload: string | Uint8Array;
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
  /** the read whose rows are awaited, or null; those of an earlier one come too late */
  readonly turn: number | null;
  /** rows that came while a higher stream had something: they go when it has not */
  readonly ready: Rows | null;
}

export interface Drain {
  readonly window: number;
  readonly maximumPacketBytes: number;
  readonly batch: Batching;
  readonly streams: { readonly [S in StreamName]: Stream };
  /** reads asked for */
  readonly turns: number;
  /** by the first record of each */
  readonly inFlight: ReadonlyMap<number, Message>;
  /** one message at a time: one of them may be why an earlier session ended */
  readonly oneByOne: boolean;
  /** the birth message is on its way and takes a place of the window */
  readonly greeting: boolean;
  /** the dialect lets no record go now */
  readonly held: boolean;
  /** something beside the records is on its way and takes a place of the window */
  readonly saying: boolean;
  /** the last sign that the broker acknowledges, or the time it began to owe one */
  readonly heardMs: MonoMs;
  /** told as slow since `heardMs` */
  readonly slow: boolean;
  /** until when nothing is sent: the broker (or the outbox) asked for patience */
  readonly pausedUntilMs: MonoMs | null;
  /** refusals in a row, without an acknowledgement between them */
  readonly refusals: number;
  readonly restingTopics: ReadonlySet<string>;
  readonly restUntilMs: MonoMs | null;
  /** telemetry that gathers for a message: until when, and how much of it came; null: none */
  readonly gathering: { readonly untilMs: MonoMs; readonly records: number } | null;
}

/** How much telemetry goes together, and how long it may wait for more of it. */
export interface Batching {
  readonly records: number;
  readonly waitMs: number;
}

export type DrainEffect =
  | {
      readonly type: 'read';
      readonly stream: StreamName;
      readonly lane: Lane;
      readonly afterId: number;
      readonly limit: number;
      readonly turn: number;
    }
  /** what had to wait may be taken now */
  | { readonly type: 'rows'; readonly rows: Rows }
  | { readonly type: 'publish'; readonly message: Message }
  | { readonly type: 'poison'; readonly ids: readonly number[]; readonly reason: string };

export interface Rows {
  /** of the read that they answer */
  readonly turn: number;
  readonly afterId: number;
  /** what this stream has to send of it */
  readonly messages: readonly Message[];
  /** of the last record that was read, or `afterId` */
  readonly lastId: number;
  /** the read was cut off at its limit */
  readonly more: boolean;
}

export type Drained = readonly [Drain, readonly DrainEffect[]];

const fresh: Stream = { afterId: 0, dry: false, woken: false, turn: null, ready: null };
const allFresh = { urgent: fresh, alarm: fresh, telemetry: fresh };
/** From the oldest again; a read on its way does not count as the last word. */
const rewound: Stream = { ...fresh, woken: true };
export const allRewound = { urgent: rewound, alarm: rewound, telemetry: rewound };

export function beginDrain(
  { window, maximumPacketBytes, batch, oneByOne }: Pick<Drain, 'window' | 'maximumPacketBytes' | 'batch' | 'oneByOne'>,
  atMs: MonoMs,
): Drain {
  return {
    window,
    maximumPacketBytes,
    batch,
    streams: allFresh,
    turns: 0,
    inFlight: new Map(),
    oneByOne,
    greeting: true,
    held: false,
    saying: false,
    heardMs: atMs,
    slow: false,
    pausedUntilMs: null,
    refusals: 0,
    restingTopics: new Set(),
    restUntilMs: null,
    gathering: null,
  };
}

function windowOf({ window, oneByOne }: Drain): number {
  return oneByOne ? 1 : window;
}

/** Places of the window that a stream may take now. One is kept for alarms, where there is more than one. */
function room(drain: Drain, stream: StreamName): number {
  const { inFlight, greeting, saying } = drain;
  const window = windowOf(drain);
  const places = stream === 'telemetry' && window > 1 ? window - 1 : window;
  return Math.max(0, places - inFlight.size - (greeting ? 1 : 0) - (saying ? 1 : 0));
}

/**
 * What was read and may go now, or the next read, where there is room for what it may bring. A higher stream does not wait for what is
 * being read, and made into messages, of a lower one. Telemetry that goes record by record waits for half the window: fewer, larger
 * reads. `paced`: telemetry has had its share of the line for now.
 */
export function pump(drain: Drain, paced: boolean): Drained {
  if (drain.pausedUntilMs !== null || drain.held) return [drain, []];
  const next = firstOf(drain);
  if (!next || (next.name === 'telemetry' && paced)) return [drain, []];
  const { name, lane } = next;
  const { afterId, turn, ready } = drain.streams[name];
  const free = room(drain, name);
  if (turn !== null || free === 0) return [drain, []];
  if (ready) {
    return [withStream(drain, name, { ready: null, turn: ready.turn }), [{ type: 'rows', rows: ready }]];
  }
  const single = name !== 'telemetry' || drain.batch.records === 1;
  const enough = name === 'telemetry' && single ? Math.max(1, Math.floor(windowOf(drain) / 2)) : 1;
  if (free < enough) return [drain, []];
  const limit = name === 'urgent' ? SCAN_ROWS : single ? free : drain.batch.records;
  return [
    { ...withStream(drain, name, { woken: false, turn: drain.turns }), turns: drain.turns + 1 },
    [{ type: 'read', stream: name, lane, afterId, limit, turn: drain.turns }],
  ];
}

/** The highest stream that may have something. */
function firstOf({ streams }: Drain): (typeof STREAMS)[number] | undefined {
  return STREAMS.find(({ name }) => !streams[name].dry);
}

/** The stream whose read this is, or null: it came too late. */
export function streamOf({ streams }: Drain, turn: number): StreamName | null {
  return STREAMS.find(({ name }) => streams[name].turn === turn)?.name ?? null;
}

/** The read has come to nothing. */
export function readFailed(drain: Drain, name: StreamName): Drain {
  return withStream(drain, name, { turn: null });
}

function withStream(drain: Drain, name: StreamName, change: Partial<Stream>): Drain {
  return { ...drain, streams: { ...drain.streams, [name]: { ...drain.streams[name], ...change } } };
}

/** Sends what was read; where something better came meanwhile, it waits for that to go. */
export function takeRows(drain: Drain, rows: Rows, settled: ReadonlySet<number>, atMs: MonoMs): Drained {
  const name = streamOf(drain, rows.turn);
  if (name === null) return [drain, []];
  const idle = withStream(drain, name, { turn: null });
  const stream = idle.streams[name];
  if (stream.afterId !== rows.afterId || drain.pausedUntilMs !== null || drain.held) return [idle, []];
  if (firstOf(drain)?.name !== name) return [withStream(idle, name, { ready: rows }), []];
  const effects: DrainEffect[] = [];
  const inFlight = new Map(drain.inFlight);
  let free = room(drain, name);
  const left: number[] = [];
  for (const message of rows.messages) {
    const [firstId = 0] = message.ids;
    const passed = settled.has(firstId) || inFlight.has(firstId) || drain.restingTopics.has(message.topic);
    const fault = faultOf(message, drain.maximumPacketBytes);
    if (passed) continue;
    if (fault) effects.push({ type: 'poison', ids: message.ids, reason: fault });
    else if (free === 0) left.push(firstId);
    else {
      free--;
      inFlight.set(firstId, message);
      effects.push({ type: 'publish', message });
    }
  }
  const heardMs = owes(drain) ? drain.heardMs : atMs;
  const cut = left.length > 0;
  const afterId = cut ? Math.min(...left) - 1 : rows.lastId;
  const dry = !cut && !rows.more && !stream.woken;
  return [{ ...withStream(idle, name, { afterId, dry, woken: false }), inFlight, heardMs }, effects];
}

function faultOf({ fault, packetBytes }: Message, maximumPacketBytes: number): string | null {
  if (fault) return fault;
  if (packetBytes <= maximumPacketBytes) return null;
  return `packet of ${packetBytes} bytes, the broker takes ${maximumPacketBytes}`;
}

/** The broker owes an acknowledgement. */
export function owes({ inFlight, greeting, saying }: Drain): boolean {
  return inFlight.size > 0 || greeting || saying;
}

/** Something beside the records may go: one thing at a time, where telemetry would find a place, and while no alarm waits. */
export function maySay(drain: Drain): boolean {
  const { streams, saying, greeting, pausedUntilMs } = drain;
  const quiet = streams.urgent.dry && streams.alarm.dry && !saying && !greeting && pausedUntilMs === null;
  return quiet && room(drain, 'telemetry') > 0;
}

export function startSaying(drain: Drain, atMs: MonoMs): Drain {
  return { ...drain, saying: true, heardMs: owes(drain) ? drain.heardMs : atMs };
}

export function settleSaid(drain: Drain, atMs: MonoMs): Drain {
  return heard({ ...drain, saying: false }, atMs);
}

/** New records are on disk: so many of telemetry, which gathers until it is worth a message or has waited long enough. */
export function wake(
  drain: Drain,
  { urgent, alarm, telemetry }: { readonly urgent: boolean; readonly alarm: boolean; readonly telemetry: number },
  atMs: MonoMs,
): Drain {
  const gathered = gather(drain, telemetry, atMs);
  const ready = telemetry > 0 && gathered.gathering === null;
  const lanes = { urgent, alarm, telemetry: ready };
  return STREAMS.reduce((woken, { name }) => (lanes[name] ? roused(woken, name) : woken), gathered);
}

export function roused(drain: Drain, name: StreamName): Drain {
  return withStream(drain, name, { dry: false, woken: true });
}

function gather(drain: Drain, records: number, atMs: MonoMs): Drain {
  const { batch, gathering, streams } = drain;
  // What is being sent already takes along what comes.
  if (records === 0 || !streams.telemetry.dry) return drain;
  const count = (gathering?.records ?? 0) + records;
  if (count >= batch.records || batch.waitMs === 0) return { ...drain, gathering: null };
  return { ...drain, gathering: { untilMs: gathering?.untilMs ?? plus(atMs, batch.waitMs), records: count } };
}

export function settle(drain: Drain, firstId: number, atMs: MonoMs): Drain {
  const inFlight = new Map(drain.inFlight);
  inFlight.delete(firstId);
  return heard({ ...drain, inFlight }, atMs);
}

/** The broker has answered something. */
export function heard(drain: Drain, atMs: MonoMs): Drain {
  return { ...drain, heardMs: atMs, slow: false };
}

/** Waits no longer for what is in flight: it stays in the outbox. */
export function writeOff(drain: Drain): Drain {
  return { ...drain, inFlight: new Map(), greeting: false, saying: false };
}
