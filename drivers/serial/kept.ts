/** A serial port that is opened again, for ever, whenever it is gone. */

import { type Clock, plus } from '../../src/clock.ts';
import type { LineChunk } from '../../src/sense/observation.ts';
import { type OpenSerial, openSerial, type SerialEnd, type SerialSettings } from './port.ts';

/** Waits between two attempts to open, ms; the last one for ever. Reading must resume within 2 s of a return. */
export const REOPEN_AFTER_MS = [100, 250, 500, 1000] as const;

interface KeptOptions {
  readonly settings: SerialSettings;
  readonly clock: Clock;
  readonly bus: string;
  /** the real one where left out */
  readonly open?: OpenSerial | undefined;
  up(): void;
  down(why: string): void;
  chunk(chunk: LineChunk): void;
}

export class KeptSerial {
  readonly #options: KeptOptions;
  #end: SerialEnd | null = null;
  #attempt = 0;
  #closed = false;

  constructor(options: KeptOptions) {
    this.#options = options;
    this.#connect();
  }

  write(bytes: Uint8Array): void {
    this.#end?.write(bytes);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const end = this.#end;
    this.#end = null;
    await end?.close();
  }

  #connect(): void {
    if (this.#closed) return;
    const { settings, clock, bus, open = openSerial } = this.#options;
    const events = {
      opened: () => {
        this.#attempt = 0;
        this.#options.up();
      },
      chunk: (chunk: LineChunk) => this.#options.chunk(chunk),
      lost: (why: string) => {
        this.#end = null;
        this.#options.down(why);
        const waitMs = REOPEN_AFTER_MS[Math.min(this.#attempt++, REOPEN_AFTER_MS.length - 1)] ?? 1000;
        clock.at(plus(clock.monoMs(), waitMs), () => this.#connect());
      },
    };
    this.#end = open(settings, events, { clock, bus });
  }
}
