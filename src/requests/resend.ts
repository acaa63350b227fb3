/**
 * Where the records of a range are in the outbox. Ids grow with (boot, seq), so the first one is found by halving, not by reading all
 * that waits. Knows the outbox only by a function that reads.
 */

import type { Lane } from '../lift/events.ts';
import type { StoredRecord } from '../outbox/port.ts';
import type { RequestSources } from './sources.ts';

export interface Range {
  readonly boot: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

const LANES = ['alarm', 'telemetry'] as const satisfies readonly Lane[];
const READ_AT_ONCE = 200;

/** Those of the range that the outbox still has, by seq. */
export async function findRange(read: RequestSources['records'], range: Range): Promise<readonly StoredRecord[]> {
  const found: StoredRecord[] = [];
  for (const lane of LANES) {
    let afterId = await lastIdBefore((id) => read(lane, id, 1), range);
    for (let more = true; more; ) {
      const records = await read(lane, afterId, READ_AT_ONCE);
      found.push(...records.filter((record) => isWithin(record, range)));
      const last = records.at(-1);
      more = records.length === READ_AT_ONCE && last !== undefined && !isAfter(last, range);
      afterId = last?.id ?? afterId;
    }
  }
  return found.sort((a, b) => a.seq - b.seq);
}

/** An id that every record of the range is above, and none of those far before it. */
async function lastIdBefore(
  next: (afterId: number) => Promise<readonly StoredRecord[]>,
  range: Range,
): Promise<number> {
  const isBelow = async (id: number) => {
    const [record] = await next(id);
    return record !== undefined && comes(record, range.boot, range.firstSeq) < 0;
  };
  if (!(await isBelow(0))) return 0;
  let [low, high] = [0, 1];
  while (await isBelow(high)) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isBelow(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function isWithin({ boot, seq }: StoredRecord, range: Range): boolean {
  return boot === range.boot && seq >= range.firstSeq && seq <= range.lastSeq;
}

function isAfter(record: StoredRecord, range: Range): boolean {
  return comes(record, range.boot, range.lastSeq) > 0;
}

/** Below 0: before (boot, seq). Boots of one store count up after the dot; a boot of another store is not in this outbox. */
function comes(record: StoredRecord, boot: string, seq: number): number {
  return numberOf(record.boot) - numberOf(boot) || record.seq - seq;
}

function numberOf(boot: string): number {
  return Number(boot.slice(boot.lastIndexOf('.') + 1)) || 0;
}

/** The seqs of the range that are not among `seqs` (which rise), as runs; the first `most` of them. */
export function missingRuns(
  { firstSeq, lastSeq }: Range,
  seqs: readonly number[],
  most = 100,
): readonly (readonly [first: number, last: number])[] {
  const runs: [number, number][] = [];
  let from = firstSeq;
  for (const seq of [...seqs, lastSeq + 1]) {
    if (seq > from) runs.push([from, seq - 1]);
    from = seq + 1;
  }
  return runs.slice(0, most);
}
