/** The demo's own broker: aedes, MQTT 3.1.1, on loopback. Its network can be cut. */

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';

export interface DemoBroker {
  readonly port: number;
  /** true: nobody reaches it, and who was there is thrown out */
  cut(cut: boolean): Promise<void>;
  close(): Promise<void>;
}

const TRIES = 20;

/** Listens on `port`, or on the next free one. */
export async function startBroker(port: number): Promise<DemoBroker> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  const taken = await firstFree(server, port);
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port: taken,
    async cut(cut) {
      if (cut === !server.listening) return;
      if (cut) await stop();
      else await listen(server, taken);
    },
    async close() {
      if (server.listening) await stop();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
}

async function firstFree(server: Server, port: number): Promise<number> {
  for (let tried = 0; ; tried++) {
    try {
      return await listen(server, port + tried);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tried === TRIES) throw error;
    }
  }
}

/** Resolves with the port: the one asked for, or whichever was free where 0 was. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
