/** A line that is listened to, at its edges: the last moment, what stands inside another frame, whose turn it is, and writes alike. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MonoMs } from '../../src/clock.ts';
import { exceptionFrame, readFrame, replyFrame, withCrc } from '../../src/sense/frame.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';
import { type Heard, TapReader } from '../../src/sense/tap.ts';

function tapped() {
  const tap = new TapReader({ bus: 'b', responseTimeoutMs: 300 });
  const hear = (bytes: Iterable<number>, atMs = 0) =>
    tap.chunk({ bus: 'b', dir: 'rx', bytes: Uint8Array.from(bytes), atMs: atMs as MonoMs }).map(word);
  return { tap, hear };
}

/** ?3 a request, =3 values, -3 refused, +6 another reply, ~3 one without its request; -~3 refused without one */
function word(heard: Heard): string {
  if (heard.kind === 'values') return `=${heard.exchange.values}`;
  if (heard.kind === 'request') return `?${heard.functionCode}`;
  if (heard.kind === 'reply') return `${heard.asked ? '+' : '~'}${heard.functionCode}`;
  return `${heard.request ? '-' : '-~'}${heard.functionCode}`;
}

const READ: ReadRequest = { unit: 1, table: 'holding', address: 0x10, count: 1 };
const ASK = readFrame(READ);
const REPLY = replyFrame(READ, [0x1234]);
const TOLD = '=4660';
const REFUSED = exceptionFrame(1, 3, 2);
const WRITE = withCrc([1, 6, 0, 3, 0, 9]);

test('a request is open, and its reply in time, up to the very time-out', () => {
  const { tap, hear } = tapped();
  hear(ASK, 100);
  assert.is(tap.openAt(400 as MonoMs)?.request?.address, 0x10, 'open after 300 ms');
  assert.is(tap.openAt(401 as MonoMs), null, 'not after 301');
  assert.equal(hear(REPLY, 400), [TOLD], 'the reply after 300 ms');
});

test('a chunk in which no frame ends gives the very same empty list', () => {
  const { tap } = tapped();
  const none = (byte: number) => tap.chunk({ bus: 'b', dir: 'rx', bytes: Uint8Array.of(byte), atMs: 0 as MonoMs });
  assert.is(none(1), none(3), 'nothing is made');
});

test('a frame may pause for 50 ms, and not for longer', () => {
  const paused = (forMs: number) => {
    const { hear } = tapped();
    return [...hear(ASK.subarray(0, 4)), ...hear(ASK.subarray(4), forMs)];
  };
  assert.equal(paused(50), ['?3'], '50 ms');
  assert.equal(paused(51), [], '51 ms');
});

test('a request like the one before it is in doubt for a second, and one that is not like it is in none', () => {
  const after = (before: Partial<ReadRequest>, forMs: number) => {
    const { hear } = tapped();
    return [...hear(readFrame({ ...READ, ...before }), 600), ...hear([...ASK, ...REPLY], 600 + forMs)].at(-1);
  };
  assert.is(after({ address: 0x20 }, 500), '~3', 'half a second');
  assert.is(after({ address: 0x20 }, 1000), '~3', 'the very second');
  assert.is(after({ address: 0x20 }, 1001), TOLD, 'later');
  assert.is(after({ unit: 2 }, 100), TOLD, 'of another slave');
  assert.is(after({ count: 2 }, 100), TOLD, 'for more registers');
});

/** A write of three registers, in two pieces, with these bytes among what is written. */
function around(inner: Iterable<number>, before: Iterable<number> = []): string[] {
  const bytes = [...inner];
  const write = withCrc([1, 16, 0, 3, 0, 3, 6, ...bytes, ...new Array<number>(6 - bytes.length).fill(0)]);
  const cut = 7 + bytes.length;
  const { hear } = tapped();
  hear(before);
  return [...hear(write.subarray(0, cut)), ...hear(write.subarray(cut), 10)];
}

