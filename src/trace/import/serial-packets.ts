/**
 * Bytes of serial lines in packets: LINKTYPE_RTAC_SERIAL (250) with direction and line errors, and LINKTYPE_USER0 to 15 (147 to 162),
 * in which SerialPCAP and others put one bare RTU frame each, and old RTAC recorders their packets with the header.
 */

import { t } from '../../language.ts';
import type { Packet } from './packets.ts';
import type { Piece } from './recording.ts';

const RTAC_SERIAL = 250;
const RTAC_HEADER_BYTES = 12;
/** TX_START and TX_END; what else carries bytes was received */
const SENT: readonly number[] = [1, 3];
/** data lost, framing, parity, break, overflow */
const ERRORS: readonly number[] = [5, 7, 8, 9, 10];
const LAST_EVENT = 10;
const DAY_S = 86_400;

const isUser = (linktype: number) => linktype >= 147 && linktype <= 162;

export const isSerial = ({ linktype }: Packet) => linktype === RTAC_SERIAL || isUser(linktype);

export function serialPieces(packets: readonly Packet[]): { pieces: Piece[]; notes: string[] } {
  let errors = 0;
  const pieces = packets.filter(isSerial).flatMap(({ linktype, line, atMs, data }): Piece | [] => {
    if (isUser(linktype) && !hasHeader(data, atMs)) return { line, side: null, atMs, bytes: data };
    const event = data[8] ?? 0;
    if (ERRORS.includes(event)) errors++;
    const bytes = data.subarray(RTAC_HEADER_BYTES);
    return bytes.length === 0 ? [] : { line, side: SENT.includes(event) ? 0 : 1, atMs, bytes };
  });
  const notes =
    errors > 0 ? [t(`the recorder told of ${errors} line errors`, `记录仪报告了 ${errors} 次线路错误`)] : [];
  return { pieces, notes };
}

/** Big-endian seconds near the time of the packet, microseconds, an event that there is, and a footer of zero. */
function hasHeader(data: Uint8Array, atMs: number): boolean {
  if (data.length < RTAC_HEADER_BYTES) return false;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const near = Math.abs(view.getUint32(0) - atMs / 1000) < DAY_S;
  return near && view.getUint32(4) < 1e6 && view.getUint8(8) <= LAST_EVENT && view.getUint16(10) === 0;
}
