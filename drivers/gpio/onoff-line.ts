/** One line of the kernel's sysfs tree by onoff, an optional package with a compiled part. */

import type { Gpio } from 'onoff';
import { t } from '../../src/language.ts';
import { failed } from './chip.ts';
import { exportLine, type LineFiles, pathOf, unexportLine } from './sysfs.ts';

export interface LineWish extends LineFiles {
  readonly activeLow: boolean;
}

export interface LineEvents {
  /** The level, as read when the edge was handled. The same as before: it changed twice in between. */
  onEdge(on: boolean): void;
  onError(error: unknown): void;
}

/** An exported line whose edges are told. `read` throws when the line is gone. */
export interface OpenedLine {
  read(): boolean;
  /** and unexports it */
  close(): void;
}

/** Rejects with GatewayError `input-failed`. */
export type LineOpener = (wish: LineWish, events: LineEvents) => Promise<OpenedLine>;

type OnoffLine = Pick<Gpio, 'readSync' | 'watch' | 'unwatchAll' | 'unexport' | 'direction' | 'edge' | 'activeLow'>;
interface Onoff {
  Gpio: new (number: number, direction: 'in', edge: 'both', options: { activeLow: boolean }) => OnoffLine;
}

/** Both edges, polarity by the kernel, no debounce: settling has the time stamps, and is done in sense. */
export async function openOnoffLine(
  wish: LineWish,
  { onEdge, onError }: LineEvents,
  load: () => Promise<Onoff> = () => import('onoff'),
): Promise<OpenedLine> {
  const { root, number, activeLow } = wish;
  const where = pathOf(root, number);
  const { Gpio } = await load().catch((error: unknown) => {
    throw failed(where, error, {
      en: 'the optional package onoff is missing or was built for another Node: npm rebuild onoff epoll',
      zh: '可选软件包 onoff 缺失，或为其他 Node 版本编译：npm rebuild onoff epoll',
    });
  });
  // onoff's constructor opens the files up to 10,000 times in a loop while udev sets their group, and holds up everything.
  await exportLine(wish);
  let gpio: OnoffLine;
  try {
    gpio = new Gpio(number, 'in', 'both', { activeLow });
  } catch (error) {
    unexportLine(wish);
    throw failed(where, error, { en: 'is another program using the line?', zh: '线路是否被其他程序占用？' });
  }
  // Of a line that was already exported onoff ignores that it could not be set.
  if (gpio.direction() !== 'in' || gpio.edge() !== 'both' || gpio.activeLow() !== activeLow) {
    gpio.unexport();
    throw failed(where, t('it could not be set to input, both edges and polarity', '无法设置方向、边沿和极性'), {
      en: 'another program holds the line, or it has no interrupt',
      zh: '线路被其他程序占用，或不支持中断',
    });
  }
  // onoff reads the level in its epoll callback: of a chip that was pulled it would throw there, and end the process.
  let lost = false;
  const readSync = gpio.readSync.bind(gpio);
  gpio.readSync = () => {
    try {
      return readSync();
    } catch (error) {
      lost = true;
      onError(error);
      return 0;
    }
  };
  gpio.watch((error, value) => {
    if (error) onError(error);
    else if (!lost) onEdge(value === 1);
  });
  return { read: () => readSync() === 1, close: () => gpio.unexport() };
}