test('what stands inside a frame that is not all here yet is no frame', () => {
  assert.equal(around(REFUSED), ['?16'], 'a refusal');
  assert.equal(around(withCrc([1, 7, 9])), ['?16'], 'a reply');
  assert.equal(around(withCrc([1, 7])), ['?16'], 'a request that reads nothing');
  assert.equal(around([1, 3, 2, 0, 0], ASK), ['?16'], 'the beginning of the reply that is waited for');
  const five: ReadRequest = { ...READ, count: 5 };
  const reply = [1, 3, 10, ...ASK, 0, 0];
  const { hear } = tapped();
  hear(readFrame(five));
  const whole = withCrc(reply);
  assert.equal(
    [...hear(whole.subarray(0, 12)), ...hear(whole.subarray(12))].map((one) => one[0]),
    ['='],
    'a request',
  );
});

test('the answer that is waited for is taken from behind what is not all here', () => {
  const head = [1, 16, 0, 3, 0, 100, 200, 7];
  const behind = (answer: Uint8Array, atMs = 0) => {
    const { hear } = tapped();
    hear(ASK);
    return [...hear([], atMs), ...hear([...head, ...answer], atMs)];
  };
  assert.equal(behind(REPLY), [TOLD], 'values');
  assert.equal(behind(REFUSED), ['-3'], 'a refusal');
  assert.equal(behind(REPLY, 301), ['~3'], 'values that come late');
});

/** Its last byte is 0, so that without it it could be a reply. */
const TWOFOLD = readFrame({ unit: 220, table: 'coil', address: 701, count: 36 });

test('whose turn it is: after an answer to what was asked, a request; after all else, what is whole first', () => {
  const next = (...frames: Uint8Array[]) => {
    const { hear } = tapped();
    for (const frame of frames) hear(frame);
    return [...TWOFOLD].flatMap((byte) => hear([byte]))[0];
  };
  assert.is(next(ASK, REPLY), '?1', 'values');
  assert.is(next(ASK, REFUSED), '?1', 'a refusal');
  assert.is(next(WRITE, WRITE), '?1', 'a write that is answered');
  assert.is(next(), '~1', 'nothing yet');
  assert.is(next(ASK), '~1', 'a request');
  assert.is(next(REPLY), '~1', 'a reply that nobody asked for');
  assert.is(next(REFUSED), '~1', 'a refusal of nothing');
  assert.is(next(ASK, REPLY, exceptionFrame(2, 3, 2)), '~1', 'after an answer, a refusal of another slave');
});

/** A reply whose bytes, and one more, have the head of a request for no more registers than one may ask for. */
function halfRequest(): Uint8Array {
  const replies = Array.from({ length: 247 }, (_, at) => replyFrame({ ...READ, unit: at + 1 }, [0]));
  const found = replies.find((reply) => (reply[5] ?? 0) > 0 && (reply[5] ?? 0) <= 125);
  if (!found) throw new Error('no reply of one register is half a request');
  return found;
}

test('in a request’s turn all else is heard as well, and a reply alone when the line falls silent', () => {
  const { hear } = tapped();
  assert.equal(hear([...ASK, ...REPLY, ...REFUSED]), ['?3', TOLD, '-~3'], 'a refusal');
  hear([...ASK, ...REPLY], 100);
  assert.equal(
    [...hear(halfRequest(), 120), ...hear([], 1000)],
    ['~3'],
    'it is shorter than a request: waited for till then',
  );
});

test('a reply whose CRC lets a zero follow is that reply, and no request of eight bytes', () => {
  const { hear } = tapped();
  assert.equal(hear([...halfRequest(), 0]), ['~3'], 'nothing was asked');
});

