/**
 * What bad slaves cost the good ones: eight on a line at 9600 baud, in virtual time. One dead, one slow, one noisy, against the
 * same line with eight good ones: the cycle of the five good ones, and how soon a dead one is read again after it came back.
 */

import { RtuLine } from '../../drivers/modbus/rtu.ts';
import { VirtualClock } from '../../src/clock.ts';
import type { Slave } from '../../src/loop.ts';
import { ScanLoop } from '../../src/scan.ts';
import { readRequestAt, replyFrame } from '../../src/sense/frame.ts';
import { characterMs } from '../../src/sense/wire-time.ts';
import { Random } from '../lift/random.ts';
import { spoil } from '../wire/faults.ts';
import { type Delivery, SimulatedUart } from '../wire/uart.ts';
import type { Bench, Measure } from './measure.ts';

const FORM = { baud: 9600, parity: 'none', stopBits: 1 } as const;
const UNITS = [1, 2, 3, 4, 5, 6, 7, 8];
const GOOD = [1, 2, 3, 4, 5];
const [DEAD, SLOW, NOISY] = [6, 7, 8];
const TURNAROUND_MS = 4;
const SLOW_MS = 120;
const NOISY_SHARE = 0.5;
/** until the bad ones are known, and then measured for so long */
const [LEARN_MS, MEASURE_MS] = [30_000, 600_000];

class Bus {
  readonly #clock = new VirtualClock();
  readonly #random = new Random('bus');
  readonly #told = new Map<number, number[]>();
  readonly #loop: ScanLoop;
  readonly #line: RtuLine;
  #dead: boolean;

  constructor(intervalMs: number, bad: boolean) {
    this.#dead = bad;
    const clock = this.#clock;
    const uart = new SimulatedUart(clock, FORM, (bytes, sentMs) => this.#farEnd(bytes, sentMs, bad));
    this.#line = new RtuLine(
      { ...FORM, path: 'simulated' },
      { bus: 'line', where: 'simulated', clock, responseTimeoutMs: 300, byteCountBitsOf: () => 8, gapMsOf: () => 0 },
      uart.port,
    );
    const slaves = UNITS.map(
      (unit): Slave => ({
        ...{ lift: `lift-${unit}`, unit, intervalMs: { fast: intervalMs, slow: 10_000 } },
        reads: [{ table: 'input', address: 0, count: 8, group: 'fast' }],
      }),
    );
    this.#line.listen({
      chunk: () => undefined,
      exchange: ({ unit, atMs }) => this.#told.set(unit, [...(this.#told.get(unit) ?? []), atMs]),
    });
    this.#loop = new ScanLoop({ line: this.#line, slaves, clock, lateReplyWindowMs: 1000, onTrouble: () => undefined });
  }

  /** `cycleMs`: of the good ones, on average; `backMs`: from the return of the dead one to its first read */
  async run(): Promise<{ cycleMs: number; backMs: number }> {
    this.#loop.start();
    await this.#clock.advance(LEARN_MS);
    this.#told.clear();
    await this.#clock.advance(MEASURE_MS);
    const cycles = GOOD.map((unit) => MEASURE_MS / (this.#told.get(unit)?.length ?? 0));
    this.#told.clear();
    this.#dead = false;
    const returnMs = this.#clock.monoMs();
    await this.#clock.advance(20_000);
    const backMs = (this.#told.get(DEAD)?.[0] ?? Number.POSITIVE_INFINITY) - returnMs;
    const stopped = this.#loop.stop();
    await this.#clock.advance(2000);
    await stopped;
    await this.#line.close();
    return { cycleMs: Math.max(...cycles), backMs };
  }

  #farEnd(bytes: Uint8Array, sentMs: number, bad: boolean): readonly Delivery[] {
    const request = readRequestAt(bytes, 0);
    if (!request || (this.#dead && request.unit === DEAD)) return [];
    const frame = replyFrame(request, new Array<number>(request.count).fill(request.unit));
    const turnaroundMs = bad && request.unit === SLOW ? SLOW_MS : TURNAROUND_MS;
    const byteMs = characterMs(FORM);
    const reply = { bytes: frame, atMs: sentMs + turnaroundMs + frame.length * byteMs };
    const noisy = bad && request.unit === NOISY && this.#random.chance(NOISY_SHARE);
    const passing = {
      request: bytes,
      sentMs,
      reply,
      byteMs,
      asked: request,
      lateMs: { from: 0, to: 0 },
      words: () => [],
    };
    return spoil(noisy ? 'flip' : null, passing, this.#random).deliveries;
  }
}

export const bench: Bench = {
  name: 'bus',
  async run() {
    const measures: Measure[] = [];
    for (const [name, intervalMs] of [
      ['read every 500 ms', 500],
      ['asked without a pause', 20],
    ] as const) {
      const quiet = await new Bus(intervalMs, false).run();
      const bad = await new Bus(intervalMs, true).run();
      const ratio = bad.cycleMs / quiet.cycleMs;
      measures.push({
        name: `${name}: the slowest cycle of the five good ones, beside one dead, one slow and one noisy`,
        ...{
          value: bad.cycleMs,
          unit: 'ms',
          comparedWith: `the same without bad ones (${quiet.cycleMs.toFixed(1)} ms)`,
          ratio,
        },
        goal: 'at most 1.05',
        ok: ratio <= 1.05,
      });
      measures.push({
        name: `${name}: from the return of the dead one to its first read`,
        ...{ value: bad.backMs, unit: 'ms', comparedWith: 'two seconds', ratio: bad.backMs / 2000 },
        goal: 'at most 2000 ms',
        ok: bad.backMs <= 2000,
      });
    }
    return measures;
  },
};
