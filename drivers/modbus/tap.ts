/** A serial line that another master polls, or on which controllers push frames: listened to, never written to. */

import type { Clock, Stop } from '../../src/clock.ts';
import { t } from '../../src/language.ts';
import type { HeardLine, TapListener } from '../../src/ports.ts';
import type { LineChunk } from '../../src/sense/observation.ts';
import type { ListeningReader } from '../../src/sense/tap.ts';
import { KeptSerial } from '../serial/kept.ts';
import type { OpenSerial, SerialSettings } from '../serial/port.ts';

export class TapLine implements HeardLine {
  readonly bus: string;
  readonly #reader: ListeningReader;
  readonly #port: KeptSerial;
  readonly #listeners = new Set<TapListener>();
  #state = { up: false, why: '' };

  constructor(
    settings: SerialSettings,
    options: {
      readonly bus: string;
      readonly clock: Clock;
      readonly reader: ListeningReader;
      /** told what to do about a slow adapter */
      readonly remark?: (line: string) => void;
    },
    open?: OpenSerial,
  ) {
    this.bus = options.bus;
    this.#reader = options.reader;
    const { clock, bus, remark } = options;
    this.#port = new KeptSerial({
      ...{ settings, clock, bus, open, remark },
      up: () => {
        this.#state = { up: true, why: '' };
      },
      down: (why) => {
        this.#state = { up: false, why: `${settings.path}: ${why}` };
      },
      chunk: (chunk) => this.#heard(chunk),
    });
  }

  get state(): HeardLine['state'] {
    return this.#state;
  }

  get counts(): HeardLine['counts'] {
    return this.#reader.counts;
  }

  listen(listener: TapListener): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#state = { up: false, why: t('closed', '已关闭') };
    await this.#port.close();
  }

  #heard(chunk: LineChunk): void {
    for (const listener of this.#listeners) listener.chunk(chunk);
    for (const heard of this.#reader.chunk(chunk)) {
      for (const listener of this.#listeners) listener.heard(heard);
    }
  }
}
