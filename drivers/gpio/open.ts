/**
 * The driver of inputs, by what the kernel offers: the character device through gpiomon, else sysfs through onoff. Where it
 * offers neither, each watch is told why, and it is looked again.
 */

import { existsSync, readdirSync } from 'node:fs';
import { type Clock, type Stop, sleep } from '../../src/clock.ts';
import { t } from '../../src/language.ts';
import type { InputLine, InputLines, Level } from '../../src/ports.ts';
import { failed } from './chip.ts';
import { openGpiomon } from './gpiomon.ts';
import { findTools } from './gpiotools.ts';
import { type Inputs, RETRY_FIRST_MS, RETRY_MOST_MS, Told } from './inputs.ts';
import { openInputs as openOnoff } from './onoff.ts';
import { GPIO_ROOT } from './sysfs.ts';

/** Edges that were lost are told at most this often, ms. */
const LOST_EVERY_MS = 3_600_000;

export interface OpenOptions {
  readonly clock: Clock;
  /** one line for a person: which driver it is, and edges that it lost */
  remark(line: string): void;
  /** another kernel than this one's: the folder of its devices, of its sysfs, and of the tools */
  readonly places?: { readonly dev: string; readonly sysfs: string; readonly tools: string };
}

interface Wish {
  readonly line: InputLine;
  readonly onLevel: (level: Level) => void;
  readonly onTrouble: (why: string) => void;
  readonly told: Told;
  /** ends the watch of the driver, once there is one */
  stop: Stop | null;
}

/** Looks for a driver when the first line is watched: a site without inputs needs none. Never throws. */
export function openInputs(options: OpenOptions): InputLines {
  return new ChosenInputs(options);
}

class ChosenInputs implements InputLines {
  readonly #options: OpenOptions;
  readonly #closed = new AbortController();
  readonly #wishes = new Set<Wish>();
  #choosing: Promise<void> | null = null;
  #driver: Inputs | null = null;
  #toldLost = 0;

  constructor(options: OpenOptions) {
    this.#options = options;
  }

  watch(line: InputLine, onLevel: (level: Level) => void, onTrouble: (why: string) => void): Stop {
    const wish: Wish = { line, onLevel, onTrouble, told: new Told(onTrouble), stop: null };
    if (this.#driver) return this.#driver.watch(line, onLevel, onTrouble);
    this.#wishes.add(wish);
    this.#choosing ??= this.#run();
    return () => {
      this.#wishes.delete(wish);
      wish.stop?.();
    };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#choosing;
    await this.#driver?.close();
    this.#tellLost();
  }

  async #run(): Promise<void> {
    const { clock, remark } = this.#options;
    const { signal } = this.#closed;
    for (let waitMs = RETRY_FIRST_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, RETRY_MOST_MS)) {
      try {
        const { driver, name } = await chooseDriver(this.#options);
        if (signal.aborted) return void driver.close();
        remark(name);
        this.#take(driver);
        break;
      } catch (error) {
        if (!signal.aborted) for (const { told } of this.#wishes) told.trouble(error);
        await sleep(clock, waitMs, signal);
      }
    }
    while (!signal.aborted) {
      await sleep(clock, LOST_EVERY_MS, signal);
      if (!signal.aborted) this.#tellLost();
    }
  }

  #take(driver: Inputs): void {
    this.#driver = driver;
    for (const wish of this.#wishes) wish.stop = follow(driver, wish);
    this.#wishes.clear();
  }

  #tellLost(): void {
    const lost = this.#driver?.lost ?? 0;
    if (lost === this.#toldLost) return;
    this.#toldLost = lost;
    this.#options.remark(t(`inputs: ${lost} edges were lost since the start`, `输入：启动以来丢失 ${lost} 个边沿`));
  }
}

/** That there was no driver is over with the first level, or with a trouble of the driver's own. */
function follow(driver: Inputs, { line, onLevel, onTrouble, told }: Wish): Stop {
  let mine = true;
  return driver.watch(
    line,
    (level) => {
      if (mine && level.on !== null) told.trouble(null);
      mine = false;
      onLevel(level);
    },
    (why) => {
      mine = false;
      onTrouble(why);
    },
  );
}

async function chooseDriver({ clock, places }: OpenOptions): Promise<{ driver: Inputs; name: string }> {
  const { dev, sysfs, tools: dir } = places ?? { dev: '/dev', sysfs: GPIO_ROOT, tools: '' };
  const isDevice = existsSync(dev) && readdirSync(dev).some((name) => /^gpiochip\d+$/.test(name));
  const isSysfs = existsSync(sysfs);
  if (isDevice) {
    try {
      const tools = await findTools(dir);
      const name = t(
        `inputs by gpiomon ${tools.version} (character device, time stamps of the kernel)`,
        `输入由 gpiomon ${tools.version} 读取（字符设备，内核时间戳）`,
      );
      return { driver: openGpiomon({ clock, tools }), name };
    } catch (error) {
      if (!isSysfs) throw error;
    }
  }
  if (!isSysfs) {
    throw failed(`${dev}/gpiochip*`, t(`there is none, and no ${sysfs} either`, `不存在，也没有 ${sysfs}`), {
      en: 'this machine has no GPIO, or its driver is not loaded; take the inputs out of the site file, or wire them to a Modbus module',
      zh: '本机没有 GPIO 或未加载驱动；请从站点文件中去掉输入，或改接 Modbus 模块',
    });
  }
  const better = isDevice
    ? t('; gpiomon would be better: apt install gpiod', '；建议改用 gpiomon：apt install gpiod')
    : '';
  const name = t(`inputs by onoff (sysfs, no time stamps)${better}`, `输入由 onoff 读取（sysfs，无时间戳）${better}`);
  return { driver: openOnoff({ clock, root: sysfs }), name };
}
