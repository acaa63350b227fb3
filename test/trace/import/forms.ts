/** One conversation of a Modbus line, written as other tools write it: by their published forms, apart from the code that reads them. */

import { exceptionFrame, readFrame, replyFrame, withCrc } from '../../../src/sense/frame.ts';
import { interfaceBlock, packetBlock } from '../../../src/trace/pcapng.ts';

export interface Said {
  /** the master speaks */
  readonly asks: boolean;
  /** of its last byte, µs since START_MS */
  readonly atUs: number;
  readonly bytes: Uint8Array;
}

export const START_MS = Date.UTC(2026, 10, 23, 13, 36, 58);

const doors = { unit: 1, table: 'holding', address: 0x1010, count: 6 } as const;
const landing = { unit: 2, table: 'input', address: 0, count: 1 } as const;
const write = withCrc([1, 6, 0, 3, 0, 9]);

/** Reads that are answered, one that is refused, one that is not answered, and a write of another's. 0x0A and 0x20 are in it. */
export const TALK: readonly Said[] = [
  { asks: true, atUs: 575_602, bytes: readFrame(doors) },
  { asks: false, atUs: 591_004, bytes: replyFrame(doors, [1, 0x0a0a, 0x2020, 0x4142, 0, 65_535]) },
  { asks: true, atUs: 700_100, bytes: readFrame(landing) },
  { asks: false, atUs: 712_300, bytes: exceptionFrame(2, 4, 2) },
  { asks: true, atUs: 800_000, bytes: write },
  { asks: false, atUs: 812_345, bytes: write },
  { asks: true, atUs: 900_000, bytes: readFrame(landing) },
  { asks: true, atUs: 2_100_001, bytes: readFrame(doors) },
  { asks: false, atUs: 2_115_000, bytes: replyFrame(doors, [1, 2, 3, 4, 5, 6]) },
];

export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const pairs = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
const printable = (byte: number) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');
const utf8 = (text: string) => new TextEncoder().encode(text);
const dateOf = (atUs: number) => {
  const [date = '', hour = ''] = new Date(START_MS + Math.floor(atUs / 1000)).toISOString().split('T');
  return { date, hour: hour.slice(0, 8), us: String(atUs % 1_000_000).padStart(6, '0') };
};

/** `digits`: of the fraction, six as in 1.7.3 or nine as in 1.7.4. */
export function socat(talk: readonly Said[], { verbose = false, digits = 6 } = {}): Uint8Array {
  const blocks = talk.map(({ asks, atUs, bytes }) => {
    const { date, hour, us } = dateOf(atUs);
    const head = `${asks ? '>' : '<'} ${date.replaceAll('-', '/')} ${hour}.${us.padStart(digits, '0')}  length=${bytes.length} from=0 to=${bytes.length - 1}`;
    return verbose ? `${head}\n${verboseLines(bytes)}--` : `${head}\n ${pairs(bytes).join(' ')}`;
  });
  return utf8(`${blocks.join('\n')}\n`);
}

function verboseLines(bytes: Uint8Array): string {
  let lines = '';
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from);
    const to = Math.min(from + 16, newline < 0 ? bytes.length : newline + 1, bytes.length);
    const line = bytes.subarray(from, to);
    const columns = pairs(line).map((pair) => ` ${pair}`);
    lines += `${columns.join('').padEnd(48)}  ${[...line].map(printable).join('')}\n`;
    from = to;
  }
  return lines;
}

export function jpnevulator(talk: readonly Said[], [master, slave] = [' /dev/ttyS0', ' /dev/ttyUSB0']): Uint8Array {
  const blocks = talk.map(({ asks, atUs, bytes }) => {
    const { date, hour, us } = dateOf(atUs);
    const list = pairs(bytes).map((pair) => pair.toUpperCase());
    const lines = Array.from({ length: Math.ceil(list.length / 16) }, (_, n) =>
      list.slice(n * 16, n * 16 + 16).join(' '),
    );
    const ascii = Array.from(bytes.subarray(0, 16), printable).join('');
    return [
      `${date} ${hour}.${us}:${asks ? master : slave}`,
      ...lines.map((line) => `${line.padEnd(47)}   ${ascii}`),
    ].join('\n');
  });
  return utf8(`${blocks.join('\n')}\n`);
}

export function interceptty(talk: readonly Said[], timed = false): Uint8Array {
  const lines = talk.flatMap(({ asks, atUs, bytes }) =>
    [...bytes].map((byte) => {
      const time = timed ? `[${(START_MS / 1000 + atUs / 1e6).toFixed(6)}] ` : '';
      return `${time}${asks ? '> \t' : '< '}0x${byte.toString(16).padStart(2, '0')} (${printable(byte)})`;
    }),
  );
  return utf8(`${lines.join('\n')}\n`);
}

/** shorter than the pause before a reply allows */
const BYTE_US = 800;

const bytewise = (talk: readonly Said[]) =>
  talk.flatMap(({ asks, atUs, bytes }) =>
    [...bytes].map((byte, n) => ({ asks, byte, endUs: atUs - (bytes.length - 1 - n) * BYTE_US })),
  );

export function saleae1(talk: readonly Said[]): Uint8Array {
  const rows = bytewise(talk).map(
    ({ byte, endUs }) => `${(endUs / 1e6).toFixed(15)},0x${pairs(Uint8Array.of(byte))[0]?.toUpperCase()},,`,
  );
  return utf8(`Time [s],Value,Parity Error,Framing Error\n${rows.join('\n')}\n`);
}

