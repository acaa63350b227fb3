/** Modbus RTU on a serial port, as its master. Reopens for ever; keeps the silence that the standard asks for. */

import { plus, sleep } from '../../src/clock.ts';
import { t } from '../../src/language.ts';
import { silenceMs } from '../../src/sense/wire-time.ts';
import { KeptSerial } from '../serial/kept.ts';
import type { OpenSerial, SerialSettings } from '../serial/port.ts';
import { type LineOptions, PairedLine } from './line.ts';

export class RtuLine extends PairedLine {
  readonly #silenceMs: number;
  readonly #port: KeptSerial;
  #lastByteMs = Number.NEGATIVE_INFINITY;
  #lastUnit = 0;

  /** `open`: the real serial port where left out */
  constructor(settings: SerialSettings, options: LineOptions, open?: OpenSerial) {
    super(options);
    this.#silenceMs = silenceMs(settings);
    const { clock, bus, remark } = options;
    this.#port = new KeptSerial({
      ...{ settings, clock, bus, open, remark },
      up: () => this.up(),
      down: (why) => this.down(why),
      chunk: (chunk) => {
        this.#lastByteMs = chunk.atMs;
        this.heard(chunk);
      },
    });
  }

  async close(): Promise<void> {
    this.down(t('closed', '已关闭'));
    await this.#port.close();
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
    this.#port.write(frame);
  }
}
