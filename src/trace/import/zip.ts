/**
 * The part of the zip format that capture files need (PKWARE APPNOTE 6.3): stored and deflated entries, found by the central
 * directory. No encryption, no zip64. A library for it is larger than this, and its streams are of no use to a pure reader.
 */

import { crc32, inflateRawSync } from 'node:zlib';
import { t } from '../../language.ts';
import { captureError } from '../damage.ts';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const COMMENT_LIMIT_BYTES = 0xffff;
/** An entry that claims more is refused before a byte of it is unpacked. */
const UNPACKED_LIMIT_BYTES = 256 * 1024 * 1024;

export interface ZipEntry {
  readonly name: string;
  /** unpacked anew at each call, checked against its length and CRC-32 */
  readonly read: () => Uint8Array;
}

/** What is packed in `bytes`, in the order of the directory. `file`: what errors call it. Throws GatewayError `capture-invalid`. */
export function zipEntries(bytes: Uint8Array, file: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view, file);
  const count = view.getUint16(end + 10, true);
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let n = 0; n < count; n++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY) {
      throw captureError(
        file,
        at,
        t(`entry ${n + 1} of ${count} is missing`, `缺少第 ${n + 1} 项（共 ${count} 项）`),
        0,
      );
    }
    const nameBytes = view.getUint16(at + 28, true);
    const name = Buffer.from(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes)).toString('utf8');
    const entry = at;
    entries.push({ name, read: () => unpacked(bytes, view, entry, file) });
    at += ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** The end record: last in the file but for a comment. */
function endOf(view: DataView, file: string): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - COMMENT_LIMIT_BYTES); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw captureError(
    file,
    view.byteLength,
    t('no zip archive, or one that is cut off', '不是 zip 压缩包，或文件被截断'),
    0,
  );
}

function unpacked(bytes: Uint8Array, view: DataView, entry: number, file: string): Uint8Array {
  const method = view.getUint16(entry + 10, true);
  const [packedBytes, plainBytes] = [view.getUint32(entry + 20, true), view.getUint32(entry + 24, true)];
  const local = view.getUint32(entry + 42, true);
  if (view.getUint16(entry + 8, true) & 1 || (method !== 0 && method !== 8) || plainBytes > UNPACKED_LIMIT_BYTES) {
    throw captureError(file, entry, t('packed in a way that is not read here', '压缩方式不受支持'), 0);
  }
  if (local + LOCAL_BYTES > view.byteLength || view.getUint32(local, true) !== LOCAL) {
    throw captureError(file, local, t('no entry where the directory says', '目录所指位置没有数据'), 0);
  }
  const from = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const packed = bytes.subarray(from, from + packedBytes);
  const plain = method === 0 ? packed : inflated(packed, plainBytes, from, file);
  if (plain.length !== plainBytes || crc32(plain) !== view.getUint32(entry + 16, true)) {
    throw captureError(file, from, t('an entry is damaged: its CRC is wrong', '数据已损坏：CRC 不符'), 0);
  }
  return plain;
}

function inflated(packed: Uint8Array, plainBytes: number, from: number, file: string): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(plainBytes, 1) });
  } catch (error) {
    throw captureError(file, from, t(`an entry is damaged: ${String(error)}`, `数据已损坏：${String(error)}`), 0);
  }
}
