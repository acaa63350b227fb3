/**
 * Logs of `socat -x` and `socat -x -v` (standard error):
 *
 *     > 2026/11/23 13:36:58.000575602  length=8 from=0 to=7
 *      01 03 10 10 00 06 c1 0d                          ........
 *     --
 *
 * `>`: from the first address to the second. A block is one read(). With `-v` a line has 16 bytes or ends after a 0A, with the
 * characters from column 51 on, and `--` ends the block. Version 1.7.4 writes microseconds with nine digits (000575602 is
 * 0.575602 s), older ones with six: where every fraction of nine digits begins with 000, they are microseconds.
 */

import { t } from '../../language.ts';
import { linesOf, wallMsOf } from './lines.ts';
import { lineError, nothingIn, type Piece, type Recording } from './recording.ts';

export const SOCAT_HEADER =
  /^([<>]) (\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? +length=(\d+) from=\d+ to=\d+\s*$/;
const HEX = /^(?: [0-9a-f]{2})+\s*$/;
/** 16 bytes of three characters */
const HEX_COLUMNS = 48;

interface Open {
  readonly side: 0 | 1;
  readonly time: readonly (string | undefined)[];
  readonly fraction: string;
  readonly length: number;
  readonly line: number;
  readonly bytes: number[];
}

/** `file`: what errors call it. Throws GatewayError `capture-invalid` where a block has not the bytes that its head tells. */
export function readSocat(bytes: Uint8Array, file: string): Recording {
  const blocks: Open[] = [];
  let open: Open | null = null;
  for (const { text, number } of linesOf(bytes)) {
    const header = SOCAT_HEADER.exec(text);
    if (header) {
      if (open) refuseShort(file, open);
      open = opened(header, number);
      blocks.push(open);
      if (open.length === 0) open = null;
      continue;
    }
    const hex = hexOf(text);
    if (!open || hex === null) continue;
    open.bytes.push(...hex);
    if (open.bytes.length > open.length) refuse(file, open, number);
    if (open.bytes.length === open.length) open = null;
  }
  if (blocks.length === 0) throw nothingIn(file, '"> 2026/11/23 13:36:58.575602  length=8 from=0 to=7"');
  const nine = blocks.filter(({ fraction }) => fraction.length === 9);
  const padded = nine.every(({ fraction }) => fraction.startsWith('000'));
  const pieces = blocks.flatMap((block): Piece | [] => {
    if (block.bytes.length === 0) return [];
    const fraction = padded && block.fraction.length === 9 ? block.fraction.slice(3) : block.fraction;
    const atMs = wallMsOf(block.time, fraction);
    if (Number.isNaN(atMs)) {
      throw lineError(file, block.line, t('there is no such time', '时间不存在'), t('correct the line', '请更正该行'));
    }
    return { line: '', side: block.side, atMs, bytes: Uint8Array.from(block.bytes) };
  });
  const torn = t(
    `the log ends amid the block of line ${open?.line}: ${open?.bytes.length} of ${open?.length} bytes`,
    `日志在第 ${open?.line} 行的数据块内中断：${open?.length} 字节中只有 ${open?.bytes.length} 字节`,
  );
  return { pieces, clock: 'wall', notes: open ? [torn] : [] };
}

function opened([, arrow, ...rest]: RegExpExecArray, line: number): Open {
  const [fraction = '', length] = rest.slice(6);
  return { side: arrow === '>' ? 0 : 1, time: rest.slice(0, 6), fraction, length: Number(length), line, bytes: [] };
}

/** The bytes of a line, without the characters that `-v` puts behind them; null: a message of socat, or `--`. */
function hexOf(text: string): number[] | null {
  const verbose = text.slice(HEX_COLUMNS, HEX_COLUMNS + 2) === '  ';
  const columns = verbose ? text.slice(0, HEX_COLUMNS) : text;
  if (!HEX.test(columns)) return null;
  return columns
    .trim()
    .split(' ')
    .map((pair) => Number.parseInt(pair, 16));
}

function refuseShort(file: string, open: Open): void {
  if (open.bytes.length < open.length) refuse(file, open, open.line);
}

function refuse(file: string, { line, length, bytes }: Open, at: number): never {
  throw lineError(
    file,
    at,
    t(
      `the block of line ${line} tells ${length} bytes and has ${bytes.length}`,
      `第 ${line} 行的数据块应有 ${length} 字节，实有 ${bytes.length}`,
    ),
    t(
      `take lines out from ${line} to the next head, or save the log again`,
      `请删去第 ${line} 行起的数据块，或重新保存日志`,
    ),
  );
}
