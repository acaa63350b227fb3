/** A profile kept as a spreadsheet: what it becomes, in which encodings, and what is told of each cell that is wrong. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';

// The language is read once, when the first module asks for it.
process.env.LC_ALL = 'C';
const { importSheet } = await import('../../src/config/import-sheet.ts');
const { parseProfile } = await import('../../src/config/profiles.ts');
const { sheetTemplate } = await import('../../src/config/sheet-template.ts');

const SETTINGS = `title.en,Site
title.zh,现场
source,"Manual of the maker, p. 3"
addressBase,1
wordOrder,low-first
quirks.maxRegisters,10
`;
const FIELDS = `signal,table,address,type,bit,bits,invert,scale,offset,values,group,note
moving,holding,0x10,,3,,,,,,,"in the manual, RUN"
direction,3,17,,,4..5,,,,1=up; 2=down,,
landing,input,20,int16,,,,1,-1,,slow,
`;
const FAULTS = `code,fault,en,zh
7,drive-fault,over-current,过流
8,,door,门
`;

const bytes = (text: string) => new TextEncoder().encode(text);
const imported = (text: string | Uint8Array) =>
  importSheet(typeof text === 'string' ? bytes(text) : text, 'map.csv', 'site-map');
/** `row:column  said; expected … nearest`, one a problem */
function told(text: string | Uint8Array): string[] {
  const outcome = imported(text);
  return outcome.kind === 'read'
    ? []
    : outcome.problems.map(
        ({ line, column, path, said, nearest }) =>
          `${line}:${column} ${path}: ${said}${nearest === undefined ? '' : ` (${nearest})`}`,
      );
}

test('settings, fields and fault numbers become a profile, and its YAML the very same one', () => {
  const outcome = imported(SETTINGS + FIELDS + FAULTS);
  assert.is(outcome.kind, 'read', told(SETTINGS + FIELDS + FAULTS).join('\n'));
  if (outcome.kind !== 'read') return;
  const { profile, yaml } = outcome;
  assert.equal([profile.profile, profile.addressBase, profile.wordOrder], ['site-map', 1, 'low-first'], 'settings');
  assert.equal([profile.title.zh, profile.source], ['现场', 'Manual of the maker, p. 3'], 'texts');
  assert.equal(
    [profile.tested, profile.quirks.maxRegisters, profile.quirks.mergeGap],
    ['simulated', 10, 8],
    'defaults',
  );
  assert.equal(
    profile.fields.map(({ signal, table, address, bit, bits, offset, group }) => [
      ...[signal, table, address, bit ?? null, bits ?? null, offset, group],
    ]),
    [
      ['moving', 'holding', 16, 3, null, 0, 'fast'],
      ['direction', 'holding', 17, null, [4, 5], 0, 'fast'],
      ['landing', 'input', 20, null, null, -1, 'slow'],
    ],
    'fields',
  );
  assert.equal(profile.fields[1]?.values, { 1: 'up', 2: 'down' }, 'named values');
  assert.equal(profile.faultCodes[7], { fault: 'drive-fault', en: 'over-current', zh: '过流' }, 'a fault number');
  assert.is(profile.faultCodes[8]?.fault, null, 'one that Hoistway judges itself');
  assert.match(
    yaml,
    /# in the manual, RUN\n {2}- \{ signal: moving, table: holding, address: 0x10, bit: 3 \}/,
    'notes, hex',
  );
  const again = parseProfile(yaml, 'site-map.yaml');
  assert.equal(again.kind === 'read' && again.profile, profile, 'read back from the YAML');
});

test('Chinese names, full-width signs, semicolons, tabs, sep= and GB18030 come to the same', () => {
  const plain = imported(SETTINGS + FIELDS);
  const profile = plain.kind === 'read' ? plain.profile : null;
  const same = (name: string, sheet: string | Uint8Array) => {
    const outcome = imported(sheet);
    assert.equal(outcome.kind === 'read' && outcome.profile, profile, `${name}: ${told(sheet).join('\n')}`);
  };
  const named = FIELDS.replace(/^signal.*$/m, '信号,表,地址,类型,位,位段,取反,系数,偏移,含义,快慢,备注')
    .replace('moving,holding,0x10', '轿厢运行,保持寄存器,１０Ｈ')
    .replace('1=up; 2=down', '1＝up； 2：down');
  same('Chinese', SETTINGS + named);
  const semicolons = `sep=;\n${SETTINGS.replace(/,(?! p)/g, ';')}${FIELDS.replace('1=up; 2=down', '"1=up; 2=down"').replace(/,(?! RUN)/g, ';')}`;
  same('semicolons, and a first row that says so', semicolons);
  same('tabs', SETTINGS.replace(/,(?! p)/g, '\t') + FIELDS.replace(/,(?! RUN)/g, '\t'));
  same('a BOM and CR LF', `\uFEFF${(SETTINGS + FIELDS).replace(/\n/g, '\r\n')}`);
  const [before = '', after = ''] = (SETTINGS + FIELDS).split('现场');
  same('GB18030', Uint8Array.from([...bytes(before), 0xcf, 0xd6, 0xb3, 0xa1, ...bytes(after)]));
});

