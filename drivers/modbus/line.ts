/** What the serial and the TCP line share: one request at a time, the pairing of its reply, and who listens. */

import { type Clock, type MonoMs, plus, type Stop } from '../../src/clock.ts';
import { t } from '../../src/language.ts';
import { detailOf, exceptionWords } from '../../src/loop.ts';
import type { LineListener, ModbusLine, ReadOutcome } from '../../src/ports.ts';
import { readFrame } from '../../src/sense/frame.ts';
import type { LineChunk, ReadRequest } from '../../src/sense/observation.ts';
import { RtuReader, type RtuSettings } from '../../src/sense/rtu.ts';

export interface LineOptions extends RtuSettings {
  readonly clock: Clock;
  /** the port or address, for messages */
  readonly where: string;
  /** least pause after an answer from this unit, ms */
  readonly gapMsOf: (unit: number) => number;
  /** told what to do about a slow adapter */
  readonly remark?: (line: string) => void;
}

export abstract class PairedLine implements ModbusLine {
  readonly bus: string;
  protected readonly options: LineOptions;
  /** not yet up and not yet failed: no reason */
  #state = { up: false, why: '' };
  readonly #reader: RtuReader;
  readonly #listeners = new Set<LineListener>();
  #open: { finish: (outcome: ReadOutcome) => void; request: ReadRequest } | null = null;

  constructor(options: LineOptions) {
    this.bus = options.bus;
    this.options = options;
    this.#reader = new RtuReader(options);
  }

  get state(): ModbusLine['state'] {
    return this.#state;
  }

  get counts(): ModbusLine['counts'] {
    return this.#reader.counts;
  }

  listen(listener: LineListener): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async read(request: ReadRequest, withinMs = Number.POSITIVE_INFINITY): Promise<ReadOutcome> {
    if (this.#open) throw new Error(`a read is already open on ${this.bus}`);
    if (!this.#state.up) return this.#isDown();
    const open = { request, finish: (_outcome: ReadOutcome) => {} };
    const outcome = new Promise<ReadOutcome>((resolve) => {
      open.finish = resolve;
    });
    this.#open = open;
    await this.ready(request.unit);
    // The line may have gone meanwhile, and the next read be open on the one that came back.
    if (this.#open === open) this.#send(request, withinMs);
    return outcome;
  }

  abstract close(): Promise<void>;

  /** Resolves when the line may carry a request to this unit: pauses kept, silence heard. */
  protected abstract ready(unit: number): Promise<void>;
  protected abstract transmit(frame: Uint8Array, request: ReadRequest): void;

  /** A request got no answer in time. */
  protected timedOut(): void {
    // A serial line has nothing to do about it.
  }

  protected up(): void {
    this.#state = { up: true, why: '' };
  }

  /** The line is gone; an open read ends with it. */
  protected down(why: string): void {
    this.#state = { up: false, why };
    this.#reader.giveUp();
    this.#finish(this.#isDown());
  }

  /** Bytes came in. */
  protected heard(chunk: LineChunk): void {
    this.#tell(chunk);
    const reply = this.#reader.chunk(chunk);
    if (!reply) return;
    if (reply.kind === 'values') {
      for (const listener of this.#listeners) listener.exchange(reply.exchange);
      this.#finish({ ok: true, values: reply.exchange.values });
    } else {
      this.#fail('exception', exceptionWords(reply.code), reply.code);
    }
  }

  #send(request: ReadRequest, withinMs: number): void {
    const { clock, responseTimeoutMs } = this.options;
    const frame = readFrame(request);
    const chunk: LineChunk = { bus: this.bus, dir: 'tx', bytes: frame, atMs: clock.monoMs() };
    // First of all: the line waits for nothing that can be done while it carries the request.
    this.transmit(frame, request);
    this.#tell(chunk);
    this.#reader.chunk(chunk);
    this.#expire(chunk.atMs, Math.min(responseTimeoutMs, withinMs));
  }

  #expire(askedMs: MonoMs, withinMs: number): void {
    const { clock, responseTimeoutMs } = this.options;
    const stop = clock.at(plus(askedMs, withinMs), () => {
      if (withinMs === responseTimeoutMs) this.#reader.giveUp();
      this.timedOut();
      const ms = Math.round(withinMs);
      this.#fail('timeout', t(`no reply within ${ms} ms`, `${ms} ms 内无应答`));
    });
    const open = this.#open;
    if (!open) return;
    const { finish } = open;
    open.finish = (outcome) => {
      stop();
      finish(outcome);
    };
  }

  #isDown(): ReadOutcome {
    const { why: what } = this.#state;
    return { ok: false, why: 'line-down', code: null, what, detail: `${this.options.where}: ${what}` };
  }

  #fail(why: 'timeout' | 'exception', what: string, code: number | null = null): void {
    const request = this.#open?.request;
    if (!request) return;
    this.#finish({ ok: false, why, code, what, detail: detailOf(this.options.where, request, what) });
  }

  #finish(outcome: ReadOutcome): void {
    const open = this.#open;
    this.#open = null;
    open?.finish(outcome);
  }

  #tell(chunk: LineChunk): void {
    for (const listener of this.#listeners) listener.chunk(chunk);
  }
}
