/**
 * Modbus TCP out of captured packets, told as the RTU frames that the same requests and replies would have been, as the driver of a
 * live TCP line does. A server (address and port) is a line. Requests and replies belong together by connection and transaction id;
 * a line carries one at a time, so a request that was sent ahead is told when the one before it has ended.
 */

import { t } from '../../language.ts';
import { withCrc } from '../../sense/frame.ts';
import { type Adu, Adus } from './mbap.ts';
import type { Piece } from './recording.ts';
import { type Segment, type Stretch, TcpStream } from './tcp.ts';

export const MODBUS_PORT = 502;
/** requests of one connection that are open at a time; the oldest is given up beyond */
const MOST_OPEN = 256;
/** "the device at this address itself", on a server that is no gateway */
const ITSELF: readonly number[] = [0, 255];

interface Exchange {
  readonly line: string;
  readonly request: Adu | null;
  reply: Adu | null;
}

interface Connection {
  readonly line: string;
  readonly sides: readonly [asked: Side, answered: Side];
  readonly open: Map<number, Exchange>;
}

interface Side {
  readonly stream: TcpStream;
  readonly adus: Adus;
}

const newSide = (): Side => ({ stream: new TcpStream(), adus: new Adus() });

/** `port`: of the servers. */
export function modbusTcpPieces(segments: readonly Segment[], port: number): { pieces: Piece[]; notes: string[] } {
  const connections = new Map<string, Connection>();
  const exchanges: Exchange[] = [];
  const take = (connection: Connection, asked: boolean, stretches: readonly Stretch[]) => {
    const { adus } = connection.sides[asked ? 0 : 1];
    for (const stretch of stretches) {
      for (const adu of adus.push(stretch)) pair(connection, adu, asked, exchanges);
    }
  };
  for (const segment of segments) {
    const asked = segment.toPort === port;
    if (!asked && segment.fromPort !== port) continue;
    const [client, server] = asked ? [segment.from, segment.to] : [segment.to, segment.from];
    const key = `${client} ${server}`;
    const connection = connections.get(key) ?? { line: server, sides: [newSide(), newSide()], open: new Map() };
    connections.set(key, connection);
    take(connection, asked, connection.sides[asked ? 0 : 1].stream.push(segment));
  }
  for (const connection of connections.values()) {
    for (const asked of [true, false]) take(connection, asked, connection.sides[asked ? 0 : 1].stream.end());
  }
  const lost = [...connections.values()]
    .flatMap(({ sides }) => sides)
    .reduce((sum, { adus }) => sum + adus.lostBytes, 0);
  const notes =
    lost > 0 ? [t(`${lost} bytes of the connections are no Modbus TCP`, `${lost} 字节不是 Modbus TCP`)] : [];
  const units = new Units(exchanges);
  return { pieces: inTurn(exchanges, units), notes: [...notes, ...units.notes()] };
}

function pair({ line, open }: Connection, adu: Adu, asked: boolean, into: Exchange[]): void {
  const known = open.get(adu.transaction);
  if (asked) {
    const exchange: Exchange = { line, request: adu, reply: null };
    open.delete(adu.transaction);
    open.set(adu.transaction, exchange);
    into.push(exchange);
    const [oldest] = open.keys();
    if (open.size > MOST_OPEN && oldest !== undefined) open.delete(oldest);
    return;
  }
  open.delete(adu.transaction);
  if (known?.request?.unit === adu.unit) known.reply = adu;
  else into.push({ line, request: null, reply: adu });
}

/** Each exchange whole, by the time of its end. */
function inTurn(exchanges: readonly Exchange[], units: Units): Piece[] {
  const endMs = ({ request, reply }: Exchange) => (reply ?? request)?.atMs ?? 0;
  const freeMs = new Map<string, number>();
  const pieces: Piece[] = [];
  for (const { line, request, reply } of [...exchanges].sort((a, b) => endMs(a) - endMs(b))) {
    for (const [side, adu] of [[0, request] as const, [1, reply] as const]) {
      if (!adu) continue;
      const atMs = Math.max(adu.atMs, freeMs.get(line) ?? adu.atMs);
      freeMs.set(line, atMs);
      pieces.push({ line, side, atMs, bytes: withCrc([units.of(line, adu.unit), ...adu.pdu]) });
    }
  }
  return pieces.sort((a, b) => a.atMs - b.atMs);
}

/** A serial line has no units 0 and 255 that answer: they become the lowest that the server does not use. */
class Units {
  readonly #of = new Map<string, Map<number, number>>();

  constructor(exchanges: readonly Exchange[]) {
    const used = new Map<string, Set<number>>();
    for (const { line, request, reply } of exchanges) {
      const unit = (request ?? reply)?.unit ?? 0;
      const units = used.get(line) ?? new Set();
      used.set(line, units.add(unit));
    }
    for (const [line, units] of used) {
      const free = Array.from({ length: 247 }, (_, n) => n + 1).filter((unit) => !units.has(unit));
      const own = ITSELF.filter((unit) => units.has(unit)).map((unit, n) => [unit, free[n] ?? unit] as const);
      this.#of.set(line, new Map(own));
    }
  }

  of(line: string, unit: number): number {
    return this.#of.get(line)?.get(unit) ?? unit;
  }

  notes(): string[] {
    const servers = new Map<string, number>();
    for (const own of this.#of.values()) {
      for (const [from, to] of own) servers.set(`${from} ${to}`, (servers.get(`${from} ${to}`) ?? 0) + 1);
    }
    return [...servers].map(([units, count]) => {
      const [from, to] = units.split(' ');
      return t(
        `unit ${from}, the server itself, is written as unit ${to} (${count} of the servers)`,
        `从站 ${from}（服务器本身）写为从站 ${to}（${count} 台服务器）`,
      );
    });
  }
}
