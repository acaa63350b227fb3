/**
 * Packet files of other programs: classic pcap (both byte orders, microseconds or nanoseconds) and pcapng. What the packets hold
 * is not looked at here. Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 */

import { t } from '../../language.ts';
import { captureError } from '../damage.ts';
import { BlockReader } from '../pcapng-reader.ts';
import { importError } from './recording.ts';

export interface Packet {
  readonly linktype: number;
  /** the name of its interface, or its place; empty in a pcap file, which has one */
  readonly line: string;
  /** since 1970 */
  readonly atMs: number;
  readonly data: Uint8Array;
}

export interface PacketFile {
  readonly packets: readonly Packet[];
  readonly notes: readonly string[];
}

const HEADER_BYTES = 24;
const RECORD_BYTES = 16;
/** A packet that claims more is damage. */
const PACKET_LIMIT_BYTES = 1024 * 1024;
const MAGIC: ReadonlyMap<number, { readonly little: boolean; readonly ticksPerMs: number }> = new Map([
  [0xa1b2c3d4, { little: false, ticksPerMs: 1e3 }],
  [0xd4c3b2a1, { little: true, ticksPerMs: 1e3 }],
  [0xa1b23c4d, { little: false, ticksPerMs: 1e6 }],
  [0x4d3cb2a1, { little: true, ticksPerMs: 1e6 }],
]);

/** Whether a file begins as a classic pcap file does. */
export function isPcap(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && MAGIC.has(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0));
}

/** `file`: what errors call it. Throws GatewayError `capture-invalid`, with the byte. */
export function readPcap(bytes: Uint8Array, file: string): PacketFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const form = isPcap(bytes) ? MAGIC.get(view.getUint32(0)) : undefined;
  if (!form || bytes.length < HEADER_BYTES) {
    throw captureError(file, 0, t('no pcap file, or one cut off in its head', '不是 pcap 文件，或文件头不完整'), 0);
  }
  const { little, ticksPerMs } = form;
  // The upper bits tell of a check sum behind each packet, which is none of the payloads that are read here.
  const linktype = view.getUint32(20, little) & 0xffff;
  const packets: Packet[] = [];
  let [at, cut] = [HEADER_BYTES, 0];
  while (at + RECORD_BYTES <= bytes.length) {
    const held = view.getUint32(at + 8, little);
    if (held > PACKET_LIMIT_BYTES) {
      throw captureError(file, at, t(`a packet claims ${held} bytes`, `数据包声称长 ${held} 字节`), packets.length);
    }
    if (at + RECORD_BYTES + held > bytes.length) break;
    if (view.getUint32(at + 12, little) > held) cut++;
    const atMs = view.getUint32(at, little) * 1000 + view.getUint32(at + 4, little) / ticksPerMs;
    const data = bytes.subarray(at + RECORD_BYTES, at + RECORD_BYTES + held);
    packets.push({ linktype, line: '', atMs, data });
    at += RECORD_BYTES + held;
  }
  const notes: string[] = [];
  if (cut > 0) {
    notes.push(t(`${cut} packets were saved without their ends (snap length)`, `${cut} 个数据包被截短保存`));
  }
  if (at < bytes.length) {
    notes.push(
      t(
        `the file ends amid a packet; the ${packets.length} before it are whole`,
        `文件在数据包内中断；其前 ${packets.length} 个完整`,
      ),
    );
  }
  return { packets, notes };
}

/** `file`: what errors call it. Throws GatewayError `capture-invalid`, with the byte. */
export function readPcapng(bytes: Uint8Array, file: string): PacketFile {
  const reader = new BlockReader(file);
  const packets: Packet[] = [];
  for (const block of reader.push(bytes)) {
    if (block.kind === 'section' && /^\{"hoistway":/m.test(block.comment)) {
      throw importError(
        file,
        null,
        t('this is a capture of Hoistway already', '这已是 Hoistway 的捕获文件'),
        t('replay it as it is: hoistway replay FILE --site SITE', '可直接回放：hoistway replay 文件 --site 站点文件'),
      );
    }
    if (block.kind !== 'packet') continue;
    const { linktype, name, id } = block.from;
    const atMs = Number(block.timeUs) / 1000;
    if (!Number.isSafeInteger(Math.round(atMs * 1000))) {
      throw captureError(file, block.offset, t('a packet has an impossible time', '数据包时间不合理'), packets.length);
    }
    packets.push({ linktype, line: name || `${id}`, atMs, data: block.data });
  }
  const torn = reader.end();
  return { packets, notes: torn === null ? [] : [torn] };
}
