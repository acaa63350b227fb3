/**
 * Modbus TCP through modbus-serial. Only its four read calls are used. What it reads is told as the RTU frames that the
 * same reads would have been, so that captures of all lines have one form and replay through one reader.
 */

import { connect, type Socket } from 'node:net';
import modbus from 'modbus-serial';
import { plus, type Stop } from '../../src/clock.ts';
import type { SiteBus } from '../../src/config/schema.ts';
import { reasonOf } from '../../src/errors.ts';
import { t } from '../../src/language.ts';
import type { ReadOutcome } from '../../src/ports.ts';
import { exceptionFrame, replyFrame } from '../../src/sense/frame.ts';
import { FUNCTION_OF, type ReadRequest } from '../../src/sense/observation.ts';
import { reopenAfterMs } from '../reopen.ts';
import { type LineOptions, PairedLine } from './line.ts';
import { Mbap } from './mbap.ts';

type TcpBus = Extract<SiteBus, { type: 'tcp' }>;
type Client = InstanceType<typeof modbus.default>;

/** A peer that vanished ends no connection: after so many silences in a row, and so long without any reply, it is given up. */
const SILENCES_TO_RECONNECT = 3;
const SILENT_TO_RECONNECT_MS = 5000;
const CONNECT_WITHIN_MS = 5000;

interface Connection {
  readonly socket: Socket;
  readonly mbap: Mbap;
  /** null while it is being connected */
  client: Client | null;
}

export class TcpLine extends PairedLine {
  readonly #settings: TcpBus;
  #connection: Connection | null = null;
  #attempt = 0;
  #silences = 0;
  #answeredMs = 0;
  #turn = 0;
  #closed = false;
  #stopWaiting: Stop = () => undefined;
  #heardReply: () => void = () => undefined;

  constructor(settings: TcpBus, options: LineOptions) {
    super(options);
    this.#settings = settings;
    this.#connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWaiting();
    this.#drop(t('closed', '已关闭'));
  }

  /** What a server that is behind still owes costs the one that was silent: the wait for it is of its read, not of the next one's. */
  override async read(request: ReadRequest, withinMs?: number): Promise<ReadOutcome> {
    const outcome = await super.read(request, withinMs);
    if (!outcome.ok && outcome.why === 'timeout') await this.#owed();
    return outcome;
  }

  protected async ready(): Promise<void> {
    // A connection keeps requests and replies apart by transaction id: there is no silence to keep.
  }

  async #owed(): Promise<void> {
    const { clock } = this.options;
    for (;;) {
      const waitMs = this.#connection?.mbap.waitMs(clock.monoMs(), SILENT_TO_RECONNECT_MS) ?? 0;
      if (waitMs <= 0) return;
      await new Promise<void>((resolve) => {
        const stop = clock.at(plus(clock.monoMs(), waitMs), resolve);
        this.#heardReply = () => {
          stop();
          resolve();
        };
      });
    }
  }

  protected transmit(_frame: Uint8Array, request: ReadRequest): void {
    const { client, mbap } = this.#connection ?? {};
    if (!client || !mbap) return;
    const turn = ++this.#turn;
    client.setID(request.unit);
    mbap.sent(this.options.clock.monoMs());
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
    this.#attempt = 0;
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
    // modbus-serial would take what comes next for the rest of it.
    if (this.#connection?.mbap.amid) {
      this.#lost(t('a reply did not end', '应答不完整'));
      return;
    }
    const silentMs = this.options.clock.monoMs() - this.#answeredMs;
    if (this.#silences < SILENCES_TO_RECONNECT || silentMs < SILENT_TO_RECONNECT_MS) return;
    this.#lost(t('connected, but it does not answer', '已连接但无应答'));
  }

  /** The socket is ours: modbus-serial does not tell of one that ended with an error. */
  #connect(): void {
    if (this.#closed) return;
    const { clock } = this.options;
    const { host, port } = this.#settings;
    const connection: Connection = { socket: connect({ host, port, noDelay: true }), mbap: new Mbap(), client: null };
    const { socket } = connection;
    this.#connection = connection;
    this.#silences = 0;
    const lost = (why: string) => {
      if (connection === this.#connection) this.#lost(why);
    };
    const stop = clock.at(plus(clock.monoMs(), CONNECT_WITHIN_MS), () => lost(t('no connection in time', '连接超时')));
    socket.once('connect', () => {
      stop();
      void this.#connected(connection);
    });
    socket.on('data', (bytes: Buffer) => this.#heardBytes(connection, bytes));
    socket.on('error', (error) => lost(reasonOf(error)));
    socket.once('close', () => {
      stop();
      lost(t('connection closed', '连接已关闭'));
    });
  }

  async #connected(connection: Connection): Promise<void> {
    const { clock, responseTimeoutMs } = this.options;
    const client = new modbus.default();
    client.setTimeout(responseTimeoutMs);
    await client.linkTCP(connection.socket, { port: this.#settings.port });
    if (connection !== this.#connection) return;
    connection.client = client;
    this.#answeredMs = clock.monoMs();
    this.up();
  }

  #heardBytes(connection: Connection, bytes: Buffer): void {
    if (connection !== this.#connection) return;
    const { clock, responseTimeoutMs } = this.options;
    const inStep = connection.mbap.heard(bytes, clock.monoMs(), responseTimeoutMs);
    if (inStep) this.#heardReply();
    else this.#lost(t('what it sends is no Modbus TCP', '对方发送的不是 Modbus TCP'));
  }

  #drop(why: string): void {
    this.#turn++;
    const connection = this.#connection;
    this.#connection = null;
    this.down(why);
    this.#heardReply();
    connection?.client?.destroy(() => undefined);
    connection?.socket.destroy();
  }

  #lost(why: string): void {
    this.#drop(why);
    if (this.#closed) return;
    const { clock } = this.options;
    this.#stopWaiting = clock.at(plus(clock.monoMs(), reopenAfterMs(this.#attempt++)), () => this.#connect());
  }
}
