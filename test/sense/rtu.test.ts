import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MonoMs } from '../../src/clock.ts';
import { crc16, exceptionFrame, readFrame, replyFrame, withCrc } from '../../src/sense/frame.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';
import { RtuReader } from '../../src/sense/rtu.ts';

const REQUEST: ReadRequest = { unit: 1, table: 'input', address: 0, count: 3 };
const VALUES = [7, 0x1234, 0xffff];
const ms = (at: number) => at as MonoMs;
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const reader = (byteCountBits: 8 | 16 = 8) =>
  new RtuReader({ bus: 'b', responseTimeoutMs: 300, byteCountBitsOf: () => byteCountBits });
const tx = (frame: Uint8Array, at: number) => ({ bus: 'b', dir: 'tx' as const, bytes: frame, atMs: ms(at) });
const rx = (frame: Uint8Array, at: number) => ({ bus: 'b', dir: 'rx' as const, bytes: frame, atMs: ms(at) });

function valuesOf(reply: ReturnType<RtuReader['chunk']>): readonly number[] | null {
  return reply?.kind === 'values' ? reply.exchange.values : null;
}

// Frames published by makers of lift drives, and the check value of the CRC catalogue: none of them made by us.
for (const [name, hex] of [
  ['INVT request', '01 03 21 00 00 01 8E 36'],
  ['INVT reply', '01 03 02 00 03 F8 45'],
  ['INVT error', '01 86 04 43 A3'],
  ['Delta VFD-VL request', '01 03 21 02 00 02 6F F7'],
  ['Delta VFD-VL reply', '01 03 04 17 70 00 00 FE 5C'],
  ['Delta exception', '01 86 02 C3 A1'],
  ['Fuji request', '01 03 03 02 00 14 E4 41'],
  ['HPMONT exception', '01 83 03 01 31'],
  ['Mitsubishi request', '11 03 03 EB 00 03 77 2B'],
  ['INVT second request', '03 03 07 1B 00 06 B5 59'],
] as const) {
  test(`published frame has a right CRC: ${name}`, () => assert.is(crc16(bytes(hex)), 0, hex));
}

test('the CRC of the catalogue: "123456789" is 0x4B37', () => {
  assert.is(crc16(Buffer.from('123456789')), 0x4b37, 'CRC-16/MODBUS check value');
});

test('a published request is what we would send, and its reply is read', () => {
  const request = { unit: 1, table: 'holding' as const, address: 0x2102, count: 2 };
  assert.equal([...readFrame(request)], [...bytes('01 03 21 02 00 02 6F F7')], 'Delta VFD-VL vector');
  const line = reader();
  line.chunk(tx(readFrame(request), 0));
  assert.equal(valuesOf(line.chunk(rx(bytes('01 03 04 17 70 00 00 FE 5C'), 20))), [0x1770, 0], 'its reply');
});

test('a reply may come in any pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 11 }), (sizes) => {
      const line = reader();
      line.chunk(tx(readFrame(REQUEST), 0));
      const frame = replyFrame(REQUEST, VALUES);
      const found: (readonly number[])[] = [];
      for (let at = 0, turn = 0; at < frame.length; turn++) {
        const size = sizes[turn] ?? frame.length;
        const values = valuesOf(line.chunk(rx(frame.subarray(at, at + size), 10 + turn)));
        if (values) found.push(values);
        at += size;
      }
      assert.equal(found, [VALUES], 'once, and right');
    }),
  );
});

test('the time of a reply is that of its last byte', () => {
  const line = reader();
  line.chunk(tx(readFrame(REQUEST), 0));
  const frame = replyFrame(REQUEST, VALUES);
  line.chunk(rx(frame.subarray(0, 5), 40));
  const reply = line.chunk(rx(frame.subarray(5), 55.5));
  assert.is(reply?.kind === 'values' && reply.exchange.atMs, 55.5, 'the later chunk');
});

test('an echo, noise before and noise after do not hide a reply', () => {
  for (const [name, heard] of [
    ['echo', [...readFrame(REQUEST), ...replyFrame(REQUEST, VALUES)]],
    ['noise before', [0x00, 0xfe, 0x01, 0x04, ...replyFrame(REQUEST, VALUES)]],
    ['noise after', [...replyFrame(REQUEST, VALUES), 0x00, 0xfe]],
  ] as const) {
    const line = reader();
    line.chunk(tx(readFrame(REQUEST), 0));
    assert.equal(valuesOf(line.chunk(rx(Uint8Array.from(heard), 30))), VALUES, name);
  }
});

test('an echo after noise passes for no reply', () => {
  // 17 coils from 0x0300: the request's address byte is the byte count of its reply.
  const request: ReadRequest = { unit: 1, table: 'coil', address: 0x0300, count: 17 };
  const line = reader();
  line.chunk(tx(readFrame(request), 0));
  assert.is(line.chunk(rx(Uint8Array.from([0x00, ...readFrame(request)]), 5)), null, 'our own words');
  const bits = Array.from({ length: 17 }, (_, at) => at % 2);
  assert.equal(valuesOf(line.chunk(rx(replyFrame(request, bits), 30))), bits, 'the reply after it');
});

