/**
 * A 1-wire thermometer (DS18B20 and its kin) as the kernel's w1_therm shows it: `temperature` in thousandths of a degree, or, before
 * kernel 5.10, `w1_slave` with its checksum judged. A conversion takes up to 750 ms, in which nothing else waits.
 * Source: kernel documentation, w1/slaves/w1_therm.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, sleep } from '../../src/clock.ts';
import { reasonOf } from '../../src/errors.ts';
import { t } from '../../src/language.ts';
import type { Thermometer } from '../../src/ports.ts';

const DEVICES = '/sys/bus/w1/devices';
const EVERY_MS = 30_000;
/** What the sensor holds after its supply came, until the first conversion: no temperature. */
const POWER_UP_C = 85;
const LEAST_C = -55;
const MOST_C = 125;

export interface OneWireOptions {
  readonly clock: Clock;
  /** as the kernel names it: 28-0316a2795f3e */
  readonly device: string;
  /** told once for each new trouble */
  readonly remark: (line: string) => void;
  readonly devices?: string;
}

export function openOneWire(options: OneWireOptions): Thermometer {
  const { clock, device, remark, devices = DEVICES } = options;
  const folder = join(devices, device);
  const stopping = new AbortController();
  let celsius: number | null = null;
  let told: string | null = null;

  async function look(): Promise<void> {
    try {
      celsius = await readCelsius(folder);
      told = null;
    } catch (error) {
      celsius = null;
      const why = reasonOf(error);
      if (why !== told)
        remark(
          t(
            `thermometer ${device}: ${why}; is it wired, and is dtoverlay=w1-gpio in config.txt?`,
            `温度传感器 ${device}：${why}；请检查接线和 config.txt 中的 dtoverlay=w1-gpio`,
          ),
        );
      told = why;
    }
  }

  const done = (async () => {
    while (!stopping.signal.aborted) {
      await look();
      await sleep(clock, EVERY_MS, stopping.signal);
    }
  })();
  return {
    get celsius() {
      return celsius;
    },
    async close() {
      stopping.abort();
      await done;
    },
  };
}

/** Throws where nothing answers, or what answers is no temperature. */
async function readCelsius(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'temperature'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return readFile(join(folder, 'w1_slave'), 'utf8').then(ofSlave);
    throw error;
  });
  const celsius = text.trim() === '' ? Number.NaN : Number(text) / 1000;
  if (!(celsius >= LEAST_C && celsius <= MOST_C))
    throw new Error(t(`it says "${text.trim()}"`, `读数为“${text.trim()}”`));
  if (celsius === POWER_UP_C) throw new Error(t('it has just got its supply', '传感器刚上电'));
  return celsius;
}

/** The text of `w1_slave`: two lines, the first with the checksum judged, the second with the temperature. */
function ofSlave(text: string): string {
  if (!/crc=[0-9a-f]{2} YES/.test(text)) throw new Error(t('the checksum is wrong', '校验错误'));
  return /t=(-?\d+)/.exec(text)?.[1] ?? '';
}
