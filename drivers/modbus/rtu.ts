/** Modbus RTU on a serial port, as its master. Reopens for ever; keeps the silence that the standard asks for. */

import { SerialPort } from 'serialport';
import { plus, sleep } from '../../src/clock.ts';
import type { SiteBus } from '../../src/config/schema.ts';
import { reasonOf } from '../../src/errors.ts';
import { t } from '../../src/language.ts';
import type { LineChunk } from '../../src/sense/observation.ts';
import { InspectParser } from '../serial/inspect.ts';
import { type LineOptions, PairedLine, REOPEN_AFTER_MS } from './line.ts';

type RtuBus = Extract<SiteBus, { type: 'rtu' }>;

/** Above 19200 baud the silence between frames is a fixed 1.75 ms (Modbus over Serial Line V1.02, 2.5.1.1). */
const SHORTEST_SILENCE_MS = 1.75;

export class RtuLine extends PairedLine {
  readonly #settings: RtuBus;
  readonly #silenceMs: number;
  #port: SerialPort | null = null;
  #lastByteMs = Number.NEGATIVE_INFINITY;
  #lastUnit = 0;
  #attempt = 0;

  constructor(settings: RtuBus, options: LineOptions) {
    super(options);
    this.#settings = settings;
    const bitsPerByte = 1 + 8 + (settings.parity === 'none' ? 0 : 1) + settings.stopBits;
    this.#silenceMs = Math.max(SHORTEST_SILENCE_MS, (3.5 * bitsPerByte * 1000) / settings.baud);
    this.#connect();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.down(t('closed', '已关闭'));
    const port = this.#port;
    if (port?.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
  }

  /** Waits until the line has been silent long enough; a line that never falls silent is used after a time-out. */
  protected async ready(unit: number): Promise<void> {
    const { clock, gapMsOf, responseTimeoutMs } = this.options;
    const latestMs = plus(clock.monoMs(), responseTimeoutMs);
    for (;;) {
      const gapMs = Math.max(this.#silenceMs, gapMsOf(this.#lastUnit));
      const freeMs = Math.min(this.#lastByteMs + gapMs, latestMs);
      const waitMs = freeMs - clock.monoMs();
      if (waitMs <= 0) break;
      await sleep(clock, waitMs);
    }
    this.#lastUnit = unit;
  }

  protected transmit(frame: Uint8Array): void {
    // serialport reports a failed write through 'error' or 'close', which bring the line down.
    this.#port?.write(Buffer.from(frame));
  }

  #connect(): void {
    if (this.closed) return;
    const { path, baud, parity, stopBits } = this.#settings;
    const port = new SerialPort({ path, baudRate: baud, parity, stopBits, dataBits: 8, autoOpen: false });
    this.#port = port;
    // A port that is not read never tells that it was unplugged, so it is read on for ever. It can tell twice.
    const { clock, bus } = this.options;
    const onChunk = (chunk: LineChunk) => {
      this.#lastByteMs = chunk.atMs;
      this.heard(chunk);
    };
    port.pipe(new InspectParser({ clock, bus, dir: 'rx', onChunk })).resume();
    const lost = (cause: unknown) => {
      if (this.#port !== port) return;
      this.#port = null;
      port.removeAllListeners();
      port.on('error', () => undefined);
      if (port.isOpen) port.close(() => undefined);
      this.down(cause ? reasonOf(cause) : t('the adapter is gone', '串口已断开'));
      this.#again();
    };
    port.on('close', lost);
    port.on('error', lost);
    port.open((error) => {
      if (error) lost(error);
      else if (this.closed) port.close(() => undefined);
      else {
        this.#attempt = 0;
        this.up();
      }
    });
  }

  #again(): void {
    if (this.closed) return;
    const waitMs = REOPEN_AFTER_MS[Math.min(this.#attempt++, REOPEN_AFTER_MS.length - 1)] ?? 1000;
    const { clock } = this.options;
    clock.at(plus(clock.monoMs(), waitMs), () => this.#connect());
  }
}
