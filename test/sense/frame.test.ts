/** What may begin at a place of a line: requests that can be read, replies to them, and the lengths that a head allows, to the bound. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  exceptionFrame,
  isLike,
  isSame,
  readFrame,
  readRequestAt,
  replyAt,
  replyFrame,
  wholeReadRequestAt,
  withCrc,
} from '../../src/sense/frame.ts';
import { candidatesAt } from '../../src/sense/heads.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
/** What the head can be, shortest first: `8?` a request of 8 bytes, `7=` a reply, `5-` an exception. */
const MARKS = { request: '?', reply: '=', exception: '-' } as const;
function heads(text: string, from = 0): string {
  const bytes = hex(text);
  const found = candidatesAt(bytes, from, bytes.length);
  return found.map(({ kind, length }) => `${length}${MARKS[kind]}`).join(' ');
}

test('a request that reads: its unit, its function, and as many as there are addresses', () => {
  const read = (text: string, from = 0) => readRequestAt(hex(text), from);
  assert.equal(read('f7 04 12 34 00 03'), { unit: 247, table: 'input', address: 0x1234, count: 3 }, 'unit 247');
  assert.equal(
    read('ff 01 01 ff ff 00 01', 1),
    { unit: 1, table: 'coil', address: 65_535, count: 1 },
    'the last address',
  );
  assert.is(read('01 03 ff ff 00 02'), null, 'one more than there are');
  assert.is(read('01 03 00 00 00 00'), null, 'none');
  assert.is(read('00 03 00 00 00 01'), null, 'to all: nobody would answer');
  assert.is(read('f8 03 00 00 00 01'), null, 'unit 248');
  assert.is(read('01 06 00 00 00 01'), null, 'a write');
});

test('a whole request is there to its last byte, asks for no more than one may, and has a right CRC', () => {
  const whole = (read: Partial<ReadRequest>) => {
    const frame = readFrame({ unit: 1, table: 'holding', address: 0, count: 1, ...read });
    return wholeReadRequestAt(frame, 0, frame.length)?.count ?? null;
  };
  assert.equal([whole({ count: 125 }), whole({ count: 126 })], [125, null], 'registers');
  assert.equal([whole({ table: 'coil', count: 2000 }), whole({ table: 'coil', count: 2001 })], [2000, null], 'bits');
  const frame = readFrame({ unit: 1, table: 'input', address: 7, count: 2 });
  assert.is(wholeReadRequestAt(frame, 0, 7), null, 'a byte is missing');
  assert.is(wholeReadRequestAt(Uint8Array.from([...frame.subarray(0, 7), 0]), 0, 8), null, 'a wrong CRC');
  assert.is(wholeReadRequestAt(Uint8Array.from([0, 0, ...frame]), 2, 10)?.address, 7, 'further on');
  assert.is(wholeReadRequestAt(Uint8Array.from([0, 0, ...frame]), 2, 9), null, 'further on, a byte is missing');
  assert.is(wholeReadRequestAt(withCrc([1, 6, 0, 0, 0, 1]), 0, 8), null, 'a write');
});

test('a reply to a request: whole, wrong or unfinished; none where unit, function or byte count is another', () => {
  const request: ReadRequest = { unit: 3, table: 'input', address: 0, count: 2 };
  const good = replyFrame(request, [1, 2]);
  const at = (bytes: Iterable<number>, from = 0, end?: number, bits: 8 | 16 = 8) => {
    const all = Uint8Array.from(bytes);
    const reply = replyAt(request, bits, all, from, end ?? all.length);
    return reply && `${reply.standing} ${reply.length} ${reply.exception}`;
  };
  assert.is(at(good), 'whole 9 null', 'whole');
  assert.is(at([0xff, ...good], 1), 'whole 9 null', 'further on');
  assert.is(at(good, 0, 8), 'unfinished 9 null', 'a byte is missing');
  assert.is(at(good, 0, 5), 'unfinished 9 null', 'five bytes tell what it is');
  assert.is(at(good, 0, 4), null, 'four do not');
  assert.is(at([0xff, 0xff, ...good], 2, 6), null, 'further on, four');
  assert.is(at([...good.subarray(0, 8), (good[8] ?? 0) ^ 1]), 'wrong 9 null', 'a wrong CRC');
  assert.is(at(replyFrame(request, [1, 2], 16), 0, undefined, 16), 'whole 10 null', 'a byte count of 16 bits');
  assert.is(at(replyFrame({ ...request, unit: 4 }, [1, 2])), null, 'another unit');
  assert.is(at(replyFrame({ ...request, table: 'holding' }, [1, 2])), null, 'another function');
  assert.is(at(replyFrame(request, [1, 2, 3])), null, 'another byte count');
  assert.is(at(exceptionFrame(3, 4, 2)), 'whole 5 2', 'an exception');
  assert.is(at(exceptionFrame(3, 3, 2)), null, 'of another function');
});

