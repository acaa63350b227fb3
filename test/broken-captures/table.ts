/** Captures broken in one way each. `says`: in the error, or in what `truncated` says where `reads` counts items. */

import { deflateRawSync, gzipSync } from 'node:zlib';
import { interfaceBlock, packetBlock, sectionBlock } from '../../src/trace/pcapng.ts';
import { bordersOf, good, goodItems, patched, patchedWord, u32 } from '../trace/samples.ts';

export interface BrokenCapture {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly says: RegExp;
  /** items that can still be read; an error is expected where left out */
  readonly reads?: number;
}

// The blocks of the good capture: section, two lines, inputs, marks, then a packet per item.
const borders = bordersOf(good);
const at = (block: number) => borders[block] ?? Number.NaN;
const FIRST_PACKET = 5;
const [CHECKPOINT, TX, , EDGE] = goodItems.map((_, item) => FIRST_PACKET + item) as [number, number, number, number];
const END = FIRST_PACKET + goodItems.length - 1;
const lengthAt = (block: number) => u32(good, at(block) + 4);
const without = (block: number) => Buffer.concat([good.subarray(0, at(block)), good.subarray(at(block + 1))]);
const inserted = (block: number, ...bytes: Uint8Array[]) =>
  Buffer.concat([good.subarray(0, at(block)), ...bytes, good.subarray(at(block))]);
const text = (words: string) => new TextEncoder().encode(words);
/** a packet with another payload */
const payload = (block: number, id: number, data: Uint8Array) =>
  Buffer.concat([good.subarray(0, at(block)), packetBlock(id, 1_200_000, data), good.subarray(at(block + 1))]);
const SERIAL = 0;
const INPUTS = 2;
const MARKS = 3;
const TYPE = 0;
const LENGTH = 4;
const BODY = 8;

const cuts: BrokenCapture[] = [
  { name: 'cut to one byte', bytes: good.subarray(0, 1), says: /within its header/ },
  { name: 'cut in the first block', bytes: good.subarray(0, at(1) - 1), says: /within its header/ },
  ...borders.slice(1, -1).map((border, one) => {
    const items = Math.max(0, one + 1 - FIRST_PACKET);
    return { name: `cut before block ${one + 1}`, bytes: good.subarray(0, border), says: /no end mark/, reads: items };
  }),
  ...borders.slice(1, -1).map((border, one) => {
    const items = Math.max(0, one + 1 - FIRST_PACKET);
    const says = new RegExp(`amid the block at byte ${border}.*the ${items} packets before it`);
    const bytes = good.subarray(0, border + (one % 2 === 0 ? 3 : lengthAt(one + 1) - 1));
    return { name: `cut amid block ${one + 1}`, bytes, says, reads: items };
  }),
  {
    name: 'a tail of zeros, as a power cut leaves',
    bytes: Buffer.concat([good.subarray(0, at(END)), Buffer.alloc(4096)]),
    says: /only zeros: power was cut/,
    reads: goodItems.length - 1,
  },
  {
    name: 'zeros amid the file',
    bytes: inserted(EDGE, Buffer.alloc(512)),
    says: /zeros stand where a block should begin/,
  },
];

const others: BrokenCapture[] = [
  { name: 'empty', bytes: new Uint8Array(0), says: /the file is empty/ },
  { name: 'only zeros', bytes: Buffer.alloc(8192), says: /power was cut before it was written/ },
  { name: 'a text', bytes: text('time,signal,value\n'), says: /not a pcapng file/ },
  { name: 'three bytes of text', bytes: text('abc'), says: /not a pcapng file/ },
  { name: 'pcap', bytes: Buffer.from('d4c3b2a1020004000000000000000000ffff0000fa000000', 'hex'), says: /a pcap file/ },
  { name: 'pcap, big-endian', bytes: Buffer.from('a1b2c3d400020004', 'hex'), says: /a pcap file/ },
  { name: 'pcap in nanoseconds', bytes: Buffer.from('4d3cb2a102000400', 'hex'), says: /a pcap file/ },
  { name: 'gzip', bytes: gzipSync(good), says: /gzip/ },
  {
    name: 'a sigrok session',
    bytes: Buffer.concat([Buffer.from('504b030414000000', 'hex'), deflateRawSync(good)]),
    says: /sigrok session/,
  },
  {
    name: 'pcapng of another program',
    bytes: Buffer.concat([sectionBlock('Ethernet'), interfaceBlock(1, 'eth0', 0)]),
    says: /no capture of Hoistway/,
  },
  {
    name: 'a newer format',
    bytes: sectionBlock('x\n{"hoistway":2,"wallAtZeroMs":0,"clockTrust":"ntp","box":"b"}'),
    says: /has format 2/,
  },
  {
    name: 'an unknown trust of the clock',
    bytes: sectionBlock('x\n{"hoistway":1,"wallAtZeroMs":0,"clockTrust":"gps","box":"b"}'),
    says: /lacks the head line/,
  },
  { name: 'two captures joined', bytes: Buffer.concat([good, good]), says: /two files were joined/ },
];

