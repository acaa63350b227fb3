/** Captures as pcapng files that Wireshark opens. What the packets hold is in payload.ts; the README has it all. */

import * as v from 'valibot';
import type { ClockTrust, MonoMs, WallMs } from '../clock.ts';
import { t } from '../language.ts';
import type { CaptureHead, CaptureItem } from './capture.ts';
import { captureError } from './damage.ts';
import { decodeChunk, decodeEdge, decodeMark, encodeChunk, encodeEdge, encodeMark, LINKTYPE } from './payload.ts';
import { COMMENT_LIMIT_BYTES, interfaceBlock, packetBlock, sectionBlock } from './pcapng.ts';
import { BlockReader, type InterfaceBlock, type PacketBlock, type SectionBlock } from './pcapng-reader.ts';

const FORMAT = 1;
const US_PER_S = 1_000_000n;
/** Bytes that came late are stamped a little before their neighbours; more than this is damage. */
const MOST_BACK_MS = 60_000;

/** The last line of the section's comment; what people read stands before it. */
const headLine = v.object({
  hoistway: v.number(),
  wallAtZeroMs: v.pipe(v.number(), v.finite()),
  clockTrust: v.picklist<readonly ClockTrust[]>(['unset', 'rtc', 'ntp', 'stepped']),
  box: v.string(),
});

/** Whole seconds from monotonic to wall time, for Wireshark. The exact offset is in the head line. */
const offsetSOf = (wallAtZeroMs: number) => Math.floor(wallAtZeroMs / 1000);

/** Makes the bytes of a capture. Throws a RangeError for a bus that is not in the head and for a mark over 256 KiB. */
export class CaptureEncoder {
  readonly #head: CaptureHead;
  readonly #interfaceOf: ReadonlyMap<string, number>;

  constructor(head: CaptureHead) {
    this.#head = head;
    this.#interfaceOf = new Map(head.buses.map((bus, id) => [bus, id]));
  }

  /** What every file begins with. */
  header(): Uint8Array {
    const { wallAtZeroMs, clockTrust, box, comment, buses } = this.#head;
    const line = JSON.stringify({ hoistway: FORMAT, wallAtZeroMs, clockTrust, box });
    const offsetS = offsetSOf(wallAtZeroMs);
    return joined([
      sectionBlock(`${cut(comment, COMMENT_LIMIT_BYTES - 1 - Buffer.byteLength(line))}\n${line}`),
      ...buses.map((bus) => interfaceBlock(LINKTYPE.serial, bus, offsetS)),
      interfaceBlock(LINKTYPE.inputs, 'inputs', offsetS),
      interfaceBlock(LINKTYPE.marks, 'marks', offsetS),
    ]);
  }

  item(item: CaptureItem): Uint8Array {
    const inputs = this.#head.buses.length;
    switch (item.kind) {
      case 'chunk': {
        const id = this.#interfaceOf.get(item.chunk.bus);
        if (id === undefined) throw new RangeError(`the capture has no bus ${item.chunk.bus}`);
        return packetBlock(id, wholeUs(item.chunk.atMs), encodeChunk(item.chunk, this.#head.wallAtZeroMs));
      }
      case 'edge':
        return packetBlock(inputs, wholeUs(item.edge.atMs), encodeEdge(item.edge));
      default:
        return packetBlock(inputs + 1, wholeUs(item.atMs), encodeMark(item));
    }
  }
}

const wholeUs = (atMs: MonoMs) => Math.round(atMs * 1000);

export class CaptureWriter {
  readonly #encoder: CaptureEncoder;
  readonly #write: (bytes: Uint8Array) => void;

  /** Writes the head at once. */
  constructor(write: (bytes: Uint8Array) => void, head: CaptureHead) {
    this.#encoder = new CaptureEncoder(head);
    this.#write = write;
    write(this.#encoder.header());
  }

  /** Items in the order in which judgement took them; the last one is an `end`. */
  add(item: CaptureItem): void {
    this.#write(this.#encoder.item(item));
  }
}

/**
 * Reads a capture in pieces of any size. Times are those the items were written with, so bytes that came late may be
 * stamped before the item ahead of them: take items in this order and let judgement's time stand still meanwhile.
 */
export class CaptureReader {
  readonly #file: string;
  readonly #blocks: BlockReader;
  #head: (Omit<CaptureHead, 'buses'> & { buses: string[] }) | null = null;
  #ended = false;
  /** items so far */
  #read = 0;
  readonly #lastMs: number[] = [];

  /** `file`: what errors call it */
  constructor(file: string) {
    this.#file = file;
    this.#blocks = new BlockReader(file);
  }

  /** Known once the first item or the end was read: end() throws where there is none. */
  get head(): CaptureHead | null {
    return this.#head;
  }

  /** The items that these bytes completed. Throws a GatewayError, `capture-invalid`, where the file is damaged. */
  push(bytes: Uint8Array): CaptureItem[] {
    const items: CaptureItem[] = [];
    for (const block of this.#blocks.push(bytes)) {
      if (block.kind === 'section') this.#section(block);
      else if (block.kind === 'interface') this.#interface(block);
      else items.push(this.#packet(block));
    }
    return items;
  }

  /** No more bytes come. Returns what the capture lost at its end, as a sentence, or null. */
  end(): string | null {
    const torn = this.#blocks.end();
    if (torn !== null || this.#ended) return torn;
    return t(
      `the capture has no end mark: what came after its ${this.#read} packets is missing`,
      `捕获文件没有结束标记：其 ${this.#read} 个数据包之后的内容缺失`,
    );
  }

  #section({ comment, offset }: SectionBlock): void {
    if (this.#head) {
      throw this.#error(
        offset,
        t('a second capture begins here: two files were joined', '此处另起一个捕获：两个文件被拼接'),
      );
    }
    const at = comment.lastIndexOf('\n');
    const line = v.safeParse(headLine, parsed(comment.slice(at + 1)));
    if (!line.success) {
      throw this.#error(
        offset,
        t(
          'this pcapng file is no capture of Hoistway (its comment lacks the head line)',
          '此 pcapng 文件不是 Hoistway 的捕获文件（注释缺少头行）',
        ),
      );
    }
    const { hoistway, wallAtZeroMs, clockTrust, box } = line.output;
    if (hoistway !== FORMAT) {
      throw this.#error(
        offset,
        t(
          `the capture has format ${hoistway}; this Hoistway reads ${FORMAT}`,
          `捕获格式为 ${hoistway}；本版本只读 ${FORMAT}`,
        ),
      );
    }
    this.#head = {
      wallAtZeroMs: wallAtZeroMs as WallMs,
      clockTrust,
      box,
      comment: comment.slice(0, Math.max(at, 0)),
      buses: [],
    };
  }

