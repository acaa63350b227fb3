/** A recording as a capture of ours: its lines as buses, and what was found on each. */

import { monoMs, type WallMs } from '../../clock.ts';
import { t } from '../../language.ts';
import { CaptureWriter } from '../file.ts';
import { type Format, importError, type Piece, type Recording } from './recording.ts';
import { timed } from './times.ts';
import { type Line, lineOf } from './turns.ts';

/** More lines than a machine room has: a person has to choose. */
const MOST_LINES = 32;

export interface ImportedLine extends Line {
  readonly bus: string;
  /** as the recording calls it; empty where it has no name */
  readonly name: string;
}

export interface Imported {
  readonly lines: readonly ImportedLine[];
  readonly spanMs: number;
  readonly notes: readonly string[];
  /** the pcapng file */
  readonly capture: Uint8Array;
}

export interface ImportTarget {
  /** id of the bus; several lines are `bus-1`, `bus-2` and on */
  readonly bus: string;
  /** the name of the one line that is wanted */
  readonly only: string | null;
  /** for a recording without times */
  readonly baud: number;
  readonly format: Format;
  readonly file: string;
}

/** Throws GatewayError `capture-invalid` where the wanted line is not in it, or too many are. */
export function imported(recording: Recording, { bus, only, baud, format, file }: ImportTarget): Imported {
  const { pieces, wallAtZeroMs, notes } = timed(recording, baud, file);
  const byLine = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const known = byLine.get(piece.line);
    if (known) known.push(piece);
    else byLine.set(piece.line, [piece]);
  }
  const names = [...byLine.keys()].filter((name) => only === null || name === only);
  if (names.length === 0 || names.length > MOST_LINES) {
    throw importError(
      file,
      only,
      t(`it has ${byLine.size} lines`, `其中有 ${byLine.size} 条线路`),
      t(`choose one with --line: ${listed(byLine)}`, `请用 --line 选择一条：${listed(byLine)}`),
    );
  }
  const lines = names.map((name, at): ImportedLine => {
    const id = names.length === 1 ? bus : `${bus}-${at + 1}`;
    return { bus: id, name, ...lineOf(byLine.get(name) ?? [], id) };
  });
  const chunks = lines.flatMap((line) => line.chunks).sort((a, b) => a.atMs - b.atMs);
  const endMs = chunks.at(-1)?.atMs ?? monoMs(0);
  const parts: Uint8Array[] = [];
  const writer = new CaptureWriter((bytes) => parts.push(bytes), {
    wallAtZeroMs: (wallAtZeroMs ?? 0) as WallMs,
    clockTrust: wallAtZeroMs === null ? 'unset' : 'rtc',
    box: 'import',
    comment: `hoistway import: ${format}`,
    buses: lines.map((line) => line.bus),
  });
  for (const chunk of chunks) writer.add({ kind: 'chunk', chunk });
  writer.add({ kind: 'end', atMs: endMs });
  const all = [...recording.notes, ...notes, ...lines.flatMap((line) => line.notes)];
  return { lines, spanMs: endMs - (chunks[0]?.atMs ?? 0), notes: all, capture: Buffer.concat(parts) };
}

function listed(lines: ReadonlyMap<string, unknown>): string {
  const names = [...lines.keys()];
  return `${names.slice(0, MOST_LINES).join(', ')}${names.length > MOST_LINES ? ', …' : ''}`;
}
