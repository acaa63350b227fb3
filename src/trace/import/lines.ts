/** Text logs: their lines, and the times that stand in them. */

export interface TextLine {
  readonly text: string;
  /** from 1 */
  readonly number: number;
}

/** UTF-8, or UTF-16 where its mark says so (a Windows shell writes that). */
export function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  return new TextDecoder().decode(bytes);
}

/** Lines that hold anything. */
export function linesOf(bytes: Uint8Array): TextLine[] {
  return textOf(bytes)
    .split(/\r\n|\n|\r/)
    .map((text, at) => ({ text, number: at + 1 }))
    .filter(({ text }) => text.trim() !== '');
}

/** ms of a fraction of a second that is written in these digits */
export function fractionMs(digits = ''): number {
  return digits === '' ? 0 : Number(`0.${digits}`) * 1000;
}

/** ms since 1970 of a date and time in these digits, taken as UTC; NaN where there is no such day or hour. */
export function wallMsOf(parts: readonly (string | undefined)[], fraction?: string): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  const sound = month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second <= 60;
  return sound ? Date.UTC(year, month - 1, day, hour, minute, second) + fractionMs(fraction) : Number.NaN;
}

export type TimeKind = 'date' | 'day' | 'seconds';

export interface TimeFound {
  readonly kind: TimeKind;
  /** since 1970, since midnight, or since anything */
  readonly ms: number;
  /** the line without it */
  readonly rest: string;
}

const HOUR = String.raw`(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?`;
const DATE = new RegExp(String.raw`(?<!\d)(\d{4})[-/.](\d\d)[-/.](\d\d)[T ,@]+${HOUR}(?![\w:])(?:Z|[+-]\d\d:\d\d)?`);
const DAY_FIRST = new RegExp(String.raw`(?<!\d)(\d\d)[-/.](\d\d)[-/.](\d{4})[T ,@]+${HOUR}(?![\w])`);
/** `01:03:10:06` are bytes */
const OF_DAY = new RegExp(String.raw`(?<![\w:.])${HOUR}(?![\w])(?!:[0-9a-fA-F])`);
const SECONDS = /^\s*[[(]?\s*(\d{1,10}\.\d{1,9})\s*(?:s\b)?\s*[\])]?(?![\w.])/;
const A_CLOCK_S = 1e9;

/** The first time that stands in a line, or null. */
export function timeIn(text: string): TimeFound | null {
  const found = (kind: TimeKind, match: RegExpExecArray, ms: number): TimeFound | null =>
    Number.isFinite(ms)
      ? { kind, ms, rest: `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}` }
      : null;
  const date = DATE.exec(text);
  if (date) return found('date', date, wallMsOf(date.slice(1, 7), date[7]));
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst) {
    const [, day, month, year, ...hour] = dayFirst;
    return found('date', dayFirst, wallMsOf([year, month, day, ...hour.slice(0, 3)], hour[3]));
  }
  const ofDay = OF_DAY.exec(text);
  if (ofDay) return found('day', ofDay, wallMsOf(['1970', '1', '1', ...ofDay.slice(1, 4)], ofDay[4]));
  const seconds = SECONDS.exec(text);
  if (!seconds) return null;
  const s = Number(seconds[1]);
  return found(s >= A_CLOCK_S ? 'date' : 'seconds', seconds, s * 1000);
}
