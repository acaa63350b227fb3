/**
 * What the head of a frame says of its length: requests and replies of all functions that the protocol knows, for whoever listens
 * must find the frames of others too. Source: "Modbus Application Protocol V1.1b3".
 */

export const EXCEPTION_BIT = 0x80;
export const EXCEPTION_BYTES = 5;
export const READ_REQUEST_BYTES = 8;
const CRC_BYTES = 2;
export const LAST_UNIT = 247;
/** Most that one read may ask for, and most bytes that a reply of 8-bit byte count can carry. */
export const MOST_REGISTERS = 125;
export const MOST_BITS = 2000;
/** RTU frames are at most 256 bytes; a reply with a 16-bit byte count may be one more. */
export const LONGEST_FRAME = 257;

/** A frame of any function as the head at `from` names it, without knowing what was asked. */
export interface Candidate {
  readonly kind: 'request' | 'reply' | 'exception';
  readonly length: number;
}

/**
 * What the head at `from` can be the beginning of, shortest first; where bytes that tell the length are still missing, the
 * least length that it can have. Empty: nothing begins here.
 */
export function candidatesAt(bytes: Uint8Array, from: number, end: number): Candidate[] {
  const unit = bytes[from] ?? 0;
  if (unit > LAST_UNIT) return [];
  if (from + 1 >= end) return [{ kind: 'request', length: 2 }];
  const code = bytes[from + 1] ?? 0;
  if (code > EXCEPTION_BIT) return unit === 0 ? [] : [{ kind: 'exception', length: EXCEPTION_BYTES }];
  const lengths = LENGTHS_OF[code];
  if (!lengths || (unit === 0 && !TO_ALL.has(code))) return [];
  const at = (offset: number) => (from + offset < end ? (bytes[from + offset] ?? 0) : null);
  const found: Candidate[] = [];
  const request = lengths.request(at);
  if (request !== null) found.push({ kind: 'request', length: request });
  const reply = unit === 0 ? null : lengths.reply(at);
  if (reply !== null) found.push({ kind: 'reply', length: reply });
  return found.sort((a, b) => a.length - b.length);
}

/** a byte of the frame by its place, null where it has not come yet */
type At = (offset: number) => number | null;
interface Lengths {
  request(at: At): number | null;
  reply(at: At): number | null;
}

const fixed = (request: number, reply: number): Lengths => ({ request: () => request, reply: () => reply });

function readOf(bits: boolean): Lengths {
  return {
    request(at) {
      const [high, low] = [at(4), at(5)];
      if (high === null || low === null) return READ_REQUEST_BYTES;
      const count = (high << 8) | low;
      return count === 0 || count > (bits ? MOST_BITS : MOST_REGISTERS) ? null : READ_REQUEST_BYTES;
    },
    reply(at) {
      const size = at(2);
      if (size === null) return EXCEPTION_BYTES + 1;
      // A 16-bit byte count begins with zero; a register is two bytes.
      if (size === 0) return wideReply(at, bits);
      return size > 250 || (!bits && size % 2 === 1) ? null : 3 + size + 2;
    },
  };
}

function wideReply(at: At, bits: boolean): number | null {
  const size = at(3);
  if (size === null) return EXCEPTION_BYTES + 2;
  return size === 0 || size > 250 || (!bits && size % 2 === 1) ? null : 4 + size + 2;
}

/** A write of several: address, count, byte count, bytes. `most`: of the count; `size`: its bytes. */
function writeOf(most: number, size: (count: number) => number): Lengths {
  return {
    request(at) {
      const [high, low, bytes] = [at(4), at(5), at(6)];
      if (high === null || low === null || bytes === null) return 10;
      const count = (high << 8) | low;
      return count > 0 && count <= most && bytes === size(count) ? 9 + bytes : null;
    },
    reply: () => 8,
  };
}

const counted =
  (base: number, offset: number, most = 250) =>
  (at: At) => {
    const size = at(offset);
    if (size === null) return base;
    return size > most ? null : base + size;
  };

/** What all slaves can be told at once: to write. */
const TO_ALL: ReadonlySet<number> = new Set([5, 6, 15, 16, 21, 22]);

/** Requests and replies of the functions of the application protocol, by code. */
const LENGTHS_OF: { readonly [code: number]: Lengths | undefined } = {
  1: readOf(true),
  2: readOf(true),
  3: readOf(false),
  4: readOf(false),
  5: fixed(8, 8),
  6: fixed(8, 8),
  7: fixed(4, 5),
  8: fixed(8, 8),
  11: fixed(4, 8),
  12: { request: () => 4, reply: counted(5, 2) },
  15: writeOf(1968, (count) => Math.ceil(count / 8)),
  16: writeOf(123, (count) => count * 2),
  17: { request: () => 4, reply: counted(5, 2) },
  20: { request: files, reply: counted(5, 2, 245) },
  21: { request: filed, reply: filed },
  22: fixed(10, 10),
  23: { request: readAndWrite, reply: counted(5, 2) },
  24: { request: () => 6, reply: queue },
  43: { request: () => 7, reply: identification },
};

/** Read and write several registers: address and count of both, byte count, bytes. */
function readAndWrite(at: At): number | null {
  const [high, low, writtenHigh, writtenLow, bytes] = [at(4), at(5), at(8), at(9), at(10)];
  if (high === null || low === null || writtenHigh === null || writtenLow === null || bytes === null) return 13;
  const [count, written] = [(high << 8) | low, (writtenHigh << 8) | writtenLow];
  return count > 0 && count <= MOST_REGISTERS && written > 0 && written <= 121 && bytes === written * 2
    ? 13 + bytes
    : null;
}

/** Read file record: 7 bytes for each part. */
function files(at: At): number | null {
  const size = at(2);
  if (size === null) return 5 + 7;
  return size > 0 && size <= 245 && size % 7 === 0 ? 5 + size : null;
}

/** Write file record: 7 bytes and a register or more for each part; the reply is the same. */
function filed(at: At): number | null {
  const size = at(2);
  if (size === null) return 5 + 9;
  return size >= 9 && size <= 251 ? 5 + size : null;
}

/** Read FIFO queue: a 16-bit byte count, of a count and no more than 31 registers. */
function queue(at: At): number | null {
  const [high, low] = [at(2), at(3)];
  if (high === null || low === null) return 8;
  const size = (high << 8) | low;
  return size >= 2 && size <= 64 ? 4 + size + CRC_BYTES : null;
}

/** Read device identification (43/14): objects of id, length and text. */
function identification(at: At): number | null {
  const [kind, objects] = [at(2), at(7)];
  if (kind !== null && kind !== 14) return null;
  if (objects === null) return 10;
  let offset = 8;
  for (let object = 0; object < objects; object++) {
    const size = at(offset + 1);
    if (size === null) return Math.min(offset + 4, LONGEST_FRAME);
    offset += 2 + size;
    if (offset + CRC_BYTES > LONGEST_FRAME) return null;
  }
  return offset + CRC_BYTES;
}
