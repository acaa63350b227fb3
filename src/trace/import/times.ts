/** Times of a recording as a capture needs them: from 0 on, never going back. */

import { t } from '../../language.ts';
import { importError, type Piece, type Recording } from './recording.ts';

/** Threads that write one log overtake each other by this much; more is a clock that was set back. */
const JITTER_MS = 1000;
const LONGEST_MS = 100 * 365 * 86_400_000;
/** start, eight bits, parity, stop */
const CHARACTER_BITS = 11;
/** between frames of a recording without times */
const GAP_MS = 4;

export interface Timed {
  readonly pieces: readonly Piece[];
  /** of time 0; null where the file does not tell */
  readonly wallAtZeroMs: number | null;
  readonly notes: readonly string[];
}

/** `baud`: for a recording that tells no times. `file`: what errors call it. */
export function timed({ pieces, clock }: Recording, baud: number, file: string): Timed {
  if (clock === 'none') {
    const note = t(`no times in the file: laid end to end at ${baud} baud`, `文件中没有时间：按 ${baud} 波特首尾相接`);
    return { pieces: laidOut(pieces, baud), wallAtZeroMs: null, notes: [note] };
  }
  const firstMs = pieces[0]?.atMs ?? 0;
  let shiftMs = -firstMs;
  let lastMs = 0;
  let steps = 0;
  const steady = pieces.map((piece) => {
    const atMs = piece.atMs + shiftMs;
    if (atMs < lastMs - JITTER_MS) {
      shiftMs += lastMs - atMs;
      steps++;
    }
    lastMs = Math.max(lastMs, piece.atMs + shiftMs);
    return { ...piece, atMs: lastMs };
  });
  if (!(lastMs < LONGEST_MS)) {
    throw importError(
      file,
      null,
      t('its times lie more than a hundred years apart', '其中的时间相差超过一百年'),
      t('look for a damaged time in it', '请检查其中损坏的时间'),
    );
  }
  const notes = [
    t(`its clock was set back ${steps} times; time stands still there`, `其时钟回拨 ${steps} 次，回拨处时间不动`),
  ];
  return { pieces: steady, wallAtZeroMs: clock === 'wall' ? firstMs : null, notes: steps > 0 ? notes : [] };
}

function laidOut(pieces: readonly Piece[], baud: number): Piece[] {
  let atMs = 0;
  let side: Piece['side'] | undefined;
  return pieces.map((piece) => {
    if (side !== undefined && (piece.side !== side || piece.bytes.length > 1)) atMs += GAP_MS;
    side = piece.side;
    atMs += (piece.bytes.length * CHARACTER_BITS * 1000) / baud;
    return { ...piece, atMs };
  });
}