test('what is no answer to the question is not taken for one', () => {
  const other = (change: Partial<ReadRequest>) =>
    replyFrame({ ...REQUEST, ...change }, VALUES.slice(0, change.count ?? 3));
  const good = replyFrame(REQUEST, VALUES);
  for (const [name, heard] of [
    ['another unit', other({ unit: 2 })],
    ['another function', other({ table: 'holding' })],
    ['another length', other({ count: 2 })],
    ['a bad CRC', Uint8Array.from([...good.subarray(0, -1), (good.at(-1) ?? 0) ^ 1])],
    ['cut short', good.subarray(0, -1)],
  ] as const) {
    const line = reader();
    line.chunk(tx(readFrame(REQUEST), 0));
    assert.is(line.chunk(rx(heard, 30)), null, name);
  }
});

test('a late reply answers nothing, not even the same question asked again', () => {
  const line = reader();
  line.chunk(tx(readFrame(REQUEST), 0));
  assert.is(line.chunk(rx(replyFrame(REQUEST, VALUES), 300.001)), null, 'past the time-out');
  assert.is(line.counts.late, 11, 'its bytes are counted');
  line.chunk(tx(readFrame(REQUEST), 400));
  assert.equal(valuesOf(line.chunk(rx(replyFrame(REQUEST, [1, 2, 3]), 430))), [1, 2, 3], 'the next one is its own');
});

test('bytes with no request open are counted and dropped', () => {
  const line = reader();
  assert.is(line.chunk(rx(replyFrame(REQUEST, VALUES), 5)), null, 'unasked');
  assert.is(line.counts.late, 11, 'counted');
});

test('an exception is told with its code', () => {
  const line = reader();
  line.chunk(tx(readFrame(REQUEST), 0));
  assert.equal(line.chunk(rx(exceptionFrame(1, 4, 2), 9)), { kind: 'exception', code: 2, atMs: ms(9) }, 'exception 2');
});

test('the dialect with a 16-bit byte count is read where the profile says so, and only there', () => {
  const frame = replyFrame(REQUEST, VALUES, 16);
  assert.is(frame.length, 12, 'one byte longer');
  for (const [bits, expected] of [
    [16, VALUES],
    [8, null],
  ] as const) {
    const line = reader(bits);
    line.chunk(tx(readFrame(REQUEST), 0));
    assert.equal(valuesOf(line.chunk(rx(frame, 30))), expected, `${bits} bits`);
  }
});

test('bits come lowest first', () => {
  const request: ReadRequest = { unit: 9, table: 'coil', address: 3, count: 10 };
  const line = reader();
  line.chunk(tx(readFrame(request), 0));
  const bits = [1, 0, 1, 1, 0, 0, 0, 0, 1, 1];
  assert.equal(valuesOf(line.chunk(rx(replyFrame(request, bits), 10))), bits, 'ten coils');
});

test('only requests that read can be made, and the reader knows no other', () => {
  const line = reader();
  line.chunk(tx(withCrc([1, 6, 0, 0, 0, 1]), 0));
  assert.is(line.chunk(rx(withCrc([1, 6, 0, 0, 0, 1]), 10)), null, 'a write of somebody else is no exchange');
  for (const table of ['coil', 'discrete', 'holding', 'input'] as const) {
    assert.ok([1, 2, 3, 4].includes(readFrame({ ...REQUEST, table })[1] ?? 0), table);
  }
});

test('10,000 random frames: no crash, nothing accepted, memory bounded', () => {
  const line = reader();
  let accepted = 0;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (frame, ask) => {
      if (ask) line.chunk(tx(readFrame(REQUEST), 0));
      if (line.chunk(rx(frame, 10))?.kind === 'values') accepted++;
    }),
    { numRuns: 10_000 },
  );
  assert.is(
    accepted,
    0,
    'a 16-bit CRC lets one in 65,536 whole replies pass; random bytes also need unit, function and length',
  );
});

test('a reply of one register with a 16-bit byte count has the form of a request from address 2: it is the reply', () => {
  for (const value of [1, 3, 5, 125]) {
    const request: ReadRequest = { unit: 1, table: 'holding', address: 0x8000, count: 1 };
    const line = reader(16);
    line.chunk(tx(readFrame(request), 0));
    assert.equal(valuesOf(line.chunk(rx(replyFrame(request, [value], 16), 20))), [value], `${value}`);
  }
  const own: ReadRequest = { unit: 1, table: 'holding', address: 2, count: 1 };
  const line = reader(16);
  line.chunk(tx(readFrame(own), 0));
  const echoed = line.chunk(rx(Uint8Array.from([...readFrame(own), ...replyFrame(own, [9], 16)]), 20));
  assert.equal(valuesOf(echoed), [9], 'but an echo of our own request is none');
});

test.run();
