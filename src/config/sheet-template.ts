/** The spreadsheet to fill in: remarks in both languages, the settings, a table of fields and one of fault numbers, with examples. */

import { SIGNAL_NAMES, SIGNALS } from '../lift/signals.ts';
import { SAID_FAULTS } from '../lift/state.ts';
import { csvRow } from './csv.ts';
import { profileSchema } from './profile.ts';
import { aboutOf, bare, type Part, partAt, partOf } from './shape.ts';
import { SETTINGS } from './sheet.ts';
import { FAULT_COLUMNS, FIELD_COLUMNS } from './sheet-cells.ts';

const EXAMPLES: { readonly [setting in (typeof SETTINGS)[number]]?: string } = {
  'title.en': 'Controller of the site',
  'title.zh': '现场控制器',
  source: 'Maker manual, page 1 (put the real one here)',
  addressBase: '0',
  wordOrder: 'high-first',
};

const FIELDS: readonly string[][] = [
  ['moving', 'holding', '0x1000', '', '0', '', '', '', '', '', '', 'example 示例：bit 0 is 1 while the car runs'],
  [
    'doorClosed',
    'holding',
    '0x1000',
    '',
    '1',
    '',
    'true',
    '',
    '',
    '',
    '',
    'example 示例：the bit is 0 while it is closed',
  ],
  ['direction', 'holding', '0x1001', '', '', '', '', '', '', '0=none; 1=up; 2=down', '', ''],
  ['landing', 'holding', '0x1002', '', '', '', '', '', '-1', '', '', 'counts from 1: minus 1 从 1 起算，故减 1'],
  ['speedMmPerS', 'holding', '0x1003', 'int16', '', '', '', '1', '', '', '', ''],
  ['mode', 'holding', '0x1004', '', '', '4..7', '', '', '', '1=normal; 2=inspection', 'slow', ''],
  ['faultCode', 'holding', '0x1005', '', '', '', '', '', '', '', 'slow', ''],
];

const FAULTS: readonly string[][] = [
  ['41', 'controller-fault', 'safety circuit open', '安全回路断开'],
  ['43', 'drive-fault', 'drive over-current', '驱动过流'],
];

/** CSV with a BOM, without which spreadsheets take UTF-8 for something else. */
export function sheetTemplate(): string {
  const root = partOf(profileSchema);
  const item = bare(partAt(root, ['fields'], null) ?? root).item ?? root;
  const fault = bare(partAt(root, ['faultCodes'], null) ?? root).value ?? root;
  const rows = [
    ['# Hoistway: a controller profile. Fill in, save as CSV, then: hoistway profile import THIS.csv --out NAME.yaml'],
    ['# Hoistway 控制器点表。填写后另存为 CSV，再运行：hoistway profile import 本文件.csv --out 名称.yaml'],
    ['# Rows that begin with # are remarks. 以 # 开头的行为说明。'],
    [],
    ['# Settings 设置'],
    ...SETTINGS.flatMap((name) => [remark(name, partAt(root, name.split('.'), null)), [name, EXAMPLES[name] ?? '']]),
    [],
    ['# Fields, a row each; the examples are to be replaced. 字段，每行一个，请替换示例。'],
    ...Object.entries(FIELD_COLUMNS).map(([name, zh]) => remark(`${name} ${zh}`, partAt(item, [name], null))),
    ['# An address may be written 4120, 0x1018 or 1018H; values as 1=up; 2=down; bits as 4..7.'],
    ['# 地址可写作 4120、0x1018 或 1018H；含义写作 1=up; 2=down；位段写作 4..7。'],
    Object.keys(FIELD_COLUMNS),
    ...FIELDS,
    [],
    [
      "# The controller's own fault numbers; without this table each is raised as controller-fault. 控制器自身的故障号，省略则均按控制器故障报出。",
    ],
    [`# fault 故障: ${SAID_FAULTS.join(', ')}`],
    remark('fault', partAt(fault, ['fault'], null)),
    Object.keys(FAULT_COLUMNS),
    ...FAULTS,
    [],
    ['# Signals 信号'],
    ...SIGNAL_NAMES.map((name) => [`# ${name}: ${SIGNALS[name].en} ${SIGNALS[name].zh}`]),
  ];
  return `\uFEFF${rows.map(csvRow).join('\r\n')}\r\n`;
}

function remark(name: string, part: Part | null): string[] {
  const about = part && aboutOf(part);
  return [about ? `# ${name}: ${about.en} ${about.zh}` : `# ${name}`];
}
