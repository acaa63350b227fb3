/** TCP out of captured packets: segments of Ethernet and bare IP packets, and the bytes of each direction in their order. */

import type { Packet } from './packets.ts';

export interface Segment {
  /** `192.168.0.7:502` */
  readonly from: string;
  readonly to: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly sequence: number;
  readonly syn: boolean;
  readonly atMs: number;
  readonly payload: Uint8Array;
}

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN: readonly number[] = [0x8100, 0x88a8];
const TCP = 6;
/** where the type of what follows stands, by link type: Ethernet, Linux cooked 1 and 2 */
const TYPE_AT: { readonly [linktype: number]: readonly [type: number, payload: number] | undefined } = {
  1: [12, 14],
  113: [14, 16],
  276: [0, 20],
};
/** bytes before the IP packet: null and loop of BSD, raw IP in its three numbers */
const BARE: { readonly [linktype: number]: number | undefined } = {
  0: 4,
  108: 4,
  12: 0,
  14: 0,
  101: 0,
  228: 0,
  229: 0,
};

/** Whether IP packets can be in it. */
export const carriesIp = ({ linktype }: Packet) => TYPE_AT[linktype] !== undefined || BARE[linktype] !== undefined;

/** The TCP segment of a packet, as far as it was saved; null where it has none, or a part of a fragmented one. */
export function segmentOf({ linktype, data, atMs }: Packet): Segment | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const ip = ipAt(linktype, view);
  if (ip === null || ip + 20 > data.length) return null;
  const version = view.getUint8(ip) >> 4;
  const found = version === 4 ? ipv4(view, ip) : version === 6 ? ipv6(view, ip) : null;
  if (!found || found.tcp + 20 > data.length) return null;
  const { tcp, end, from, to } = found;
  const payloadAt = tcp + (view.getUint8(tcp + 12) >> 4) * 4;
  const [fromPort, toPort] = [view.getUint16(tcp), view.getUint16(tcp + 2)];
  return {
    from: `${from}:${fromPort}`,
    to: `${to}:${toPort}`,
    ...{ fromPort, toPort, atMs },
    sequence: view.getUint32(tcp + 4),
    syn: (view.getUint8(tcp + 13) & 2) !== 0,
    payload: data.subarray(payloadAt, Math.max(payloadAt, Math.min(end, data.length))),
  };
}

/** Where the IP packet begins. */
function ipAt(linktype: number, view: DataView): number | null {
  const bare = BARE[linktype];
  if (bare !== undefined) return bare;
  const place = TYPE_AT[linktype];
  if (!place || view.byteLength < 20) return null;
  let [typeAt, at] = place;
  while (VLAN.includes(view.getUint16(typeAt)) && at + 4 <= view.byteLength) [typeAt, at] = [at + 2, at + 4];
  const type = view.getUint16(typeAt);
  return type === IPV4 || type === IPV6 ? at : null;
}

interface Ip {
  readonly tcp: number;
  /** of what the IP packet holds; Ethernet pads short ones */
  readonly end: number;
  readonly from: string;
  readonly to: string;
}

function ipv4(view: DataView, ip: number): Ip | null {
  const fragment = view.getUint16(ip + 6) & 0x3fff;
  if (view.getUint8(ip + 9) !== TCP || fragment !== 0) return null;
  const address = (at: number) => [0, 1, 2, 3].map((n) => view.getUint8(at + n)).join('.');
  // A card that cuts packets itself leaves the length at zero.
  const length = view.getUint16(ip + 2) || view.byteLength - ip;
  return { tcp: ip + (view.getUint8(ip) & 15) * 4, end: ip + length, from: address(ip + 12), to: address(ip + 16) };
}

function ipv6(view: DataView, ip: number): Ip | null {
  if (ip + 40 > view.byteLength || view.getUint8(ip + 6) !== TCP) return null;
  const word = (at: number) => view.getUint16(at).toString(16);
  const address = (at: number) => `[${[0, 2, 4, 6, 8, 10, 12, 14].map((n) => word(at + n)).join(':')}]`;
  return { tcp: ip + 40, end: ip + 40 + view.getUint16(ip + 4), from: address(ip + 8), to: address(ip + 24) };
}

export interface Stretch {
  readonly bytes: Uint8Array;
  readonly atMs: number;
  /** what came before it was not captured */
  readonly afterGap: boolean;
}

/** Segments that wait for one before them; more than these, and that one was not captured. */
const MOST_WAITING = 32;
/** What is further away is of another connection between the same ports, whose beginning was not captured. */
const NEAR_BYTES = 16 * 1024 * 1024;

/** One direction of a connection, in order: what came twice once, what was overtaken in its place, and gaps told. */
export class TcpStream {
  /** the sequence number of the next byte, modulo 2^32 */
  #next: number | null = null;
  #waiting: Segment[] = [];
  #gap = true;

  push(segment: Segment): Stretch[] {
    if (segment.syn) {
      this.#next = (segment.sequence + 1) >>> 0;
      this.#waiting = [];
      this.#gap = true;
      return [];
    }
    if (segment.payload.length === 0) return [];
    if (this.#next === null || Math.abs(this.#ahead(segment.sequence)) > NEAR_BYTES) {
      this.#next = segment.sequence;
      this.#waiting = [];
      this.#gap = true;
    }
    this.#waiting.push(segment);
    const stretches = this.#ready();
    if (this.#waiting.length <= MOST_WAITING) return stretches;
    return [...stretches, ...this.#leap()];
  }

  /** No more segments come. */
  end(): Stretch[] {
    const stretches: Stretch[] = [];
    while (this.#waiting.length > 0) stretches.push(...this.#leap());
    return stretches;
  }

  #ahead(sequence: number): number {
    return (sequence - (this.#next ?? sequence)) | 0;
  }

  #ready(): Stretch[] {
    const stretches: Stretch[] = [];
    for (;;) {
      this.#waiting = this.#waiting.filter(({ sequence, payload }) => this.#ahead(sequence) + payload.length > 0);
      const at = this.#waiting.findIndex(({ sequence }) => this.#ahead(sequence) <= 0);
      const [segment] = at < 0 ? [] : this.#waiting.splice(at, 1);
      if (!segment) return stretches;
      const bytes = segment.payload.subarray(-this.#ahead(segment.sequence));
      stretches.push({ bytes, atMs: segment.atMs, afterGap: this.#gap });
      this.#gap = false;
      this.#next = (segment.sequence + segment.payload.length) >>> 0;
    }
  }

  /** Goes on with the nearest of those that wait. */
  #leap(): Stretch[] {
    const [nearest] = [...this.#waiting].sort((a, b) => this.#ahead(a.sequence) - this.#ahead(b.sequence));
    if (!nearest) return [];
    this.#next = nearest.sequence;
    this.#gap = true;
    return this.#ready();
  }
}
