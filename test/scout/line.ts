/**
 * A serial line in process and in virtual time, with settings: who opens it at others hears garbled bytes, fewer or more, and
 * is not understood. On it are slaves, and masters that ask them. It notes every byte sent, and every breach of manners.
 */

import { Random } from '../../hil/lift/random.ts';
import type { Registers } from '../../hil/lift/registers.ts';
import { type MonoMs, plus, type VirtualClock } from '../../src/clock.ts';
import type { OpenPort, PortEvents, ScoutPort } from '../../src/scout/asker.ts';
import type { LineSettings } from '../../src/scout/settings.ts';
import { crc16, exceptionFrame, readRequestAt, replyFrame, withCrc } from '../../src/sense/frame.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';
import { characterMs, silenceMs } from '../../src/sense/wire-time.ts';

export interface SimSlave {
  readonly unit: number;
  /** words, an exception code, or null for no answer */
  readonly answer: (request: ReadRequest) => readonly number[] | number | null;
  readonly byteCountBits?: 8 | 16;
  readonly delayMs?: number;
  /** objects of device identification */
  readonly identity?: readonly (readonly [id: number, text: string])[];
  /** what becomes of each of its replies */
  readonly spoil?: (reply: Uint8Array) => Uint8Array;
}

export const ofRegisters = (registers: Registers): SimSlave['answer'] => {
  return ({ table, address, count }) => registers.read({ table, address, count }) ?? 2;
};

const REQUEST_BYTES = 8;
const LEAST_PAUSE_MS = 20;

export class SimLine {
  readonly sent: { settings: LineSettings; bytes: Uint8Array; atMs: MonoMs }[] = [];
  readonly breaches: string[] = [];
  /** settings at which it was opened, in turn */
  readonly opened: LineSettings[] = [];
  readonly clock: VirtualClock;
  readonly settings: LineSettings;
  readonly #slaves: readonly SimSlave[];
  readonly #random = new Random(7);
  /** a receiver hears its own sender */
  echo = false;
  /** why it cannot be opened so */
  refuses: (settings: LineSettings) => string | null = () => null;
  #open: { settings: LineSettings; told: PortEvents } | null = null;
  #busyUntilMs = -1e9;

  constructor(clock: VirtualClock, settings: LineSettings, slaves: readonly SimSlave[] = []) {
    this.clock = clock;
    this.settings = settings;
    this.#slaves = slaves;
  }

  readonly open: OpenPort = async (settings, told): Promise<ScoutPort> => {
    const refused = this.refuses(settings);
    if (refused !== null) throw new Error(refused);
    if (this.#open) this.breaches.push('opened twice');
    this.opened.push(settings);
    const open = { settings, told };
    this.#open = open;
    return {
      send: (bytes) => this.#sent(settings, bytes),
      close: async () => {
        if (this.#open === open) this.#open = null;
      },
    };
  };

  /** The adapter is pulled. */
  unplug(): void {
    this.#open?.told.lost('the adapter is gone');
  }

  /** Another master that asks for this every `periodMs`, and is answered by a slave of its own. */
  addMaster(request: ReadRequest, periodMs: number, firstMs = 37): void {
    const ask = () => {
      this.#say(withCrc(requestBody(request)));
      this.#later(25, () => this.#say(replyFrame(request, new Array<number>(request.count).fill(3))));
      this.#later(periodMs, ask);
    };
    this.#later(firstMs, ask);
  }

  /** Bytes that are no frames, all the time. */
  addNoise(periodMs: number, bytes: number): void {
    const hiss = () => {
      this.#say(Uint8Array.from({ length: bytes }, () => this.#random.whole(0, 255)));
      this.#later(periodMs, hiss);
    };
    this.#later(11, hiss);
  }

  #later(ms: number, run: () => void): void {
    this.clock.at(plus(this.clock.monoMs(), ms), run);
  }

  /** Onto the line at its own settings; the last byte is heard when all have had their time. */
  #say(bytes: Uint8Array): void {
    const tookMs = bytes.length * characterMs(this.settings);
    this.#later(tookMs, () => {
      // Before its first byte is here nobody can know of it.
      this.#busyUntilMs = Math.max(this.#busyUntilMs, this.clock.monoMs());
      const open = this.#open;
      const heard = open && (isHeard(this.settings, open.settings) ? bytes : this.#garbled(bytes, open.settings));
      if (open && heard && heard.length > 0) open.told.heard(heard, this.clock.monoMs());
    });
  }

  #garbled(bytes: Uint8Array, { baud }: LineSettings): Uint8Array {
    const length = Math.ceil((bytes.length * baud) / this.settings.baud);
    const noise = Array.from({ length }, () => this.#random.pick([0, 0x80, 0xf8, this.#random.whole(0, 255)]));
    if (baud !== this.settings.baud) return Uint8Array.from(noise);
    return Uint8Array.from(bytes)
      .filter(() => this.#random.chance(0.6))
      .map((byte) => byte ^ 0x80);
  }

  #sent(settings: LineSettings, bytes: Uint8Array): void {
    const atMs = this.clock.monoMs();
    const least = Math.max(LEAST_PAUSE_MS, silenceMs(settings));
    if (atMs < this.#busyUntilMs + least - 0.01) {
      this.breaches.push(`${atMs}: sent ${(atMs - this.#busyUntilMs).toFixed(2)} ms after the last byte`);
    }
    this.sent.push({ settings, bytes: Uint8Array.from(bytes), atMs });
    const tookMs = bytes.length * characterMs(settings);
    this.#busyUntilMs = Math.max(this.#busyUntilMs, atMs + tookMs);
    if (this.echo) this.#later(tookMs, () => this.#open?.told.heard(bytes, this.clock.monoMs()));
    if (!isHeard(settings, this.settings)) return;
    for (const slave of this.#slaves) {
      const reply = slave.unit === bytes[0] ? replyOf(slave, bytes) : null;
      if (reply) this.#later(tookMs + (slave.delayMs ?? 5), () => this.#say(slave.spoil?.(reply) ?? reply));
    }
  }
}

/** A receiver of one stop bit reads two as well, and slaves mostly do not mind either. */
export function isHeard(a: LineSettings, b: LineSettings): boolean {
  return a.baud === b.baud && a.parity === b.parity && (a.parity === 'none' || a.stopBits === b.stopBits);
}

function requestBody({ unit, address, count }: ReadRequest): number[] {
  return [unit, 3, address >> 8, address & 0xff, count >> 8, count & 0xff];
}

function replyOf({ unit, answer, byteCountBits = 8, identity }: SimSlave, bytes: Uint8Array): Uint8Array | null {
  if (crc16(bytes) !== 0) return null;
  if (bytes[1] === 43) {
    if (!identity) return exceptionFrame(unit, 43, 1);
    const objects = identity.flatMap(([id, text]) => [id, Buffer.from(text).length, ...Buffer.from(text)]);
    return withCrc([unit, 43, 14, 1, 1, 0, 0, identity.length, ...objects]);
  }
  const request = bytes.length === REQUEST_BYTES ? readRequestAt(bytes, 0) : null;
  if (!request) return exceptionFrame(unit, bytes[1] ?? 0, 1);
  const said = answer(request);
  if (said === null) return null;
  return typeof said === 'number'
    ? exceptionFrame(unit, bytes[1] ?? 0, said)
    : replyFrame(request, said, byteCountBits);
}

/** Runs a promise to its end in virtual time. */
export async function inVirtualTime<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let over = false;
  const done = () => {
    over = true;
  };
  promise.then(done, done);
  while (!over) await clock.advance(100);
  return promise;
}
