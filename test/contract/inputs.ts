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

/** Long enough for a line to be exported, taken over from udev and opened. */
const OPEN_MS = 500;
const EDGE_MS = 50;

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
      await bench.wait(OPEN_MS);
      assert.equal(ons(), [high], 'one report');
      assert.equal(troubles, [], 'no trouble');
    });
  }

  on('each change is reported once, with rising times', async (bench) => {
    bench.set(false);
    const { ons, levels } = watch(bench);
    await bench.wait(OPEN_MS);
    for (const high of [true, false, true]) {
      bench.set(high);
      await bench.wait(EDGE_MS);
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
    await bench.wait(OPEN_MS + 2500);
    assert.equal(ons(), [true], 'the first report only');
  });

  on('an active-low line is turned round', async (bench) => {
    bench.set(false);
    const { ons } = watch(bench, { activeLow: true });
    await bench.wait(OPEN_MS);
    bench.set(true);
    await bench.wait(EDGE_MS);
    assert.equal(ons(), [true, false], 'a low pin is on');
  });

  on('a stopped watch is silent, and the line can be watched again', async (bench) => {
    bench.set(false);
    const first = watch(bench);
    await bench.wait(OPEN_MS);
    first.stop();
    first.stop();
    await bench.wait(EDGE_MS);
    bench.set(true);
    await bench.wait(EDGE_MS);
    assert.equal(first.ons(), [false], 'silent after the stop');
    const second = watch(bench, { activeLow: true });
    await bench.wait(OPEN_MS);
    assert.equal(second.ons(), [false], 'opened anew, with a polarity of its own');
    assert.equal(second.troubles, [], 'no trouble');
  });

  on('a watch that is stopped at once reports nothing', async (bench) => {
    const { stop, levels, troubles } = watch(bench);
    stop();
    await bench.wait(OPEN_MS);
    assert.equal([...levels, ...troubles], [], 'no report and no trouble');
  });

  on('a chip that is not there is told once, and the others go on', async (bench) => {
    bench.set(true);
    const absent = watch(bench, { chip: 'pinctrl-of-nobody' });
    const { ons } = watch(bench);
    await bench.wait(OPEN_MS + 4000);
    assert.is(absent.troubles.length, 1, 'told once in three attempts');
    assert.match(absent.troubles[0] ?? '', 'pinctrl-of-nobody', 'with its label');
    assert.match(absent.troubles[0] ?? '', bench.chip, 'and what there is');
    assert.equal(absent.levels, [], 'no level made up');
    assert.equal(ons(), [true], 'the other line');
  });

  on('an offset past the end of the chip is told', async (bench) => {
    const { troubles } = watch(bench, { offset: 4000 });
    await bench.wait(OPEN_MS);
    assert.is(troubles.length, 1, 'told');
    assert.match(troubles[0] ?? '', '4000', 'with its offset');
  });

  on('two watches of one line: the second is told, and gets it when the first stops', async (bench) => {
    bench.set(true);
    const first = watch(bench);
    await bench.wait(OPEN_MS);
    const second = watch(bench);
    await bench.wait(OPEN_MS);
    assert.is(second.troubles.length, 1, 'the second is told');
    assert.equal(second.ons(), [], 'and has no level');
    first.stop();
    await bench.wait(4000);
    assert.equal(second.ons(), [true], 'its turn');
  });

  on('after close nothing is reported', async (bench) => {
    bench.set(false);
    const { ons } = watch(bench);
    await bench.wait(OPEN_MS);
    await bench.inputs.close();
    bench.set(true);
    await bench.wait(EDGE_MS);
    assert.equal(ons(), [false], 'only what came before');
  });
}
