/**
 * Blocks of pcapng files, read: both byte orders, any time resolution, bytes in any chunking. Blocks of kinds that captures
 * do not use are stepped over.
 */

import { t } from '../language.ts';
import { captureError, foreignFile } from './damage.ts';
import { BLOCK, BYTE_ORDER, OPTION, padded } from './pcapng.ts';

/** the same in both byte orders */
const SECTION_BYTES = [0x0a, 0x0d, 0x0d, 0x0a];
/** A block that claims more is damage; its bytes are never gathered. */
const BLOCK_LIMIT_BYTES = 16 * 1024 * 1024;
const US_PER_S = 1_000_000n;

export interface SectionBlock {
  readonly kind: 'section';
  /** of its first byte in the file, as in every block */
  readonly offset: number;
  readonly comment: string;
}

export interface InterfaceBlock {
  readonly kind: 'interface';
  readonly offset: number;
  /** place in the section, from 0 */
  readonly id: number;
  readonly linktype: number;
  readonly name: string;
  readonly ticksPerS: bigint;
  readonly offsetS: bigint;
}

export interface PacketBlock {
  readonly kind: 'packet';
  readonly offset: number;
  readonly from: InterfaceBlock;
  /** microseconds, the interface's offset added; the nearest where the file counts finer */
  readonly timeUs: bigint;
  readonly data: Uint8Array;
}

export type Block = SectionBlock | InterfaceBlock | PacketBlock;

/** Takes a file in pieces. All errors are GatewayErrors with code `capture-invalid` and the byte they were found at. */
export class BlockReader {
  /** whole packets so far */
  packets = 0;
  readonly #file: string;
  #littleEndian = true;
  #interfaces: InterfaceBlock[] = [];
  #inSection = false;
  /** The tail is nothing but zeros: space that a power cut left unwritten. */
  #inZeros = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #owned = false;
  #from = 0;
  #to = 0;
  /** of #bytes[#from] in the file */
  #offset = 0;

  /** `file`: what errors call it */
  constructor(file: string) {
    this.#file = file;
  }

  /** The blocks that these bytes complete. Take them all before the next push. */
  push(bytes: Uint8Array): Iterable<Block> {
    this.#append(bytes);
    return this.#take();
  }

  *#take(): Generator<Block> {
    while (!this.#inZeros) {
      const length = this.#blockLength();
      if (length === 0) break;
      const found = this.#block(this.#bytes.subarray(this.#from, this.#from + length));
      if (found) yield found;
      this.#skip(length);
    }
    if (this.#inZeros) this.#skipZeros();
    this.#keep();
  }

  /** No more bytes come. What was lost at the end, for a person, or null where the last block is whole. */
  end(): string | null {
    const whole = t(`the ${this.packets} packets before it are whole`, `其前 ${this.packets} 个数据包完整`);
    const at = this.#offset;
    if (this.#inZeros) {
      const zeros = t(
        `from byte ${at} the file holds only zeros: power was cut while it was written`,
        `自第 ${at} 字节起全为零：写入时断电`,
      );
      return `${zeros}; ${whole}`;
    }
    const left = this.#to - this.#from;
    if (!this.#inSection) {
      if (at + left === 0) throw this.#error(t('the file is empty', '文件为空'));
      if (!this.#beginsWell()) throw foreignFile(this.#file, this.#bytes.subarray(this.#from, this.#to));
      throw this.#error(t('the file ends within its header: it was cut off', '文件在文件头内中断'));
    }
    if (left === 0) return null;
    const cut = t(
      `the file ends amid the block at byte ${at}: it was cut off`,
      `文件在第 ${at} 字节的块内中断：写入被打断`,
    );
    return `${cut}; ${whole}`;
  }

  #append(bytes: Uint8Array): void {
    const held = this.#to - this.#from;
    if (held === 0) {
      this.#bytes = bytes;
      this.#owned = false;
      this.#from = 0;
      this.#to = bytes.length;
      return;
    }
    if (!this.#owned || this.#to + bytes.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(2 * (held + bytes.length), 4096));
      grown.set(this.#bytes.subarray(this.#from, this.#to));
      this.#bytes = grown;
      this.#owned = true;
      this.#from = 0;
      this.#to = held;
    }
    this.#bytes.set(bytes, this.#to);
    this.#to += bytes.length;
  }

  /** The bytes handed in belong to the caller again: what is still needed of them is copied. */
  #keep(): void {
    if (this.#owned) return;
    this.#bytes = new Uint8Array(this.#bytes.subarray(this.#from, this.#to)); // a Buffer's slice would not copy
    this.#owned = true;
    this.#to -= this.#from;
    this.#from = 0;
  }

  #skip(length: number): void {
    this.#from += length;
    this.#offset += length;
  }

  /** As far as the bytes at hand tell, a section begins here. */
  #beginsWell(): boolean {
    return SECTION_BYTES.every((byte, at) => this.#from + at >= this.#to || this.#bytes[this.#from + at] === byte);
  }

