/**
 * Logs of interceptty: a byte a line, `> 	0x41 (A)` towards the device and `< 0x41 (A)` from it. Newer ones put a time in brackets
 * before the byte; the others tell no times.
 */

import { t } from '../../language.ts';
import { linesOf, timeIn } from './lines.ts';
import { nothingIn, type Piece, type Recording } from './recording.ts';

export const INTERCEPTTY_LINE = /^(?:\[([^\]]*)\]\s*)?([<>])\s*(?:\[([^\]]*)\]\s*)?0x([0-9a-fA-F]{2})(?:\s+\(.*|\s*)$/;

/** `file`: what errors call it. */
export function readInterceptty(bytes: Uint8Array, file: string): Recording {
  const pieces: Piece[] = [];
  let others = 0;
  let timed = 0;
  let wall = false;
  let lastMs = 0;
  for (const { text } of linesOf(bytes)) {
    const [, before, arrow, after, hex] = INTERCEPTTY_LINE.exec(text) ?? [];
    if (hex === undefined) {
      others++;
      continue;
    }
    const time = timeIn(before ?? after ?? '');
    if (time) {
      timed++;
      wall ||= time.kind === 'date';
      lastMs = time.ms;
    }
    pieces.push({
      line: '',
      side: arrow === '>' ? 0 : 1,
      atMs: lastMs,
      bytes: Uint8Array.of(Number.parseInt(hex, 16)),
    });
  }
  if (pieces.length === 0) throw nothingIn(file, '"> 0x41 (A)"');
  const notes = others > 0 ? [t(`${others} lines hold no byte`, `${others} 行不含字节`)] : [];
  return { pieces, clock: timed === 0 ? 'none' : wall ? 'wall' : 'relative', notes };
}
