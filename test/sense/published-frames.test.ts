/** Frames printed in makers' manuals, so not made by us: their CRC, our own making of the same bytes, and both readers on them. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MonoMs } from '../../src/clock.ts';
import { crc16, exceptionFrame, readFrame, replyFrame, withCrc } from '../../src/sense/frame.ts';
import { candidatesAt } from '../../src/sense/heads.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';
import { RtuReader } from '../../src/sense/rtu.ts';
import { TapReader } from '../../src/sense/tap.ts';

const read = (unit: number, address: number, count: number): ReadRequest => ({
  unit,
  table: 'holding',
  address,
  count,
});
const bytesOf = (hex: string) => Uint8Array.from(hex.split(' ').map((byte) => Number.parseInt(byte, 16)));

/** A request to read, and where the manual prints it, its reply. */
const READS = [
  { maker: 'Delta VFD-VL', asks: read(1, 0x2102, 2), hex: '01 03 21 02 00 02 6F F7' },
  { maker: 'INVT GD300L', asks: read(1, 0x2100, 1), hex: '01 03 21 00 00 01 8E 36' },
  { maker: 'INVT', asks: read(3, 0x071b, 6), hex: '03 03 07 1B 00 06 B5 59' },
  { maker: 'Fuji FRENIC', asks: read(1, 0x0302, 20), hex: '01 03 03 02 00 14 E4 41' },
  { maker: 'Mitsubishi', asks: read(17, 1003, 3), hex: '11 03 03 EB 00 03 77 2B' },
] as const;

const REPLIES = [
  { maker: 'Delta VFD-VL', to: read(1, 0x2102, 2), hex: '01 03 04 17 70 00 00 FE 5C', values: [6000, 0] },
  { maker: 'INVT GD300L', to: read(1, 0x2100, 1), hex: '01 03 02 00 03 F8 45', values: [3] },
] as const;

/** `functionCode`: of what was refused. */
const EXCEPTIONS = [
  { maker: 'HPMONT HD5L-PLUS, of 13 registers', functionCode: 3, code: 3, hex: '01 83 03 01 31' },
  { maker: 'INVT GD300L', functionCode: 6, code: 4, hex: '01 86 04 43 A3' },
  { maker: 'Delta VFD-VL', functionCode: 6, code: 2, hex: '01 86 02 C3 A1' },
] as const;

/** Others' writes: heard on a tapped line, never sent. */
const WRITES = [
  { maker: 'Sunfar', unit: 1, hex: '01 06 10 01 00 01 1D 0A' },
  { maker: 'INVT GD300L', unit: 1, hex: '01 06 00 01 00 03 98 0B' },
  { maker: 'Mitsubishi', unit: 5, hex: '05 06 00 0D 17 70 17 99' },
] as const;

const TIMEOUT_MS = 300;
const chunk = (dir: 'tx' | 'rx', bytes: Uint8Array) => ({ bus: 'b', dir, bytes, atMs: 0 as MonoMs });

function tapped() {
  const tap = new TapReader({ bus: 'b', responseTimeoutMs: TIMEOUT_MS });
  return { tap, hear: (bytes: Uint8Array) => tap.chunk(chunk('rx', bytes)) };
}

function mastered(asks: ReadRequest) {
  const reader = new RtuReader({ bus: 'b', responseTimeoutMs: TIMEOUT_MS, byteCountBitsOf: () => 8 });
  reader.chunk(chunk('tx', readFrame(asks)));
  return reader;
}

test('the published check value, and the CRC of every frame', () => {
  assert.is(crc16(new TextEncoder().encode('123456789')), 0x4b37, 'CRC-16/MODBUS of 123456789');
  const all = [...READS, ...REPLIES, ...EXCEPTIONS, ...WRITES];
  assert.is(all.length, 13, 'the frames that were found');
  for (const { maker, hex } of all) {
    const bytes = bytesOf(hex);
    assert.is(crc16(bytes), 0, `${maker}: over the frame with its CRC`);
    assert.equal(withCrc([...bytes.subarray(0, -2)]), bytes, `${maker}: made anew`);
  }
});

test('what we make is what the manuals print', () => {
  for (const { maker, asks, hex } of READS) assert.equal(readFrame(asks), bytesOf(hex), maker);
  for (const { maker, to, hex, values } of REPLIES) assert.equal(replyFrame(to, values), bytesOf(hex), maker);
  for (const { maker, functionCode, code, hex } of EXCEPTIONS) {
    assert.equal(exceptionFrame(1, functionCode, code), bytesOf(hex), maker);
  }
});

test('every frame is one that its head names, of just its length', () => {
  const kinds = [
    ...[...READS, ...WRITES].map((one) => ({ ...one, kind: 'request' })),
    ...REPLIES.map((one) => ({ ...one, kind: 'reply' })),
    ...EXCEPTIONS.map((one) => ({ ...one, kind: 'exception' })),
  ];
  for (const { maker, hex, kind } of kinds) {
    const bytes = bytesOf(hex);
    const named = candidatesAt(bytes, 0, bytes.length).filter(({ length }) => length === bytes.length);
    assert.ok(
      named.some((one) => one.kind === kind),
      `${maker}: ${hex} is a ${kind}`,
    );
  }
});

test('the tap finds each request', () => {
  for (const { maker, asks, hex } of READS) {
    const { hear, tap } = tapped();
    assert.equal(
      hear(bytesOf(hex)),
      [{ kind: 'request', unit: asks.unit, functionCode: 3, request: asks, atMs: 0 }],
      maker,
    );
    assert.is(tap.counts.noise, 0, `${maker}: nothing left over`);
  }
  for (const { maker, unit, hex } of WRITES) {
    const { hear } = tapped();
    const heard = [...hear(bytesOf(hex)), ...hear(bytesOf(hex))];
    assert.equal(
      heard.map((one) => ('functionCode' in one ? [one.kind, one.unit, one.functionCode] : [])),
      [
        ['request', unit, 6],
        ['reply', unit, 6],
      ],
      `${maker}: a write, and its echo is its reply`,
    );
  }
});

test('master and tap pair each reply with its request', () => {
  for (const { maker, to, hex, values } of REPLIES) {
    const exchange = { kind: 'exchange', bus: 'b', ...to, values, atMs: 0 };
    assert.equal(mastered(to).chunk(chunk('rx', bytesOf(hex))), { kind: 'values', exchange }, `${maker}: master`);
    const { hear } = tapped();
    hear(readFrame(to));
    assert.equal(hear(bytesOf(hex)), [{ kind: 'values', exchange }], `${maker}: tap`);
  }
});

test('master and tap take each exception for one', () => {
  const tooMany = read(1, 0x3304, 13);
  const [refused] = EXCEPTIONS;
  const told = mastered(tooMany).chunk(chunk('rx', bytesOf(refused.hex)));
  assert.equal(told, { kind: 'exception', code: 3, atMs: 0 }, `${refused.maker}: master`);
  for (const { maker, functionCode, code, hex } of EXCEPTIONS) {
    const { hear } = tapped();
    hear(functionCode === 3 ? readFrame(tooMany) : bytesOf(WRITES[0].hex));
    const request = functionCode === 3 ? tooMany : null;
    assert.equal(hear(bytesOf(hex)), [{ kind: 'exception', unit: 1, functionCode, code, request, atMs: 0 }], maker);
  }
});

test.run();
