/**
 * A serial port as lines need it: opened with its settings, read for ever, and gone once. A simulated one has the same form.
 *
 * It stands on serialport's binding (the open port, its settings and its poller), not on the stream above it: that reads and writes
 * through a pool of threads, which costs a line at 115200 baud a tenth of its time. Here bytes are read in the turn in which the
 * kernel says that they are there.
 */

import { readSync, writeSync } from 'node:fs';
import { SerialPort } from 'serialport';
import type { Clock } from '../../src/clock.ts';
import type { SiteBus } from '../../src/config/schema.ts';
import { reasonOf } from '../../src/errors.ts';
import { t } from '../../src/language.ts';
import type { LineChunk } from '../../src/sense/observation.ts';
import { InspectParser } from './inspect.ts';

export type SerialSettings = Pick<Extract<SiteBus, { type: 'rtu' }>, 'path' | 'baud' | 'parity' | 'stopBits'>;

export interface SerialEvents {
  opened(): void;
  chunk(chunk: LineChunk): void;
  /** It could not be opened, or is gone: told once, and nothing after it. */
  lost(why: string): void;
}

export interface SerialEnd {
  /** A failed write is told through `lost`. */
  write(bytes: Uint8Array): void;
  /** Resolves when the port is free for others. Nothing is told any more. */
  close(): Promise<void>;
}

export type OpenSerial = (
  settings: SerialSettings,
  events: SerialEvents,
  stamp: { readonly clock: Clock; readonly bus: string },
) => SerialEnd;

/** What the binding of every Unix has beyond its declared form. */
interface UnixPort {
  readonly fd: number | null;
  readonly poller: { once(event: 'readable', told: (error: Error | null) => void): unknown };
  write(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

const READ_BYTES = 4096;
/** Nothing is there to read, or no room to write, now. */
const LATER = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

export const openSerial: OpenSerial = (settings, events, stamp) => new Port(settings, events, stamp);

class Port implements SerialEnd {
  readonly #events: SerialEvents;
  readonly #inspect: InspectParser;
  readonly #opening: Promise<void>;
  readonly #buffer = Buffer.allocUnsafe(READ_BYTES);
  #port: UnixPort | null = null;
  #over = false;

  constructor({ path, baud, parity, stopBits }: SerialSettings, events: SerialEvents, { clock, bus }: Stamp) {
    this.#events = events;
    this.#inspect = new InspectParser({ clock, bus, dir: 'rx', onChunk: (chunk) => this.#over || events.chunk(chunk) });
    this.#inspect.resume();
    const form = { path, baudRate: baud, parity, stopBits, dataBits: 8 } as const;
    this.#opening = SerialPort.binding.open(form).then(
      (port) => this.#opened(port as unknown as UnixPort),
      (error: unknown) => this.#lost(error),
    );
  }

  write(bytes: Uint8Array): void {
    const fd = this.#port?.fd;
    if (fd === null || fd === undefined || this.#over) return;
    try {
      const written = writeSync(fd, bytes);
      if (written < bytes.length) this.#writeLater(bytes.subarray(written));
    } catch (error) {
      if (LATER.has(codeOf(error))) this.#writeLater(bytes);
      else this.#lost(error);
    }
  }

  async close(): Promise<void> {
    this.#over = true;
    await this.#opening;
    await this.#free();
  }

  async #opened(port: UnixPort): Promise<void> {
    this.#port = port;
    if (this.#over) return this.#free();
    this.#events.opened();
    this.#read();
  }

  /** A port that is not read never tells that it was unplugged: it is read until it is gone. */
  #read(): void {
    const port = this.#port;
    if (port?.fd === null || port?.fd === undefined || this.#over) return;
    try {
      const count = readSync(port.fd, this.#buffer, 0, READ_BYTES, null);
      // Of a terminal that has a far end nothing is read as no bytes; of one that lost it, always.
      if (count === 0) {
        this.#lost(null);
        return;
      }
      this.#inspect.write(Buffer.from(this.#buffer.subarray(0, count)));
    } catch (error) {
      if (!LATER.has(codeOf(error))) {
        this.#lost(error);
        return;
      }
    }
    port.poller.once('readable', (error) => (error ? this.#lost(error) : this.#read()));
  }

  #writeLater(bytes: Uint8Array): void {
    this.#port?.write(Buffer.from(bytes)).catch((error: unknown) => this.#lost(error));
  }

  #lost(cause: unknown): void {
    if (this.#over) return;
    this.#over = true;
    void this.#free();
    this.#events.lost(cause && codeOf(cause) !== 'EIO' ? reasonOf(cause) : t('the adapter is gone', '串口已断开'));
  }

  async #free(): Promise<void> {
    const port = this.#port;
    this.#port = null;
    this.#inspect.destroy();
    await port?.close().catch(() => undefined);
  }
}

type Stamp = Parameters<OpenSerial>[2];

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '');
}
