/** Text logs: the traps of each form, and what is told of a damaged one. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as forms from './forms.ts';
import { TALK } from './forms.ts';
import { chunksIn, expected, importOf, refusal } from './read.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const of = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const read = (text: string, options: Parameters<typeof importOf>[1] = {}) => chunksIn(importOf(utf8(text), options));
const REQUEST = '01 03 10 10 00 06 c0 cd';
const ASKED = 'tx 010310100006c0cd @0.000';

test('socat: nine digits are nanoseconds once one of them does not begin with 000', () => {
  const head = (fraction: string) => `> 2026/11/23 13:36:58.${fraction}  length=8 from=0 to=7\n ${REQUEST}\n`;
  const stepMs = (...fractions: string[]) => importOf(utf8(fractions.map(head).join(''))).spanMs.toFixed(3);
  assert.is(stepMs('000100000', '000400000'), '300.000', 'microseconds');
  assert.is(stepMs('000100000', '400000000'), '399.900', 'nanoseconds');
  assert.is(stepMs('100000', '400000'), '300.000', 'six digits');
});

test('socat: messages between the blocks, characters that look like bytes, and a log that ends amid a block', () => {
  const log = of(forms.socat(TALK, { verbose: true }));
  const said = log.replace(/^--$/m, '--\n2026/11/23 13:36:58 socat[123] N write(6, 0x55, 8) completed');
  assert.equal(read(said), expected(TALK), 'messages');
  const ff =
    '> 2026/11/23 13:36:58.5  length=6 from=0 to=5\n 61 62 20 20 63 64                                ab  cd\n--\n';
  assert.equal(read(ff), ['rx 616220206364 @0.000'], 'the characters are not bytes');
  const torn = importOf(utf8(log.slice(0, log.lastIndexOf(' 04'))));
  assert.equal(chunksIn(torn).length, TALK.length, 'what is there of the last');
  assert.match(torn.notes.join(), /ends amid the block of line \d+: \d+ of 17 bytes/, 'and told');
});

test('socat: a block that has not the bytes of its head is refused with its line', () => {
  const log = of(forms.socat(TALK));
  const wrong = (text: string) => refusal(() => importOf(utf8(text)));
  assert.match(wrong(log.replace(' length=8', ' length=7')), /file, line 2: .*tells 7 bytes and has 8/, 'too many');
  assert.match(wrong(log.replace(' length=8', ' length=9')), /file, line 1: .*tells 9 bytes and has 8/, 'too few');
  assert.match(wrong(log.replace('/11/23', '/13/23')), /line 1: there is no such time/, 'a thirteenth month');
});

test('a request in pieces and a reply in one with the next request become frames', () => {
  const [ask, reply, next] = TALK;
  assert.ok(ask && reply && next, 'the conversation has them');
  const halves = [0, 4].map((from) => ({
    ...ask,
    atUs: ask.atUs + from * 10,
    bytes: ask.bytes.subarray(from, from + 4),
  }));
  const frames = chunksIn(importOf(forms.socat([...halves, reply])));
  assert.equal(
    frames.map((line) => line.replace(/ @.*/, '')),
    expected([ask, reply]).map((line) => line.replace(/ @.*/, '')),
    'joined',
  );
  const joined = { ...reply, bytes: Buffer.concat([ask.bytes, reply.bytes, next.bytes]) };
  const kinds = chunksIn(importOf(forms.jpnevulator([joined], ['', '']))).map((line) => line.slice(0, 2));
  assert.equal(kinds, ['tx', 'rx', 'tx'], 'cut');
});

test('what floats on the bus after a frame stays, as bytes of no frame', () => {
  const floating = TALK.map((said) => ({ ...said, bytes: Uint8Array.of(...said.bytes, 0) }));
  const { lines } = importOf(forms.jpnevulator(floating, ['', '']));
  const [counts] = lines.map((line) => line.counts);
  assert.is(counts?.frames, TALK.length, 'every frame');
  assert.is(counts?.noise, TALK.length, 'and every byte that floats');
  const kept = lines.flatMap(({ chunks }) => chunks).reduce((sum, { bytes }) => sum + bytes.length, 0);
  assert.is(kept, counts?.bytes, 'no byte lost');
});

test('sides that contradict what is said: who spoke is told by turn', () => {
  const mixed = TALK.map((said, at) => ({ ...said, asks: at % 3 === 0 }));
  const result = importOf(forms.socat(mixed));
  assert.equal(chunksIn(result), expected(TALK), 'as it was');
  assert.match(result.notes.join(), /both sides/, 'and told');
});

test('jpnevulator: characters behind the bytes are none, and more than two ports are lines of their own', () => {
  const [ask] = TALK;
  assert.ok(ask, 'the conversation has it');
  const line = (name: string) => of(forms.jpnevulator([ask], [` ${name}`, '']));
  const three = importOf(utf8(line('A') + line('B') + line('C')));
  assert.equal(
    three.lines.map(({ bus, name }) => `${bus} ${name}`),
    ['line-1-1 A', 'line-1-2 B', 'line-1-3 C'],
    'lines',
  );
  assert.equal(chunksIn(importOf(utf8(line('A') + line('B') + line('C')), { only: 'B' })), [ASKED], 'one of them');
  assert.match(
    refusal(() => importOf(utf8(line('A')), { only: 'D' })),
    /it has 1 lines/,
    'one that is not there',
  );
});