  #interface({ linktype, name, offset }: InterfaceBlock): void {
    if (linktype === LINKTYPE.serial) this.#head?.buses.push(name);
    else if (linktype !== LINKTYPE.inputs && linktype !== LINKTYPE.marks) {
      throw this.#error(
        offset,
        t(
          `interface "${name}" has link type ${linktype}, not 250, 147 or 148`,
          `接口“${name}”链路类型为 ${linktype}，应为 250、147 或 148`,
        ),
      );
    }
  }

  #packet(block: PacketBlock): CaptureItem {
    const { from, data, offset } = block;
    if (this.#ended) throw this.#error(offset, t('packets follow the end mark', '结束标记之后还有数据包'));
    const atMs = this.#timeOf(block);
    const item = itemOf(from, data, atMs);
    if (typeof item === 'string') throw this.#error(offset, item);
    this.#ended = item.kind === 'end';
    this.#read++;
    return item;
  }

  #timeOf({ from, timeUs, offset }: PacketBlock): MonoMs {
    const monoUs = timeUs - BigInt(offsetSOf(this.#head?.wallAtZeroMs ?? 0)) * US_PER_S;
    if (monoUs < 0n || monoUs > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw this.#error(offset, t('a packet has an impossible time', '数据包时间不合理'));
    }
    const atMs = (Number(monoUs) / 1000) as MonoMs;
    const backMs = (this.#lastMs[from.id] ?? 0) - atMs;
    if (backMs > MOST_BACK_MS) {
      const backS = Math.round(backMs / 1000);
      throw this.#error(
        offset,
        t(`time goes back by ${backS} s on "${from.name}"`, `“${from.name}”上的时间倒退 ${backS} 秒`),
      );
    }
    this.#lastMs[from.id] = atMs;
    return atMs;
  }

  #error(offset: number, what: string): Error {
    return captureError(this.#file, offset, what, this.#read);
  }
}

function itemOf({ linktype, name }: InterfaceBlock, data: Uint8Array, atMs: MonoMs): CaptureItem | string {
  if (linktype === LINKTYPE.serial) {
    const chunk = decodeChunk(data, name, atMs);
    return typeof chunk === 'string' ? chunk : { kind: 'chunk', chunk };
  }
  if (linktype === LINKTYPE.inputs) {
    const edge = decodeEdge(data, atMs);
    return typeof edge === 'string' ? edge : { kind: 'edge', edge };
  }
  return decodeMark(data, atMs);
}

export interface Capture {
  readonly head: CaptureHead;
  readonly items: readonly CaptureItem[];
  /** what was lost at the end of the file, as a sentence, or null where it is whole */
  readonly truncated: string | null;
}

/** A whole file. `file`: what errors call it. Throws a GatewayError, `capture-invalid`, where it is damaged. */
export function parseCapture(bytes: Uint8Array, file: string): Capture {
  const reader = new CaptureReader(file);
  const items = reader.push(bytes);
  const truncated = reader.end();
  if (!reader.head) throw new TypeError('a capture that ends well has a head');
  return { head: reader.head, items, truncated };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** At most `limit` bytes of UTF-8. */
function cut(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, limit - 3)).replace(/\uFFFD$/, '');
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