test('a reply to one request passes for that to another of the same slave and size', () => {
  const coils: ReadRequest = { unit: 1, table: 'coil', address: 0, count: 9 };
  const words: ReadRequest = { ...coils, table: 'input' };
  const other = (one: ReadRequest, change: Partial<ReadRequest>) => isLike(one, { ...one, ...change });
  assert.equal([other(words, { address: 5 }), other(words, { count: 10 })], [true, false], 'registers: as many');
  assert.equal([other(coils, { count: 16 }), other(coils, { count: 17 })], [true, false], 'bits: as many bytes');
  assert.equal([other(words, { unit: 2 }), other(words, { table: 'holding' })], [false, false], 'slave and table');
  const same = (change: Partial<ReadRequest>) => isSame(words, { ...words, ...change });
  const changes = [{}, { unit: 2 }, { table: 'holding' as const }, { address: 1 }, { count: 8 }];
  assert.equal(changes.map(same), [true, false, false, false, false], 'the same request is the same in all');
});

test('heads of reads: a request of 8 bytes, a reply by its byte count, of 8 or 16 bits', () => {
  for (const [text, expected, why] of [
    ['01 03', '6= 8?', 'nothing but the function: the least of both'],
    ['01 03 02', '7= 8?', 'a register'],
    ['01 03 03', '8?', 'a byte and a half is no register'],
    ['01 01 03', '8? 8=', 'three bytes of bits'],
    ['01 02 03', '8? 8=', 'and of the other bits'],
    ['01 04 03', '8?', 'no register of the other ones'],
    ['01 03 fa', '8? 255=', '125 registers'],
    ['01 03 fc', '8?', '126'],
    ['01 01 fb', '8?', '2001 bits and more'],
    ['01 03 00', '7= 8?', 'a byte count of 16 bits: its low byte is to come'],
    ['01 03 00 02', '8? 8=', 'one register'],
    ['01 03 00 03', '8?', 'no register'],
    ['01 01 00 03', '8? 9=', 'three bytes of bits'],
    ['01 03 00 00', '8?', 'none'],
    ['01 03 00 fa', '8? 256=', '125 registers'],
    ['01 03 00 fc', '8?', '126'],
    ['01 03 08 00 00', '8? 13=', 'how many the request would ask for is not said yet'],
    ['01 03 08 00 00 7d', '8? 13=', 'for 125 registers'],
    ['01 03 08 00 00 7e', '13=', 'for 126: a reply alone'],
    ['01 03 08 00 00 00', '13=', 'for none'],
    ['01 01 08 00 07 d0', '8? 13=', 'for 2000 bits'],
    ['01 02 08 00 07 d1', '13=', 'for 2001'],
    ['00 03 08 00', '', 'to all: a read would be answered by all at once'],
  ] as const)
    assert.is(heads(text), expected, `${text}: ${why}`);
});

test('heads of writes: the byte count must be that of the count', () => {
  for (const [text, expected, why] of [
    ['01 06', '8? 8=', 'one register'],
    ['00 05', '8?', 'to all: nobody answers'],
    ['01 10 00 00 00 02', '8= 10?', 'its byte count is to come'],
    ['01 10 00 00 00 02 04', '8= 13?', 'two registers'],
    ['00 10 00 00 00 02 04', '13?', 'of all slaves'],
    ['01 10 00 00 00 02 05', '8=', 'two registers are four bytes'],
    ['01 10 00 00 00 00 00', '8=', 'none'],
    ['01 10 00 00 00 7b f6', '8= 255?', '123 registers'],
    ['01 10 00 00 00 7c f8', '8=', '124'],
    ['01 0f 00 00 00 09 02', '8= 11?', 'nine bits'],
    ['01 0f 00 00 07 b0 f6', '8= 255?', '1968 bits'],
    ['01 0f 00 00 07 b1 f7', '8=', '1969'],
    ['01 0f 00 00 01', '8= 10?', 'its count is to come'],
    ['01 0f 00 00', '8= 10?', 'all of it is'],
  ] as const)
    assert.is(heads(text), expected, `${text}: ${why}`);
});

