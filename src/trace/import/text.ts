/**
 * Any other text: bytes in hexadecimal, with a time and a word of direction in the line or in one above it. Bytes stand as `01 03 0A`,
 * `0x01,0x03`, `01|03`, `01-03`, `01:03`, `[01][03]` (libmodbus: sent), `<01><03>` (received), or `01030a...` from ten digits on.
 * Characters behind two spaces are not looked at. Times: a date, a time of the day, or seconds with a point at the head of the line.
 */

import { t } from '../../language.ts';
import { linesOf, type TimeKind, timeIn } from './lines.ts';
import { nothingIn, type Piece, type Recording } from './recording.ts';

const PAIRS =
  /(?<![\w.])(?:0x[0-9a-f]{1,2}|[0-9a-f]{2})(?:(?:, ?|; ?|[ \t|:-])(?:0x[0-9a-f]{1,2}|[0-9a-f]{2}))+(?![\w.])/gi;
const BRACKETS = /(?:\[[0-9a-f]{2}\])+/gi;
const ANGLES = /(?:<[0-9a-f]{2}>)+/gi;
const SOLID = /(?<![\w.])(?:[0-9a-f]{2}){5,}(?![\w.])/gi;
/** a byte that is all there is but for what follows in brackets: `48 (072) A` */
const ALONE = /^\s*(?:0x)?([0-9a-f]{2})\s*(?:\(.*)?$/i;

const SAID: readonly [side: 0 | 1, words: RegExp][] = [
  [1, /(?<![\w])(?:rxd?|recv|recvd|received?|read|resp|response|rsp|reply|answer|device|slave|server)(?![\w])/i],
  [0, /(?<![\w])(?:txd?|sent|send|sending|write|written|req|request|query|host|master|client)(?![\w])/i],
  [1, /接收|收到|应答|响应|←|<--?|<<|^\s*</],
  [0, /发送|请求|→|--?>|>>|^\s*>/],
];
const HALF_DAY_MS = 43_200_000;
const DAY_MS = 86_400_000;

/** `file`: what errors call it. */
export function readText(bytes: Uint8Array, file: string): Recording {
  const pieces: Piece[] = [];
  let kind: TimeKind | null = null;
  let [atMs, days] = [0, 0];
  let side: Piece['side'] = null;
  let others = 0;
  for (const { text } of linesOf(bytes)) {
    const time = timeIn(text);
    if (time && (kind === null || kind === time.kind)) {
      // A log by the time of the day goes on past midnight.
      if (time.kind === 'day' && kind !== null && time.ms + days * DAY_MS < atMs - HALF_DAY_MS) days++;
      kind = time.kind;
      atMs = time.ms + (time.kind === 'day' ? days * DAY_MS : 0);
    }
    const found = bytesIn(time?.rest ?? text);
    const said = found?.side ?? sideOf(found?.rest ?? time?.rest ?? text);
    if (said !== null || time) side = said;
    if (found) pieces.push({ line: '', side, atMs, bytes: found.bytes });
    else others++;
  }
  if (pieces.length === 0) throw nothingIn(file, '"12:00:01.250 tx 01 03 10 10 00 06 c1 0d"');
  const notes = others > 0 ? [t(`${others} lines hold no bytes`, `${others} 行不含字节`)] : [];
  return { pieces, clock: kind === null ? 'none' : kind === 'date' ? 'wall' : 'relative', notes };
}

function sideOf(text: string): 0 | 1 | null {
  const [side] = SAID.find(([, words]) => words.test(text)) ?? [null];
  return side;
}

interface Found {
  readonly bytes: Uint8Array;
  readonly side: 0 | 1 | null;
  /** the line without them */
  readonly rest: string;
}

/** The longest list of bytes in a line. */
function bytesIn(text: string): Found | null {
  const lists: readonly (readonly [RegExp, 0 | 1 | null])[] = [
    [PAIRS, null],
    [BRACKETS, 0],
    [ANGLES, 1],
    [SOLID, null],
  ];
  for (const [list, side] of lists) {
    const longest = (text.match(list) ?? []).reduce((a, b) => (b.length > a.length ? b : a), '');
    if (longest === '') continue;
    return { bytes: hexOf(longest, list === SOLID), side, rest: text.replace(longest, ' ') };
  }
  const words = SAID.reduce((rest, [, said]) => rest.replace(said, ' '), text);
  const alone = ALONE.exec(words.replace(/^\s*[-<>]+/, ''))?.[1];
  return alone === undefined ? null : { bytes: Uint8Array.of(Number.parseInt(alone, 16)), side: null, rest: text };
}

function hexOf(list: string, solid: boolean): Uint8Array {
  const pairs = solid ? list.match(/../g) : list.match(/0x[0-9a-f]{1,2}|[0-9a-f]{2}/gi);
  return Uint8Array.from(pairs ?? [], (pair) => Number.parseInt(pair, 16));
}
