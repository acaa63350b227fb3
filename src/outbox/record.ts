/** A record as it goes to the store: its JSON text, what it takes of the budget, and what it does to the open faults. */

import { crc32 } from 'node:zlib';
import type { Lane } from '../lift/events.ts';
import type { NewRecord, OpenFault } from './port.ts';

export type FaultChange =
  | { readonly phase: 'begin'; readonly fault: OpenFault }
  | { readonly phase: 'end'; readonly id: string };

export interface Row {
  readonly lane: Lane;
  readonly lift: string | null;
  /** the body as JSON */
  readonly text: string;
  /** bytes of the budget */
  readonly cost: number;
  readonly faultChange: FaultChange | null;
}

/** Beside the body a row takes its header, id, boot, seq and cost, a cell pointer, and its share of the tree above. */
const ROW_OVERHEAD_BYTES = 40;

export function costOf(text: string, lift: string | null): number {
  return Buffer.byteLength(text) + (lift === null ? 0 : Buffer.byteLength(lift)) + ROW_OVERHEAD_BYTES;
}

/** Throws a TypeError where the body is no JSON object, or says it is a gap: only the store makes those. */
export function rowOf({ lane, lift, body }: NewRecord): Row {
  if (body.type === 'gap') throw new TypeError('a body of type "gap" is made by the outbox alone');
  const text = JSON.stringify(body);
  if (text === undefined || !text.startsWith('{')) throw new TypeError('a body must be a JSON object');
  return { lane, lift, text, cost: costOf(text, lift), faultChange: faultChangeOf(lift, body) };
}

function faultChangeOf(lift: string | null, body: NewRecord['body']): FaultChange | null {
  const { type, phase, id, fault, subject, beganMs } = body;
  if (type !== (lift === null ? 'box-fault' : 'fault') || typeof id !== 'string') return null;
  if (phase === 'end') return { phase, id };
  if (phase !== 'begin' || typeof fault !== 'string' || typeof beganMs !== 'number') return null;
  return {
    phase,
    fault: { id, lift, fault, beganMs, ...(typeof subject === 'string' ? { subject } : {}) },
  };
}

/** What is kept beside a record to find out whether the disk has changed it: SQLite keeps no sum of its pages. */
export function sumOf(boot: string, { id, seq, lift, body }: Sealed): number {
  return crc32(body, crc32(`${id} ${boot} ${seq} ${lift ?? ''}`));
}

/** False where the disk has changed it. Rows of a file of an earlier version have no sum. */
export function isWhole(boot: string, row: Sealed & { readonly sum: number | null }): boolean {
  return row.sum === null || row.sum === sumOf(boot, row);
}

interface Sealed {
  readonly id: number;
  readonly seq: number;
  readonly lift: string | null;
  /** as JSON */
  readonly body: string;
}

export type Body = Readonly<Record<string, unknown>>;

/** Null where it is damaged. */
export function parsed(text: string): Body | null {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return null;
  }
}
