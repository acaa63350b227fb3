/**
 * A strict Modbus TCP server that misbehaves in one way at a time, and a gateway: it does one request after the other, and says with
 * exception 11 that a unit behind it is silent. It writes its own headers, so that they can be wrong. Requests that are not as the
 * standard asks are noted as faults, and not answered.
 */

import { createServer, type Server, type Socket } from 'node:net';
import { exceptionFrame, replyFrame } from '../../src/sense/frame.ts';
import { TABLE_OF } from '../../src/sense/observation.ts';
import type { Answer } from './slave.ts';

/**
 * `mute`: takes requests and never answers, as a peer that vanished without a word. `length-…`: the header says more or fewer bytes than
 * follow. `cut`: the end of a reply never comes. `reset`: the connection ends with RST instead of a reply.
 */
export type TcpMisbehaviour =
  | 'none'
  | 'mute'
  | 'length-long'
  | 'length-short'
  | 'length-zero'
  | 'length-huge'
  | 'wrong-transaction'
  | 'cut'
  | 'split'
  | 'reset';

export interface TcpServer {
  readonly port: number;
  misbehaviour: TcpMisbehaviour;
  /** how long it takes for each request, one after the other, ms */
  serviceMs: number;
  /** connections that are open, all that were accepted, and those that were turned away */
  readonly connections: { open: number; accepted: number; refused: number };
  /** of each request that was taken: its unit */
  readonly asked: number[];
  /** most requests that waited or were done at a time */
  mostQueued: number;
  /** what of the requests was not as the standard asks */
  readonly faults: string[];
  close(): Promise<void>;
}

interface Gateway {
  /** takes no more connections than this at a time; ends those beyond at once */
  readonly mostConnections?: number;
  /** after so long it says with exception 11 that a unit is silent, ms */
  readonly silentMs?: number;
  readonly port?: number;
}

const HEADER_BYTES = 6;
const REQUEST_BYTES = HEADER_BYTES + 6;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export async function serveStrictTcp(answer: Answer, gateway: Gateway = {}): Promise<TcpServer> {
  const sockets = new Set<Socket>();
  let done: Promise<void> = Promise.resolve();
  let queued = 0;
  const served = {
    ...{ misbehaviour: 'none' as TcpMisbehaviour, serviceMs: 0, mostQueued: 0 },
    ...{ asked: [] as number[], faults: [] as string[], connections: { open: 0, accepted: 0, refused: 0 } },
  };

  const serve = async (request: Buffer, socket: Socket) => {
    const [unit, functionCode] = [request.readUInt8(6), request.readUInt8(7)];
    const table = TABLE_OF[functionCode];
    const [address, count] = [request.readUInt16BE(8), request.readUInt16BE(10)];
    const words = table ? answer(unit, table, address, count) : { exception: 1 };
    await wait(words === null ? (gateway.silentMs ?? 0) : served.serviceMs);
    const exception = words === null ? 11 : 'exception' in words ? words.exception : null;
    const frame =
      exception !== null || !table || words === null
        ? exceptionFrame(unit, functionCode, exception ?? 1)
        : replyFrame({ unit, table, address, count }, words as readonly number[]);
    if (!socket.destroyed) await send(socket, request, Buffer.from(frame.subarray(0, -2)), served.misbehaviour);
  };

  const take = (request: Buffer, socket: Socket) => {
    served.asked.push(request.readUInt8(6));
    if (served.misbehaviour === 'mute') return;
    queued++;
    served.mostQueued = Math.max(served.mostQueued, queued);
    done = done
      .then(() => serve(request, socket))
      .then(() => {
        queued--;
      });
  };

  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    if (sockets.size >= (gateway.mostConnections ?? Number.POSITIVE_INFINITY)) {
      served.connections.refused++;
      socket.destroy();
      return;
    }
    sockets.add(socket);
    served.connections.accepted++;
    served.connections.open = sockets.size;
    socket.once('close', () => {
      sockets.delete(socket);
      served.connections.open = sockets.size;
    });
    let heard: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      for (; heard.length >= REQUEST_BYTES; heard = heard.subarray(REQUEST_BYTES)) {
        const request = heard.subarray(0, REQUEST_BYTES);
        const [protocol, length] = [request.readUInt16BE(2), request.readUInt16BE(4)];
        if (protocol === 0 && length === REQUEST_BYTES - HEADER_BYTES) take(request, socket);
        else served.faults.push(request.toString('hex'));
      }
    });
  });
  await listen(server, gateway.port ?? 0);
  const address = server.address();
  return Object.assign(served, {
    port: typeof address === 'object' && address ? address.port : 0,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
}

async function send(socket: Socket, request: Buffer, pdu: Buffer, misbehaviour: TcpMisbehaviour): Promise<void> {
  const header = Buffer.from(request.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(pdu.length, 4);
  const whole = Buffer.concat([header, pdu]);
  const lengths = {
    'length-long': pdu.length + 4,
    'length-short': pdu.length - 2,
    'length-zero': 0,
    'length-huge': 65_535,
  };
  switch (misbehaviour) {
    case 'length-long':
    case 'length-short':
    case 'length-zero':
    case 'length-huge':
      whole.writeUInt16BE(lengths[misbehaviour], 4);
      break;
    case 'wrong-transaction':
      whole.writeUInt16BE((whole.readUInt16BE(0) + 7) % 65_536, 0);
      break;
    case 'split':
      for (const byte of whole) {
        socket.write(Buffer.of(byte));
        await wait(1);
      }
      return;
    case 'reset':
      socket.resetAndDestroy();
      return;
    default:
  }
  socket.write(misbehaviour === 'cut' ? whole.subarray(0, -2) : whole);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
