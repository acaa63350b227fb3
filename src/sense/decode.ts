/** From the words of a controller to signals, as its profile says. */

import type { Frames } from '../config/frames.ts';
import type { Profile, ProfileField } from '../config/profile.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { SIGNALS, type SignalName, type SignalValues } from '../lift/signals.ts';
import { isBits } from './frame.ts';
import type { ReadRequest, Table } from './observation.ts';
import { overheadBytes, type PushSettings } from './push.ts';

export type Decoded = SignalValues[SignalName] | null;
export type ReadGroup = 'fast' | 'slow';

/** A field ready to be read: 0-based wire address, and how its words (or bits) become a value; null = not known. */
export interface Field {
  readonly signal: SignalName;
  readonly table: Table;
  readonly address: number;
  /** registers, or bits */
  readonly size: number;
  readonly group: ReadGroup;
  readonly decode: (values: readonly number[], at: number) => Decoded;
}

export function fieldsOf(profile: Profile): Field[] {
  return profile.fields.map((field, index) => {
    const address = field.address - profile.addressBase;
    const { frames } = profile;
    // Registers of a payload begin at each of its bytes: the second half of a long number is two further on.
    const stride = frames ? 2 : 1;
    const size = field.type === 'uint32' || field.type === 'int32' || field.type === 'float32' ? 1 + stride : 1;
    const problem =
      problemOf(field, address, size) ??
      (frames ? outsidePayload(field, address, frames) : unreadable(field, address, size, profile.quirks));
    if (problem) {
      throw new GatewayError({
        code: 'profile-invalid',
        op: t('reading a controller profile', '读取控制器配置'),
        where: `${profile.profile}, fields[${index}] (${field.signal})`,
        hint: problem,
      });
    }
    return {
      signal: field.signal,
      table: field.table,
      address,
      size,
      group: field.group,
      decode: decoderOf(field, profile.wordOrder, stride),
    };
  });
}

/** What the schema alone cannot see, as a sentence for a person; null where the field is sound. */
export function problemOf(field: ProfileField, address: number, size: number): string | null {
  const { kind } = SIGNALS[field.signal];
  const single = isBits(field) || field.bit !== undefined;
  if (address < 0 || address + size > 65_536)
    return t('the address is outside 0..65535 on the wire', '地址超出 0..65535');
  if (field.bits && field.bits[0] > field.bits[1])
    return t('bits are written [lowest, highest]', 'bits 应写为 [低位, 高位]');
  if ((field.bit !== undefined || field.bits) && size > 1) {
    return t('bit and bits go with a 16-bit register', 'bit/bits 只用于 16 位寄存器');
  }
  if (kind === 'flag' && !single && !field.values) {
    return t('a flag needs `bit`, a coil or discrete table, or `values`', '开关量需要 bit、线圈/离散表或 values');
  }
  if (kind === 'number' && (single || field.values)) {
    return t('a number is read from a register, without `bit` or `values`', '数值量从寄存器读取，不用 bit 或 values');
  }
  if ((kind === 'mode' || kind === 'direction') && !field.values) {
    return t('needs `values`, from raw number to name', '需要 values：原始数值对应名称');
  }
  return null;
}

/** Why no read that the quirks allow can bring it. */
function unreadable({ table }: ProfileField, address: number, size: number, quirks: Profile['quirks']): string | null {
  if (size > mostOf(table, quirks)) {
    return t('two registers, and maxRegisters allows a read of one', '占两个寄存器，而 maxRegisters 只允许读一个');
  }
  if (groupOf(address, quirks) !== groupOf(address + size - 1, quirks)) {
    return t(
      'its registers lie in two groups (groupSize), and no read may cross',
      '其寄存器跨越两个组（groupSize），无法一次读取',
    );
  }
  return null;
}

/** Why the payload of a frame cannot hold it. */
function outsidePayload({ table, type }: ProfileField, address: number, frames: Frames): string | null {
  if (table !== 'input' && table !== 'holding') {
    return t(
      'in a frame: table `input` (a byte) or `holding` (the 16-bit number that begins there)',
      '帧中字段的 table 为 input（一个字节）或 holding（从该字节起的 16 位数）',
    );
  }
  if (table === 'input' && type !== 'uint16' && type !== 'bit') {
    return t(`table \`input\` is a byte; ${type} is read from \`holding\``, `input 为一个字节，${type} 须用 holding`);
  }
  const most = (frames.bytes ?? frames.maxBytes) - overheadBytes(frames);
  const end = address + bytesOf({ table, type });
  if (end <= most) return null;
  return t(
    `it ends with byte ${end} of a payload that has ${most} at most`,
    `其末字节为载荷的第 ${end} 字节，而载荷最多 ${most} 字节`,
  );
}

