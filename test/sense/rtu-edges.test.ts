/** Replies at the edges: the last moment, the last byte, wrong lengths, noise without end; and bits by the specification's own example. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MonoMs } from '../../src/clock.ts';
import { exceptionFrame, readFrame, replyFrame, withCrc } from '../../src/sense/frame.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';
import { RtuReader } from '../../src/sense/rtu.ts';

const REQUEST: ReadRequest = { unit: 1, table: 'input', address: 0, count: 3 };
const VALUES = [7, 0x1234, 0xffff];

function asked(frame: Uint8Array = readFrame(REQUEST), byteCountBits: 8 | 16 = 8) {
  const line = new RtuReader({ bus: 'b', responseTimeoutMs: 300, byteCountBitsOf: () => byteCountBits });
  line.chunk({ bus: 'b', dir: 'tx', bytes: frame, atMs: 0 as MonoMs });
  const hear = (bytes: Iterable<number>, atMs = 30) =>
    line.chunk({ bus: 'b', dir: 'rx', bytes: Uint8Array.from(bytes), atMs: atMs as MonoMs });
  return { line, hear };
}

const exchange = { kind: 'exchange', bus: 'b', ...REQUEST, values: VALUES };

test('a reply at the very time-out is in time, and tells what was read, where and when', () => {
  const { hear } = asked();
  assert.equal(
    hear(replyFrame(REQUEST, VALUES), 300),
    { kind: 'values', exchange: { ...exchange, atMs: 300 } },
    '300 ms',
  );
});

test('what comes after the request was given up is late', () => {
  const { line, hear } = asked();
  line.giveUp();
  assert.is(hear(replyFrame(REQUEST, VALUES)), null, 'nobody waits for it');
  assert.is(line.counts.late, 11, 'its bytes are counted');
});

test('noise without end: the last kilobyte is kept, the rest is counted', () => {
  const { line, hear } = asked();
  assert.is(hear(new Uint8Array(1524)), null, 'noise');
  assert.is(line.counts.noise, 500, 'what was dropped');
  assert.is(hear(replyFrame(REQUEST, VALUES))?.kind, 'values', 'the reply is found behind it');
  assert.is(line.counts.noise, 511, 'as many bytes as came were dropped');
});

test('what follows a reply is noise; an echo before it is none', () => {
  const { line, hear } = asked();
  assert.is(hear([...readFrame(REQUEST), ...replyFrame(REQUEST, VALUES), 0xfe, 0x00])?.kind, 'values', 'read');
  assert.is(line.counts.noise, 2, 'two bytes');
});

test('a reply that could as well be a request is the reply that was asked for', () => {
  const register: ReadRequest = { unit: 1, table: 'holding', address: 0x8000, count: 1 };
  for (const value of [1, 2, 37, 125, 126]) {
    const { hear } = asked(readFrame(register), 16);
    const reply = replyFrame(register, [value], 16);
    assert.is(reply.length, 8, 'as long as a request');
    const told = hear(reply);
    assert.equal(
      told?.kind === 'values' && told.exchange.values,
      [value],
      `one register of ${value}, 16-bit byte count`,
    );
  }
  const coils: ReadRequest = { unit: 1, table: 'coil', address: 0, count: 24 };
  const bits = Array.from({ length: 24 }, (_, at) => (at === 16 ? 1 : 0));
  const told = asked(readFrame(coils)).hear(replyFrame(coils, bits));
  assert.equal(told?.kind === 'values' && told.exchange.values, bits, 'three bytes of coils');
});

test('an echo that could as well be the reply is stepped over', () => {
  const register: ReadRequest = { unit: 1, table: 'holding', address: 2, count: 1 };
  const { hear } = asked(readFrame(register), 16);
  const told = hear([...readFrame(register), ...replyFrame(register, [5], 16)]);
  assert.equal(told?.kind === 'values' && told.exchange.values, [5], 'the bytes behind it');
});

test('only a whole request that reads opens an exchange', () => {
  const reply = replyFrame(REQUEST, VALUES);
  const good = readFrame(REQUEST);
  for (const [name, frame] of [
    ['a bad CRC', [...good.subarray(0, -1), (good.at(-1) ?? 0) ^ 1]],
    ['a byte too many', withCrc([1, 4, 0, 0, 0, 3, 0])],
    ['cut short', withCrc([1, 4, 0, 0, 0])],
  ] as const) {
    const { line, hear } = asked(Uint8Array.from(frame));
    assert.is(hear(reply), null, name);
    assert.is(line.counts.late, 11, `${name}: nothing was asked`);
  }
  const { hear } = asked(withCrc([1, 6, 0, 0, 0, 1]));
  assert.is(hear(withCrc([1, 6, 2, 0, 5])), null, 'a write of somebody else, and what looks like its reply');
});

test('a reply of another length than was asked for is none, whatever it says of itself', () => {
  assert.is(asked().hear(withCrc([1, 4, 4, 0, 7, 0x12, 0x34, 0xff, 0xff])), null, 'it says 4 bytes, and has 6');
  assert.is(asked().hear(withCrc([1, 4, 6, 0, 7, 0x12, 0x34])), null, 'it says 6 bytes, and has 4');
});

test('an exception with a bad CRC is none', () => {
  const frame = exceptionFrame(1, 4, 2);
  assert.is(asked().hear([...frame.subarray(0, -1), (frame.at(-1) ?? 0) ^ 1]), null, 'one bit');
});

test('a reply whose last byte is 0 counts when that byte is here, and no sooner', () => {
  const value = Array.from({ length: 65_536 }, (_, at) => at).find(
    (at) => replyFrame(REQUEST, [at, 0, 0]).at(-1) === 0,
  );
  const reply = replyFrame(REQUEST, [value ?? 0, 0, 0]);
  const values = asked();
  assert.is(values.hear(reply.subarray(0, -1)), null, 'one byte short');
  assert.is(values.hear([0], 31)?.kind, 'values', 'whole');
  const unit = Array.from({ length: 247 }, (_, at) => at + 1).find((at) => exceptionFrame(at, 4, 2).at(-1) === 0) ?? 0;
  const exception = asked(readFrame({ ...REQUEST, unit }));
  assert.is(exception.hear(exceptionFrame(unit, 4, 2).subarray(0, -1)), null, 'an exception, one byte short');
  assert.is(exception.hear([0], 31)?.kind, 'exception', 'whole');
});

test('a byte count of 16 bits counts beyond 255', () => {
  const request = { ...REQUEST, count: 130 };
  const values = Array.from({ length: 130 }, (_, at) => at * 500);
  const reply = asked(readFrame(request), 16).hear(replyFrame(request, values, 16));
  assert.equal(reply?.kind === 'values' && reply.exchange.values, values, '260 bytes of data');
});

test('with a byte count of 16 bits the reply of one register has the bytes of a request, and is read as our reply', () => {
  const request = { ...REQUEST, address: 0x3000, count: 1 };
  for (const value of [0, 1, 2, 125, 126, 0xffff]) {
    const { line, hear } = asked(readFrame(request), 16);
    const reply = hear(replyFrame(request, [value], 16));
    assert.equal(reply?.kind === 'values' && reply.exchange.values, [value], `the value ${value}`);
    assert.is(line.counts.strangers, 0, `no other master: ${value}`);
  }
});

test('another master asks the same slave for as much: whose reply comes cannot be told, and it is nobody’s', () => {
  const other = readFrame({ ...REQUEST, address: 40 });
  const meanwhile = asked();
  assert.is(meanwhile.hear([...other, ...replyFrame(REQUEST, VALUES)]), null, 'its request came after ours');
  assert.is(meanwhile.line.counts.strangers, 1, 'counted');
  const before = asked();
  before.line.giveUp();
  before.hear([...other, ...replyFrame(REQUEST, VALUES), ...other], 40);
  assert.is(before.line.counts.strangers, 2, 'what it asks while nothing of ours is open is counted');
  const ask = (atMs: number) =>
    before.line.chunk({ bus: 'b', dir: 'tx', bytes: readFrame(REQUEST), atMs: atMs as MonoMs });
  ask(50);
  assert.is(
    before.hear(replyFrame(REQUEST, VALUES), 60),
    null,
    'its request came before ours, and waits for its reply',
  );
  ask(341);
  assert.is(before.hear(replyFrame(REQUEST, VALUES), 360)?.kind, 'values', 'a time-out later it is ours');
  const apart = asked();
  const elsewhere = readFrame({ ...REQUEST, unit: 2 });
  assert.is(apart.hear([...elsewhere, ...replyFrame(REQUEST, VALUES)])?.kind, 'values', 'of another slave: no doubt');
});

test('bits by the examples of the specification (MODBUS Application Protocol V1.1b3, 6.1 and 6.2)', () => {
  const bitsOf = (table: 'coil' | 'discrete', address: number, count: number, reply: number[]) => {
    const read = asked(readFrame({ unit: 1, table, address, count })).hear(withCrc(reply));
    return read?.kind === 'values' ? read.exchange.values.join('') : null;
  };
  assert.is(bitsOf('coil', 0x13, 0x13, [1, 1, 3, 0xcd, 0x6b, 0x05]), '1011001111010110101', 'coils 20 to 38');
  assert.is(bitsOf('discrete', 0xc4, 0x16, [1, 2, 3, 0xac, 0xdb, 0x35]), '0011010111011011101011', 'inputs 197 to 218');
});

test.run();
