import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Inputs } from '../../../drivers/gpio/inputs.ts';
import { openInputs } from '../../../drivers/gpio/onoff.ts';
import { GPIO_ROOT } from '../../../drivers/gpio/sysfs.ts';
import { GpioTree } from '../../../hil/wire/gpio-tree.ts';
import { sleep, systemClock, VirtualClock } from '../../../src/clock.ts';
import type { Level } from '../../../src/ports.ts';
import { inputLinesContract } from '../../contract/inputs.ts';

const CHIP = { label: 'pinctrl-bcm2711', base: 512, ngpio: 58 };
const LINE = { chip: CHIP.label, offset: 17, activeLow: false };

function bench(readyAfterMs = 0): { clock: VirtualClock; tree: GpioTree; inputs: Inputs } {
  const clock = new VirtualClock(1000);
  const tree = new GpioTree(clock, [CHIP], readyAfterMs);
  return { clock, tree, inputs: openInputs({ clock, root: tree.root, openLine: tree.openLine }) };
}

for (const readyAfterMs of [0, 300]) {
  inputLinesContract(`tree, files usable after ${readyAfterMs} ms`, async () => {
    const { clock, tree, inputs } = bench(readyAfterMs);
    return {
      ...{ inputs, chip: LINE.chip, offset: LINE.offset },
      set: (high) => tree.set(LINE.chip, LINE.offset, high),
      wait: (ms) => clock.advance(ms),
      close: async () => tree.close(),
    };
  });
}

// HOISTWAY_GPIO_LINE is chip:offset; HOISTWAY_GPIO_SET a shell command that puts its argument, 0 or 1, on the pin.
const { HOISTWAY_GPIO_LINE: realLine, HOISTWAY_GPIO_SET: realSet } = process.env;
if (existsSync(GPIO_ROOT) && realLine && realSet) {
  const [chip = '', offset = ''] = realLine.split(':');
  inputLinesContract('onoff on this kernel', async () => ({
    ...{ inputs: openInputs({ clock: systemClock }), chip, offset: Number(offset) },
    set: (high) => void execFileSync('/bin/sh', ['-c', realSet, 'sh', high ? '1' : '0']),
    wait: (ms) => sleep(systemClock, ms),
    close: async () => {},
  }));
} else {
  const why = existsSync(GPIO_ROOT) ? 'HOISTWAY_GPIO_LINE and HOISTWAY_GPIO_SET are not set' : `no ${GPIO_ROOT} here`;
  process.stdout.write(`NOT RUN: the contract of inputs on onoff and a real kernel (${why})\n`);
}

function watch({ inputs }: { inputs: Inputs }, line = LINE) {
  const levels: Level[] = [];
  const troubles: string[] = [];
  const stop = inputs.watch(
    line,
    (level) => levels.push(level),
    (why) => troubles.push(why),
  );
  return { levels, troubles, stop };
}

const on = (what: string, run: (parts: ReturnType<typeof bench>) => Promise<void>) =>
  test(what, async () => {
    const parts = bench();
    try {
      await run(parts);
    } finally {
      await parts.inputs.close();
      parts.tree.close();
    }
  });

on('an edge that sysfs lost is found by the next reading, at its time, and counted', async (parts) => {
  const { clock, tree, inputs } = parts;
  const { levels } = watch(parts);
  await clock.advanceTo(1200 as Level['atMs']);
  tree.set(LINE.chip, LINE.offset, true, { lost: true });
  await clock.advanceTo(1999 as Level['atMs']);
  assert.is(levels.length, 1, 'not yet');
  await clock.advanceTo(2100 as Level['atMs']);
  assert.equal(levels.at(-1), { on: true, atMs: 2010 }, 'at the reading');
  assert.is(inputs.lost, 1, 'counted');
});

on('an edge on its way while the level is read again is no lost one', async (parts) => {
  const { clock, tree, inputs } = parts;
  const { levels } = watch(parts);
  await clock.advanceTo(1995 as Level['atMs']);
  // Read again at 2000, told at 2005.
  tree.set(LINE.chip, LINE.offset, true, { lateMs: 10 });
  await clock.advance(1500);
  assert.is(levels.at(-1)?.atMs, 2005, 'when it was told');
  assert.equal(
    levels.map(({ on }) => on),
    [false, true],
    'reported once',
  );
  assert.is(inputs.lost, 0, 'not counted');
});

on('a pulse that is over before the level could be read is counted, and not made up', async (parts) => {
  const { clock, tree, inputs } = parts;
  const { levels } = watch(parts);
  await clock.advance(100);
  tree.set(LINE.chip, LINE.offset, true);
  tree.set(LINE.chip, LINE.offset, false);
  await clock.advance(100);
  assert.is(levels.length, 1, 'no level reported');
  assert.is(inputs.lost, 2, 'two edges');
});

on('a chip that is pulled and put back, under other numbers, is told once each and read again', async (parts) => {
  const { clock, tree } = parts;
  const { levels, troubles } = watch(parts);
  await clock.advance(100);
  tree.unplug(CHIP.label);
  await clock.advance(20_000);
  assert.is(troubles.length, 2, 'lost, then absent');
  assert.match(troubles[0] ?? '', 'ENODEV', 'lost');
  tree.plug({ ...CHIP, base: 571 });
  tree.set(LINE.chip, LINE.offset, true);
  await clock.advance(30_000);
  assert.is(troubles.length, 3, 'and back');
  assert.equal(
    levels.map(({ on }) => on),
    [false, null, true],
    'the level at the new opening',
  );
});

on('attempts are 1, 2, 4, 8, 16 and then 30 s apart, for ever', async ({ clock, tree }) => {
  const attemptsMs: number[] = [];
  const inputs = openInputs({
    clock,
    root: tree.root,
    openLine: async () => {
      attemptsMs.push(clock.monoMs() - 1000);
      throw new Error('busy');
    },
  });
  const { troubles } = watch({ inputs });
  await clock.advance(130_000);
  assert.equal(attemptsMs, [0, 1000, 3000, 7000, 15_000, 31_000, 61_000, 91_000, 121_000], 'times');
  assert.is(troubles.length, 1, 'told once');
  await inputs.close();
});

on('lines are given back at the end', async (parts) => {
  const { clock, tree, inputs } = parts;
  watch(parts);
  await clock.advance(100);
  assert.ok(tree.isExported(LINE.chip, LINE.offset), 'exported while watched');
  await inputs.close();
  assert.not(tree.isExported(LINE.chip, LINE.offset), 'unexported by close');
});

on('a line that a crash left exported is taken over', async (parts) => {
  const { clock, tree } = parts;
  tree.write(`${tree.root}/export`, String(tree.numberOf(LINE.chip, LINE.offset)));
  const { levels, troubles } = watch(parts);
  await clock.advance(100);
  assert.is(levels.length, 1, 'its level');
  assert.equal(troubles, [], 'no trouble');
});

test('a machine without GPIO is told of by each watch, and stops nothing', async () => {
  const clock = new VirtualClock();
  const inputs = openInputs({ clock, root: '/nowhere/gpio' });
  const { troubles } = watch({ inputs });
  await clock.advance(100_000);
  assert.is(troubles.length, 1, 'told once');
  assert.match(troubles[0] ?? '', '/nowhere/gpio', 'what is missing');
  await inputs.close();
});

test.run();
