/**
 * The command lines of libgpiod's tools, and what they print. Version 1 (Debian 12: 1.6.3) and 2 (Debian 13: 2.2.1) take
 * other options and print other words; only gpiodetect is the same in both. Pure but for `run`.
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { t } from '../../src/language.ts';
import { type Chip, failed } from './chip.ts';

export interface Tools {
  /** as the tool says it: 1.6.3 */
  readonly version: string;
  readonly major: 1 | 2;
  /** where the programs are; empty: where PATH finds them */
  readonly dir: string;
}

export interface CharacterChip extends Chip {
  /** gpiochip0: may be another at the next boot */
  readonly name: string;
}

/** An edge as gpiomon prints it, with the time stamp of the kernel in ms. */
export interface PrintedEdge {
  readonly offset: number;
  readonly high: boolean;
  readonly stampMs: number;
}

/** A tool that hangs is killed after this, ms. */
const TOOL_LIMIT_MS = 5000;

/**
 * What the tool printed. Rejects with GatewayError `input-failed`, in the words that the tool wrote to standard error.
 * `part`: what was printed before it failed is worth having.
 */
export function run(
  { dir }: Pick<Tools, 'dir'>,
  program: string,
  args: readonly string[],
  { where, part = false }: { where: string; part?: boolean },
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(join(dir, program), args, { timeout: TOOL_LIMIT_MS, env: plainEnv() }, (error, out, err) => {
      if (!error || (part && out !== '')) return resolve(out);
      const hint =
        error.code === 'ENOENT'
          ? { en: `${program} is not installed: apt install gpiod`, zh: `未安装 ${program}：apt install gpiod` }
          : HINT;
      reject(failed(where, saidOf(err) || error, hint));
    });
  });
}

export const HINT = {
  en: 'busy: another driver or program holds the line; permission: the user must be in the group gpio',
  zh: '忙：线路被其他驱动或程序占用；权限：用户须在 gpio 组中',
};

/** The first line that a tool wrote to standard error. */
export function saidOf(err: string): string {
  return err.trim().split('\n')[0] ?? '';
}

/** The tools answer in English, whatever the language of the box. */
export function plainEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C' };
}

/** Rejects with GatewayError `input-failed` where there is no gpiomon, or one of a version that is not known. */
export async function findTools(dir = ''): Promise<Tools> {
  const text = await run({ dir }, 'gpiomon', ['--version'], { where: 'gpiomon' });
  const [, version, major] = /\(libgpiod\) v((\d+)\.\S+)/.exec(text) ?? [];
  if (version === undefined || (major !== '1' && major !== '2')) {
    throw failed('gpiomon', t(`it says of itself: ${saidOf(text)}`, `其自述为：${saidOf(text)}`), {
      en: 'libgpiod 1 and 2 are known',
      zh: '支持 libgpiod 1 和 2',
    });
  }
  return { version, major: major === '1' ? 1 : 2, dir };
}

/** The chips that the kernel shows this user; version 2 fails where one of them may not be opened, and prints the others. */
export async function detectChips(tools: Tools, where: string): Promise<CharacterChip[]> {
  return parseChips(await run(tools, 'gpiodetect', [], { where, part: true }));
}

/** `gpiochip0 [pinctrl-bcm2711] (58 lines)` */
export function parseChips(text: string): CharacterChip[] {
  return [...text.matchAll(/^(\S+) \[(.*)\] \((\d+) lines?\)$/gm)].map(([, name = '', label = '', ngpio]) => ({
    ...{ name, label },
    ngpio: Number(ngpio),
  }));
}

/** The levels on the pins, in the order of the offsets. Rejects where any one line is not to be had. */
export async function getLevels(tools: Tools, chip: CharacterChip, offsets: readonly number[]): Promise<boolean[]> {
  const where = `${chip.label} ${offsets.join(' ')}`;
  const text = await run(tools, 'gpioget', getArgs(tools.major, chip.name, offsets), { where });
  const levels = parseLevels(text);
  if (levels?.length === offsets.length) return levels;
  throw failed(where, t(`gpioget printed ${text.trim()}`, `gpioget 输出为 ${text.trim()}`), HINT);
}

export function getArgs(major: Tools['major'], chip: string, offsets: readonly number[]): string[] {
  return major === 1 ? [chip, ...offsets.map(String)] : ['--numeric', '-c', chip, ...offsets.map(String)];
}

/** `0 1 1`, by version 1 and by `--numeric` of version 2; null where it is something else. */
export function parseLevels(text: string): boolean[] | null {
  const words = text.trim().split(/\s+/);
  return words.every((word) => word === '0' || word === '1') ? words.map((word) => word === '1') : null;
}

/** Both edges, raw polarity: each line of a chip may have its own, and one process has but one. No debounce. */
export function monitorArgs(major: Tools['major'], chip: string, offsets: readonly number[]): string[] {
  const lines = offsets.map(String);
  if (major === 1) return ['--line-buffered', '--format=%e %o %s %n', chip, ...lines];
  return ['--banner', '--edges=both', '--event-clock=monotonic', '--format=%e %o %S', '-c', chip, ...lines];
}

/** Version 2 says when it has its lines; version 1 says nothing until the first edge. */
export function isBanner(line: string): boolean {
  return line.startsWith('Monitoring line');
}

/**
 * `1 17 5123 42000000`: edge (1 rising, 0 falling), offset, seconds, nanoseconds without leading zeros, by version 1.
 * `1 17 5123.042000000`: edge (1 rising, 2 falling), offset, seconds, by version 2. Null where it is something else.
 */
export function parseEdge(major: Tools['major'], line: string): PrintedEdge | null {
  const form = major === 1 ? /^([01]) (\d+) (\d+) (\d{1,9})$/ : /^([12]) (\d+) (\d+)\.(\d{9})$/;
  const [, edge, offset, seconds, nanoseconds] = form.exec(line) ?? [];
  if (edge === undefined) return null;
  const stampMs = Number(seconds) * 1000 + Number(nanoseconds) / 1e6;
  return { offset: Number(offset), high: edge === '1', stampMs };
}
