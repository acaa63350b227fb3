/**
 * Bytes of the "Async Serial" analyser of Saleae Logic, exported as a table, a byte a row. Version 1: `Time [s],Value,Parity
 * Error,Framing Error`. Version 2: `name,type,start_time,duration,data[,error]`; which columns there are and in what order, the
 * person chose. Values in hexadecimal, decimal or binary: characters do not tell all bytes apart.
 */

import { t } from '../../language.ts';
import { linesOf, timeIn } from './lines.ts';
import { lineError, nothingIn, placesOf, type Recording } from './recording.ts';

const FORM = '"Time [s],Value", "name,type,start_time,duration,data"';

interface Columns {
  readonly time: number;
  readonly value: number;
  readonly name: number;
  readonly type: number;
  readonly duration: number;
  readonly errors: readonly number[];
}

/** The columns that a header names, or null where it is none of these tables. */
export function saleaeColumns(header: string): Columns | null {
  const names = fieldsOf(header).map((name) => name.toLowerCase());
  const time = names.findIndex((name) => name === 'start_time' || name === 'time [s]');
  const value = names.findIndex((name) => name === 'data' || name === 'value');
  if (time < 0 || value < 0) return null;
  const errors = names.flatMap((name, at) => (/error$/.test(name) ? at : []));
  const [name, type, duration] = ['name', 'type', 'duration'].map((one) => names.indexOf(one)) as [
    number,
    number,
    number,
  ];
  return { time, value, name, type, duration, errors };
}

/** `file`: what errors call it. Throws GatewayError `capture-invalid` at the first row that cannot be read. */
export function readSaleae(bytes: Uint8Array, file: string): Recording {
  const [header, ...lines] = linesOf(bytes);
  const columns = saleaeColumns(header?.text ?? '');
  if (!columns) throw nothingIn(file, FORM);
  const rows: { name: string; atMs: number; bytes: Uint8Array }[] = [];
  let errors = 0;
  let wall = false;
  for (const { text, number } of lines) {
    const fields = fieldsOf(text);
    const field = (at: number) => fields[at] ?? '';
    if (columns.type >= 0 && field(columns.type) !== 'data') continue;
    const time = timeOf(field(columns.time));
    const value = byteOf(field(columns.value));
    if (time === null || value === null) {
      throw lineError(
        file,
        number,
        time === null
          ? t(`"${field(columns.time).slice(0, 40)}" is no time`, `“${field(columns.time).slice(0, 40)}”不是时间`)
          : t(`"${field(columns.value).slice(0, 40)}" is no byte`, `“${field(columns.value).slice(0, 40)}”不是字节`),
        t(
          'export the table again with the values shown as Hex, or take the line out',
          '请把数值显示设为 Hex 后重新导出，或删去该行',
        ),
      );
    }
    wall ||= time.wall;
    if (columns.errors.some((at) => field(at) !== '')) errors++;
    const durationMs = Number(field(columns.duration)) * 1000;
    const atMs = time.ms + (durationMs > 0 && durationMs < 1000 ? durationMs : 0);
    rows.push({ name: field(columns.name), atMs, bytes: Uint8Array.of(value) });
  }
  if (rows.length === 0) throw nothingIn(file, FORM);
  const placeOf = placesOf(rows.map(({ name }) => name));
  const pieces = rows
    .map(({ name, atMs, bytes }) => ({ ...placeOf(name), atMs, bytes }))
    .sort((a, b) => a.atMs - b.atMs);
  const notes =
    errors > 0 ? [t(`${errors} bytes have a parity or framing error`, `${errors} 个字节有校验或帧错误`)] : [];
  return { pieces, clock: wall ? 'wall' : 'relative', notes };
}

/** A row of values set apart by commas or tabs, some in quotes. */
function fieldsOf(row: string): string[] {
  const parts = row.match(/(?:^|[,\t])(?:"[^"]*"|[^,\t]*)/g) ?? [];
  return parts.map((part) =>
    part
      .replace(/^[,\t]/, '')
      .trim()
      .replace(/^"(.*)"$/, '$1'),
  );
}

function timeOf(text: string): { ms: number; wall: boolean } | null {
  if (/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text)) return { ms: Number(text) * 1000, wall: false };
  const found = timeIn(text);
  return found?.kind === 'date' ? { ms: found.ms, wall: true } : null;
}

function byteOf(text: string): number | null {
  const said = text.replace(/\s/g, '').toLowerCase();
  const value = /^(0x[0-9a-f]+|0b[01]+|\d+)$/.test(said) ? Number(said) : Number.NaN;
  return value <= 0xff ? value : null;
}
