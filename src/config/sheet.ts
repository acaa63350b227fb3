/**
 * A controller profile kept as a spreadsheet: rows of settings (name, value), then a table of fields under its header, then, where there
 * is one, a table of fault numbers under its own. Becomes a Document as a YAML file does, so the same schema tells what is wrong;
 * the places are rows and columns. A row that begins with # is a remark.
 */

import { t } from '../language.ts';
import { parseCsv, type Row, SEPARATORS, type Separator } from './csv.ts';
import type { Document, Place } from './document.ts';
import { nearest } from './nearest.ts';
import { type Path, type Problem, pathText, shown } from './problems.ts';
import {
  type CellValue,
  FAULT_COLUMNS,
  FIELD_COLUMNS,
  type FieldColumn,
  fieldCell,
  isHex,
  numberOf,
  plainCell,
} from './sheet-cells.ts';

/** Settings that stand above the tables. */
export const SETTINGS = [
  'title.en',
  'title.zh',
  'source',
  'tested',
  'addressBase',
  'wordOrder',
  'quirks.maxRegisters',
  'quirks.maxBits',
  'quirks.groupSize',
  'quirks.mergeGap',
  'quirks.gapMs',
  'quirks.byteCount',
] as const;
const NUMBERS = /^(addressBase|quirks\.)/;

/** A spreadsheet read into a Document. `notes` and `hex` by field: the remark of its row, and whether its address was written so. */
export interface Sheet {
  readonly document: Document;
  readonly notes: readonly string[];
  readonly hex: readonly boolean[];
}

interface Header {
  readonly kind: 'field' | 'fault';
  /** by place in the row; null: no such column, told already */
  readonly columns: readonly (string | null)[];
}
type Block = { [key: string]: unknown };

/** `name`: of the profile, which is that of the file it becomes. */
export function readSheet(text: string, file: string, name: string): Sheet {
  return new SheetReader(file, name).read(text);
}

class SheetReader {
  readonly #file: string;
  readonly #problems: Problem[] = [];
  readonly #places = new Map<string, Place>();
  readonly #sources = new Map<string, string>();
  readonly #value: Block;
  readonly #fields: Block[] = [];
  readonly #faults = new Map<string, Block>();
  readonly #notes: string[] = [];
  readonly #hex: boolean[] = [];
  #decimalComma = false;

  constructor(file: string, name: string) {
    this.#file = file;
    this.#value = { profile: name, tested: 'simulated' };
  }

  read(text: string): Sheet {
    const { rows, trouble, separator } = rowsOf(text);
    this.#decimalComma = separator !== ',';
    if (trouble) {
      const { row: line, column, said, expected } = trouble;
      this.#problems.push({ file: this.#file, line, column, path: '', said, expected });
    } else if (!rows.some(({ cells }) => headerKind(cells))) {
      const columns = Object.keys(FIELD_COLUMNS).slice(0, 3).join(', ');
      const expected = t(
        `a row with the names of the columns (${columns} …), as "hoistway profile template" makes it`,
        `含列名（${columns} …）的一行，见 hoistway profile template`,
      );
      this.#tell('', { line: 1, column: 1 }, t('no table of fields', '没有字段表'), expected);
    } else {
      this.#rows(rows);
    }
    const told = this.#problems.length > 0 && this.#fields.length === 0;
    return {
      document: {
        file: this.#file,
        value: told
          ? undefined
          : { ...this.#value, fields: this.#fields, faultCodes: Object.fromEntries(this.#faults) },
        problems: this.#problems,
        valueAt: (path) => this.#placeOf(path),
        keyAt: (path) => this.#placeOf(path),
        sourceOf: (path) => this.#sources.get(pathText(path)) ?? null,
      },
      notes: this.#notes,
      hex: this.#hex,
    };
  }

  #rows(rows: readonly Row[]): void {
    let header: Header | null = null;
    for (const { row, cells: raw } of rows) {
      const cells = raw.map(plainCell);
      if (cells.every((cell) => cell === '') || cells[0]?.startsWith('#')) continue;
      const kind = headerKind(cells);
      if (kind) header = this.#header(kind, row, cells);
      else if (!header) this.#setting(row, cells, raw);
      else {
        if (header.kind === 'field') this.#field(row, cells, raw, header.columns);
        else this.#fault(row, cells, raw, header.columns);
      }
    }
  }