const blocks: BrokenCapture[] = [
  { name: 'a block of no known byte order', bytes: patched(good, BODY, 0, 0, 0, 0), says: /byte-order mark/ },
  { name: 'a huge block', bytes: patchedWord(good, 0x7fffffff, at(TX) + LENGTH), says: /over the limit of 16 MiB/ },
  { name: 'a block of 8 bytes', bytes: patchedWord(good, 8, at(TX) + LENGTH), says: /a block of 8 bytes cannot be/ },
  { name: 'an odd length', bytes: patchedWord(good, 61, at(TX) + LENGTH), says: /a block of 61 bytes/ },
  {
    name: 'two lengths that differ',
    bytes: patchedWord(good, 12, at(TX + 1) - 4),
    says: /two lengths of a block differ/,
  },
  {
    name: 'a packet block too short',
    bytes: inserted(EDGE, Buffer.from('060000000c0000000c000000', 'hex')),
    says: /too short for its kind/,
  },
  {
    name: 'no interfaces',
    bytes: Buffer.concat([good.subarray(0, at(1)), good.subarray(at(FIRST_PACKET))]),
    says: /interface 3/,
  },
  { name: 'an interface lost', bytes: without(1), says: /interface 3, which the file has not/ },
  { name: 'an unknown link type', bytes: patched(good, at(1) + BODY, 1, 0), says: /link type 1, not 250, 147 or 148/ },
  {
    name: 'an option past its block',
    bytes: patched(good, at(1) + BODY + 8 + 2, 0xff, 0xff),
    says: /option 2 runs past the end/,
  },
  { name: 'a comment past its block', bytes: patched(good, 24 + 2, 0xff, 0xff), says: /option 1 runs past the end/ },
  {
    name: 'a time resolution of no length',
    bytes: inserted(1, Buffer.from(`010000001800000093000000000000000900000018000000`, 'hex')),
    says: /option has the wrong length/,
  },
  { name: 'a packet of another interface', bytes: patchedWord(good, 99, at(TX) + BODY), says: /interface 99/ },
  {
    name: 'a packet larger than its block',
    bytes: patchedWord(good, 4000, at(TX) + BODY + 12),
    says: /4000 bytes in a smaller block/,
  },
  {
    name: 'a packet cut by another tool',
    bytes: patchedWord(good, 90, at(TX) + BODY + 16),
    says: /the tool that saved it cut it/,
  },
  {
    name: 'a packet turned into an unknown block',
    bytes: patchedWord(good, 0xbad, at(END) + TYPE),
    says: /no end mark/,
    reads: goodItems.length - 1,
  },
];

const contents: BrokenCapture[] = [
  {
    name: 'a line packet without its header',
    bytes: payload(TX, SERIAL, Uint8Array.of(1, 2)),
    says: /lacks its header/,
  },
  {
    name: 'a line packet of an unknown event',
    bytes: payload(TX, SERIAL, new Uint8Array(14).fill(9)),
    says: /event 9/,
  },
  { name: 'an edge in other words', bytes: payload(EDGE, INPUTS, text('door closed')), says: /no edge of an input/ },
  {
    name: 'an edge of an unknown signal',
    bytes: payload(EDGE, INPUTS, text('L1 frontDoor 1')),
    says: /no signal is called "frontDoor"/,
  },
  {
    name: 'a signal out of the language',
    bytes: payload(EDGE, INPUTS, text('L1 constructor 1')),
    says: /no signal is called/,
  },
  { name: 'a mark that is not JSON', bytes: payload(CHECKPOINT, MARKS, text('{"checkpoint":')), says: /is not JSON/ },
  { name: 'an empty mark', bytes: payload(CHECKPOINT, MARKS, text('')), says: /is not JSON/ },
  { name: 'an unknown mark', bytes: payload(CHECKPOINT, MARKS, text('{"begin":true}')), says: /is unknown/ },
  { name: 'a mark that is a list', bytes: payload(CHECKPOINT, MARKS, text('[1]')), says: /is unknown/ },
  { name: 'a mark nested too deep', bytes: payload(CHECKPOINT, MARKS, text('['.repeat(200_000))), says: /is not JSON/ },
  { name: 'packets after the end', bytes: inserted(END, good.subarray(at(END))), says: /follow the end mark/ },
  { name: 'the end mark lost', bytes: without(END), says: /no end mark: what came after its 6 packets/, reads: 6 },
  {
    name: 'time far back on a line',
    bytes: inserted(
      END,
      packetBlock(SERIAL, 90_000_000, new Uint8Array(12).fill(1)),
      good.subarray(at(TX), at(TX + 1)),
    ),
    says: /time goes back by 89 s on "line-1"/,
  },
  { name: 'an impossible time', bytes: patchedWord(good, 0xffffffff, at(TX) + BODY + 4), says: /impossible time/ },
  {
    name: 'a time before the boot',
    bytes: Buffer.concat([
      sectionBlock('x\n{"hoistway":1,"wallAtZeroMs":9000000,"clockTrust":"ntp","box":"b"}'),
      interfaceBlock(148, 'marks', 0),
      packetBlock(0, 5, text('{"end":true}')),
    ]),
    says: /impossible time/,
  },
];

export const table: readonly BrokenCapture[] = [...cuts, ...others, ...blocks, ...contents];
