/** What a life says of itself, a line each: before it asks for something, and when that was promised. */

import type { Lane } from '../../src/lift/events.ts';
import type { GapBody, NewRecord, ReaderName, StoredRecord } from '../../src/outbox/port.ts';

/** A record in short; its body follows from it. `n` grows over all records that a chain of lives hands in. */
export interface Spec {
  readonly lane: Lane;
  readonly lift: string | null;
  readonly n: number;
  /** characters of padding */
  readonly pad: number;
  /** of a fault; null for a trip or a mode */
  readonly fault: { readonly phase: 'begin' | 'end'; readonly id: string } | null;
}

/** A body that the store makes by itself. */
export type Made = GapBody | { readonly type: 'digest' };

/** A stored record as the oracle compares it: whose it is, by name, and what it says. */
export interface Seen {
  readonly id: number;
  readonly boot: string;
  readonly seq: number;
  /** null: the body is none that was handed in, to the letter */
  readonly is: Spec | Made | null;
}

export type Said =
  /** a start: the boot, and the ids of the open faults */
  | { readonly say: 'open'; readonly boot: string; readonly openFaults: readonly string[] }
  | { readonly say: 'want'; readonly call: number; readonly specs: readonly Spec[] }
  | { readonly say: 'kept'; readonly call: number; readonly records: readonly (readonly [number, string, number])[] }
  /** read out for the receiver, who may have it from then on */
  | { readonly say: 'read'; readonly reader: ReaderName; readonly lane: Lane; readonly records: readonly Seen[] }
  | { readonly say: 'forget' | 'forgotten'; readonly reader: ReaderName; readonly ids: readonly number[] }
  | { readonly say: 'poison' | 'poisoned'; readonly reader: ReaderName; readonly id: number }
  | { readonly say: 'closed' }
  | { readonly say: 'trouble'; readonly why: string };

export function recordOf({ lane, lift, n, pad, fault }: Spec): NewRecord {
  const padding = String(n)
    .repeat(Math.ceil(pad / String(n).length))
    .slice(0, pad);
  const type = lane === 'telemetry' ? 'trip' : lift === null ? 'box-fault' : 'fault';
  const body = fault ? { type, ...fault, fault: 'entrapment', beganMs: n } : { type: fault ? type : 'mark' };
  return { lane, lift, body: { ...body, n, padding } };
}

export function seenOf(record: StoredRecord): Seen {
  const { id, boot, seq } = record;
  return { id, boot, seq, is: isMade(record.body) ? record.body : specOf(record) };
}

export function nameOf({ boot, seq }: Seen): string {
  return `${boot} ${seq}`;
}

export function isGap(body: object | null): body is GapBody {
  return body !== null && 'type' in body && body.type === 'gap';
}

export function isMade(body: object | null): body is Made {
  return isGap(body) || (body !== null && 'type' in body && body.type === 'digest');
}

function specOf({ lane, lift, body }: StoredRecord): Spec | null {
  const { n, padding, phase, id } = body;
  if (typeof n !== 'number' || typeof padding !== 'string') return null;
  const ofFault = (phase === 'begin' || phase === 'end') && typeof id === 'string';
  const spec: Spec = { lane, lift, n, pad: padding.length, fault: ofFault ? { phase, id } : null };
  return JSON.stringify(recordOf(spec).body) === JSON.stringify(body) ? spec : null;
}

/** The lines of a text that ended anywhere: one that was cut was not said. */
export function saidIn(text: string): Said[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Said);
}
