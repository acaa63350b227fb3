import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openGpiomon } from '../../../drivers/gpio/gpiomon.ts';
import { findTools, type Tools } from '../../../drivers/gpio/gpiotools.ts';
import type { Inputs } from '../../../drivers/gpio/inputs.ts';
import { GpioChips } from '../../../hil/wire/gpiochips.ts';
import { monoMs, plus, sleep, systemClock } from '../../../src/clock.ts';
import type { Level } from '../../../src/ports.ts';

const CHIP = { name: 'gpiochip0', label: 'pinctrl-bcm2711', ngpio: 58 };
const LINE = { chip: CHIP.label, offset: 17, activeLow: false };
const clock = systemClock;
const wait = (ms: number) => sleep(clock, ms);

async function bench(major: Tools['major']): Promise<{ chips: GpioChips; inputs: Inputs }> {
  const chips = new GpioChips(major, [CHIP]);
  const tools = await findTools(chips.dir);
  assert.is(tools.major, major, 'the version is seen');
  return { chips, inputs: openGpiomon({ clock, tools }) };
}

function watch(inputs: Inputs, line = LINE) {
  const levels: Level[] = [];
  const troubles: string[] = [];
  const stop = inputs.watch(
    line,
    (level) => levels.push(level),
    (why) => troubles.push(why),
  );
  return { levels, troubles, stop, ons: () => levels.map(({ on }) => on) };
}

/** Resolves once it holds, or after 5 s. */
async function until(holds: () => boolean): Promise<void> {
  const untilMs = plus(clock.monoMs(), 5000);
  while (!holds() && clock.monoMs() < untilMs) await wait(5);
}

/** Resolves once the level is told and a process has the line: version 1 does not say when that is. */
const opened = (chips: GpioChips, levels: readonly Level[]) =>
  until(() => levels.length === 1 && chips.monitors(CHIP.label).length === 1);

const on = (what: string, run: (parts: { chips: GpioChips; inputs: Inputs }) => Promise<void>) => {
  for (const major of [1, 2] as const) {
    test(`${what} (version ${major})`, async () => {
      const parts = await bench(major);
      try {
        await run(parts);
      } finally {
        await parts.inputs.close();
        parts.chips.close();
      }
    });
  }
};

on('an edge has the time stamp of the kernel, not the time at which it was read', async ({ chips, inputs }) => {
  const { levels } = watch(inputs);
  await opened(chips, levels);
  const atMs = plus(clock.monoMs(), 0.25);
  await wait(40);
  chips.edge(LINE.chip, LINE.offset, true, atMs);
  await until(() => levels.length === 2);
  assert.equal(levels[1], { on: true, atMs }, 'to the microsecond');
});

on('a stamp of another clock is not believed', async ({ chips, inputs }) => {
  const { levels } = watch(inputs);
  await opened(chips, levels);
  const beforeMs = clock.monoMs();
  chips.edge(LINE.chip, LINE.offset, true, monoMs(clock.wallMs()));
  await until(() => levels.length === 2);
  const { atMs = 0 } = levels[1] ?? {};
  assert.ok(
    atMs >= beforeMs && atMs <= clock.monoMs(),
    `${atMs}: when it was read, for the wall clock is no such time`,
  );
});

on('a pulse of a tenth of a millisecond is told whole', async ({ chips, inputs }) => {
  const { levels, ons } = watch(inputs);
  await opened(chips, levels);
  const atMs = clock.monoMs();
  chips.edge(LINE.chip, LINE.offset, true, atMs);
  chips.edge(LINE.chip, LINE.offset, false, plus(atMs, 0.1));
  await until(() => levels.length === 3);
  assert.equal(ons(), [false, true, false], 'both edges');
  assert.is(levels[2]?.atMs, plus(atMs, 0.1), 'a tenth apart');
  assert.is(inputs.lost, 0, 'none lost');
});

on('a level that comes twice: an edge was lost between the two, and is counted', async ({ chips, inputs }) => {
  const { levels, ons } = watch(inputs);
  await opened(chips, levels);
  chips.set(LINE.chip, LINE.offset, true);
  chips.edge(LINE.chip, LINE.offset, true);
  chips.set(LINE.chip, LINE.offset, false);
  await until(() => levels.length === 3);
  assert.equal(ons(), [false, true, false], 'no level made up');
  assert.is(inputs.lost, 1, 'counted');
});

on('lines of one chip share one process, each with its own polarity', async ({ chips, inputs }) => {
  chips.set(LINE.chip, 4, true);
  const one = watch(inputs);
  const other = watch(inputs, { ...LINE, offset: 4, activeLow: true });
  await opened(chips, one.levels);
  await opened(chips, other.levels);
  assert.equal([one.ons(), other.ons()], [[false], [false]], 'levels');
  assert.is(chips.monitors(CHIP.label).length, 1, 'one process');
  chips.set(LINE.chip, 4, false);
  await until(() => other.levels.length === 2);
  assert.equal([one.ons(), other.ons()], [[false], [false, true]], 'the edge of the one alone');
});

