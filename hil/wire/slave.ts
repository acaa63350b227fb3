/** Simulated slaves: a serial one of ours that can misbehave in one way at a time, and modbus-serial's on TCP. */

import modbus from 'modbus-serial';
import { SerialPort } from 'serialport';
import { crc16, exceptionFrame, replyFrame } from '../../src/sense/frame.ts';
import { TABLE_OF, type Table } from '../../src/sense/observation.ts';

/** Words of a read, an exception code, or null for a unit that is not there (silence). */
export type Answer = (
  unit: number,
  table: Table,
  address: number,
  count: number,
) => readonly number[] | { exception: number } | null;

/** The ways in which a reply goes wrong. `late`: after the time-out. `echo`: our own request comes back first. */
export type Misbehaviour =
  | 'none'
  | 'silent'
  | 'late'
  | 'bad-crc'
  | 'short'
  | 'wrong-unit'
  | 'wrong-function'
  | 'noise-before'
  | 'noise-after'
  | 'echo'
  | 'split';

export interface SerialSlave {
  misbehaviour: Misbehaviour;
  /** function codes asked for so far */
  readonly asked: number[];
  close(): Promise<void>;
}

export async function serveSerial(
  path: string,
  answer: Answer,
  options: { baud?: number; byteCountBits?: 8 | 16; lateMs?: number } = {},
): Promise<SerialSlave> {
  const port = new SerialPort({ path, baudRate: options.baud ?? 9600, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  const slave = { misbehaviour: 'none' as Misbehaviour, asked: [] as number[] };
  let heard: Buffer = Buffer.alloc(0);
  port.on('error', () => undefined);
  port.on('data', (bytes: Buffer) => {
    heard = Buffer.concat([heard, bytes]);
    while (heard.length >= 8) {
      const frame = heard.subarray(0, 8);
      if (crc16(frame) !== 0) {
        heard = heard.subarray(1);
        continue;
      }
      heard = heard.subarray(8);
      slave.asked.push(frame[1] ?? 0);
      reply(port, frame, answer, slave.misbehaviour, options);
    }
  });
  return Object.assign(slave, {
    close: () => new Promise<void>((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())),
  });
}

function reply(
  port: SerialPort,
  frame: Buffer,
  answer: Answer,
  misbehaviour: Misbehaviour,
  { byteCountBits = 8, lateMs = 0 }: { byteCountBits?: 8 | 16; lateMs?: number },
): void {
  const unit = frame.readUInt8(0);
  const functionCode = frame.readUInt8(1);
  const table = TABLE_OF[functionCode];
  const [address, count] = [frame.readUInt16BE(2), frame.readUInt16BE(4)];
  const answered = table ? answer(unit, table, address, count) : { exception: 1 };
  if (answered === null) return;
  const good = Buffer.from(
    'exception' in answered || !table
      ? exceptionFrame(unit, functionCode, 'exception' in answered ? answered.exception : 1)
      : replyFrame({ unit, table, address, count }, answered, byteCountBits),
  );
  const send = (bytes: Uint8Array) => port.write(Buffer.from(bytes));
  switch (misbehaviour) {
    case 'none':
      return void send(good);
    case 'late':
      return void setTimeout(() => port.isOpen && send(good), lateMs);
    case 'bad-crc':
      return void send(Buffer.concat([good.subarray(0, -1), Buffer.from([(good.at(-1) ?? 0) ^ 0x55])]));
    case 'short':
      return void send(good.subarray(0, -3));
    case 'wrong-unit':
      return void send(
        replyFrame({ unit: unit + 1, table: table ?? 'input', address, count }, answered as number[], byteCountBits),
      );
    case 'wrong-function':
      return void send(
        replyFrame(
          { unit, table: table === 'input' ? 'holding' : 'input', address, count },
          answered as number[],
          byteCountBits,
        ),
      );
    case 'noise-before':
      return void send(Buffer.concat([Buffer.from([0x00, 0xfe, unit, functionCode]), good]));
    case 'noise-after':
      return void send(Buffer.concat([good, Buffer.from([0x00, 0xfe])]));
    case 'echo':
      return void send(Buffer.concat([frame, good]));
    case 'silent':
      return;
    case 'split':
      for (const byte of good) send(Buffer.from([byte]));
      return;
  }
}

export interface TcpSlave {
  readonly port: number;
  close(): Promise<void>;
}

/** A Modbus TCP server by modbus-serial on a loopback port, 0 for any free one. */
export async function serveTcp(answer: Answer, port = 0): Promise<TcpSlave> {
  const one = (table: Table) => (address: number, count: number, unit: number) => {
    const words = answer(unit, table, address, count);
    if (Array.isArray(words)) return words as number[];
    throw Object.assign(new Error('refused'), {
      modbusErrorCode: words === null ? 11 : (words as { exception: number }).exception,
    });
  };
  // modbus-serial asks for a single register in a way of its own.
  const word = (table: Table) => (address: number, unit: number) => one(table)(address, 1, unit)[0] ?? 0;
  const bit = (table: Table) => (address: number, unit: number) => one(table)(address, 1, unit)[0] === 1;
  const server = new modbus.ServerTCP(
    {
      getMultipleInputRegisters: one('input'),
      getMultipleHoldingRegisters: one('holding'),
      getInputRegister: word('input'),
      getHoldingRegister: word('holding'),
      getCoil: bit('coil'),
      getDiscreteInput: bit('discrete'),
    },
    // modbus-serial takes the number 0 for none given, and listens on 502; it passes text on as it is.
    { host: '127.0.0.1', port: port === 0 ? ('0' as unknown as number) : port, unitID: 255, debug: false },
  );
  server.on('socketError', () => undefined);
  const address = await new Promise<string | { port: number } | null>((resolve, reject) => {
    server.on('serverError', (error: unknown) => reject(error));
    server.on('initialized', () =>
      resolve((server as unknown as { _server: { address(): { port: number } } })._server.address()),
    );
  });
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
