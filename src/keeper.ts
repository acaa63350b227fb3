/**
 * Hands records to the outbox. Alarms are handed in until they are stored, one after the other in their order, so that an
 * end is never stored before its begin: twice is better than never. What waits is bounded; the newest is not what is lost.
 */

import { type Clock, sleep } from './clock.ts';
import { reasonOf } from './errors.ts';
import { t } from './language.ts';
import type { NewRecord, Outbox } from './outbox/port.ts';

const AGAIN_MS = 1000;
/** Alarms of hours of the worst day; each is about a kilobyte. */
const MOST_WAITING = 2000;
const AT_ONCE = 100;

export class Keeper {
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #remark: (line: string) => void;
  readonly #stopping = new AbortController();
  #alarms: NewRecord[] = [];
  #handing: Promise<void> | null = null;
  /** alarms that could not be kept anywhere */
  lost = 0;

  constructor(outbox: Outbox, clock: Clock, remark: (line: string) => void) {
    this.#outbox = outbox;
    this.#clock = clock;
    this.#remark = remark;
  }

  keep(record: NewRecord): void {
    if (record.lane === 'telemetry') {
      this.#outbox.append([record]).catch((error: unknown) => this.#remark(reasonOf(error)));
      return;
    }
    this.#alarms.push(record);
    if (this.#alarms.length > MOST_WAITING) {
      this.#alarms.shift();
      this.lost++;
      this.#remark(t(`${this.lost} alarms could not be kept`, `${this.lost} 条报警无法保存`));
    }
    this.#handing ??= this.#hand().finally(() => {
      this.#handing = null;
    });
  }

  /** One more try for what waits; then what the outbox has is its own to store or to refuse. */
  stop(): void {
    this.#stopping.abort();
  }

  async #hand(): Promise<void> {
    let told = '';
    while (this.#alarms.length > 0) {
      const batch = this.#alarms.slice(0, AT_ONCE);
      try {
        await this.#outbox.append(batch);
        this.#alarms = this.#alarms.filter((record) => !batch.includes(record));
      } catch (error) {
        if (reasonOf(error) !== told) this.#remark(reasonOf(error));
        told = reasonOf(error);
        if (this.#stopping.signal.aborted) return;
        await sleep(this.#clock, AGAIN_MS, this.#stopping.signal);
      }
    }
  }
}