export function saleae2(talk: readonly Said[]): Uint8Array {
  const rows = bytewise(talk).map(
    ({ asks, byte, endUs }) =>
      `"${asks ? 'TX, host' : 'RX'}","data",${(endUs - BYTE_US) / 1e6},${BYTE_US / 1e6},0x${byte.toString(16).padStart(2, '0')},`,
  );
  return utf8(`name,type,start_time,duration,"data","error"\r\n${rows.join('\r\n')}\r\n`);
}

export interface PacketRow {
  readonly atUs: number;
  readonly data: Uint8Array;
}

export function pcap(rows: readonly PacketRow[], { linktype = 250, little = true, nano = false } = {}): Uint8Array {
  const words = (...list: number[]) => {
    const bytes = Buffer.alloc(list.length * 4);
    for (const [n, word] of list.entries())
      little ? bytes.writeUInt32LE(word, n * 4) : bytes.writeUInt32BE(word, n * 4);
    return bytes;
  };
  const version = little ? Buffer.of(2, 0, 4, 0) : Buffer.of(0, 2, 0, 4);
  const head = [words(nano ? 0xa1b23c4d : 0xa1b2c3d4), version, words(0, 0, 65_535, linktype)];
  const records = rows.flatMap(({ atUs, data }) => {
    const second = START_MS / 1000 + Math.floor(atUs / 1e6);
    return [words(second, (atUs % 1e6) * (nano ? 1000 : 1), data.length, data.length), data];
  });
  return Buffer.concat([...head, ...records]);
}

/** A section without a comment of ours, an interface of each link type, and its packets. */
export function pcapng(
  interfaces: readonly { linktype: number; name: string; rows: readonly PacketRow[] }[],
): Uint8Array {
  const section = Buffer.from('0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000', 'hex');
  const packets = interfaces.flatMap(({ rows }, id) => rows.map((row) => ({ ...row, id })));
  packets.sort((a, b) => a.atUs - b.atUs);
  return Buffer.concat([
    section,
    ...interfaces.map(({ linktype, name }) => interfaceBlock(linktype, name, 0)),
    ...packets.map(({ id, atUs, data }) => packetBlock(id, START_MS * 1000 + atUs, data)),
  ]);
}

/** Packets with the header of an RTAC recorder. */
export function rtac(talk: readonly Said[]): PacketRow[] {
  return talk.map(({ asks, atUs, bytes }) => {
    const head = Buffer.alloc(12);
    head.writeUInt32BE(START_MS / 1000 + Math.floor(atUs / 1e6), 0);
    head.writeUInt32BE(atUs % 1e6, 4);
    head[8] = asks ? 1 : 2;
    return { atUs, data: Buffer.concat([head, bytes]) };
  });
}

export const bare = (talk: readonly Said[]): PacketRow[] => talk.map(({ atUs, bytes }) => ({ atUs, data: bytes }));

export interface TcpPart {
  readonly asks: boolean;
  readonly atUs: number;
  /** place in the stream of this direction */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly syn?: boolean;
}

/** The frames as Modbus TCP, a segment each; a reply has the transaction of the request before it. */
export function tcpParts(talk: readonly Said[]): TcpPart[] {
  const offsets = { true: 1, false: 1 };
  let transaction = 0xfffe;
  return talk.map(({ asks, atUs, bytes }) => {
    if (asks) transaction = (transaction + 1) & 0xffff;
    const pdu = bytes.subarray(1, -2);
    const length = pdu.length + 1;
    const head = [transaction >> 8, transaction & 0xff, 0, 0, length >> 8, length & 0xff, bytes[0] ?? 0];
    const key = asks ? 'true' : 'false';
    const part = { asks, atUs, offset: offsets[key], bytes: Uint8Array.of(...head, ...pdu) };
    offsets[key] += part.bytes.length;
    return part;
  });
}

/** Ethernet, IPv4 and TCP around each part; sequence numbers begin near their end. `vlan`: with a tag. */
export function ethernet(parts: readonly TcpPart[], { vlan = false, client = 2579, server = 7 } = {}): PacketRow[] {
  return parts.map(({ asks, atUs, offset, bytes, syn }) => {
    const tcp = Buffer.alloc(20);
    const ports = asks ? [client, 502] : [502, client];
    tcp.writeUInt16BE(ports[0] ?? 0, 0);
    tcp.writeUInt16BE(ports[1] ?? 0, 2);
    tcp.writeUInt32BE((0xffff_fff0 + offset) >>> 0, 4);
    tcp[12] = 0x50;
    tcp[13] = syn ? 2 : 0x18;
    const ip = Buffer.alloc(20);
    ip[0] = 0x45;
    ip.writeUInt16BE(40 + bytes.length, 2);
    ip[9] = 6;
    const [from, to] = asks ? [1, server] : [server, 1];
    ip.set([10, 0, 0, from, 10, 0, 0, to], 12);
    const type = vlan ? [0x81, 0, 0, 5, 8, 0] : [8, 0];
    const frame = Buffer.concat([new Uint8Array(12), Uint8Array.from(type), ip, tcp, bytes]);
    // Ethernet pads a short frame.
    return { atUs, data: Buffer.concat([frame, new Uint8Array(Math.max(0, 60 - frame.length))]) };
  });
}

/** The words of most terminal programs. */
export function text(talk: readonly Said[]): Uint8Array {
  const lines = talk.map(({ asks, atUs, bytes }) => {
    const { hour, us } = dateOf(atUs);
    return `${hour}.${us} ${asks ? 'TX' : 'RX'}: ${pairs(bytes).join(' ')}  ${Array.from(bytes, printable).join('')}`;
  });
  return utf8(`--- log opened\n${lines.join('\n')}\n`);
}
