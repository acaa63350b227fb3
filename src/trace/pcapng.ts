/** Blocks of pcapng files (draft-ietf-opsawg-pcapng), as far as captures need them, written little-endian. */

import { packageVersion } from '../package.ts';

export const BLOCK = { section: 0x0a0d0d0a, interface: 1, packet: 6 } as const;
export const BYTE_ORDER = 0x1a2b3c4d;
export const OPTION = {
  end: 0,
  comment: 1,
  interfaceName: 2,
  userApplication: 4,
  timeResolution: 9,
  timeOffset: 14,
} as const;

/** Wireshark opens no file with a longer packet. */
const PACKET_LIMIT_BYTES = 256 * 1024;
/** An option's length is 16 bits. */
export const COMMENT_LIMIT_BYTES = 65_535;

export function sectionBlock(comment: string): Uint8Array {
  const head = new Uint8Array(16);
  const view = new DataView(head.buffer);
  view.setUint32(0, BYTE_ORDER, true);
  view.setUint16(4, 1, true);
  view.setBigInt64(8, -1n, true); // the length of the section is left open
  const application = utf8(`hoistway ${packageVersion}`);
  return block(
    BLOCK.section,
    [head, option(OPTION.comment, utf8(comment)), option(OPTION.userApplication, application)],
    true,
  );
}

/** `offsetS`: whole seconds to add to the time of each packet. Times of packets count microseconds. */
export function interfaceBlock(linktype: number, name: string, offsetS: number): Uint8Array {
  const head = new Uint8Array(8); // a snap length of 0: packets are never cut
  new DataView(head.buffer).setUint16(0, linktype, true);
  const offset = new Uint8Array(8);
  new DataView(offset.buffer).setBigInt64(0, BigInt(offsetS), true);
  const options = [
    option(OPTION.interfaceName, utf8(name)),
    option(OPTION.timeResolution, Uint8Array.of(6)),
    option(OPTION.timeOffset, offset),
  ];
  return block(BLOCK.interface, [head, ...options], true);
}

/** `interfaceId`: place of the interface in the section, from 0. `timeUs`: before the interface's offset. */
export function packetBlock(interfaceId: number, timeUs: number, data: Uint8Array): Uint8Array {
  if (data.length > PACKET_LIMIT_BYTES)
    throw new RangeError(`a packet of ${data.length} bytes: too long for Wireshark`);
  if (!(Number.isSafeInteger(timeUs) && timeUs >= 0)) throw new RangeError(`${timeUs} µs is no time of a packet`);
  const head = new Uint8Array(20);
  const view = new DataView(head.buffer);
  view.setUint32(0, interfaceId, true);
  view.setUint32(4, Math.floor(timeUs / 2 ** 32), true);
  view.setUint32(8, timeUs % 2 ** 32, true);
  view.setUint32(12, data.length, true);
  view.setUint32(16, data.length, true);
  return block(BLOCK.packet, [head, data], false);
}

function block(type: number, parts: readonly Uint8Array[], endOfOptions: boolean): Uint8Array {
  const length = 12 + parts.reduce((sum, part) => sum + padded(part.length), endOfOptions ? 4 : 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  view.setUint32(length - 4, length, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += padded(part.length);
  }
  return bytes;
}

function option(code: number, value: Uint8Array): Uint8Array {
  if (value.length > COMMENT_LIMIT_BYTES) throw new RangeError(`option ${code} of ${value.length} bytes is too long`);
  const bytes = new Uint8Array(4 + padded(value.length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  bytes.set(value, 4);
  return bytes;
}

export const padded = (length: number) => (length + 3) & ~3;

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
