/** Packet files: damaged ones, several lines in one, and TCP as it comes over a real network. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesOf, goodItems } from '../samples.ts';
import * as forms from './forms.ts';
import { TALK, type TcpPart } from './forms.ts';
import { chunksIn, expected, importOf, refusal, SETTINGS } from './read.ts';

const PARTS = forms.tcpParts(TALK);
const tcp = (parts: readonly TcpPart[]) => importOf(forms.pcap(forms.ethernet(parts), { linktype: 1 }));
const withoutTimes = (chunks: readonly string[]) => chunks.map((chunk) => chunk.replace(/ @.*/, ''));
const part = (at: number): TcpPart => {
  const found = PARTS[at];
  if (!found) throw new Error(`the conversation has no part ${at}`);
  return found;
};

test('TCP: a segment sent twice, in pieces, overtaken, or lying over the one before', () => {
  const all = expected(TALK);
  assert.equal(chunksIn(tcp(PARTS.flatMap((one) => [one, one]))), all, 'twice');
  const cut = (one: TcpPart, from: number, to?: number) => ({
    ...one,
    offset: one.offset + from,
    bytes: one.bytes.subarray(from, to),
  });
  assert.equal(chunksIn(tcp(PARTS.flatMap((one) => [cut(one, 0, 5), cut(one, 5)]))), all, 'in pieces');
  const overtaken = PARTS.flatMap((one) => [cut(one, 5), cut(one, 0, 5)]);
  const syns = [true, false].map((asks) => ({ ...part(0), asks, syn: true, offset: 0, bytes: new Uint8Array(0) }));
  assert.equal(chunksIn(tcp([...syns, ...overtaken])), all, 'overtaken');
  assert.equal(chunksIn(tcp(overtaken)), expected(TALK.slice(2)), 'overtaken where the capture begins: that is lost');
  assert.equal(chunksIn(tcp(PARTS.flatMap((one) => [cut(one, 0, 8), cut(one, 2)]))), all, 'over each other');
});

test('TCP: a segment that was not captured costs its own exchange', () => {
  const result = tcp(PARTS.filter((_, at) => at !== 1));
  assert.equal(chunksIn(result), expected(TALK.filter((_, at) => at !== 1)), 'the others are there');
  const begins = tcp([{ ...part(0), syn: true, offset: 0, bytes: new Uint8Array(0) }, ...PARTS]);
  assert.equal(chunksIn(begins), expected(TALK), 'from its SYN on');
});

test('TCP: requests sent ahead are told one at a time, each with its own reply', () => {
  const order = [2, 0, 3, 1].map((at, n) => ({ ...part(at), atUs: 1_000_000 + n * 10_000 }));
  const [landing, doors, , values] = [2, 0, 3, 1].map((at) => withoutTimes(expected(TALK))[at]);
  const refused = withoutTimes(expected(TALK))[3];
  // Each direction has its own stream: offsets as they were sent.
  let [asked, answered] = [1, 1];
  const streamed = order.map((one) => {
    const offset = one.asks ? asked : answered;
    if (one.asks) asked += one.bytes.length;
    else answered += one.bytes.length;
    return { ...one, offset };
  });
  assert.equal(withoutTimes(chunksIn(tcp(streamed))), [landing, refused, doors, values], 'in turn');
});

test('TCP: what is no Modbus is stepped over, and told', () => {
  const garbage = { ...part(0), bytes: new TextEncoder().encode('GET / HTTP/1.1\r\n') };
  const shifted = PARTS.map((one) => (one.asks ? { ...one, offset: one.offset + garbage.bytes.length } : one));
  const result = tcp([garbage, ...shifted]);
  assert.equal(withoutTimes(chunksIn(result)), withoutTimes(expected(TALK)), 'the rest');
  assert.match(result.notes.join(), /16 bytes of the connections are no Modbus TCP/, 'told');
});

test('TCP: unit 255 is the server itself, and becomes a unit that a serial line has', () => {
  const own = PARTS.slice(0, 2).map((one) => ({ ...one, bytes: one.bytes.map((byte, at) => (at === 6 ? 255 : byte)) }));
  const result = tcp(own);
  assert.equal(chunksIn(result), expected(TALK.slice(0, 2)), 'unit 1');
  assert.match(result.notes.join(), /unit 255, the server itself, is written as unit 1/, 'told');
});

test('TCP: each server is a line, and another port is named', () => {
  const rows = [...forms.ethernet(PARTS), ...forms.ethernet(PARTS, { server: 9, client: 3000 })];
  const file = forms.pcap(
    rows.sort((a, b) => a.atUs - b.atUs),
    { linktype: 1 },
  );
  assert.equal(
    importOf(file).lines.map(({ bus, name }) => `${bus} ${name}`),
    ['line-1-1 10.0.0.7:502', 'line-1-2 10.0.0.9:502'],
    'two',
  );
  const one = importOf(file, { only: '10.0.0.9:502' });
  assert.equal(chunksIn(one), expected(TALK), 'one of them');
  assert.equal(
    one.lines.map(({ bus }) => bus),
    ['line-1'],
    'under the name that was asked for',
  );
  const elsewhere = () => importOf(file, { settings: { ...SETTINGS, tcpPort: 1502 } });
  assert.match(refusal(elsewhere), /no Modbus TCP on port 1502 is in its 18 packets/, 'nothing there');
});

test('a line error that the recorder tells is counted', () => {
  const rows = forms.rtac(TALK).map((row, at) => {
    if (at !== 1) return row;
    const data = Buffer.from(row.data);
    data[8] = 8;
    return { ...row, data };
  });
  assert.match(importOf(forms.pcap(rows)).notes.join(), /1 line errors/, 'told');
});

test('interfaces of a pcapng file are lines of their own', () => {
  const rows = forms.rtac(TALK);
  const file = forms.pcapng([
    { linktype: 250, name: 'COM1', rows },
    { linktype: 250, name: '', rows },
  ]);
  assert.equal(
    importOf(file).lines.map(({ name, counts }) => [name, counts.pairs]),
    [
      ['COM1', 4],
      ['1', 4],
    ],
    'by name or place',
  );
});

test('a capture of ours is not imported, and other link types are named', () => {
  assert.match(
    refusal(() => importOf(bytesOf(goodItems))),
    /a capture of Hoistway already/,
    'ours',
  );
  assert.match(
    refusal(() => importOf(forms.pcap(forms.bare(TALK), { linktype: 127 }))),
    /have link type 127/,
    'radio',
  );
});

test('a pcap file that ends amid a packet keeps those before it; one that claims too much is refused', () => {
  const file = forms.pcap(forms.rtac(TALK));
  const torn = importOf(file.subarray(0, file.length - 3));
  assert.equal(chunksIn(torn), expected(TALK.slice(0, -1)), 'the rest');
  assert.match(torn.notes.join(), /ends amid a packet; the 8 before it are whole/, 'told');
  const giant = Buffer.from(file);
  giant.writeUInt32LE(0x7fff_ffff, 24 + 8);
  assert.match(
    refusal(() => importOf(giant)),
    /byte 24.*claims 2147483647 bytes/,
    'refused before it is gathered',
  );
  assert.match(
    refusal(() => importOf(file.subarray(0, 20))),
    /cut off in its head/,
    'no more than a head',
  );
});

test('bytes of other programs are named or refused', () => {
  assert.match(
    refusal(() => importOf(Buffer.from('1f8b0800000000000003', 'hex'))),
    /none of the formats/,
    'gzip',
  );
  assert.match(
    refusal(() => importOf(new Uint8Array(100))),
    /none of the formats/,
    'zeros',
  );
});

test.run();
