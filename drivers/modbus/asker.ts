/** Asks the units behind a Modbus TCP address, one after the other. Device identification is not asked here. */

import { type Clock, sleep } from '../../src/clock.ts';
import type { ModbusLine } from '../../src/ports.ts';
import { type Answer, type Asker, PAUSE_MS } from '../../src/scout/asker.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';

/** A gateway says with these that nobody is there: no path, no answer of the target (Application Protocol V1.1b3, 7). */
const NOBODY = [10, 11];

export class TcpAsker implements Asker {
  /** requests that were sent */
  sent = 0;
  readonly #line: ModbusLine;
  readonly #clock: Clock;

  constructor(line: ModbusLine, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
  }

  /** The line has a time-out of its own. */
  async ask(request: ReadRequest, _timeoutMs: number, pauseMs = PAUSE_MS): Promise<Answer> {
    await sleep(this.#clock, pauseMs);
    const outcome = await this.#line.read(request);
    if (!outcome.ok && outcome.why === 'line-down') return { kind: 'lost', why: outcome.detail };
    this.sent++;
    if (outcome.ok) return { kind: 'values', values: outcome.values, byteCountBits: null };
    const { code } = outcome;
    return code === null || NOBODY.includes(code) ? { kind: 'silence', noiseBytes: 0 } : { kind: 'exception', code };
  }

  async identify(): Promise<[]> {
    return [];
  }
}
