/**
 * Logs of `jpnevulator --timing-print --read`: a head `2006-05-30 13:23:49.461075: /dev/ttyS0` (the name only where there are
 * several), then lines of upper-case bytes, with characters behind three spaces where it was told to.
 */

import { t } from '../../language.ts';
import { linesOf, wallMsOf } from './lines.ts';
import { lineError, nothingIn, placesOf, type Recording } from './recording.ts';

export const JPNEVULATOR_HEADER = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{6}):(?: (.*?))?\s*$/;
const BYTES = /^([0-9A-F]{2}(?: [0-9A-F]{2})*)(?:\s{2,}.*|\s*)$/;

/** `file`: what errors call it. Throws GatewayError `capture-invalid` for a time that cannot be. */
export function readJpnevulator(bytes: Uint8Array, file: string): Recording {
  const rows: { name: string; atMs: number; bytes: Uint8Array }[] = [];
  let head: { name: string; atMs: number } | null = null;
  let others = 0;
  for (const { text, number } of linesOf(bytes)) {
    const header = JPNEVULATOR_HEADER.exec(text);
    if (header) {
      const atMs = wallMsOf(header.slice(1, 7), header[7]);
      if (Number.isNaN(atMs)) {
        throw lineError(file, number, t('there is no such time', '时间不存在'), t('correct the line', '请更正该行'));
      }
      head = { name: header[8] ?? '', atMs };
      continue;
    }
    const pairs = BYTES.exec(text)?.[1];
    if (!head || pairs === undefined) others++;
    else rows.push({ ...head, bytes: Uint8Array.from(pairs.split(' '), (pair) => Number.parseInt(pair, 16)) });
  }
  if (rows.length === 0) throw nothingIn(file, '"2006-05-30 13:23:49.461075:", "01 03 10 10"');
  const placeOf = placesOf(rows.map(({ name }) => name));
  const pieces = rows.map(({ name, atMs, bytes }) => ({ ...placeOf(name), atMs, bytes }));
  return {
    pieces,
    clock: 'wall',
    notes: others > 0 ? [t(`${others} lines hold no byte`, `${others} 行不含字节`)] : [],
  };
}
