/**
 * Records that may be why a broker ends the session: MQTT 3.1.1 has no other word for one that it does not take. What was on its way
 * when two sessions in a row ended goes one by one in the next, and what was alone on its way at several ends is to blame. Pure.
 */

import { type MonoMs, plus } from '../clock.ts';
import type { LinkEnd } from './client.ts';
import type { Message } from './drain.ts';
import { SLOW_MS } from './patience.ts';
import type { Online } from './state.ts';

/** Ends with the same record alone on its way, after which it is set aside. Sessions end by chance as well. */
export const RECORD_ENDS = 8;
/** Ends after which what was on its way goes one by one. */
const PATIENT_ENDS = 2;
/** Ends with the same message of several records alone on its way, after which messages are made smaller. */
const BATCH_ENDS = 3;
/** To this part of what was sent. */
const BATCH_PART = 4;

export interface Suspects {
  /** sessions in a row that ended with several messages on their way */
  readonly crowded: number;
  /** messages that go one at a time */
  readonly oneByOne: number;
  /** sessions that ended with that message alone on its way, by its first record */
  readonly ends: ReadonlyMap<number, number>;
  /** no message of several records is made larger than this */
  readonly batchBytes: number;
}

export const noSuspects: Suspects = { crowded: 0, oneByOne: 0, ends: new Map(), batchBytes: Number.POSITIVE_INFINITY };

/** The broker took this message. */
export function cleared(suspects: Suspects, firstId: number): Suspects {
  if (suspects.oneByOne === 0 && suspects.ends.size === 0) return suspects;
  return { ...suspects, oneByOne: Math.max(0, suspects.oneByOne - 1), ends: without(suspects.ends, firstId) };
}

/** A session has ended; `guilty`: the record to set aside for it, or null. */
export function suspect(
  suspects: Suspects,
  state: Online,
  end: LinkEnd,
  atMs: MonoMs,
): { readonly suspects: Suspects; readonly guilty: Message | null } {
  const { inFlight } = state.drain;
  const [first, second] = inFlight.values();
  if (!first || !speaks(state, end, atMs)) return { suspects: { ...suspects, crowded: 0 }, guilty: null };
  if (second) {
    const crowded = suspects.crowded + 1;
    return { suspects: { ...suspects, crowded, oneByOne: crowded < PATIENT_ENDS ? 0 : inFlight.size }, guilty: null };
  }
  const [id = 0] = first.ids;
  const times = (suspects.ends.get(id) ?? 0) + 1;
  const single = first.ids.length === 1;
  const next = times < PATIENT_ENDS ? suspects : { ...suspects, oneByOne: Math.max(1, suspects.oneByOne) };
  if (times < (single ? RECORD_ENDS : BATCH_ENDS))
    return { suspects: { ...next, ends: new Map([...suspects.ends, [id, times]]) }, guilty: null };
  const ends = without(suspects.ends, id);
  if (single) return { suspects: { ...next, ends }, guilty: first };
  return { suspects: { ...next, ends, batchBytes: Math.floor(first.packetBytes / BATCH_PART) }, guilty: null };
}

/** Whether the end may be the broker's word on what it was sent: it answers, and hung up soon after. A network that dies does neither. */
function speaks({ drain }: Online, { kind }: LinkEnd, atMs: MonoMs): boolean {
  const others = drain.greeting || drain.saying;
  return (kind === 'lost' || kind === 'kicked') && !others && atMs < plus(drain.heardMs, SLOW_MS);
}

function without(ends: ReadonlyMap<number, number>, id: number): ReadonlyMap<number, number> {
  return new Map([...ends].filter(([other]) => other !== id));
}
