/** Asks the units behind a Modbus TCP address, one after the other. Device identification is not asked here. */

import { type Clock, sleep } from '../../src/clock.ts';
import type { ModbusLine } from '../../src/ports.ts';
import { type Answer, type Asker, PAUSE_MS } from '../../src/scout/asker.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';

/** A gateway says with these that nobody is there: no path, no answer of the target (Application Protocol V1.1b3, 7). */
const NOBODY = [10, 11];
const EXCEPTION_BIT = 0x80;

export class TcpAsker implements Asker {
  /** requests that were sent */
  sent = 0;
  readonly #line: ModbusLine;
  readonly #clock: Clock;
  #heard: Answer | null = null;

  constructor(line: ModbusLine, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
    line.listen({
      chunk: ({ dir, bytes }) => {
        const [, code = 0, exception = 0] = bytes;
        if (dir === 'rx' && code & EXCEPTION_BIT) this.#heard = { kind: 'exception', code: exception };
      },
      exchange: ({ values }) => {
        this.#heard = { kind: 'values', values, byteCountBits: null };
      },
    });
  }

  /** The line has a time-out of its own. */
  async ask(request: ReadRequest, _timeoutMs: number, pauseMs = PAUSE_MS): Promise<Answer> {
    await sleep(this.#clock, pauseMs);
    this.#heard = null;
    const outcome = await this.#line.read(request);
    if (!outcome.ok && outcome.why === 'line-down') return { kind: 'lost', why: outcome.detail };
    this.sent++;
    return this.#answer();
  }

  #answer(): Answer {
    const heard = this.#heard;
    const nobody = heard === null || (heard.kind === 'exception' && NOBODY.includes(heard.code));
    return nobody ? { kind: 'silence', noiseBytes: 0 } : heard;
  }

  async identify(): Promise<[]> {
    return [];
  }
}
