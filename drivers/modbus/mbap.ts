/**
 * What the headers of a Modbus TCP connection tell, and modbus-serial does not: which requests are still owed a reply, and whether the
 * stream is in step. Pure. Source: Modbus Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3 (transaction, protocol, length).
 */

import type { MonoMs } from '../../src/clock.ts';

const HEADER_BYTES = 6;
/** unit, function and one byte; unit and the longest PDU */
const [SHORTEST, LONGEST] = [3, 254];
/** modbus-serial counts its requests so, from 1 */
const TRANSACTIONS = 256;
/** More are never owed at a time: a gateway that serialises would queue them. */
const MOST_OWED = 8;
/** A late reply is waited for so many times as long as the longest that came late. */
const PATIENCE = 1.5;

export class Mbap {
  #sent = 0;
  /** in the order of sending */
  #owed: { readonly transaction: number; readonly atMs: MonoMs }[] = [];
  #header: number[] = [];
  #bodyBytes = 0;
  /** the longest that came late, ms */
  #latestMs = 0;

  /** A reply has begun and not ended. */
  get amid(): boolean {
    return this.#header.length > 0;
  }

  get owed(): number {
    return this.#owed.length;
  }

  sent(atMs: MonoMs): void {
    this.#sent++;
    this.#owed.push({ transaction: this.#sent % TRANSACTIONS, atMs });
  }

  /** Returns false where this can be no stream of replies any more: nothing after it can be told apart. */
  heard(bytes: Uint8Array, atMs: MonoMs, responseTimeoutMs: number): boolean {
    for (const byte of bytes) {
      if (this.#header.length < HEADER_BYTES) {
        this.#header.push(byte);
        if (this.#header.length === HEADER_BYTES && !this.#begins()) return false;
      } else if (--this.#bodyBytes === 0) this.#replied(atMs, responseTimeoutMs);
    }
    return true;
  }

  /**
   * How long the next request must wait for replies that are owed when one timed out, ms. `silentMs`: how long a server may owe all of them. Where replies
   * have come late, the server does one request after the other: one sent meanwhile would only wait in its queue, and time out. Where
   * that wait was in vain, they are not waited for again until one comes late.
   */
  waitMs(nowMs: MonoMs, silentMs: number): number {
    const [first] = this.#owed;
    const last = this.#owed.at(-1);
    if (!first || !last) return 0;
    const leftMs = last.atMs + Math.min(this.#latestMs * PATIENCE, silentMs) - nowMs;
    if (leftMs > 0) return leftMs;
    this.#latestMs = 0;
    return this.#owed.length < MOST_OWED ? 0 : Math.max(0, first.atMs + silentMs - nowMs);
  }

  #begins(): boolean {
    const [, , high = 0, low = 0, lengthHigh = 0, lengthLow = 0] = this.#header;
    this.#bodyBytes = lengthHigh * 256 + lengthLow;
    return high === 0 && low === 0 && this.#bodyBytes >= SHORTEST && this.#bodyBytes <= LONGEST;
  }

  /** What was sent before a request that is answered is not owed any more: the server has dropped it. */
  #replied(atMs: MonoMs, responseTimeoutMs: number): void {
    const [high = 0, low = 0] = this.#header;
    this.#header = [];
    const at = this.#owed.findIndex(({ transaction }) => transaction === high * 256 + low);
    const tookMs = atMs - (this.#owed[at]?.atMs ?? atMs);
    if (tookMs > responseTimeoutMs) this.#latestMs = Math.max(this.#latestMs, tookMs);
    this.#owed = this.#owed.slice(at + 1);
  }
}