test('a decimal comma is one where semicolons part the cells', () => {
  const scaled = (SETTINGS + FIELDS).replace('int16,,,,1,', 'int16,,,,0.1,');
  const outcome = imported(
    scaled
      .replace('1=up; 2=down', '1=up|2=down')
      .replace(/,(?! p| RUN)/g, ';')
      .replace('0.1', '0,1'),
  );
  assert.is(outcome.kind === 'read' && outcome.profile.fields[2]?.scale, 0.1, 'one tenth');
});

for (const [name, from, to, wanted] of [
  ['a misspelt signal', 'moving,', 'movin,', '8:1 row 8, signal: "movin" (moving)'],
  ['a misspelt table', 'landing,input', 'landing,inpt', '10:2 row 10, table: "inpt" (input)'],
  ['an address in words', '0x10', 'ten', '8:3 row 8, address: "ten"'],
  ['an address off the wire', '0x10', '70000', '8:3 row 8, address: 70000'],
  ['an address that is missing', '0x10', '', '8:3 row 8, address: missing'],
  ['an unknown type', 'int16', 'int61', '10:4 row 10, type: "int61" (int16)'],
  ['a bit of seventeen', '0x10,,3', '0x10,,17', '8:5 row 8, bit: 17'],
  ['bits that a spreadsheet took for a date', '4..5', '5-Apr', '9:6 row 9, bits: "5-Apr"'],
  ['a scale in words', 'int16,,,,1', 'int16,,,,one', '10:8 row 10, scale: "one"'],
  ['a value of no meaning', '2=down', '2=dwn', '9:10 row 9, values: "1=up; 2=dwn" (2=down)'],
  ['values without numbers', '1=up; 2=down', 'up', '9:10 row 9, values: "up"'],
  ['an unknown group', ',slow', ',slwo', '10:11 row 10, group: "slwo" (slow)'],
  ['a misspelt column', ',group,', ',grup,', '7:11 row 7, name of the column: "grup" (group)'],
  ['a misspelt setting', 'wordOrder', 'wordOrdr', '5:1 row 5, name of the setting: "wordOrdr" (wordOrder)'],
  ['a setting out of its list', 'low-first', 'low-frst', '5:2 wordOrder: "low-frst" (low-first)'],
  [
    'a signal given twice',
    'direction,3,17,,,4..5,,,,1=up; 2=down,,',
    'moving,3,17,,4,,,,,,,',
    '9:1 row 9, signal: moving, as on line 8',
  ],
  ['a flag without a bit', '0x10,,3', '0x10,,', '8:1 row 8: the field of moving'],
  ['an unknown fault', 'drive-fault', 'drive-falt', '12:2 row 12, fault: "drive-falt" (drive-fault)'],
  ['a fault number twice', '8,,door', '7,,door', '13:1 row 13, code: 7, as in row 12'],
  ['a quotation mark left open', 'over-current', '"over-current', '12:3 : a quotation mark that is never closed'],
] as const) {
  test(`told by its cell: ${name}`, () => {
    const sheet = SETTINGS + FIELDS + FAULTS;
    assert.ok(sheet.includes(from), 'it is there to be spoilt');
    assert.equal(told(sheet.replace(from, to)), [wanted], 'this, and nothing that only follows from it');
  });
}

test('what is no sheet of a profile is told as such', () => {
  assert.match(told('a,b\n1,2\n')[0] ?? '', /no table of fields/, 'another table');
  assert.match(told('')[0] ?? '', /no table of fields/, 'an empty file');
  assert.match(told(Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]))[0] ?? '', /no text in UTF-8 or GB18030/, 'an .xlsx');
  assert.match(told(`${SETTINGS}signal,table,address\n`)[0] ?? '', /fields: a list of 0/, 'a header and no row');
  assert.match(told(new Uint8Array(2 ** 20 + 1))[0] ?? '', /too large/, 'a film');
  const name = told(`${SETTINGS}${FIELDS}code,fault,en,zh\n__proto__,drive-fault,a,b\n`);
  assert.equal(name, ['12:1 row 12, code: "__proto__"'], 'a fault number that is a name');
});

test('the template can be imported as it is, and names every signal in both languages', () => {
  const template = sheetTemplate();
  assert.equal(told(template), [], 'sound');
  const outcome = imported(template);
  assert.ok(outcome.kind === 'read' && outcome.profile.fields.length >= 5, 'with examples');
  assert.match(template, /^\uFEFF/, 'a BOM, or spreadsheets garble it');
  assert.match(template, /# doorClosed: car door proven closed 轿门关闭到位/, 'a signal');
});

test.run();
