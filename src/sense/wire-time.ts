/** What reads cost on a serial line: characters at its baud, and the silence that the standard asks for. Pure physics. */

import { sizeOf } from './frame.ts';
import type { ReadRequest } from './observation.ts';

export interface SerialForm {
  readonly baud: number;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

const REQUEST_BYTES = 8;
/** unit, function, CRC; the byte count comes on top */
const REPLY_FRAME_BYTES = 4;
const SILENCE_CHARACTERS = 3.5;
/** Above 19200 baud the silence between frames is a fixed 1.75 ms (Modbus over Serial Line V1.02, 2.5.1.1). */
const SHORTEST_SILENCE_MS = 1.75;

/** `9600 8N1` */
export function formText({ baud, parity, stopBits }: SerialForm): string {
  return `${baud} 8${parity.charAt(0).toUpperCase()}${stopBits}`;
}

/** start, data, parity and stop bits of one character, ms */
export function characterMs({ baud, parity, stopBits }: SerialForm): number {
  return (1000 * (1 + 8 + (parity === 'none' ? 0 : 1) + stopBits)) / baud;
}

/** The least silence between two frames, ms. */
export function silenceMs(form: SerialForm): number {
  return Math.max(SHORTEST_SILENCE_MS, SILENCE_CHARACTERS * characterMs(form));
}

/** bytes of the request and of its reply */
export function bytesOf(read: Pick<ReadRequest, 'table' | 'count'>, byteCountBits: 8 | 16 = 8): number {
  return REQUEST_BYTES + REPLY_FRAME_BYTES + byteCountBits / 8 + sizeOf(read);
}

/** The least time a read takes, ms: both frames, and the silence that ends each. What the slave takes beyond it comes on top. */
export function readMs(
  form: SerialForm,
  read: Pick<ReadRequest, 'table' | 'count'>,
  quirks: { readonly byteCount: 8 | 16; readonly gapMs: number },
): number {
  return (
    bytesOf(read, quirks.byteCount) * characterMs(form) + silenceMs(form) + Math.max(silenceMs(form), quirks.gapMs)
  );
}
