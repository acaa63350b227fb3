/** A serial port that is opened again, for ever, whenever it is gone. */

import { type Clock, plus, type Stop } from '../../src/clock.ts';
import type { LineChunk } from '../../src/sense/observation.ts';
import { reopenAfterMs } from '../reopen.ts';
import { latencyRemark } from './latency.ts';
import { type OpenSerial, openSerial, type SerialEnd, type SerialSettings } from './port.ts';

interface KeptOptions {
  readonly settings: SerialSettings;
  readonly clock: Clock;
  readonly bus: string;
  /** the real one where left out */
  readonly open?: OpenSerial | undefined;
  /** told once what to do about a slow adapter; `sysRoot`: the kernel's /sys where left out */
  readonly remark?: ((line: string) => void) | undefined;
  readonly sysRoot?: string | undefined;
  up(): void;
  down(why: string): void;
  chunk(chunk: LineChunk): void;
}

export class KeptSerial {
  readonly #options: KeptOptions;
  #end: SerialEnd | null = null;
  #attempt = 0;
  #closed = false;
  #stopWaiting: Stop = () => undefined;
  #remarked = false;

  constructor(options: KeptOptions) {
    this.#options = options;
    this.#connect();
  }

  write(bytes: Uint8Array): void {
    this.#end?.write(bytes);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWaiting();
    await this.#end?.close();
  }

  #connect(): void {
    if (this.#closed) return;
    const { settings, clock, bus, open = openSerial } = this.#options;
    const events = {
      opened: () => {
        this.#attempt = 0;
        this.#tellLatency();
        this.#options.up();
      },
      chunk: (chunk: LineChunk) => this.#options.chunk(chunk),
      lost: (why: string) => {
        this.#options.down(why);
        this.#stopWaiting = clock.at(plus(clock.monoMs(), reopenAfterMs(this.#attempt++)), () => this.#connect());
      },
    };
    this.#end = open(settings, events, { clock, bus });
  }

  #tellLatency(): void {
    const { settings, remark, sysRoot } = this.#options;
    const line = remark && !this.#remarked ? latencyRemark(settings.path, sysRoot) : null;
    if (line === null) return;
    this.#remarked = true;
    remark?.(line);
  }
}
