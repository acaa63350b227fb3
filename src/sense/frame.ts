/**
 * The frames of Modbus RTU: how they are made (requests that read or ask who is there, nothing else), and what may stand at
 * a place of a line. Shared by the master (rtu.ts) and by the tap that only listens (tap.ts), so both accept the very same frames.
 *
 * A frame is found by what its head says and by its CRC. The CRC alone says too little: its residue stays 0 over zeros that
 * follow, which a bus adds when its driver lets go. Hence: the shortest of the lengths that a head allows, first.
 * Source: "Modbus over Serial Line V1.02" and "Modbus Application Protocol V1.1b3".
 */

import {
  candidatesAt,
  EXCEPTION_BIT,
  EXCEPTION_BYTES,
  LAST_UNIT,
  MOST_BITS,
  MOST_REGISTERS,
  READ_REQUEST_BYTES,
} from './heads.ts';
import { FUNCTION_OF, type ReadRequest, TABLE_OF } from './observation.ts';

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

/** CRC-16/MODBUS of `bytes` from `from` up to but not including `to`. Over a frame with its CRC it is 0. */
export function crc16(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  for (let at = from; at < to; at++) crc = (crc >> 8) ^ (CRC_TABLE[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return crc;
}

/** A frame of these bytes with its CRC, low byte first. */
export function withCrc(body: readonly number[]): Uint8Array {
  return sealed(Uint8Array.from([...body, 0, 0]));
}

/** Writes the CRC of a frame into its last two bytes. */
function sealed(frame: Uint8Array): Uint8Array {
  const crc = crc16(frame, 0, frame.length - 2);
  frame[frame.length - 2] = crc & 0xff;
  frame[frame.length - 1] = crc >> 8;
  return frame;
}

/** The 8 bytes that ask for a read. Beside identifyFrame there is no way to make any other request. */
export function readFrame({ unit, table, address, count }: ReadRequest): Uint8Array {
  return withCrc([unit, FUNCTION_OF[table], address >> 8, address & 0xff, count >> 8, count & 0xff]);
}

/** A reply to a read as a slave sends it; used by simulated slaves and for capturing TCP lines. */
export function replyFrame(request: ReadRequest, values: readonly number[], byteCountBits: 8 | 16 = 8): Uint8Array {
  const size = sizeOf({ ...request, count: values.length });
  const data = byteCountBits === 16 ? 4 : 3;
  const frame = new Uint8Array(data + size + 2);
  frame[0] = request.unit;
  frame[1] = FUNCTION_OF[request.table];
  frame[data - 1] = size & 0xff;
  if (byteCountBits === 16) frame[2] = size >> 8;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (!isBits(request)) {
      frame[data + at * 2] = value >> 8;
      frame[data + at * 2 + 1] = value & 0xff;
    } else if (value) {
      frame[data + (at >> 3)] = (frame[data + (at >> 3)] ?? 0) | (1 << (at & 7));
    }
  }
  return sealed(frame);
}

export function exceptionFrame(unit: number, functionCode: number, exception: number): Uint8Array {
  return withCrc([unit, functionCode | EXCEPTION_BIT, exception]);
}

export function isBits({ table }: Pick<ReadRequest, 'table'>): boolean {
  return table === 'coil' || table === 'discrete';
}

/** bytes of the values in a reply */
export function sizeOf({ table, count }: Pick<ReadRequest, 'table' | 'count'>): number {
  return isBits({ table }) ? Math.ceil(count / 8) : count * 2;
}

/** What stands at a place: that many bytes; `whole`: all of them are here, and their CRC is right. */
export type Standing = 'whole' | 'wrong' | 'unfinished';

function standing(bytes: Uint8Array, from: number, end: number, length: number): Standing {
  if (from + length > end) return 'unfinished';
  return crc16(bytes, from, from + length) === 0 ? 'whole' : 'wrong';
}

/** The request to read that begins at `from`, or null where none does; its CRC is looked at by the caller. */
export function readRequestAt(bytes: Uint8Array, from: number): ReadRequest | null {
  const table = TABLE_OF[bytes[from + 1] ?? 0];
  const unit = bytes[from] ?? 0;
  if (!table || unit === 0 || unit > LAST_UNIT) return null;
  const word = (at: number) => ((bytes[from + at] ?? 0) << 8) | (bytes[from + at + 1] ?? 0);
  const [address, count] = [word(2), word(4)];
  return count === 0 || address + count > 65_536 ? null : { unit, table, address, count };
}

/** The request to read that stands whole at `from`, of no more than a master may ask for. */
export function wholeReadRequestAt(bytes: Uint8Array, from: number, end: number): ReadRequest | null {
  if (from + READ_REQUEST_BYTES > end) return null;
  const request = readRequestAt(bytes, from);
  if (request && request.count > (isBits(request) ? MOST_BITS : MOST_REGISTERS)) return null;
  return request && crc16(bytes, from, from + READ_REQUEST_BYTES) === 0 ? request : null;
}

export interface ReplyAt {
  readonly standing: Standing;
  readonly length: number;
  /** null: the values of the read */
  readonly exception: number | null;
}

/** The reply to `request` that begins at `from`, or null where none can: unit, function and byte count must be its own. */
export function replyAt(
  request: ReadRequest,
  byteCountBits: 8 | 16,
  bytes: Uint8Array,
  from: number,
  end: number,
): ReplyAt | null {
  if (from + EXCEPTION_BYTES > end) return null;
  if (bytes[from] !== request.unit) return null;
  const code = FUNCTION_OF[request.table];
  const said = bytes[from + 1];
  if (said === (code | EXCEPTION_BIT)) {
    const length = EXCEPTION_BYTES;
    return { standing: standing(bytes, from, end, length), length, exception: bytes[from + 2] ?? 0 };
  }
  if (said !== code) return null;
  const wide = byteCountBits === 16;
  const size = sizeOf(request);
  const count = wide ? ((bytes[from + 2] ?? 0) << 8) | (bytes[from + 3] ?? 0) : bytes[from + 2];
  if (count !== size) return null;
  const length = (wide ? 4 : 3) + size + 2;
  return { standing: standing(bytes, from, end, length), length, exception: null };
}

/** A reply to the one passes for a reply to the other. */
export function isLike(a: ReadRequest, b: ReadRequest): boolean {
  return a.unit === b.unit && a.table === b.table && (a.count === b.count || (isBits(a) && sameSize(a, b)));
}

function sameSize(a: ReadRequest, b: ReadRequest): boolean {
  return Math.ceil(a.count / 8) === Math.ceil(b.count / 8);
}

export function isSame(a: ReadRequest, b: ReadRequest): boolean {
  return a.unit === b.unit && a.table === b.table && a.address === b.address && a.count === b.count;
}

/** The values of a whole reply that begins at `from`: a word per register, or 0/1 per bit. */
export function valuesAt(request: ReadRequest, byteCountBits: 8 | 16, bytes: Uint8Array, from: number): number[] {
  const data = from + (byteCountBits === 16 ? 4 : 3);
  const bits = isBits(request);
  const values = new Array<number>(request.count);
  for (let at = 0; at < request.count; at++) {
    values[at] = bits
      ? ((bytes[data + (at >> 3)] ?? 0) >> (at & 7)) & 1
      : ((bytes[data + at * 2] ?? 0) << 8) | (bytes[data + at * 2 + 1] ?? 0);
  }
  return values;
}

/** The 7 bytes that ask who a slave is: read device identification (43/14), the basic objects from `object` on. */
export function identifyFrame(unit: number, object = 0): Uint8Array {
  return withCrc([unit, 43, 14, 1, object]);
}

/** `objects`: id and text (0 vendor, 1 product, 2 revision). `moreFrom`: the object to ask for next, null: that was all. */
export interface IdentityAt {
  readonly objects: readonly (readonly [id: number, text: string])[];
  readonly moreFrom: number | null;
}

/** The whole reply of `unit` to identifyFrame that begins at `from`; 'refused': it is an exception; null: none does. */
export function identityAt(unit: number, bytes: Uint8Array, from: number, end: number): IdentityAt | 'refused' | null {
  if (bytes[from] !== unit) return null;
  for (const { kind, length } of candidatesAt(bytes, from, end)) {
    if (kind === 'request' || standing(bytes, from, end, length) !== 'whole') continue;
    if (bytes[from + 1] === (43 | EXCEPTION_BIT)) return 'refused';
    if (bytes[from + 1] !== 43) return null;
    const objects: [number, string][] = [];
    for (let at = from + 8; objects.length < (bytes[from + 7] ?? 0); at += 2 + (bytes[at + 1] ?? 0)) {
      const text = bytes.subarray(at + 2, at + 2 + (bytes[at + 1] ?? 0));
      objects.push([bytes[at] ?? 0, new TextDecoder().decode(text)]);
    }
    return { objects, moreFrom: bytes[from + 5] ? (bytes[from + 6] ?? 0) : null };
  }
  return null;
}