  /** The length of the block that begins here, or 0 while it is not all there. */
  #blockLength(): number {
    const left = this.#to - this.#from;
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#from, left);
    if (!this.#inSection && left >= 4 && !this.#beginsWell()) {
      throw foreignFile(this.#file, this.#bytes.subarray(this.#from, this.#to));
    }
    if (left < 12) return 0;
    if (view.getUint32(0) === BLOCK.section) {
      if (view.getUint32(8, true) === BYTE_ORDER) this.#littleEndian = true;
      else if (view.getUint32(8) === BYTE_ORDER) this.#littleEndian = false;
      else throw this.#error(t('the byte-order mark is damaged', '字节序标记损坏'));
    }
    const length = view.getUint32(4, this.#littleEndian);
    if (length === 0 && view.getUint32(0) === 0) {
      this.#inZeros = true;
      return 0;
    }
    if (length > BLOCK_LIMIT_BYTES) {
      throw this.#error(
        t(`a block claims ${length} bytes, over the limit of 16 MiB`, `块声称长 ${length} 字节，超过 16 MiB 上限`),
      );
    }
    if (length < 12 || length % 4 !== 0) {
      throw this.#error(t(`a block of ${length} bytes cannot be`, `块长 ${length} 字节不合法`));
    }
    return left < length ? 0 : length;
  }

  #block(bytes: Uint8Array): Block | null {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const little = this.#littleEndian;
    if (view.getUint32(bytes.length - 4, little) !== bytes.length) {
      throw this.#error(t('the two lengths of a block differ', '块首尾长度不一致'));
    }
    const body = new DataView(bytes.buffer, bytes.byteOffset + 8, bytes.length - 12);
    switch (view.getUint32(0, little)) {
      case BLOCK.section:
        return this.#section(body);
      case BLOCK.interface:
        return this.#interface(body);
      case BLOCK.packet:
        return this.#packet(body);
      default:
        return null;
    }
  }

  #section(body: DataView): SectionBlock {
    this.#need(body, 16);
    this.#inSection = true;
    this.#interfaces = [];
    const comment = this.#options(body, 16).get(OPTION.comment);
    return { kind: 'section', offset: this.#offset, comment: comment ? text(comment) : '' };
  }

  #interface(body: DataView): InterfaceBlock {
    this.#need(body, 8);
    const options = this.#options(body, 8);
    const name = options.get(OPTION.interfaceName);
    const resolution = options.get(OPTION.timeResolution);
    const offset = options.get(OPTION.timeOffset);
    if ((resolution && resolution.byteLength !== 1) || (offset && offset.byteLength !== 8)) {
      throw this.#error(t('an option has the wrong length', '选项长度错误'));
    }
    const exponent = resolution?.getUint8(0) ?? 6;
    const found: InterfaceBlock = {
      kind: 'interface',
      offset: this.#offset,
      id: this.#interfaces.length,
      linktype: body.getUint16(0, this.#littleEndian),
      name: name ? text(name) : '',
      ticksPerS: exponent & 0x80 ? 2n ** BigInt(exponent & 0x7f) : 10n ** BigInt(exponent),
      offsetS: offset?.getBigInt64(0, this.#littleEndian) ?? 0n,
    };
    this.#interfaces.push(found);
    return found;
  }

  #packet(body: DataView): PacketBlock {
    this.#need(body, 20);
    const little = this.#littleEndian;
    const id = body.getUint32(0, little);
    const from = this.#interfaces[id];
    if (!from)
      throw this.#error(t(`a packet of interface ${id}, which the file has not`, `数据包所属接口 ${id} 不存在`));
    const captured = body.getUint32(12, little);
    if (captured > body.byteLength - 20) {
      throw this.#error(t(`a packet of ${captured} bytes in a smaller block`, `数据包 ${captured} 字节，超出所在块`));
    }
    if (captured !== body.getUint32(16, little)) {
      throw this.#error(t('a packet is not whole: the tool that saved it cut it', '数据包不完整：被保存工具截短'));
    }
    const ticks = (BigInt(body.getUint32(4, little)) << 32n) | BigInt(body.getUint32(8, little));
    this.packets++;
    return {
      kind: 'packet',
      offset: this.#offset,
      from,
      timeUs: from.offsetS * US_PER_S + (ticks * US_PER_S * 2n + from.ticksPerS) / (from.ticksPerS * 2n),
      data: new Uint8Array(body.buffer, body.byteOffset + 20, captured).slice(),
    };
  }

  /** The first option of each code, from byte `at` of the body on. */
  #options(body: DataView, at: number): Map<number, DataView> {
    const options = new Map<number, DataView>();
    while (at + 4 <= body.byteLength) {
      const code = body.getUint16(at, this.#littleEndian);
      const length = body.getUint16(at + 2, this.#littleEndian);
      if (code === OPTION.end) break;
      if (at + 4 + length > body.byteLength) {
        throw this.#error(t(`option ${code} runs past the end of its block`, `选项 ${code} 超出所在块`));
      }
      if (!options.has(code)) options.set(code, new DataView(body.buffer, body.byteOffset + at + 4, length));
      at += 4 + padded(length);
    }
    return options;
  }

  #need(body: DataView, bytes: number): void {
    if (body.byteLength < bytes) throw this.#error(t('a block is too short for its kind', '块过短'));
  }

  #skipZeros(): void {
    const at = this.#bytes.subarray(this.#from, this.#to).findIndex((byte) => byte !== 0);
    if (at >= 0) {
      throw this.#error(t('zeros stand where a block should begin', '块首为零'));
    }
    this.#from = this.#to;
  }

  #error(what: string): Error {
    return captureError(this.#file, this.#offset, what, this.packets);
  }
}

function text(bytes: DataView): string {
  return new TextDecoder().decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