  #header(kind: Header['kind'], row: number, cells: readonly string[]): Header {
    const known = kind === 'field' ? FIELD_COLUMNS : FAULT_COLUMNS;
    const headerName = t('name of the column', '列名');
    const columns = cells.map((cell, at) => {
      if (cell === '') return null;
      const name = columnOf(known, cell);
      if (name !== null) return name;
      const names = Object.keys(known);
      const expected = t(`one of the columns ${names.join(', ')}`, `以下列之一：${names.join(', ')}`);
      this.#tell(headerName, { line: row, column: at + 1 }, shown(cell), expected, nearest(cell, names));
      return null;
    });
    return { kind, columns };
  }

  #setting(row: number, cells: readonly string[], raw: readonly string[]): void {
    const [key = '', said = ''] = cells;
    const name = SETTINGS.find((each) => each.toLowerCase() === key.toLowerCase());
    if (!name) {
      const expected = t(`one of ${SETTINGS.join(', ')}`, `以下之一：${SETTINGS.join(', ')}`);
      this.#tell(
        t('name of the setting', '设置名'),
        { line: row, column: 1 },
        shown(key),
        expected,
        nearest(key, SETTINGS),
      );
      return;
    }
    if (said === '') return;
    const path = name.split('.');
    this.#mark(path, { line: row, column: 2 }, said);
    const value = NUMBERS.test(name) ? (numberOf(said) ?? said) : (raw[1] ?? '').trim();
    const [block = '', inner] = path;
    if (inner === undefined) this.#value[block] = value;
    else this.#value[block] = { ...(this.#value[block] as Block | undefined), [inner]: value };
  }

  #field(row: number, cells: readonly string[], raw: readonly string[], columns: Header['columns']): void {
    const index = this.#fields.length;
    const field: Block = {};
    this.#places.set(pathText(['fields', index]), { line: row, column: 1 });
    let [note, hex] = ['', false];
    for (const [at, name] of columns.entries()) {
      const cell = cells[at] ?? '';
      if (name === null) continue;
      const place = { line: row, column: at + 1 };
      this.#mark(['fields', index, name], place, cell);
      if (cell === '') continue;
      if (name === 'note') note = (raw[at] ?? '').trim();
      else this.#keep(field, name, fieldCell(name as FieldColumn, cell, this.#decimalComma), place, cell);
      if (name === 'address') hex = isHex(cell);
    }
    this.#fields.push(field);
    this.#notes.push(note);
    this.#hex.push(hex);
  }

  #fault(row: number, cells: readonly string[], raw: readonly string[], columns: Header['columns']): void {
    const cellOf = (name: string) => cells[columns.indexOf(name)] ?? '';
    const code = cellOf('code');
    const path = ['faultCodes', code];
    if (!/^[1-9]\d*$/.test(code)) {
      const place = { line: row, column: columns.indexOf('code') + 1 };
      this.#tell('code', place, shown(code), t('a fault number, 1 or more', '故障号，不小于 1'));
      return;
    }
    if (this.#faults.has(code)) {
      const first = this.#placeOf(path).line;
      const said = t(`${code}, as in row ${first}`, `${code}，与第 ${first} 行重复`);
      this.#tell(
        'code',
        { line: row, column: columns.indexOf('code') + 1 },
        said,
        t('each number once', '每个故障号一次'),
      );
      return;
    }
    const fault: Block = {};
    this.#mark(path, { line: row, column: columns.indexOf('code') + 1 }, code);
    for (const [at, name] of columns.entries()) {
      if (name === null || name === 'code') continue;
      this.#mark([...path, name], { line: row, column: at + 1 }, cells[at] ?? '');
      if (cells[at]) fault[name] = name === 'fault' ? cells[at] : raw[at]?.trim();
    }
    this.#faults.set(code, fault);
  }

  #keep(block: Block, name: string, cell: CellValue, place: Place, said: string): void {
    if ('value' in cell) block[name] = cell.value;
    else this.#tell(name, place, shown(said), cell.expected, cell.nearest);
  }

  #mark(path: Path, place: Place, source: string): void {
    this.#places.set(pathText(path), place);
    this.#sources.set(pathText(path), source);
  }

  #placeOf(path: Path): Place {
    for (let length = path.length; length > 0; length--) {
      const place = this.#places.get(pathText(path.slice(0, length)));
      if (place) return place;
    }
    return { line: 1, column: 1 };
  }

  #tell(name: string, place: Place, said: string, expected: string, near?: string): void {
    const like = near === undefined ? {} : { nearest: near };
    this.#problems.push({ file: this.#file, ...place, path: rowName(place.line, name), said, expected, ...like });
  }
}

/** How a cell is called in a problem: `row 12, address`. */
export function rowName(row: number, name: string): string {
  return [t(`row ${row}`, `第 ${row} 行`), ...(name === '' ? [] : [name])].join(t(', ', '，'));
}

/** Parted by what makes a header of some row; a spreadsheet may say so itself in a first row `sep=;`. */
function rowsOf(text: string): ReturnType<typeof parseCsv> & { separator: Separator } {
  const tries = SEPARATORS.map((separator) => ({ separator, ...parseCsv(text, separator) }));
  const found = tries.find(({ rows }) => rows.some(({ cells }) => headerKind(cells)));
  const { rows, ...rest } = found ?? tries[0] ?? { separator: ',', rows: [], trouble: null };
  return { ...rest, rows: rows.filter(({ row, cells }) => row > 1 || !/^sep=/i.test(cells[0] ?? '')) };
}

/** Whether the names of columns stand in this row: the first, and another. */
function headerKind(cells: readonly string[]): Header['kind'] | null {
  const plain = cells.map(plainCell);
  const begins = (columns: { readonly [name: string]: string }) =>
    plain.filter((cell) => columnOf(columns, cell) !== null).length >= 2;
  if (columnOf({ signal: FIELD_COLUMNS.signal }, plain[0] ?? '') && begins(FIELD_COLUMNS)) return 'field';
  if (columnOf({ code: FAULT_COLUMNS.code }, plain[0] ?? '') && begins(FAULT_COLUMNS)) return 'fault';
  return null;
}

function columnOf(columns: { readonly [name: string]: string }, cell: string): string | null {
  const found = Object.entries(columns).find(([name, zh]) => name === cell.toLowerCase() || zh === cell);
  return found?.[0] ?? null;
}
