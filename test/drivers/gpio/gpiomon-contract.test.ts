import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import { openGpiomon } from '../../../drivers/gpio/gpiomon.ts';
import { findTools } from '../../../drivers/gpio/gpiotools.ts';
import { GpioChips } from '../../../hil/wire/gpiochips.ts';
import { sleep, systemClock } from '../../../src/clock.ts';
import { inputLinesContract } from '../../contract/inputs.ts';

const CHIP = { name: 'gpiochip0', label: 'pinctrl-bcm2711', ngpio: 58 };
const LINE = { chip: CHIP.label, offset: 17 };
const clock = systemClock;
const wait = (ms: number) => sleep(clock, ms);

for (const major of [1, 2] as const) {
  inputLinesContract(`stand-in for gpiomon ${major}`, async () => {
    const chips = new GpioChips(major, [CHIP]);
    return {
      ...{ inputs: openGpiomon({ clock, tools: await findTools(chips.dir) }), ...LINE, wait },
      set: (high) => chips.set(LINE.chip, LINE.offset, high),
      close: async () => chips.close(),
    };
  });
}

// HOISTWAY_GPIO_LINE is chip:offset; HOISTWAY_GPIO_SET a shell command that puts its argument, 0 or 1, on the pin.
const { HOISTWAY_GPIO_LINE: realLine, HOISTWAY_GPIO_SET: realSet } = process.env;
if (realLine && realSet) {
  const [chip = '', offset = ''] = realLine.split(':');
  inputLinesContract('gpiomon on this kernel', async () => ({
    ...{ inputs: openGpiomon({ clock, tools: await findTools() }), chip, offset: Number(offset), wait },
    set: (high) => void execFileSync('/bin/sh', ['-c', realSet, 'sh', high ? '1' : '0']),
    close: async () => {},
  }));
} else {
  process.stdout.write(
    'NOT RUN: the contract of inputs on gpiomon and a real kernel (HOISTWAY_GPIO_LINE and HOISTWAY_GPIO_SET are not set)\n',
  );
}

test.run();
