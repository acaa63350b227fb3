/** The reads of a controller, by a number that names each: table, address and count in one. */

import type { Field } from './decode.ts';
import { type Exchange, type ReadRequest, TABLES } from './observation.ts';

/** What a read of the controller tells. */
export interface Read {
  readonly fields: readonly { readonly field: Field; readonly at: number }[];
  /** it has fast fields: a controller that answers its slow ones alone is not heard, for what matters is in the fast ones */
  readonly fast: boolean;
  /** its place in memory while it is fresh; changed in place, for a number that is replaced is a number to collect */
  fresh: { untilMs: number } | null;
  last: readonly number[] | null;
}

const TABLE_INDEX = { coil: 0, discrete: 1, holding: 2, input: 3 };
const ADDRESSES = 65_536;
const COUNTS = 2048;

export function readKey({ table, address, count }: Exchange): number {
  return (TABLE_INDEX[table] * ADDRESSES + address) * COUNTS + count;
}

/** The read of a key. */
export function requestOf(key: number): Omit<ReadRequest, 'unit'> {
  const at = Math.floor(key / COUNTS);
  return { table: TABLES[Math.floor(at / ADDRESSES)] ?? 'input', address: at % ADDRESSES, count: key % COUNTS };
}

/** The words of a field are the same in both. */
export function sameAt(a: readonly number[], b: readonly number[], from: number, size: number): boolean {
  for (let at = from; at < from + size; at++) if (a[at] !== b[at]) return false;
  return true;
}

export function sameWords(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
