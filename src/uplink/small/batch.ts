/** Many records in one payload, and back. */

import { fold } from './fold.ts';
import type { BatchRecord } from './form.ts';
import { packMany, unpack } from './pack.ts';
import { unfold } from './unfold.ts';

/** The same records give the same bytes, however often they are sent. What JSON does not hold is left out, as in any message. */
export function encodeBatch(box: string, records: readonly BatchRecord[]): Uint8Array {
  return encodeBatchOf(box, JSON.stringify(records));
}

/** The same of records that are JSON already. */
export function encodeBatchOf(box: string, records: string): Uint8Array {
  return packMany(JSON.stringify(fold(box, JSON.parse(records))));
}

/** The records as they were given, in their order. Throws an Error that says what is wrong. */
export function decodeBatch(payload: Uint8Array): { readonly box: string; readonly records: BatchRecord[] } {
  return unfold(JSON.parse(unpack(payload)));
}
