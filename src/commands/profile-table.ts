/** What a controller answered, as one table: both bases, the words, and what they would be in each type and word order. */

import { t } from '../language.ts';
import type { Probe } from './profile-probe.ts';

type Row = readonly string[];

/** Lines of a table with its columns in line; `*` stands at the base of the profile. */
export function tableLines(probes: readonly Probe[]): string[] {
  const header: Row = [
    ...['signal', 'table', 'address', 'base', 'wire', 'words', 'uint16', 'int16'],
    ...['32 high-first', '32 low-first', 'float high-first', 'float low-first', 'value'],
  ];
  const rows = [header, ...probes.map(rowOf)];
  const widths = header.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  // The last column is text of any length and language: it is not padded.
  return rows.map((row) =>
    row.map((cell, at) => (at < widths.length - 1 ? cell.padEnd(widths[at] ?? 0) : cell)).join('  '),
  );
}

function rowOf(probe: Probe): Row {
  const { signal, table, address, base, own, wire, words, value, why } = probe;
  return [
    ...[signal, table, String(address), `${base}${own ? '*' : ''}`, wire === null ? '-' : `0x${hex(wire)}`],
    ...numbersOf(probe, words),
    why ?? (value === null ? t('unknown', '未知') : String(value)),
  ];
}

function numbersOf({ table, type }: Probe, words: Probe['words']): Row {
  if (!words) return Array.from({ length: 7 }, () => '-');
  const [first = 0, second] = words;
  if (table === 'coil' || table === 'discrete') return [String(first), ...Array.from({ length: 6 }, () => '-')];
  const single = [words.map(hex).join(' '), String(first), String((first << 16) >> 16)];
  if (second === undefined) return [...single, '-', '-', '-', '-'];
  const pairs = [first * 65_536 + second, second * 65_536 + first];
  return [...single, ...pairs.map((pair) => String(type === 'int32' ? pair | 0 : pair)), ...pairs.map(floatOf)];
}

function hex(word: number): string {
  return word.toString(16).padStart(4, '0');
}

function floatOf(pair: number): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, pair);
  return String(Number(view.getFloat32(0).toPrecision(6)));
}

/** How many fields answered at each base, and what exceptions mean where there were any. */
export function summaryLines(probes: readonly Probe[]): string[] {
  const own = probes.filter((each) => each.own);
  const other = probes.filter((each) => !each.own);
  const answered = (some: readonly Probe[]) => some.filter(({ words }) => words !== null).length;
  const base = own[0]?.base ?? 0;
  const counts = `${answered(own)}/${own.length}`;
  const otherCounts = `${answered(other)}/${other.length}`;
  const lines = [
    t(
      `answered: ${counts} at base ${base}, that of the profile (*); ${otherCounts} at base ${1 - base}`,
      `有应答：点表首地址 ${base}（*）${counts}；首地址 ${1 - base} ${otherCounts}`,
    ),
  ];
  if (answered(own) < answered(other)) {
    lines.push(
      t(
        `more fields answer at base ${1 - base}: look whether addressBase is right`,
        `首地址 ${1 - base} 应答更多：请核对 addressBase`,
      ),
    );
  }
  if (probes.some(({ why }) => why !== null && /exception|异常码/.test(why))) {
    lines.push(
      t(
        'exceptions: 1 function code not known (holding or input?), 2 no such address, 3 count or value refused, 4 failure, 6 busy, 10 and 11 the gateway reaches no slave',
        '异常码：1 功能码不支持（保持或输入寄存器？），2 无此地址，3 数量或数值不接受，4 设备故障，6 忙，10、11 网关找不到从站',
      ),
    );
  }
  return lines;
}
