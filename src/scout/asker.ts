/**
 * Asks one request at a time on a serial line of unknown settings, with manners: never into bytes that are still coming, after 3.5
 * characters of silence and a pause at least, and never again once another master was heard.
 */

import { type Clock, type MonoMs, monoMs, plus, sleep } from '../clock.ts';
import { type IdentityAt, identifyFrame, identityAt, readFrame } from '../sense/frame.ts';
import { FUNCTION_OF, type ReadRequest } from '../sense/observation.ts';
import { RtuReader } from '../sense/rtu.ts';
import { bytesOf, characterMs, silenceMs } from '../sense/wire-time.ts';
import { Ear, type Sent } from './ear.ts';
import type { LineSettings } from './settings.ts';

/** An open serial port. */
export interface ScoutPort {
  send(bytes: Uint8Array): void;
  close(): Promise<void>;
}

export interface PortEvents {
  heard(bytes: Uint8Array, atMs: MonoMs): void;
  lost(why: string): void;
}

/** Rejects where the port cannot be opened so. */
export type OpenPort = (settings: LineSettings, told: PortEvents) => Promise<ScoutPort>;

/** `byteCountBits`: of the reply; null: TCP does not tell. `noiseBytes`: heard meanwhile, and no part of any frame. `master`: nothing was sent. */
export type Answer =
  | { readonly kind: 'values'; readonly values: readonly number[]; readonly byteCountBits: 8 | 16 | null }
  | { readonly kind: 'exception'; readonly code: number }
  | { readonly kind: 'silence'; readonly noiseBytes: number }
  | { readonly kind: 'master' }
  | { readonly kind: 'lost'; readonly why: string };

export type IdentityObjects = IdentityAt['objects'];

/** Whoever can be asked: a serial line or a TCP connection. */
export interface Asker {
  /** `pauseMs`: of silence before it, PAUSE_MS or more */
  ask(request: ReadRequest, timeoutMs: number, pauseMs?: number): Promise<Answer>;
  /** empty: it does not say */
  identify(unit: number, timeoutMs: number): Promise<IdentityObjects>;
}

export const PAUSE_MS = 20;
/** Into a line that does not fall silent nothing is sent. */
const BUSY_LIMIT_MS = 300;
const LONGEST_IDENTITY = 1024;
/** A slave whose list never ends is asked no more often. */
const IDENTITY_PARTS = 4;
const IDENTIFICATION = 43;

export class SerialAsker implements Asker {
  readonly ear = new Ear();
  readonly #clock: Clock;
  readonly #settings: LineSettings;
  #port: ScoutPort | null = null;
  #lost: string | null = null;
  #lastMs = monoMs(-1e9);
  #onBytes: ((bytes: Uint8Array, atMs: MonoMs) => void) | null = null;
  #onLost: (() => void) | null = null;

