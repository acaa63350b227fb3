import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DigitalChannel } from '../../../src/trace/import/digital.ts';
import { chunksBySilence, type UartSettings, uartBytes } from '../../../src/trace/import/uart.ts';

/** Samples of a drawn bit; a bit is 1 ms. */
const BIT = 8;
const PLAIN: UartSettings = { baud: 1000, parity: 'none', inverted: false };

/** A drawn wire: `¯` high and `_` low for one bit, `'` high and `.` low for an eighth of one. */
function wire(drawing: string): DigitalChannel {
  const levels = [...drawing.replaceAll(' ', '')].flatMap((sign) =>
    Array.from({ length: "'.".includes(sign) ? 1 : BIT }, () => sign === '¯' || sign === "'"),
  );
  return {
    sampleRateHz: BIT * 1000,
    sampleCount: levels.length,
    startsHigh: levels[0] ?? true,
    changes: levels.flatMap((level, at) => (at > 0 && level !== levels[at - 1] ? [at] : [])),
  };
}

const read = (drawing: string, settings = PLAIN) =>
  uartBytes(wire(drawing), settings).map(({ value, startMs, error }) => [value, startMs, error]);

test('a byte: start bit, lowest bit first, stop bit', () => {
  //          start  1 0 1 0 1 1 0 0  stop
  assert.equal(read('¯¯ _ ¯_¯_¯¯__ ¯ ¯'), [[0x35, 2, null]], '0x35 from 2 ms on');
  assert.is(uartBytes(wire('¯¯ _ ¯_¯_¯¯__ ¯ ¯'), PLAIN)[0]?.endMs, 12, 'ten bits');
});

test('bytes with nothing between them', () => {
  assert.equal(
    read('¯ _________¯ _¯¯¯¯¯¯¯¯¯ _________¯ ¯'),
    [
      [0x00, 1, null],
      [0xff, 11, null],
      [0x00, 21, null],
    ],
    'three bytes',
  );
});

test('inverted levels', () => {
  assert.equal(read('__ ¯ _¯_¯__¯¯ _ _', { ...PLAIN, inverted: true }), [[0x35, 2, null]], 'RS-232 levels');
});

test('parity, even and odd, right and wrong', () => {
  const even = '¯ _ ¯_¯_¯¯__ _ ¯ ¯';
  const odd = '¯ _ ¯_¯_¯¯__ ¯ ¯ ¯';
  assert.equal(read(even, { ...PLAIN, parity: 'even' }), [[0x35, 1, null]], 'four ones and 0');
  assert.equal(read(odd, { ...PLAIN, parity: 'odd' }), [[0x35, 1, null]], 'four ones and 1');
  assert.equal(read(odd, { ...PLAIN, parity: 'even' }), [[0x35, 1, 'parity']], 'even wanted, odd seen');
  assert.equal(read(even, { ...PLAIN, parity: 'odd' }), [[0x35, 1, 'parity']], 'odd wanted, even seen');
});

test('no stop bit is told, and the next byte begins only after the line was idle again', () => {
  assert.equal(
    read('¯ __________ ___ ¯¯ _ ¯_¯_¯¯__ ¯ ¯'),
    [
      [0, 1, 'framing'],
      [0x35, 16, null],
    ],
    'a break, then a byte',
  );
});

test('a glitch shorter than half a bit starts no byte', () => {
  assert.equal(read("¯ ...'''' ¯ _ ¯_¯_¯¯__ ¯ ¯"), [[0x35, 2.875, null]], 'three eighths of a bit low');
});

test('a line found at 0 starts no byte, and one cut off amid a byte ends before it', () => {
  assert.equal(read('___ ¯ _ ¯_¯_¯¯__ ¯ ¯'), [[0x35, 4, null]], 'found at 0');
  assert.equal(read('¯ _ ¯_¯_¯¯__ ¯ ¯ _ ¯_¯_¯¯_'), [[0x35, 1, null]], 'cut off');
});

test('a baud rate that is off by two in a hundred is read all the same', () => {
  for (const baud of [980, 1020])
    assert.equal(read('¯ _ ¯_¯_¯¯__ ¯ ¯', { ...PLAIN, baud }), [[0x35, 1, null]], `${baud} for 1000`);
});

test('any levels at all: no error, bytes in order and never over each other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 200 }),
      fc.boolean(),
      fc.constantFrom('none', 'even', 'odd'),
      (gaps, startsHigh, parity) => {
        let at = 0;
        const changes = gaps.map((gap) => (at += gap));
        const channel = { sampleRateHz: 8000, sampleCount: at + 5, startsHigh, changes };
        const bytes = uartBytes(channel, { ...PLAIN, parity: parity as UartSettings['parity'] });
        for (const [n, byte] of bytes.entries()) {
          // The next start bit may come in the second half of a stop bit.
          assert.ok(byte.startMs >= (bytes[n - 1]?.endMs ?? 0.5) - 0.5, 'after the one before');
        }
      },
    ),
  );
});

test('chunks end where the line is silent, and have the time of their last byte', () => {
  const bytes = uartBytes(wire('¯ _________¯ _________¯ ¯¯¯¯ _________¯ ¯'), PLAIN);
  const chunks = (silenceMs: number) =>
    chunksBySilence(bytes, { bus: 'b', dir: 'rx', silenceMs }).map(({ bytes, atMs }) => [bytes.length, atMs]);
  assert.equal(
    chunks(3.5),
    [
      [2, 21],
      [1, 35],
    ],
    'four bits of silence are more than 3.5',
  );
  assert.equal(chunks(4), [[3, 35]], 'and not more than four');
  assert.equal(chunksBySilence([], { bus: 'b', dir: 'rx', silenceMs: 1 }), [], 'of nothing, none');
});

test.run();
