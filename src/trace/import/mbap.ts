/** The frames of Modbus TCP in a stream of bytes. Source: "Modbus Messaging on TCP/IP Implementation Guide V1.0b", 3.1.3. */

import type { Stretch } from './tcp.ts';

export interface Adu {
  readonly transaction: number;
  readonly unit: number;
  /** function code and what follows, 1 to 253 bytes */
  readonly pdu: Uint8Array;
  /** of its last byte */
  readonly atMs: number;
}

/** transaction, protocol, length (of unit and PDU), unit */
const HEADER_BYTES = 7;
const MOST_LENGTH = 254;

/** Cuts a stream into frames. Where none can begin, it goes on with the next stretch, which mostly begins one. */
export class Adus {
  lostBytes = 0;
  #held: Uint8Array = new Uint8Array(0);

  push({ bytes, atMs, afterGap }: Stretch): Adu[] {
    if (afterGap) this.#drop();
    const adus = this.#cut(bytes, atMs);
    if (adus !== null) return adus;
    // What was held began amid a frame: this stretch may begin with one.
    this.#drop();
    return this.#cut(bytes, atMs) ?? [];
  }

  /** null: what is held begins no frame. */
  #cut(bytes: Uint8Array, atMs: number): Adu[] | null {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength);
    const adus: Adu[] = [];
    let at = 0;
    while (at + HEADER_BYTES + 1 <= all.length) {
      const length = view.getUint16(at + 4);
      if (view.getUint16(at + 2) !== 0 || length < 2 || length > MOST_LENGTH) {
        if (at === 0 && this.#held.length > 0) return null;
        this.lostBytes += all.length - at;
        at = all.length;
        break;
      }
      if (at + 6 + length > all.length) break;
      const pdu = all.subarray(at + HEADER_BYTES, at + 6 + length);
      adus.push({ transaction: view.getUint16(at), unit: view.getUint8(at + 6), pdu, atMs });
      at += 6 + length;
    }
    this.#held = all.slice(at);
    return adus;
  }

  #drop(): void {
    this.lostBytes += this.#held.length;
    this.#held = new Uint8Array(0);
  }
}
