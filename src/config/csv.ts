/** CSV as spreadsheets save it: RFC 4180, with `,`, `;` or a tab between cells, UTF-8 (with a BOM or without) or GB18030. */

import { t } from '../language.ts';

/** Cells of one row. Rows count from 1 as a spreadsheet shows them, whatever line of the file they stand on. */
export interface Row {
  readonly row: number;
  readonly cells: readonly string[];
}

/** `row` and `column` from 1. */
export interface CsvTrouble {
  readonly row: number;
  readonly column: number;
  readonly said: string;
  readonly expected: string;
}

export const SEPARATORS = [',', ';', '\t'] as const;
export type Separator = (typeof SEPARATORS)[number];

/** The text of a file, or null where it is in neither encoding. What is sound UTF-8 is UTF-8. */
export function csvText(bytes: Uint8Array): string | null {
  // Bytes of UTF-16 can pass for GB18030, and mean nothing then.
  if (bytes.includes(0)) return null;
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // The next encoding, or none.
    }
  }
  return null;
}

/** All rows up to the first trouble. Empty ones are there, so that the numbers are those of the spreadsheet. */
export function parseCsv(text: string, separator: Separator): { rows: Row[]; trouble: CsvTrouble | null } {
  const rows: Row[] = [];
  let cells: string[] = [];
  let at = 0;
  const place = () => ({ row: rows.length + 1, column: cells.length + 1 });
  const endRow = () => {
    rows.push({ row: rows.length + 1, cells });
    cells = [];
  };
  while (at < text.length) {
    if (text[at] === '"') {
      const quoted = quotedCell(text, at);
      if (quoted === null) {
        const expected = t('another quotation mark that ends the cell', '应有结束该单元格的引号');
        return {
          rows,
          trouble: { ...place(), said: t('a quotation mark that is never closed', '引号未闭合'), expected },
        };
      }
      at = quoted.end;
      if (at < text.length && text[at] !== separator && !isLineEnd(text[at])) {
        const said = t('text behind a closing quotation mark', '结束引号后还有文字');
        const expected = t('quotation marks within a cell written twice', '单元格内的引号应写两次');
        return { rows, trouble: { ...place(), said, expected } };
      }
      cells.push(quoted.cell);
    } else {
      let end = at;
      while (end < text.length && text[end] !== separator && !isLineEnd(text[end])) end++;
      cells.push(text.slice(at, end));
      at = end;
    }
    if (text[at] === separator) {
      at++;
      // A separator at the very end has an empty cell behind it.
      if (at < text.length) continue;
      cells.push('');
    }
    endRow();
    at += text.startsWith('\r\n', at) ? 2 : 1;
  }
  return { rows, trouble: null };
}

function isLineEnd(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

/** The cell whose opening mark stands at `at`, and where it ends; null where it does not. */
function quotedCell(text: string, at: number): { cell: string; end: number } | null {
  let cell = '';
  for (let from = at + 1; ; ) {
    const mark = text.indexOf('"', from);
    if (mark < 0) return null;
    cell += text.slice(from, mark);
    if (text[mark + 1] !== '"') return { cell, end: mark + 1 };
    cell += '"';
    from = mark + 2;
  }
}

/** A row as RFC 4180 has it. */
export function csvRow(cells: readonly string[]): string {
  return cells.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell)).join(',');
}
