/** CSV as it comes: separators, quotation marks, line ends, encodings, and where it is damaged. */

import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { csvRow, csvText, parseCsv, type Separator } from '../../src/config/csv.ts';

const cellsOf = (text: string, separator: Separator = ',') => parseCsv(text, separator).rows.map(({ cells }) => cells);

test('cells, quotation marks and every line end', () => {
  assert.equal(
    cellsOf('a,b\r\nc,d\ne,f\rg,h'),
    [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
      ['g', 'h'],
    ],
    'CR LF, LF, CR, none',
  );
  assert.equal(
    cellsOf('"a,b","say ""no""","two\nlines"'),
    [['a,b', 'say "no"', 'two\nlines']],
    'within quotation marks',
  );
  assert.equal(cellsOf('a;b,c;d\n', ';'), [['a', 'b,c', 'd']], 'another separator');
  assert.equal(
    cellsOf(',,\n,'),
    [
      ['', '', ''],
      ['', ''],
    ],
    'empty cells',
  );
  assert.equal(cellsOf(''), [], 'nothing');
});

test('rows count as a spreadsheet shows them: empty ones too, a cell of two lines as one', () => {
  const { rows } = parseCsv('a\n\n"b\nc"\nd\n', ',');
  assert.equal(
    rows.map(({ row, cells }) => [row, cells[0]]),
    [
      [1, 'a'],
      [2, ''],
      [3, 'b\nc'],
      [4, 'd'],
    ],
    'four rows',
  );
});

test('damage is told with its cell', () => {
  const open = parseCsv('a,b\nc,"d\ne,f\n', ',');
  assert.equal([open.trouble?.row, open.trouble?.column], [2, 2], 'a quotation mark that is never closed');
  assert.equal(open.rows.length, 1, 'what came before it is there');
  const behind = parseCsv('a,"b"c\n', ',');
  assert.equal([behind.trouble?.row, behind.trouble?.column], [1, 2], 'text behind a closing one');
});

test('UTF-8 with a BOM and without, GB18030, and neither', () => {
  const chinese = '信号,表';
  assert.is(csvText(new TextEncoder().encode(`\uFEFF${chinese}`)), chinese, 'a BOM is no text');
  assert.is(csvText(new TextEncoder().encode(chinese)), chinese, 'no BOM');
  // 信号,表 in GB2312, of which GB18030 is the superset
  assert.is(csvText(Uint8Array.from([0xd0, 0xc5, 0xba, 0xc5, 0x2c, 0xb1, 0xed])), chinese, 'GB18030');
  // 𠀀, of four bytes
  assert.is(csvText(Uint8Array.from([0x95, 0x32, 0x82, 0x36])), '\u{20000}', 'a character that only GB18030 has');
  assert.is(csvText(Uint8Array.from([0x61, 0xff, 0x0a])), null, 'neither');
  assert.is(csvText(Uint8Array.from([0xff, 0xfe, 0x61, 0x00])), null, 'UTF-16');
});

test('any cells come back as they were written', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', '位', ' ') });
  void fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }), (rows) => {
      const { rows: read, trouble } = parseCsv(`${rows.map(csvRow).join('\r\n')}\r\n`, ',');
      assert.is(trouble, null, 'sound');
      assert.equal(
        read.map(({ cells }) => cells),
        rows,
        'the same cells',
      );
    }),
    { numRuns: 300 },
  );
});

test.run();
