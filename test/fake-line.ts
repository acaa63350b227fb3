/**
 * A line whose far end is a script: the pairing, the refusals and the time-outs of the real lines, over a wire that costs
 * the time it is told to cost. Passes test/contract/modbus-line.ts.
 */

import { PairedLine } from '../drivers/modbus/line.ts';
import type { Answer } from '../hil/wire/slave.ts';
import { type Clock, plus } from '../src/clock.ts';
import { exceptionFrame, replyFrame } from '../src/sense/frame.ts';
import { FUNCTION_OF, type ReadRequest } from '../src/sense/observation.ts';

export interface FakeLineOptions {
  readonly clock: Clock;
  readonly answer: Answer;
  readonly responseTimeoutMs?: number;
  /** from the request to the last byte of the reply */
  readonly replyMs?: number;
}

export class FakeLine extends PairedLine {
  /** every request that went out, with its time */
  readonly asked: { readonly unit: number; readonly address: number; readonly atMs: number }[] = [];
  answer: Answer;
  replyMs: number;
  #closed = false;

  /** Plugged in from the start. */
  constructor({ clock, answer, responseTimeoutMs = 100, replyMs = 5 }: FakeLineOptions) {
    super({ bus: 'line', clock, where: 'fake', responseTimeoutMs, byteCountBitsOf: () => 8, gapMsOf: () => 0 });
    this.answer = answer;
    this.replyMs = replyMs;
    this.up();
  }

  plug(): void {
    if (!this.#closed) this.up();
  }

  unplug(why = 'unplugged'): void {
    this.down(why);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.down('closed');
  }

  protected async ready(): Promise<void> {
    // Nothing to wait for: the script keeps no silence.
  }

  protected transmit(_frame: Uint8Array, request: ReadRequest): void {
    const { clock } = this.options;
    const { unit, table, address, count } = request;
    this.asked.push({ unit, address, atMs: clock.monoMs() });
    const words = this.answer(unit, table, address, count);
    if (words === null) return;
    const bytes =
      'exception' in words
        ? exceptionFrame(unit, FUNCTION_OF[table], words.exception)
        : replyFrame(request, words as readonly number[]);
    clock.at(plus(clock.monoMs(), this.replyMs), () => {
      if (this.state.up) this.heard({ bus: this.bus, dir: 'rx', bytes, atMs: clock.monoMs() });
    });
  }
}
