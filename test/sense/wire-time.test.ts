/** What reads cost, reckoned by hand. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesOf, characterMs, formText, readMs, type SerialForm, silenceMs } from '../../src/sense/wire-time.ts';

const form = (baud: number, parity: SerialForm['parity'] = 'none', stopBits: 1 | 2 = 1): SerialForm => ({
  ...{ baud, parity, stopBits },
});
const near = (value: number, expected: number, what: string) =>
  assert.ok(Math.abs(value - expected) < 1e-9, `${what}: ${value}, expected ${expected}`);

test('a form in the words of the trade', () => {
  assert.equal(
    [form(9600), form(19_200, 'even'), form(38_400, 'odd', 2)].map(formText),
    ['9600 8N1', '19200 8E1', '38400 8O2'],
    'baud, parity, stop bits',
  );
});

test('a character: start, eight of data, parity where there is one, stop', () => {
  near(characterMs(form(10_000)), 1, '8N1 at 10,000 baud, ten bits');
  near(characterMs(form(10_000, 'even')), 1.1, '8E1, eleven');
  near(characterMs(form(10_000, 'none', 2)), 1.1, '8N2, eleven');
  near(characterMs(form(20_000, 'odd', 2)), 0.6, '8O2 at twice the baud, twelve');
});

test('the silence: 3.5 characters, and 1.75 ms at least', () => {
  near(silenceMs(form(10_000)), 3.5, 'at 10,000 baud');
  near(silenceMs(form(115_200)), 1.75, 'above 19200 baud');
});

test('bytes of a request and its reply', () => {
  // 8, and unit, function, count, two each, CRC
  assert.is(bytesOf({ table: 'holding', count: 2 }), 8 + 3 + 4 + 2, 'two registers');
  assert.is(bytesOf({ table: 'holding', count: 2 }, 16), 8 + 4 + 4 + 2, 'a count of 16 bits');
  assert.is(bytesOf({ table: 'coil', count: 9 }), 8 + 3 + 2 + 2, 'nine coils in two bytes');
});

test('a read: both frames and the silence after each, or the longer pause that the slave wants', () => {
  const read = { table: 'holding', count: 2 } as const;
  near(readMs(form(10_000), read, { byteCount: 8, gapMs: 0 }), 17 + 3.5 + 3.5, 'two silences');
  near(readMs(form(20_000), read, { byteCount: 16, gapMs: 20 }), 9 + 1.75 + 20, 'a pause instead of the second');
});

test.run();