test('Saleae: columns in any order, with tabs, values in three bases, times by the clock', () => {
  const rows = [0x01, 0x03, 0x10, 0x10, 0x00, 0x06, 0xc0, 0xcd];
  const table = (header: string, row: (value: number, n: number) => string) =>
    read([header, ...rows.map(row)].join('\n'));
  assert.equal(
    table('data,start_time,name,type', (value, n) => `${value},${n / 1000},x,data`),
    [ASKED],
    'decimal',
  );
  assert.equal(
    table('Time [s]\tValue\tFraming Error', (value, n) => `${n / 1e3}\t0b${value.toString(2)}\t`),
    [ASKED],
    'binary',
  );
  const clock = (value: number, n: number) =>
    `"a","data",2026-11-22T08:20:18.20404${n}396+00:00,8e-5,0x${value.toString(16)}`;
  assert.equal(table('name,type,start_time,duration,data', clock), [ASKED], 'by the clock');
});

test('Saleae: a row that is no byte is refused with its line, and errors are counted', () => {
  const log = of(forms.saleae1(TALK));
  assert.match(
    refusal(() => importOf(utf8(log.replace('0xC0', "'o'")))),
    /file, line 8: "'o'" is no byte/,
    'a character',
  );
  assert.match(
    refusal(() => importOf(utf8(log.replace('0xC0', '0x1C0')))),
    /line 8: "0x1C0" is no byte/,
    'more than a byte',
  );
  assert.match(
    refusal(() => importOf(utf8(log.replace(/^0\.5\d+/m, 'soon')))),
    /line 2: "soon" is no time/,
    'no time',
  );
  const errors = importOf(utf8(log.replace('0x01,,', '0x01,,Error')));
  assert.match(errors.notes.join(), /^1 bytes have a parity or framing error/, 'told');
});

for (const [name, line] of [
  ['bare bytes', REQUEST],
  ['0x and commas', '0x01, 0x03, 0x10, 0x10, 0x00, 0x06, 0xC0, 0xCD'],
  ['0x without leading zeros (pymodbus)', 'SEND: 0x1 0x3 0x10 0x10 0x0 0x6 0xc0 0xcd'],
  ['bars (SerialTool)', '23/11/2026@13:36:58.250::Packet[..]>>Serial COM3. Sent 8 bytes.\n01|03|10|10|00|06|C0|CD'],
  ['colons', '01:03:10:10:00:06:c0:cd'],
  ['colons behind a time', '13:36:58.250 01:03:10:10:00:06:c0:cd'],
  ['dashes', '[12.345678] TX 01-03-10-10-00-06-C0-CD'],
  ['brackets (libmodbus)', 'Waiting\n[01][03][10][10][00][06][C0][CD]'],
  ['no gaps', '2026-11-23T13:36:58.250Z tx 010310100006c0cd'],
  [
    'a byte a line (slsnif)',
    'Host --> 01 (001) .\nHost --> 03 (003) .\nHost --> 10 (016) .\nHost --> 10 (016) .\nHost --> 00 (000) .\nHost --> 06 (006) .\nHost --> c0 (192) .\nHost --> cd (205) .',
  ],
  ['characters behind', `> ${REQUEST}  ...... .. ab cd`],
  ['Chinese words', `发送：${REQUEST}`],
] as const) {
  test(`text: ${name}`, () => {
    const chunks = read(line).map((chunk) => chunk.replace(/ @.*/, ''));
    assert.equal(chunks, ['tx 010310100006c0cd'], line);
  });
}

test('text: times of each kind, and a night', () => {
  const span = (...times: string[]) => importOf(utf8(times.map((time) => `${time} ${REQUEST}`).join('\n'))).spanMs;
  assert.is(span('2026-11-23 23:59:59.500', '2026-11-24 00:00:01,250'), 1750, 'dates');
  assert.is(span('23:59:59.500', '00:00:01.250'), 1750, 'past midnight');
  assert.is(Math.round(span('[12.5]', '[14.250001]')), 1750, 'seconds');
  assert.is(span('23.11.2026 13:00:00', '23.11.2026 13:00:01.75'), 1750, 'the day first');
});

test('text: UTF-16 of a Windows shell is read', () => {
  const bytes = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(`tx ${REQUEST}\r\n`, 'utf16le')]);
  assert.equal(chunksIn(importOf(bytes)), [ASKED], 'a request');
});

test('a clock that was set back: time stands still there, and it is told', () => {
  const [ask, reply] = TALK;
  assert.ok(ask && reply, 'the conversation has them');
  const back = [ask, reply, { ...ask, atUs: 0 }, { ...reply, atUs: 20_000 }].map((said, n) =>
    n < 2 ? { ...said, atUs: said.atUs + 3_600_000_000 } : said,
  );
  const result = importOf(forms.socat(back));
  assert.match(result.notes.join(), /set back 1 times/, 'told');
  assert.ok(Math.abs(result.spanMs - 35.402) < 0.01, `${result.spanMs} ms in all`);
});

for (const [what, text] of [
  ['prose', 'Dear Sir,\nplease find enclosed the log.\n'],
  ['nothing', ''],
  ['a table of another analyser', 'name,type,start_time,duration,address\n'],
] as const) {
  test(`refused: ${what}`, () => {
    assert.match(
      refusal(() => importOf(utf8(text))),
      /no bytes of a line were found/,
      what,
    );
  });
}

test('--format overrides what was recognised', () => {
  assert.match(
    refusal(() => importOf(forms.text(TALK), { format: 'socat' })),
    /no bytes of a line/,
    'no such log',
  );
  assert.equal(chunksIn(importOf(forms.interceptty(TALK, true), { format: 'interceptty' })), expected(TALK), 'named');
});

test.run();
