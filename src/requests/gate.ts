/**
 * What becomes of a request: refused with a reason, or let through. Remembers the ids that were let through, the nonces given out,
 * how much is under way, and how much came lately; all of it bounded. Pure: time and chance come in with each request.
 */

import { type ClockTrust, type MonoMs, plus } from '../clock.ts';
import { idOf, type Order, REQUEST_LIMIT_BYTES, readOrder, readRequest } from './order.ts';
import { type AllowedKey, signerOf } from './sign.ts';

/** A request is good for so long before and after its time, by a clock that was synchronised; a nonce for so long after it was given. */
export const LIFE_MS = 120_000;
/** Requests under way at a time; a live view is none. */
export const MOST_RUNNING = 4;
/** Requests that may come at once, and again a second. The last of them are refused unread; past them nothing is answered. */
export const BURST = 30;
export const UNREAD_BELOW = 10;
const AGAIN_PER_S = 1;
const NONCES = 16;
const IDS = 1000;

export type Reason =
  | 'too-large'
  | 'unreadable'
  | 'retained'
  | 'not-authorised'
  | 'other-box'
  | 'unknown'
  | 'unclear'
  | 'not-allowed'
  | 'repeated'
  | 'stale'
  | 'clock'
  | 'busy';

export interface Gate {
  readonly sinceMs: MonoMs;
  readonly tokens: number;
  readonly atMs: MonoMs;
  /** until when each is remembered */
  readonly ids: ReadonlyMap<string, MonoMs>;
  readonly nonces: ReadonlyMap<string, MonoMs>;
  readonly running: number;
  /** requests that were not answered, because too many came */
  readonly unanswered: number;
}

export interface Arrival {
  readonly payload: Uint8Array;
  readonly retained: boolean;
  readonly box: string;
  readonly keys: readonly AllowedKey[];
  readonly atMs: MonoMs;
  readonly wallMs: number;
  readonly clockTrust: ClockTrust;
  /** never used before, and not to be guessed */
  readonly nonce: string;
}

export type Verdict =
  | { readonly type: 'drop' }
  | {
      readonly type: 'refuse';
      /** null where it could not be read */
      readonly id: string | null;
      readonly reason: Reason;
      readonly detail?: string;
      /** signed together with this the same would be let through */
      readonly nonce?: string;
    }
  | { readonly type: 'do'; readonly order: Order; readonly by: string };

export function newGate(atMs: MonoMs): Gate {
  return { sinceMs: atMs, tokens: BURST, atMs, ids: new Map(), nonces: new Map(), running: 0, unanswered: 0 };
}

export function finished(gate: Gate): Gate {
  return { ...gate, running: gate.running - 1 };
}

export function receive(gate: Gate, arrival: Arrival): readonly [Gate, Verdict] {
  const { atMs } = arrival;
  const left = Math.min(BURST, gate.tokens + ((atMs - gate.atMs) / 1000) * AGAIN_PER_S);
  const base: Gate = { ...gate, atMs, ids: unexpired(gate.ids, atMs), nonces: unexpired(gate.nonces, atMs) };
  if (left < 1) return [{ ...base, tokens: left, unanswered: base.unanswered + 1 }, { type: 'drop' }];
  return judged({ ...base, tokens: left - 1 }, arrival);
}

function unexpired(times: ReadonlyMap<string, MonoMs>, atMs: MonoMs): ReadonlyMap<string, MonoMs> {
  return new Map([...times].filter(([, untilMs]) => untilMs > atMs));
}

function judged(gate: Gate, arrival: Arrival): readonly [Gate, Verdict] {
  const { payload, retained, box, keys } = arrival;
  if (payload.length > REQUEST_LIMIT_BYTES) return refused(gate, null, 'too-large');
  const request = readRequest(payload);
  const id = request && idOf(request);
  if (!request || id === null) return refused(gate, null, 'unreadable');
  if (retained) return refused(gate, id, 'retained');
  if (gate.tokens < UNREAD_BELOW) return refused(gate, id, 'busy');
  const signer = signerOf(request, keys);
  if (!signer) return refused(gate, id, 'not-authorised');
  const read = readOrder(request.order);
  if (!read.ok) return refused(gate, id, read.why, read.detail);
  const { order } = read;
  if (order.box !== box) return refused(gate, id, 'other-box');
  if (!signer.may.includes(order.what)) return refused(gate, id, 'not-allowed');
  if (gate.ids.has(id)) return refused(gate, id, 'repeated');
  const old = staleness(gate, order, arrival);
  if (old) return challenged(gate, id, old, arrival);
  if (gate.running >= MOST_RUNNING || gate.ids.size >= IDS) return refused(gate, id, 'busy');
  const nonces = new Map(gate.nonces);
  if (order.nonce !== undefined) nonces.delete(order.nonce);
  // By then a repeat is too old by its time, and its nonce is used up.
  const ids = new Map(gate.ids).set(id, plus(arrival.atMs, 2 * LIFE_MS));
  return [
    { ...gate, ids, nonces, running: gate.running + 1 },
    { type: 'do', order, by: signer.name },
  ];
}

/** What was sent before the box began to listen may have been carried out by an earlier run of it, which alone would know. */
function staleness(
  { nonces, sinceMs }: Gate,
  { nonce, sentMs }: Order,
  { atMs, wallMs, clockTrust }: Arrival,
): 'clock' | 'stale' | null {
  if (nonce !== undefined) return nonces.has(nonce) ? null : 'stale';
  if (clockTrust !== 'ntp') return 'clock';
  const sinceWallMs = wallMs - (atMs - sinceMs);
  return Math.abs(wallMs - sentMs) > LIFE_MS || sentMs < sinceWallMs ? 'stale' : null;
}

function challenged(gate: Gate, id: string, reason: Reason, { nonce, atMs }: Arrival): readonly [Gate, Verdict] {
  const nonces = new Map(gate.nonces).set(nonce, plus(atMs, LIFE_MS));
  for (const oldest of [...nonces.keys()].slice(0, Math.max(0, nonces.size - NONCES))) nonces.delete(oldest);
  return [
    { ...gate, nonces },
    { type: 'refuse', id, reason, nonce },
  ];
}

function refused(gate: Gate, id: string | null, reason: Reason, detail?: string): readonly [Gate, Verdict] {
  return [gate, { type: 'refuse', id, reason, ...(detail === undefined ? {} : { detail }) }];
}
