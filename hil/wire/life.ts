/**
 * The life of a line with faults, in virtual time, read by the real driver and the real scan loop. An oracle that shares no code with
 * the framer knows what each slave answered to each request; what was told otherwise is a wrong value.
 */

import { RtuLine } from '../../drivers/modbus/rtu.ts';
import { VirtualClock } from '../../src/clock.ts';
import type { Slave } from '../../src/loop.ts';
import { ScanLoop } from '../../src/scan.ts';
import { readRequestAt, replyFrame } from '../../src/sense/frame.ts';
import type { Exchange, ReadRequest } from '../../src/sense/observation.ts';
import { characterMs } from '../../src/sense/wire-time.ts';
import { Random } from '../lift/random.ts';
import { LINE_FAULTS, type LineFault, spoil } from './faults.ts';
import { type Delivery, SimulatedUart } from './uart.ts';

export interface LineReport {
  readonly seed: number;
  readonly hours: number;
  /** reads that were told */
  readonly exchanges: number;
  /** replies that came damaged */
  readonly damaged: number;
  /** of these, told as if they were sound: what a CRC of 16 bits lets pass */
  readonly passed: number;
  /** from the first moment of a clean line until all slaves had been read again: the longest, in scans, and after an unplug in ms */
  readonly recoveryScans: number;
  readonly replugMs: number;
  /** wrong values of sound frames, slaves that did not come back, a loop that stood still */
  readonly problems: readonly string[];
}

const FORM = { baud: 9600, parity: 'none', stopBits: 1 } as const;
const UNITS = [1, 2, 3, 4];
const SCAN_MS = 500;
const TIMEOUT_MS = 200;
/** A late reply comes by the end of the late-reply window. */
const LATE_REPLY_WINDOW_MS = 300;
const TURNAROUND_MS = 4;
const BAD_MS = 8000;
const CLEAN_MS = 4000;
const MOST_SCANS = 2;
const MOST_REPLUG_MS = 2000;
const HOUR_MS = 3_600_000;

const reads: Slave['reads'] = [
  { table: 'holding', address: 0, count: 8, group: 'fast' },
  { table: 'input', address: 100, count: 8, group: 'fast' },
  { table: 'holding', address: 300, count: 20, group: 'slow' },
];
const slaves: readonly Slave[] = UNITS.map((unit) => ({
  ...{ lift: `lift-${unit}`, unit, reads },
  intervalMs: { fast: SCAN_MS, slow: 4 * SCAN_MS },
}));

/** `lateReplyWindowMs`: how long a silent slave is left alone; as long as its latest reply takes where left out. */
export async function liveLine(
  seed: number,
  seconds: number,
  { lateReplyWindowMs = LATE_REPLY_WINDOW_MS } = {},
): Promise<LineReport> {
  const life = new Life(seed, lateReplyWindowMs);
  await life.run(seconds * 1000);
  return life.report(seed, seconds);
}

class Life {
  readonly #clock = new VirtualClock();
  readonly #random: Random;
  readonly #uart: SimulatedUart;
  readonly #loop: ScanLoop;
  readonly #line: RtuLine;
  readonly #problems: string[] = [];
  readonly #heardMs = new Map<number, number>();
  #fault: LineFault | null = null;
  /** how many of the exchanges it meets */
  #share = 0;
  #silent: readonly number[] = [];
  /** what was answered to the request that is on the line; `asked`: whether it was told already */
  #answered: { readonly request: ReadRequest; readonly values: readonly number[]; readonly damaged: boolean } | null =
    null;
  #count = 0;
  #exchanges = 0;
  #damaged = 0;
  #passed = 0;
  #recoveryMs = 0;
  #replugMs = 0;