test('heads of other functions, of exceptions, and of nothing', () => {
  for (const [text, expected, why] of [
    ['01', '2?', 'a unit alone may be anything'],
    ['f7', '2?', 'unit 247'],
    ['f8', '', 'unit 248'],
    ['f8 03', '', 'unit 248, and a function'],
    ['01 83', '5-', 'an exception'],
    ['00 83', '', 'nobody answers what went to all'],
    ['01 80', '', 'of no function'],
    ['01 63', '', 'a function that nobody has'],
    ['01 07', '4? 5=', 'exception status'],
    ['01 08', '8? 8=', 'diagnostics'],
    ['01 0b', '4? 8=', 'event counter'],
    ['01 11', '4? 5=', 'report of the slave: its length is to come'],
    ['01 11 04', '4? 9=', 'four bytes'],
    ['01 11 fa', '4? 255=', 'as many as fit'],
    ['01 11 fb', '4?', 'more than fit'],
    ['01 16', '10? 10=', 'mask write'],
    ['01 17 04 00 00 00 00 00 00 00', '9= 13?', 'read and write: the bytes to write are to come'],
    ['01 17 04 00 00 01 00 00 00 01 02', '9= 15?', 'one register to write'],
    ['01 17 04 00 00 7d 00 00 00 79 f2', '9= 255?', 'as many as fit'],
    ['01 17 04 00 00 7e 00 00 00 79 f2', '9=', 'more to read'],
    ['01 17 04 00 00 7d 00 00 00 7a f4', '9=', 'more to write'],
    ['01 17 04 00 00 01 00 00 00 02 02', '9=', 'two registers are four bytes'],
    ['01 17 04 00 00 00 00 00 00 01 02', '9=', 'none to read'],
    ['01 17 04 00 00 01 00 00 00 00 00', '9=', 'none to write'],
    ['01 17 04 01 00', '9= 13?', 'what it reads is to come'],
    ['01 0c', '4? 5=', 'event log: its length is to come'],
    ['01 0c 08', '4? 13=', 'two events'],
    ['01 14', '5= 12?', 'file records: their length is to come'],
    ['01 14 07', '12? 12=', 'one'],
    ['01 14 0e', '19? 19=', 'two, or a reply as long'],
    ['01 14 08', '13=', 'no request: 7 bytes for each'],
    ['01 14 00', '5=', 'none: a reply alone'],
    ['01 14 f5', '250? 250=', 'as many as fit'],
    ['01 14 fc', '', 'more'],
    ['01 15', '14? 14=', 'a file record to write'],
    ['01 15 09', '14? 14=', 'of one register'],
    ['01 15 08', '', 'of none'],
    ['01 15 fb', '256? 256=', 'as many as fit'],
    ['01 15 fc', '', 'more'],
    ['00 15 09', '14?', 'of all slaves'],
    ['01 18', '6? 8=', 'a queue: its length is to come'],
    ['01 18 00', '6? 8=', 'of 16 bits'],
    ['01 18 00 02', '6? 8=', 'nothing in it'],
    ['01 18 00 40', '6? 70=', '31 registers'],
    ['01 18 00 41', '6?', 'more than a queue has'],
    ['01 18 00 01', '6?', 'not even their number'],
    ['00 08', '', 'of all slaves nothing is asked: diagnostics'],
    ['00 14 07', '', 'a file record'],
    ['00 17', '', 'read and write'],
    ['00 16', '10?', 'but a mask is written'],
  ] as const)
    assert.is(heads(text), expected, `${text}: ${why}`);
  assert.is(heads('ff ff 01 07', 2), '4? 5=', 'further on');
  assert.is(heads('ff ff 01', 2), '2?', 'further on, a unit alone');
});

test('heads of an identification: as long as its objects', () => {
  for (const [text, expected, why] of [
    ['01 2b', '7? 10=', 'what it identifies is to come'],
    ['01 2b 0e 01', '7? 10=', 'its objects are to come'],
    ['01 2b 0d', '7?', 'something else'],
    ['01 2b 0e 01 01 00 00 00', '7? 10=', 'no object'],
    ['01 2b 0e 01 01 00 00 01 00', '7? 12=', 'one, its length to come'],
    ['01 2b 0e 01 01 00 00 01 00 03', '7? 15=', 'three letters'],
    ['01 2b 0e 01 01 00 00 02 00 03 41 42 43', '7? 17=', 'another one to come'],
    ['01 2b 0e 01 01 00 00 02 00 03 41 42 43 01 02', '7? 19=', 'of two letters'],
    ['01 2b 0e 01 01 00 00 01 00 f5', '7? 257=', 'the longest'],
    ['01 2b 0e 01 01 00 00 01 00 f6', '7?', 'longer than any frame'],
  ] as const)
    assert.is(heads(text), expected, `${text}: ${why}`);
});

test.run();
