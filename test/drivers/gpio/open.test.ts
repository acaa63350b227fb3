import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openInputs } from '../../../drivers/gpio/open.ts';
import { GpioChips } from '../../../hil/wire/gpiochips.ts';
import { plus, sleep, systemClock } from '../../../src/clock.ts';
import type { Level } from '../../../src/ports.ts';
import { inputLinesContract } from '../../contract/inputs.ts';

const CHIP = { name: 'gpiochip0', label: 'pinctrl-bcm2711', ngpio: 58 };
const LINE = { chip: CHIP.label, offset: 17, activeLow: false };
const clock = systemClock;

/** A kernel as a folder: with or without a character device, sysfs, and the tools of libgpiod. */
function kernel({ device = true, sysfs = true, tools = true } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'hoistway-kernel-'));
  const chips = new GpioChips(2, [CHIP]);
  const places = { dev: join(root, 'dev'), sysfs: join(root, 'sysfs'), tools: tools ? chips.dir : '/nowhere' };
  const plug = () => writeFileSync(join(places.dev, 'gpiochip0'), '');
  mkdirSync(places.dev);
  if (device) plug();
  if (sysfs) mkdirSync(places.sysfs);
  const remarks: string[] = [];
  const inputs = openInputs({ clock, remark: (line) => remarks.push(line), places });
  const close = async () => {
    await inputs.close();
    chips.close();
    rmSync(root, { recursive: true });
  };
  return { chips, plug, inputs, remarks, close };
}

function watch({ inputs }: ReturnType<typeof kernel>) {
  const levels: Level[] = [];
  const troubles: string[] = [];
  const stop = inputs.watch(
    LINE,
    (level) => levels.push(level),
    (why) => troubles.push(why),
  );
  return { levels, troubles, stop };
}

async function until(holds: () => boolean): Promise<void> {
  const untilMs = plus(clock.monoMs(), 5000);
  while (!holds() && clock.monoMs() < untilMs) await sleep(clock, 5);
}

inputLinesContract('the chosen driver', async () => {
  const { chips, inputs, close } = kernel();
  return {
    ...{ inputs, close, chip: LINE.chip, offset: LINE.offset },
    set: (high) => chips.set(LINE.chip, LINE.offset, high),
    wait: (ms) => sleep(clock, ms),
  };
});

const drivers: [what: string, kernel: Parameters<typeof kernel>[0], said: RegExp][] = [
  ['a character device and gpiomon: gpiomon', {}, /gpiomon 2\.2\.1/],
  ['no sysfs: gpiomon', { sysfs: false }, /gpiomon 2\.2\.1/],
  ['a character device without gpiomon: onoff, and what to install', { tools: false }, /onoff.*apt install gpiod/],
  ['sysfs alone: onoff, and nothing to install', { device: false }, /onoff \(sysfs, no time stamps\)$/],
];
for (const [what, offered, said] of drivers) {
  test(what, async () => {
    const room = kernel(offered);
    watch(room);
    await until(() => room.remarks.length > 0);
    await room.close();
    assert.is(room.remarks.length, 1, 'said once');
    assert.match(room.remarks[0] ?? '', said, 'which it is');
  });
}

test('no GPIO at all: each watch is told, nothing is remarked', async () => {
  const room = kernel({ device: false, sysfs: false });
  const { troubles, levels } = watch(room);
  await until(() => troubles.length > 0);
  await sleep(clock, 1500);
  await room.close();
  assert.is(troubles.length, 1, 'told once in two looks');
  assert.match(troubles[0] ?? '', 'no GPIO', 'what is missing');
  assert.equal([levels, room.remarks], [[], []], 'no level and no driver');
});

test('a character device without gpiomon and without sysfs: what to install', async () => {
  const room = kernel({ sysfs: false, tools: false });
  const { troubles } = watch(room);
  await until(() => troubles.length > 0);
  await room.close();
  assert.match(troubles[0] ?? '', 'apt install gpiod', 'the package');
});

test('a driver of the kernel that is loaded later is found', async () => {
  const room = kernel({ device: false, sysfs: false });
  const { troubles, levels } = watch(room);
  await until(() => troubles.length > 0);
  room.plug();
  await until(() => levels.length > 0);
  await room.close();
  assert.is(levels[0]?.on, false, 'its level');
  assert.is(troubles.length, 2, 'and told that it is read again');
  assert.match(room.remarks[0] ?? '', 'gpiomon', 'by gpiomon');
});

test('a watch that is stopped before a driver is found has none', async () => {
  const room = kernel();
  const { levels, troubles, stop } = watch(room);
  stop();
  await until(() => room.remarks.length > 0);
  await sleep(clock, 200);
  assert.equal([levels, troubles], [[], []], 'nothing is reported');
  assert.equal(room.chips.monitors(CHIP.label), [], 'no process');
  await room.close();
});

test('edges that were lost are told at the end', async () => {
  const room = kernel();
  const { levels } = watch(room);
  await until(() => levels.length === 1 && room.chips.monitors(CHIP.label).length === 1);
  room.chips.edge(LINE.chip, LINE.offset, false);
  room.chips.set(LINE.chip, LINE.offset, true);
  await until(() => levels.length === 2);
  await room.close();
  assert.match(room.remarks.at(-1) ?? '', /\b1 edges were lost/, 'with their number');
});

test('a site without inputs looks for no driver', async () => {
  const room = kernel({ device: false, sysfs: false });
  await sleep(clock, 100);
  await room.close();
  assert.equal(room.remarks, [], 'nothing said');
});

test.run();
