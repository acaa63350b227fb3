/**
 * The kernel's sysfs tree of GPIO: which number a line has, and making it appear.
 *
 * Numbers are not fixed: kernel 6.6 moved the Raspberry Pi's by 512, and chips change places between boots. So a line is
 * found by the label of its chip and its offset there, each time it is opened.
 */

import { accessSync, constants, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, plus, sleep } from '../../src/clock.ts';
import { t } from '../../src/language.ts';
import { type Chip, chipOf, failed } from './chip.ts';

export const GPIO_ROOT = '/sys/class/gpio';

/** How long udev may take to hand an exported line to the gpio group, ms. */
const READY_LIMIT_MS = 5000;
const READY_POLL_MS = 20;

interface SysfsChip extends Chip {
  readonly base: number;
}

/** The number that sysfs knows the line by. Throws GatewayError `input-failed`. */
export function findLine(root: string, chip: string, offset: number): number {
  return chipOf(chipsOf(root, `${chip} ${offset}`), chip, offset).base + offset;
}

function chipsOf(root: string, where: string): SysfsChip[] {
  if (!existsSync(root)) {
    throw failed(where, t(`there is no ${root}`, `没有 ${root}`), {
      en: 'this kernel has no GPIO in sysfs (CONFIG_GPIO_SYSFS), or this machine has no GPIO; take the inputs out of the site file, or change the kernel',
      zh: '内核未启用 sysfs GPIO（CONFIG_GPIO_SYSFS），或本机没有 GPIO；请从站点文件中去掉输入，或更换内核',
    });
  }
  try {
    return readdirSync(root)
      .filter((name) => name.startsWith('gpiochip'))
      .map((name) => {
        const read = (file: string) => readFileSync(join(root, name, file), 'utf8').trim();
        return { label: read('label'), base: Number(read('base')), ngpio: Number(read('ngpio')) };
      });
  } catch (error) {
    // A chip may be pulled between listing and reading it.
    throw failed(where, error, { en: 'it is tried again', zh: '将自动重试' });
  }
}

/** How the kernel's files are written; a tree that stands in for the kernel puts itself here. */
export type WriteFile = (path: string, text: string) => void;

export interface LineFiles {
  readonly root: string;
  readonly number: number;
  readonly clock: Clock;
  readonly write?: WriteFile;
}

export function pathOf(root: string, number: number): string {
  return join(root, `gpio${number}`);
}

/**
 * Exports the line, unless it is (a crash leaves it so), and waits until its files can be used. Returns its directory.
 * Rejects with GatewayError `input-failed`.
 */
export async function exportLine({ root, number, clock, write = writeFileSync }: LineFiles): Promise<string> {
  const path = pathOf(root, number);
  if (!existsSync(path)) {
    try {
      write(join(root, 'export'), String(number));
    } catch (error) {
      throw failed(path, error, {
        en: 'busy: another driver or program holds the line; access: the user must be in the group gpio',
        zh: '忙：线路被其他驱动或程序占用；权限：用户须在 gpio 组中',
      });
    }
  }
  const files = ['value', 'direction', 'active_low', 'edge'].map((file) => join(path, file));
  const untilMs = plus(clock.monoMs(), READY_LIMIT_MS);
  for (;;) {
    const missing = files.find((file) => !isUsable(file));
    if (missing === undefined) return path;
    if (clock.monoMs() >= untilMs) {
      unexportLine({ root, number, clock, write });
      throw failed(missing, t('it cannot be read and written', '无法读写'), {
        en: 'the user must be in the group gpio; a line without `edge` has no interrupt and cannot be used',
        zh: '用户须在 gpio 组中；没有 edge 文件的线路不支持中断，不能使用',
      });
    }
    await sleep(clock, READY_POLL_MS);
  }
}

/** Gives the line back. One that is already gone is none of our trouble. */
export function unexportLine({ root, number, write = writeFileSync }: LineFiles): void {
  try {
    write(join(root, 'unexport'), String(number));
  } catch {
    // The chip was pulled, or somebody else unexported it: what we want is so.
  }
}

function isUsable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