  constructor(seed: number, lateReplyWindowMs: number) {
    this.#random = new Random(`line ${seed}`);
    const clock = this.#clock;
    this.#uart = new SimulatedUart(clock, FORM, (bytes, sentMs) => this.#farEnd(bytes, sentMs));
    this.#line = new RtuLine(
      { ...FORM, path: 'simulated' },
      {
        ...{ bus: 'line', where: 'simulated', clock, responseTimeoutMs: TIMEOUT_MS },
        ...{ byteCountBitsOf: () => 8 as const, gapMsOf: () => 0 },
      },
      this.#uart.port,
    );
    this.#line.listen({ chunk: () => undefined, exchange: (exchange) => this.#told(exchange) });
    this.#loop = new ScanLoop({ line: this.#line, slaves, clock, lateReplyWindowMs, onTrouble: () => undefined });
  }

  async run(lengthMs: number): Promise<void> {
    this.#loop.start();
    while (this.#clock.monoMs() < lengthMs) {
      const { turns } = this.#loop;
      await this.#bad();
      await this.#clean();
      if (this.#loop.turns === turns) this.#problem('the loop stands still');
    }
    const stopped = this.#loop.stop();
    await this.#clock.advance(2000);
    await stopped;
    await this.#line.close();
  }

  report(seed: number, seconds: number): LineReport {
    return {
      ...{ seed, hours: (seconds * 1000) / HOUR_MS, exchanges: this.#exchanges },
      ...{ damaged: this.#damaged, passed: this.#passed },
      ...{ recoveryScans: this.#recoveryMs / SCAN_MS, replugMs: this.#replugMs, problems: this.#problems },
    };
  }

  async #bad(): Promise<void> {
    const random = this.#random;
    this.#fault = random.pick(LINE_FAULTS);
    this.#share = random.pick([0.05, 0.3, 1]);
    this.#silent = this.#fault === 'silence' ? UNITS.filter(() => random.chance(0.5)) : [];
    if (this.#fault !== 'unplug') {
      await this.#clock.advance(BAD_MS);
      return;
    }
    this.#uart.unplug();
    await this.#clock.advance(random.between(100, BAD_MS));
    this.#uart.plug();
  }

  async #clean(): Promise<void> {
    const fault = this.#fault;
    this.#fault = null;
    this.#silent = [];
    const cleanMs = this.#clock.monoMs();
    this.#heardMs.clear();
    await this.#clock.advance(CLEAN_MS);
    for (const unit of UNITS) {
      const afterMs = (this.#heardMs.get(unit) ?? Number.POSITIVE_INFINITY) - cleanMs;
      if (fault === 'unplug') this.#replugMs = Math.max(this.#replugMs, afterMs);
      else this.#recoveryMs = Math.max(this.#recoveryMs, afterMs);
      const mostMs = fault === 'unplug' ? MOST_REPLUG_MS : MOST_SCANS * SCAN_MS;
      if (afterMs > mostMs) this.#problem(`unit ${unit} was read ${Math.round(afterMs)} ms after ${fault} had ended`);
    }
  }

  #farEnd(bytes: Uint8Array, sentMs: number): readonly Delivery[] {
    const request = readRequestAt(bytes, 0);
    this.#answered = null;
    if (!request || this.#silent.includes(request.unit)) return [];
    const values = this.#words(request);
    const frame = replyFrame(request, values);
    const byteMs = characterMs(FORM);
    const atMs = sentMs + TURNAROUND_MS + frame.length * byteMs;
    const fault = this.#fault !== null && this.#random.chance(this.#share) ? this.#fault : null;
    const { deliveries, damaged } = spoil(
      fault,
      {
        ...{ request: bytes, sentMs, reply: { bytes: frame, atMs }, byteMs, asked: request },
        lateMs: { from: TIMEOUT_MS, to: TIMEOUT_MS + LATE_REPLY_WINDOW_MS - 60 },
        words: (other) => this.#words(other),
      },
      this.#random,
    );
    if (damaged) this.#damaged++;
    this.#answered = { request, values, damaged };
    return deliveries;
  }

  /** No two answers are alike: what a slave says changes with every answer. */
  #words({ unit, address, count }: ReadRequest): number[] {
    const n = ++this.#count;
    return Array.from(
      { length: count },
      (_, at) => (Math.imul(n, 40_503) + unit * 7919 + (address + at) * 31) & 0xffff,
    );
  }

  #told(exchange: Exchange): void {
    this.#exchanges++;
    if (!this.#heardMs.has(exchange.unit)) this.#heardMs.set(exchange.unit, this.#clock.monoMs());
    const answered = this.#answered;
    const right = answered !== null && exchange.values.every((value, at) => value === answered.values[at]);
    const its =
      answered !== null && answered.request.unit === exchange.unit && answered.request.address === exchange.address;
    if (right && its) return;
    if (answered?.damaged) this.#passed++;
    else this.#problem(`a wrong value of unit ${exchange.unit}, ${exchange.table} ${exchange.address}`);
  }

  #problem(what: string): void {
    if (this.#problems.length < 20) this.#problems.push(`at ${(this.#clock.monoMs() / 1000).toFixed(3)} s: ${what}`);
  }
}
