/** A network between a box and a broker, that is slow, swallows everything, or loses what the broker acknowledges. */

import { connect, createServer, type Socket } from 'node:net';
import { sleep, systemClock } from '../../src/clock.ts';

const PUBACK = 4;

export interface Network {
  readonly port: number;
  /** each piece from the broker comes so much later */
  delayMs: number;
  /** nothing passes, either way, and nobody is told: half-open TCP */
  swallow: boolean;
  /** PUBACKs do not pass; the answers to pings do */
  loseAcknowledgements: boolean;
  stop(): Promise<void>;
}

export async function startNetwork(brokerPort: number): Promise<Network> {
  const sockets = new Set<Socket>();
  const server = createServer((box) => {
    const broker = connect(brokerPort, '127.0.0.1');
    for (const [socket, other] of [
      [box, broker],
      [broker, box],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => other.destroy());
    }
    box.on('data', (bytes) => network.swallow || broker.write(bytes));
    let turn = Promise.resolve();
    let rest: Buffer = Buffer.alloc(0);
    broker.on('data', (bytes) => {
      const [packets, left] = packetsOf(Buffer.concat([rest, bytes]));
      rest = left;
      const passing = packets.filter((packet) => !network.loseAcknowledgements || (packet[0] ?? 0) >> 4 !== PUBACK);
      const arrivedMs = systemClock.monoMs();
      turn = turn.then(async () => {
        await sleep(systemClock, arrivedMs + network.delayMs - systemClock.monoMs());
        if (!network.swallow && !box.destroyed) box.write(Buffer.concat(passing));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const network: Network = {
    port: typeof address === 'object' && address ? address.port : 0,
    delayMs: 0,
    swallow: false,
    loseAcknowledgements: false,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return network;
}

/** Whole MQTT packets, and the beginning of the next. */
function packetsOf(bytes: Buffer): [packets: Buffer[], rest: Buffer] {
  const packets: Buffer[] = [];
  for (let from = 0; ; ) {
    let length = 0;
    let at = from + 1;
    for (let shift = 0; ; shift += 7) {
      const digit = bytes[at++];
      if (digit === undefined) return [packets, bytes.subarray(from)];
      length += (digit & 0x7f) << shift;
      if (digit < 0x80) break;
    }
    if (at + length > bytes.length) return [packets, bytes.subarray(from)];
    packets.push(bytes.subarray(from, at + length));
    from = at + length;
  }
}
