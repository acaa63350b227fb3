/** What a reader makes of a file of another tool, before it is known who is the master: bytes with times and sides. */

import { GatewayError } from '../../errors.ts';
import { t } from '../../language.ts';

/** Names of `--format`. */
export const FORMATS = ['pcap', 'pcapng', 'socat', 'interceptty', 'jpnevulator', 'saleae', 'sigrok', 'text'] as const;
export type Format = (typeof FORMATS)[number];

/** Bytes that the tool saw together. */
export interface Piece {
  /** an interface, a server: bytes of different lines have nothing to do with each other. Empty where there is one line */
  readonly line: string;
  /** which of the two ends spoke, as the tool names them; null: it does not say */
  readonly side: 0 | 1 | null;
  /** of the last byte, ms: since 1970 for a wall clock, else from anywhere */
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

export interface Recording {
  readonly pieces: readonly Piece[];
  /** wall: since 1970, as the file writes it, taken as UTC; none: the file tells no times, and pieces have 0 */
  readonly clock: 'wall' | 'relative' | 'none';
  /** what was left out or put right, in sentences */
  readonly notes: readonly string[];
}

/** `place`: a line or packet of the file, as a person finds it. */
export function importError(file: string, place: string | null, what: string, hint: string): GatewayError {
  return new GatewayError({
    code: 'capture-invalid',
    op: t('importing a recording', '导入录制文件'),
    where: place === null ? file : `${file}, ${place}`,
    hint,
    cause: what,
  });
}

export function lineError(file: string, number: number, what: string, hint: string): GatewayError {
  return importError(file, t(`line ${number}`, `第 ${number} 行`), what, hint);
}

export function nothingIn(file: string, form: string): GatewayError {
  return importError(
    file,
    null,
    t('no bytes of a line were found in it', '其中没有总线字节'),
    t(`what is looked for: ${form}; name another format with --format`, `应为：${form}；可用 --format 指定其他格式`),
  );
}

/** Two names are the two ends of one line; more are lines of their own, and one says nothing of who spoke. */
export function placesOf(names: readonly string[]): (name: string) => Pick<Piece, 'line' | 'side'> {
  const known = [...new Set(names)];
  if (known.length > 2) return (line) => ({ line, side: null });
  if (known.length === 2) return (name) => ({ line: '', side: name === known[0] ? 0 : 1 });
  return () => ({ line: '', side: null });
}
