/** A broker of raw bytes, which says what Mosquitto never says. */

import { createServer, type Socket } from 'node:net';

/** Given each packet's type and packet id; null says nothing. */
export type Answer = (type: number, packetId: readonly number[], socket: Socket) => readonly number[] | null;

export interface RawBroker {
  readonly url: string;
  stop(): Promise<void>;
}

export const CONNACK = [0x20, 3, 0, 0, 0];
export const CONNECT = 1;
export const PUBLISH = 3;

export const connackOnly: Answer = (type) => (type === CONNECT ? CONNACK : null);

export async function startRawBroker(answer: Answer): Promise<RawBroker> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const type = (bytes[0] ?? 0) >> 4;
      const topicLength = bytes.readUInt16BE(Math.min(2, bytes.length - 2));
      const reply = answer(type, [...bytes.subarray(4 + topicLength, 6 + topicLength)], socket);
      if (reply) socket.write(Buffer.from(reply));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `mqtt://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
