/** What every InputLines must do, the real one and the fake alike. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { InputLines, Level } from '../../src/ports.ts';

export interface InputBench {
  readonly inputs: InputLines;
  readonly chip: string;
  readonly offset: number;
  /** puts a level on the pin */
  set(high: boolean): void;
  /** lets `ms` of the bench's time pass */
  wait(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** At most what it takes for a line to be exported, taken over from udev and opened, on a machine that is busy. */
const OPEN_MS = 10_000;
/** What comes after what was waited for has come by then. */
const EDGE_MS = 100;

export function inputLinesContract(name: string, make: () => Promise<InputBench>): void {
  const on = (what: string, run: (bench: InputBench) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const bench = await make();
      try {
        await run(bench);
      } finally {
        await bench.inputs.close();
        await bench.close();
      }
    });
  /** Lets time pass until it is so, and a moment more for what should not come. */
  const until = async (bench: InputBench, isSo: () => boolean) => {
    for (let ms = 0; ms < OPEN_MS && !isSo(); ms += EDGE_MS / 2) await bench.wait(EDGE_MS / 2);
    await bench.wait(EDGE_MS);
  };
  const watch = (bench: InputBench, { activeLow = false, offset = bench.offset, chip = bench.chip } = {}) => {
    const levels: Level[] = [];
    const troubles: string[] = [];
    const stop = bench.inputs.watch(
      { chip, offset, activeLow },
      (level) => levels.push(level),
      (why) => troubles.push(why),
    );
    return { levels, troubles, stop, ons: () => levels.map((level) => level.on) };
  };

  for (const high of [false, true]) {
    on(`the first report is the level at opening (${high ? 'high' : 'low'})`, async (bench) => {
      bench.set(high);
      const { ons, troubles } = watch(bench);
      await until(bench, () => ons().length > 0);
      assert.equal(ons(), [high], 'one report');
      assert.equal(troubles, [], 'no trouble');
    });
  }

  on('each change is reported once, with rising times', async (bench) => {
    bench.set(false);
    const { ons, levels } = watch(bench);
    await until(bench, () => levels.length > 0);
    for (const [at, high] of [true, false, true].entries()) {
      bench.set(high);
      await until(bench, () => levels.length > at + 1);
    }
    assert.equal(ons(), [false, true, false, true], 'levels');
    const times = levels.map(({ atMs }) => atMs);
    assert.equal(
      times,
      [...new Set(times)].toSorted((a, b) => a - b),
      'times rise',
    );
  });

  on('nothing is reported while nothing changes', async (bench) => {
    bench.set(true);
    const { ons } = watch(bench);
    await until(bench, () => ons().length > 0);
    await bench.wait(2500);
    assert.equal(ons(), [true], 'the first report only');
  });

  on('an active-low line is turned round', async (bench) => {
    bench.set(false);
    const { ons } = watch(bench, { activeLow: true });
    await until(bench, () => ons().length > 0);
    bench.set(true);
    await until(bench, () => ons().length > 1);
    assert.equal(ons(), [true, false], 'a low pin is on');
  });

  on('a stopped watch is silent, and the line can be watched again', async (bench) => {
    bench.set(false);
    const first = watch(bench);
    await until(bench, () => first.levels.length > 0);
    first.stop();
    first.stop();
    await bench.wait(EDGE_MS);
    bench.set(true);
    await bench.wait(EDGE_MS);
    assert.equal(first.ons(), [false], 'silent after the stop');
    const second = watch(bench, { activeLow: true });
    await until(bench, () => second.levels.length > 0);
    assert.equal(second.ons(), [false], 'opened anew, with a polarity of its own');
    assert.equal(second.troubles, [], 'no trouble');
  });

  on('a watch that is stopped at once reports nothing', async (bench) => {
    const { stop, levels, troubles } = watch(bench);
    stop();
    await bench.wait(1000);
    assert.equal([...levels, ...troubles], [], 'no report and no trouble');
  });

  on('a chip that is not there is told once, and the others go on', async (bench) => {
    bench.set(true);
    const absent = watch(bench, { chip: 'pinctrl-of-nobody' });
    const { ons } = watch(bench);
    await until(bench, () => absent.troubles.length > 0 && ons().length > 0);
    await bench.wait(4000);
    assert.is(absent.troubles.length, 1, 'told once in three attempts');
    assert.match(absent.troubles[0] ?? '', 'pinctrl-of-nobody', 'with its label');
    assert.match(absent.troubles[0] ?? '', bench.chip, 'and what there is');
    assert.equal(absent.levels, [], 'no level made up');
    assert.equal(ons(), [true], 'the other line');
  });

  on('an offset past the end of the chip is told', async (bench) => {
    const { troubles } = watch(bench, { offset: 4000 });
    await until(bench, () => troubles.length > 0);
    assert.is(troubles.length, 1, 'told');
    assert.match(troubles[0] ?? '', '4000', 'with its offset');
  });

  on('two watches of one line: the second is told, and gets it when the first stops', async (bench) => {
    bench.set(true);
    const first = watch(bench);
    await until(bench, () => first.levels.length > 0);
    const second = watch(bench);
    await until(bench, () => second.troubles.length > 0);
    assert.is(second.troubles.length, 1, 'the second is told');
    assert.equal(second.ons(), [], 'and has no level');
    first.stop();
    await until(bench, () => second.levels.length > 0);
    assert.equal(second.ons(), [true], 'its turn');
  });

  on('after close nothing is reported', async (bench) => {
    bench.set(false);
    const { ons } = watch(bench);
    await until(bench, () => ons().length > 0);
    await bench.inputs.close();
    bench.set(true);
    await bench.wait(EDGE_MS);
    assert.equal(ons(), [false], 'only what came before');
  });
}