test('a reply is to a request of its own function; a write is answered by its own bytes, and by no others', () => {
  const { hear } = tapped();
  const other = replyFrame({ ...READ, table: 'input' }, [7]);
  assert.equal([...hear(ASK), ...hear(other), ...hear(REPLY)], ['?3', '~4', TOLD], 'another function, of this slave');
  const twice = (one: Uint8Array, two: Uint8Array) => tapped().hear([...one, ...two]);
  assert.equal(twice(WRITE, WRITE), ['?6', '+6'], 'its own');
  assert.equal(twice(WRITE, withCrc([1, 6, 0, 3, 0, 8])), ['?6', '?6'], 'another value: another write');
  const all = withCrc([0, 6, 0, 3, 0, 9]);
  assert.equal(twice(all, all), ['?6', '?6'], 'to all slaves: nobody answers');
  const many = withCrc([1, 16, 0, 3, 0, 1, 2, 0, 1]);
  const answer = withCrc([1, 16, 0, 3, 0, 1]);
  assert.equal(tapped().hear([...many, ...answer, ...answer]), ['?16', '+16', '~16'], 'answered once');
  const refused = tapped();
  const line = [...WRITE, ...exceptionFrame(1, 6, 3), ...WRITE, ...WRITE];
  assert.equal(refused.hear(line), ['?6', '-~6', '?6', '+6'], 'refused, and written again');
});

test('a write that is asked again after the time-out is asked twice, and answered by nobody', () => {
  const again = (forMs: number) => {
    const { hear } = tapped();
    return [...hear(WRITE), ...hear(WRITE, forMs)];
  };
  assert.equal(again(300), ['?6', '+6'], 'up to the very time-out it is the answer');
  assert.equal(again(301), ['?6', '?6'], 'after it the same request');
});

/** A write of 100 registers, of which the rest never comes. */
const TORN = [1, 16, 0, 3, 0, 100, 200];

test('what stands behind a head whose frame never comes is told once, when that is sure', () => {
  const silent = tapped();
  assert.equal(
    [...silent.hear([...TORN, ...WRITE]), ...silent.hear([], 51)],
    ['?6'],
    'by silence: no answer to itself',
  );
  const late = tapped();
  late.hear(WRITE);
  late.hear([...TORN, ...WRITE], 20);
  assert.equal(late.hear([], 2000), ['+6'], 'an answer came when its bytes came, however late that is sure');
  const asked = tapped();
  const line = [...TORN, ...WRITE, ...WRITE, ...withCrc([1, 7]), ...withCrc([1, 7, 9])];
  assert.equal(asked.hear(line), [], 'it may all be what is written');
  assert.equal(asked.hear(ASK), ['?6', '+6', '?7', '+7', '?3'], 'by a whole request to read: a write has none in it');
  assert.is(asked.tap.counts.noise, TORN.length, 'the head is noise, and nothing else');
  const answered = tapped();
  answered.hear(ASK);
  assert.equal(answered.hear([...TORN, ...REPLY, ...TORN, ...ASK]), [TOLD, '?3'], 'by the answer that is waited for');
});

test('the form of a request is no request where the function says so', () => {
  const [asks, tells] = [withCrc([1, 8, 0, 11, 0, 0]), withCrc([1, 8, 0, 11, 18, 52])];
  assert.equal(tapped().hear([...asks, ...tells]), ['?8', '+8'], 'a counter is answered by its number');
  assert.equal(tapped().hear([...asks, ...withCrc([1, 8, 0, 12, 0, 0])]), ['?8', '?8'], 'another counter: asked');
  const file = withCrc([1, 20, 14, 6, 0, 1, 0, 2, 0, 3, 6, 0, 2, 0, 2, 0, 3]);
  const records = withCrc([1, 20, 14, 5, 6, 0, 1, 0, 2, 7, 6, 0, 1, 0, 2, 0, 3]);
  assert.equal(tapped().hear([...file, ...records]), ['?20', '+20'], 'a file by as many bytes as were asked with');
  const [write, other] = [1, 2].map((word) => withCrc([1, 21, 9, 6, 0, 1, 0, 2, 0, 1, 0, word]));
  assert.equal(tapped().hear([...(write ?? []), ...(write ?? [])]), ['?21', '+21'], 'a file that is written by itself');
  assert.equal(tapped().hear([...(write ?? []), ...(other ?? [])]), ['?21', '?21'], 'and by nothing else');
});

test.run();