/** bytes of the payload that a field takes */
function bytesOf({ table, type }: Pick<ProfileField, 'table' | 'type'>): number {
  if (table === 'input') return 1;
  return type === 'uint32' || type === 'int32' || type === 'float32' ? 4 : 2;
}

/** Bytes from the first of the payload on that the fields of each table need. */
export function payloadNeeds({ fields, addressBase }: Profile): PushSettings['needs'] {
  const needs = { input: 0, holding: 0 };
  for (const field of fields) {
    if (field.table !== 'input' && field.table !== 'holding') continue;
    needs[field.table] = Math.max(needs[field.table], field.address - addressBase + bytesOf(field));
  }
  return needs;
}

function mostOf(table: Table, quirks: Profile['quirks']): number {
  return isBits({ table }) ? quirks.maxBits : quirks.maxRegisters;
}

function groupOf(address: number, { groupSize }: Profile['quirks']): number {
  return Math.floor(address / groupSize);
}

function decoderOf(field: ProfileField, wordOrder: Profile['wordOrder'], stride: number): Field['decode'] {
  const raw = rawOf(field, wordOrder, stride);
  const { values } = field;
  if (values) return (words, at) => values[String(raw(words, at))] ?? null;
  if (SIGNALS[field.signal].kind === 'flag') {
    const { invert } = field;
    return (words, at) => (raw(words, at) !== 0) !== invert;
  }
  const { scale, offset } = field;
  return (words, at) => {
    const value = raw(words, at) * scale + offset;
    // Scaling by 0.001 and the like leaves dust in the last digits; a signal never needs more than a millionth.
    return Number.isFinite(value) ? Math.round(value * 1e6) / 1e6 : null;
  };
}

type Raw = (words: readonly number[], at: number) => number;

/** `stride`: from one register of a long number to the other */
function rawOf(field: ProfileField, wordOrder: Profile['wordOrder'], stride: number): Raw {
  const { bit, bits } = field;
  if (bit !== undefined) return (words, at) => ((words[at] ?? 0) >> bit) & 1;
  if (bits) {
    const [low, high] = bits;
    const mask = 2 ** (high - low + 1) - 1;
    return (words, at) => ((words[at] ?? 0) >> low) & mask;
  }
  const [high, low] = wordOrder === 'high-first' ? [0, stride] : [stride, 0];
  const long = (words: readonly number[], at: number) => (words[at + high] ?? 0) * 65_536 + (words[at + low] ?? 0);
  switch (field.type) {
    case 'bit':
    case 'uint16':
      return (words, at) => words[at] ?? 0;
    case 'int16':
      return (words, at) => ((words[at] ?? 0) << 16) >> 16;
    case 'uint32':
      return long;
    case 'int32':
      return (words, at) => long(words, at) | 0;
    case 'float32': {
      const view = new DataView(new ArrayBuffer(4));
      return (words, at) => {
        view.setUint32(0, long(words, at));
        return view.getFloat32(0);
      };
    }
  }
}

/** A read of the scan plan. */
export interface PlannedRead {
  readonly table: Table;
  readonly address: number;
  readonly count: number;
  readonly group: ReadGroup;
}

/**
 * The fewest reads that bring all fields: neighbours share one, across holes up to `mergeGap`, within what the quirks allow.
 * Fast fields first: what a fast read brings along is not asked for again, however slowly it would do.
 */
export function planReads(fields: readonly Field[], quirks: Profile['quirks']): PlannedRead[] {
  const fast = readsOf('fast', fields, quirks);
  const brought = new Set(fast.flatMap((read) => fieldsWithin(fields, read).map(({ field }) => field)));
  const rest = fields.filter((field) => !brought.has(field));
  return [...fast, ...readsOf('slow', rest, quirks)];
}

function readsOf(group: ReadGroup, fields: readonly Field[], quirks: Profile['quirks']): PlannedRead[] {
  const reads: PlannedRead[] = [];
  const sorted = fields
    .filter((field) => field.group === group)
    .sort((a, b) => a.table.localeCompare(b.table) || a.address - b.address);
  for (const { table, address, size } of sorted) {
    const end = address + size;
    const last = reads.at(-1);
    const joins =
      last?.table === table &&
      address <= last.address + last.count + quirks.mergeGap &&
      end - last.address <= mostOf(table, quirks) &&
      groupOf(end - 1, quirks) === groupOf(last.address, quirks);
    if (joins) reads[reads.length - 1] = { ...last, count: Math.max(last.count, end - last.address) };
    else reads.push({ table, address, count: size, group });
  }
  return reads;
}

/** The fields that lie whole within a read, with their place in it. */
export function fieldsWithin(
  fields: readonly Field[],
  read: Omit<ReadRequest, 'unit'>,
): { field: Field; at: number }[] {
  return fields
    .filter(
      (field) =>
        field.table === read.table &&
        field.address >= read.address &&
        field.address + field.size <= read.address + read.count,
    )
    .map((field) => ({ field, at: field.address - read.address }));
}
