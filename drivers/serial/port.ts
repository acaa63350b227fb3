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
import { turnDirection } from './rs485.ts';

export type SerialSettings = Pick<Extract<SiteBus, { type: 'rtu' }>, 'path' | 'baud' | 'parity' | 'stopBits' | 'rs485'>;

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
  readonly poller: {
    once(event: 'readable' | 'writable', told: (error: Error | null) => void): unknown;
    poll(events: number): void;
  };
  close(): Promise<void>;
}

/** what its poller is asked for, as bits of libuv */
const [READABLE, WRITABLE] = [1, 2];
const READ_BYTES = 4096;
const NOTHING = new Uint8Array();
/** Nothing is there to read, or no room to write, now. */
const LATER = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);
/** An open port answers so when it was pulled. */
const GONE = new Set(['EIO', 'ENXIO', 'ENODEV']);

export const openSerial: OpenSerial = (settings, events, stamp) => new Port(settings, events, stamp);

class Port implements SerialEnd {
  readonly #events: SerialEvents;
  readonly #inspect: InspectParser;
  readonly #opening: Promise<void>;
  readonly #buffer = Buffer.allocUnsafe(READ_BYTES);
  #port: UnixPort | null = null;
  /** of the last write, for which there was no room yet */
  #rest: Uint8Array = NOTHING;
  #over = false;
  #freed: Promise<void> | null = null;

  constructor(settings: SerialSettings, events: SerialEvents, { clock, bus }: Stamp) {
    const { path, baud, parity, stopBits } = settings;
    this.#events = events;
    this.#inspect = new InspectParser({ clock, bus, dir: 'rx', onChunk: (chunk) => this.#over || events.chunk(chunk) });
    this.#inspect.resume();
    const form = { path, baudRate: baud, parity, stopBits, dataBits: 8 } as const;
    this.#opening = SerialPort.binding.open(form).then(
      (port) => this.#opened(port as unknown as UnixPort, settings),
      (error: unknown) => this.#lost(error),
    );
  }

  /** While there is no room for one write, those after it are left out: a request that waits for room is stale when it goes. */
  write(bytes: Uint8Array): void {
    if (this.#rest.length === 0) this.#send(bytes);
  }

  async close(): Promise<void> {
    this.#over = true;
    await this.#opening;
    await this.#free();
  }

  async #opened(port: UnixPort, { path, rs485 }: SerialSettings): Promise<void> {
    this.#port = port;
    if (this.#over) return this.#free();
    try {
      if (rs485 !== undefined && port.fd !== null) turnDirection(port.fd, path, rs485);
    } catch (error) {
      this.#lost(error);
      return;
    }
    this.#events.opened();
    this.#read();
  }

  /** A port that is not read never tells that it was unplugged: it is read until it is gone. */
  #read(): void {
    const fd = this.#port?.fd;
    if (fd === null || fd === undefined) return;
    let count = 0;
    try {
      count = readSync(fd, this.#buffer, 0, READ_BYTES, null);
      // Of a terminal that has a far end nothing is read as no bytes; of one that lost it, always.
      if (count === 0) this.#lost(null);
    } catch (error) {
      if (!LATER.has(codeOf(error))) this.#lost(error);
    }
    if (count > 0) this.#inspect.write(Buffer.from(this.#buffer.subarray(0, count)));
    this.#wait('readable', () => this.#read());
  }

  #send(bytes: Uint8Array): void {
    const fd = this.#port?.fd;
    if (fd === null || fd === undefined) return;
    let written = 0;
    try {
      written = writeSync(fd, bytes);
    } catch (error) {
      if (!LATER.has(codeOf(error))) this.#lost(error);
    }
    this.#rest = bytes.subarray(written);
    if (this.#rest.length > 0) this.#wait('writable', () => this.#send(this.#rest));
  }

  /**
   * Whoever was told of bytes or of a loss may have ended the port: its poller must then not be asked, for the number of its file is
   * another's soon. What a listener throws must not pass through the poller, which ends the process without a word.
   */
  #wait(event: 'readable' | 'writable', then: () => void): void {
    const poller = this.#port?.poller;
    if (!poller || this.#over) return;
    poller.once(event, (error) => {
      try {
        if (error) this.#lost(null);
        else then();
      } catch (thrown) {
        setImmediate(() => {
          throw thrown;
        });
      }
    });
    // It looks only for what it was asked last.
    poller.poll(this.#rest.length > 0 ? READABLE | WRITABLE : READABLE);
  }

  /** `cause`: null where an open port is gone */
  #lost(cause: unknown): void {
    if (this.#over) return;
    this.#over = true;
    void this.#free();
    const gone = cause === null || GONE.has(codeOf(cause));
    this.#events.lost(gone ? t('the adapter is gone', '串口已断开') : reasonOf(cause));
  }

  #free(): Promise<void> {
    const port = this.#port;
    this.#port = null;
    this.#inspect.destroy();
    this.#freed ??= port ? port.close().catch(() => undefined) : Promise.resolve();
    return this.#freed;
  }
}

type Stamp = Parameters<OpenSerial>[2];

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '');
}
