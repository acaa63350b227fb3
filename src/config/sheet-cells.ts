/** What the cells of a spreadsheet mean: names of columns in both languages, and the text of a cell as a value of the profile. */

import { t } from '../language.ts';
import { DIRECTIONS, SERVICE_MODES, SIGNAL_NAMES, SIGNALS } from '../lift/signals.ts';
import type { Table } from '../sense/observation.ts';
import { nearest } from './nearest.ts';

/** Columns of the table of fields, each with its Chinese name. `note` is for people: it becomes a comment. */
export const FIELD_COLUMNS = {
  signal: '信号',
  table: '表',
  address: '地址',
  type: '类型',
  bit: '位',
  bits: '位段',
  invert: '取反',
  scale: '系数',
  offset: '偏移',
  values: '含义',
  group: '快慢',
  note: '备注',
} as const;
export type FieldColumn = keyof typeof FIELD_COLUMNS;

/** Columns of the table of fault numbers. */
export const FAULT_COLUMNS = { code: '故障号', fault: '故障', en: '英文', zh: '中文' } as const;
export type FaultColumn = keyof typeof FAULT_COLUMNS;

/** What a cell comes to: the value (or the text as it is, for the schema to refuse), or what is wrong with it. */
export type CellValue = { readonly value: unknown } | { readonly expected: string; readonly nearest?: string };

/** Without the blanks around it, and with plain digits and signs for full-width ones. */
export function plainCell(cell: string): string {
  return cell.normalize('NFKC').trim();
}

const TABLE_WORDS: { readonly [word: string]: Table } = {
  ...{ '1': 'coil', '2': 'discrete', '3': 'holding', '4': 'input' },
  ...{ 线圈: 'coil', 离散输入: 'discrete', 保持寄存器: 'holding', 输入寄存器: 'input' },
};
const BOOLEANS: { readonly [word: string]: boolean } = {
  ...{ true: true, yes: true, '1': true, 是: true, 真: true },
  ...{ false: false, no: false, '0': false, 否: false, 假: false },
};

/** `decimalComma`: cells are parted by something else, as where a comma stands before decimals. */
export function fieldCell(column: FieldColumn, cell: string, decimalComma: boolean): CellValue {
  switch (column) {
    case 'signal':
      return { value: SIGNAL_NAMES.find((name) => SIGNALS[name].zh === cell) ?? cell };
    case 'table':
      return { value: TABLE_WORDS[cell] ?? cell.toLowerCase() };
    case 'address':
      return { value: addressOf(cell) ?? cell };
    case 'bit':
    case 'scale':
    case 'offset':
      return { value: numberOf(cell, decimalComma) ?? cell };
    case 'bits':
      return bitsOf(cell);
    case 'invert':
      return { value: BOOLEANS[cell.toLowerCase()] ?? cell };
    case 'values':
      return valuesOf(cell);
    case 'type':
    case 'group':
      return { value: cell.toLowerCase() };
    case 'note':
      return { value: cell };
  }
}

/** `4120`, `0x1018` or `1018H`. */
export function addressOf(cell: string): number | null {
  const hex = /^(?:0x([0-9a-f]+)|([0-9][0-9a-f]*)h)$/i.exec(cell);
  if (hex) return Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
  return /^\d+$/.test(cell) ? Number(cell) : null;
}

export function isHex(cell: string): boolean {
  return !/^\d+$/.test(cell) && addressOf(cell) !== null;
}

export function numberOf(cell: string, decimalComma = false): number | null {
  const said = decimalComma ? cell.replace(/^([+-]?\d*),(\d+)$/, '$1.$2') : cell;
  return said !== '' && Number.isFinite(Number(said)) ? Number(said) : null;
}

function bitsOf(cell: string): CellValue {
  const found = /^(\d{1,2})\s*(?:\.\.|-|~|to|至)\s*(\d{1,2})$/.exec(cell);
  if (found) return { value: [Number(found[1]), Number(found[2])] };
  return {
    expected: t('first and last bit with two dots between, 4..7', '首位和末位，中间两个点，如 4..7'),
  };
}

const NAMES = [...new Set<string>([...SERVICE_MODES, ...DIRECTIONS, 'true', 'false'])];

/** `1=up; 2=down`, one or many. */
function valuesOf(cell: string): CellValue {
  const values: { [raw: string]: string | boolean } = {};
  for (const part of cell.split(/[;,|\n]/)) {
    const said = part.trim();
    if (said === '') continue;
    const [, raw, name = ''] = /^(\d+|0x[0-9a-f]+)\s*[=:]\s*(.+)$/i.exec(said) ?? [];
    if (raw === undefined)
      return { expected: t('number=name with ; between, 1=up; 2=down', '“数值=名称”，以 ; 分隔，如 1=up; 2=down') };
    const lower = name.toLowerCase();
    if (!NAMES.includes(lower)) {
      const like = nearest(name, NAMES);
      const expected = t(`for ${raw} one of ${NAMES.join(', ')}`, `${raw} 对应以下之一：${NAMES.join(', ')}`);
      return { expected, ...(like !== undefined && { nearest: `${raw}=${like}` }) };
    }
    values[String(Number(raw))] = lower === 'true' || lower === 'false' ? lower === 'true' : lower;
  }
  return { value: values };
}