on(
  'a line that another program has is told, gets its turn, and costs the others nothing',
  async ({ chips, inputs }) => {
    chips.hold(CHIP.label, 4, true);
    const busy = watch(inputs, { ...LINE, offset: 4 });
    const free = watch(inputs);
    await until(() => free.levels.length === 1 && busy.troubles.length === 1);
    assert.match(busy.troubles[0] ?? '', 'Device or resource busy', 'in the words of the tool');
    assert.equal(free.troubles, [], 'no trouble of the other');
    chips.hold(CHIP.label, 4, false);
    await until(() => busy.levels.length === 1);
    assert.equal(busy.ons(), [false], 'its level');
    assert.is(busy.troubles.length, 2, 'told that it is read again');
    assert.equal(free.ons(), [false], 'the other line was known throughout');
  },
);

on('a line without an interrupt is told, and costs the others nothing', async ({ chips, inputs }) => {
  chips.deafen(CHIP.label, 4);
  const deaf = watch(inputs, { ...LINE, offset: 4 });
  const other = watch(inputs);
  await opened(chips, other.levels);
  await wait(2500);
  assert.equal(deaf.ons(), [], 'no level of a line that cannot be watched');
  assert.match(deaf.troubles.at(-1) ?? '', 'No such device or address', 'in the words of the tool');
  assert.equal(other.ons(), [false], 'the other line stays known');
  chips.set(LINE.chip, LINE.offset, true);
  await until(() => other.levels.length === 2);
  assert.equal(other.ons(), [false, true], 'and its edges are told');
});

on(
  'a process that ends: the lines are unknown until the next one has them, told once each',
  async ({ chips, inputs }) => {
    const { levels, ons, troubles } = watch(inputs);
    await opened(chips, levels);
    const [pid] = chips.monitors(CHIP.label);
    assert.ok(pid, 'its process');
    process.kill(pid ?? 0, 'SIGKILL');
    await until(() => levels.length === 2);
    chips.set(LINE.chip, LINE.offset, true);
    await until(() => levels.length === 3);
    assert.equal(ons(), [false, null, true], 'known, unknown, known');
    assert.is(troubles.length, 2, 'lost, and read again');
    assert.match(troubles[0] ?? '', 'SIGKILL', 'how it ended');
    chips.set(LINE.chip, LINE.offset, false);
    await until(() => levels.length === 4);
    assert.equal(ons().at(-1), false, 'edges of the new process');
  },
);

on('a chip that is pulled and put back under another name is found by its label', async ({ chips, inputs }) => {
  const { levels, ons, troubles } = watch(inputs);
  await opened(chips, levels);
  chips.unplug(CHIP.label);
  await until(() => troubles.length === 1);
  assert.match(troubles[0] ?? '', 'No such device', 'in the words of the tool');
  chips.plug({ ...CHIP, name: 'gpiochip3' });
  chips.set(LINE.chip, LINE.offset, true);
  await until(() => levels.length === 3);
  assert.equal(ons(), [false, null, true], 'the level at the new opening');
});

on('an edge while another line is added is found by reading, and counted', async ({ chips, inputs }) => {
  const { levels, ons } = watch(inputs);
  await opened(chips, levels);
  chips.set(LINE.chip, LINE.offset, true, { lost: true });
  const other = watch(inputs, { ...LINE, offset: 4 });
  await opened(chips, other.levels);
  assert.equal(ons(), [false, true], 'its level as it was read again');
  assert.is(inputs.lost, 1, 'its edge was never told');
});

on('attempts are further and further apart', async ({ chips, inputs }) => {
  chips.put('gpiomon', `echo x >> '${chips.dir}/starts'; echo 'gpiomon: out of order' >&2; exit 1`);
  const { levels, troubles } = watch(inputs);
  await wait(4500);
  const starts = execFileSync('cat', [`${chips.dir}/starts`], { encoding: 'utf8' })
    .trim()
    .split('\n').length;
  assert.ok(
    starts >= 3 && starts <= 4,
    `${starts}: at once and after 1 s, then for the line alone after 1 s and after 2 s more`,
  );
  assert.equal(levels, [], 'no level of a line that nobody has');
  assert.is(troubles.length, 1, 'told once');
  assert.match(troubles[0] ?? '', 'out of order', 'in its words');
});

on('at the end no process is left', async ({ chips, inputs }) => {
  const { levels } = watch(inputs);
  await opened(chips, levels);
  assert.is(chips.monitors(CHIP.label).length, 1, 'one while it is watched');
  await inputs.close();
  assert.is(chips.monitors(CHIP.label).length, 0, 'none after close');
});

test('a gpiomon of a version that is not known, and none at all', async () => {
  const chips = new GpioChips(2, []);
  const told = async (dir: string) =>
    findTools(dir).then(
      () => '',
      (error: { message: string; hint: string }) => `${error.message} (${error.hint})`,
    );
  chips.put('gpiomon', "echo 'gpiomon (libgpiod) v3.0'");
  assert.match(await told(chips.dir), 'v3.0', 'what it says of itself');
  assert.match(await told('/nowhere'), 'apt install gpiod', 'what to install');
  chips.close();
});

test.run();
