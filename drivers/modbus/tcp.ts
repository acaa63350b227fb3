/**
 * Modbus TCP through modbus-serial. Only its four read calls are used. What it reads is told as the RTU frames that the
 * same reads would have been, so that captures of all lines have one form and replay through one reader.
 */

import modbus from 'modbus-serial';
import { plus } from '../../src/clock.ts';
import type { SiteBus } from '../../src/config/schema.ts';
import { reasonOf } from '../../src/errors.ts';
import { t } from '../../src/language.ts';
import { exceptionFrame, replyFrame } from '../../src/sense/frame.ts';
import { FUNCTION_OF, type ReadRequest } from '../../src/sense/observation.ts';
import { REOPEN_AFTER_MS } from '../serial/kept.ts';
import { type LineOptions, PairedLine } from './line.ts';

type TcpBus = Extract<SiteBus, { type: 'tcp' }>;
type Client = InstanceType<typeof modbus.default>;

/** A reply with a wrong length wedges modbus-serial's buffer until the socket closes: so many silences, and it is closed. */
const SILENCES_TO_RECONNECT = 3;
const SILENT_TO_RECONNECT_MS = 5000;
const CONNECT_WITHIN_MS = 5000;

export class TcpLine extends PairedLine {
  readonly #settings: TcpBus;
  #client: Client | null = null;
  #attempt = 0;
  #silences = 0;
  #answeredMs = 0;
  #generation = 0;
  #turn = 0;
  #closed = false;

  constructor(settings: TcpBus, options: LineOptions) {
    super(options);
    this.#settings = settings;
    this.#connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#drop(t('closed', '已关闭'));
  }

  protected async ready(): Promise<void> {
    // A TCP connection keeps requests and replies apart by transaction id; there is no silence to keep.
  }

  protected transmit(_frame: Uint8Array, request: ReadRequest): void {
    const client = this.#client;
    if (!client) return;
    const turn = ++this.#turn;
    client.setID(request.unit);
    const { address, count } = request;
    const read = {
      coil: () => client.readCoils(address, count),
      discrete: () => client.readDiscreteInputs(address, count),
      holding: () => client.readHoldingRegisters(address, count),
      input: () => client.readInputRegisters(address, count),
    }[request.table];
    read().then(
      ({ data }) => {
        // Its own time-out and the line's race: an answer after the line went on is nobody's.
        if (turn !== this.#turn) return;
        const values = (data as (number | boolean)[]).map(Number).slice(0, count);
        this.#replied(replyFrame(request, values, this.options.byteCountBitsOf(request.unit)));
      },
      (error: unknown) => {
        if (turn === this.#turn) this.#refused(request, error);
      },
    );
  }

  #replied(frame: Uint8Array): void {
    this.#silences = 0;
    this.#answeredMs = this.options.clock.monoMs();
    this.heard({ bus: this.bus, dir: 'rx', bytes: frame, atMs: this.options.clock.monoMs() });
  }

  #refused(request: ReadRequest, error: unknown): void {
    const code = (error as { modbusCode?: unknown }).modbusCode;
    // Silence ends the read through the line's own time-out; a dead socket tells through 'close'.
    if (typeof code === 'number') this.#replied(exceptionFrame(request.unit, FUNCTION_OF[request.table], code));
  }

  /** Dead units are silent behind a live connection: it is given up only when nobody at all has answered for a while. */
  protected override timedOut(): void {
    this.#silences++;
    const silentMs = this.options.clock.monoMs() - this.#answeredMs;
    if (this.#silences < SILENCES_TO_RECONNECT || silentMs < SILENT_TO_RECONNECT_MS) return;
    this.#lost(t('connected, but it does not answer', '已连接但无应答'));
  }

  #connect(): void {
    if (this.#closed) return;
    const generation = ++this.#generation;
    const client = new modbus.default();
    this.#client = client;
    this.#silences = 0;
    const { clock, responseTimeoutMs } = this.options;
    const lost = (cause: unknown) => {
      if (generation === this.#generation) this.#lost(cause ? reasonOf(cause) : t('connection closed', '连接已关闭'));
    };
    const stop = clock.at(plus(clock.monoMs(), CONNECT_WITHIN_MS), () => lost(t('no connection in time', '连接超时')));
    client.setTimeout(responseTimeoutMs);
    client.on('close', () => lost(null));
    client.on('error', lost);
    client.connectTCP(this.#settings.host, { port: this.#settings.port }).then(
      () => {
        stop();
        if (generation !== this.#generation || this.#closed) {
          client.destroy(() => undefined);
          return;
        }
        this.#attempt = 0;
        this.#answeredMs = clock.monoMs();
        this.up();
      },
      (error: unknown) => {
        stop();
        lost(error);
      },
    );
  }

  #drop(why: string): void {
    this.#generation++;
    this.#turn++;
    const client = this.#client;
    this.#client = null;
    this.down(why);
    client?.destroy(() => undefined);
  }

  #lost(why: string): void {
    this.#drop(why);
    if (this.#closed) return;
    const waitMs = REOPEN_AFTER_MS[Math.min(this.#attempt++, REOPEN_AFTER_MS.length - 1)] ?? 1000;
    const { clock } = this.options;
    clock.at(plus(clock.monoMs(), waitMs), () => this.#connect());
  }
}