  private constructor(clock: Clock, settings: LineSettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  static async open(clock: Clock, settings: LineSettings, open: OpenPort): Promise<SerialAsker> {
    const asker = new SerialAsker(clock, settings);
    asker.#port = await open(settings, {
      heard: (bytes, atMs) => asker.#heard(bytes, atMs),
      lost: (why) => {
        asker.#lost ??= why;
        asker.#onLost?.();
      },
    });
    return asker;
  }

  get lost(): string | null {
    return this.#lost;
  }

  async close(): Promise<void> {
    await this.#port?.close();
    this.#port = null;
  }

  async ask(request: ReadRequest, timeoutMs: number, pauseMs = PAUSE_MS): Promise<Answer> {
    // Both frames; the reply may have the longer byte count.
    const responseTimeoutMs = timeoutMs + bytesOf(request, 16) * characterMs(this.#settings);
    const readers = ([8, 16] as const).map((bits) => ({
      bits,
      reader: new RtuReader({ bus: 'scout', responseTimeoutMs, byteCountBitsOf: () => bits }),
    }));
    const sent: Sent = { unit: request.unit, functionCode: FUNCTION_OF[request.table], request };
    await sleep(this.#clock, Math.max(0, pauseMs - PAUSE_MS));
    return this.#exchange<Answer>(readFrame(request), sent, responseTimeoutMs, (dir, bytes, atMs) => {
      for (const { bits, reader } of readers) {
        const reply = reader.chunk({ bus: 'scout', dir, bytes, atMs });
        if (reply?.kind === 'exception') return reply;
        if (reply) return { kind: 'values', values: reply.exchange.values, byteCountBits: bits };
      }
      return null;
    });
  }

  async identify(unit: number, timeoutMs: number): Promise<IdentityObjects> {
    const found: [number, string][] = [];
    for (let part = 0, from: number | null = 0; from !== null && part < IDENTITY_PARTS; part++) {
      const said = await this.#identity(unit, from, timeoutMs);
      if (!said) break;
      found.push(...said.objects.map(([id, text]): [number, string] => [id, printable(text)]));
      from = said.moreFrom;
    }
    return found.filter(([, text]) => text !== '');
  }

  async #identity(unit: number, object: number, timeoutMs: number): Promise<IdentityAt | null> {
    let heard: number[] = [];
    const wholeMs = timeoutMs + this.#sendingMs(7) + LONGEST_IDENTITY * 0.25 * characterMs(this.#settings);
    const sent: Sent = { unit, functionCode: IDENTIFICATION, request: null };
    const said = await this.#exchange(identifyFrame(unit, object), sent, wholeMs, (dir, bytes) => {
      if (dir === 'tx') return null;
      heard = [...heard, ...bytes].slice(-LONGEST_IDENTITY);
      const all = Uint8Array.from(heard);
      for (let at = 0; at < all.length; at++) {
        const identity = identityAt(unit, all, at, all.length);
        if (identity) return identity;
      }
      return null;
    });
    return said === 'refused' || 'kind' in said ? null : said;
  }

  /** Sends when the line is silent; resolves with what `read` makes of the bytes, or when `wholeMs` are over. */
  async #exchange<T>(
    frame: Uint8Array,
    sent: Sent,
    wholeMs: number,
    read: (dir: 'tx' | 'rx', bytes: Uint8Array, atMs: MonoMs) => T | null,
  ): Promise<T | Exclude<Answer, { kind: 'values' | 'exception' }>> {
    if (!(await this.#silent())) return { kind: 'silence', noiseBytes: this.ear.strayBytes };
    if (this.ear.master) return { kind: 'master' };
    const port = this.#port;
    if (this.#lost !== null || !port) return { kind: 'lost', why: this.#lost ?? '' };
    const atMs = this.#clock.monoMs();
    this.ear.forget();
    this.ear.sent(sent, frame, atMs);
    read('tx', frame, atMs);
    this.#lastMs = plus(atMs, this.#sendingMs(frame.length));
    const over = new AbortController();
    let result: T | null = null;
    this.#onLost = () => over.abort();
    this.#onBytes = (bytes, byteMs) => {
      result ??= read('rx', bytes, byteMs);
      if (result !== null) over.abort();
    };
    port.send(frame);
    await sleep(this.#clock, wholeMs, over.signal);
    this.#onBytes = null;
    this.#onLost = null;
    this.ear.done();
    if (result !== null) return result;
    if (this.#lost !== null) return { kind: 'lost', why: this.#lost };
    return { kind: 'silence', noiseBytes: this.ear.strayBytes };
  }

  /** Waits for silence and a pause; false: the line did not fall silent. */
  async #silent(): Promise<boolean> {
    const gapMs = Math.max(PAUSE_MS, silenceMs(this.#settings));
    const latestMs = plus(this.#clock.monoMs(), BUSY_LIMIT_MS);
    for (;;) {
      const nowMs = this.#clock.monoMs();
      const waitMs = plus(this.#lastMs, gapMs) - nowMs;
      if (waitMs <= 0) return true;
      if (nowMs >= latestMs) return false;
      await sleep(this.#clock, waitMs);
    }
  }

  #sendingMs(bytes: number): number {
    return bytes * characterMs(this.#settings);
  }

  #heard(bytes: Uint8Array, atMs: MonoMs): void {
    this.#lastMs = monoMs(Math.max(this.#lastMs, atMs));
    this.ear.heard(bytes, atMs);
    this.#onBytes?.(bytes, atMs);
  }
}

const LONGEST_TEXT = 80;

/** As it may be printed: on one line, short. */
function printable(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_TEXT);
}
