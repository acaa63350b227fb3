import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NOTHING, raisedAfter, scoreSum } from '../../hil/score.ts';
import { aligned, progressOf, tallyLines } from '../../src/commands/simulate-lines.ts';

test('columns of one width: the first to the left, the others to the right, a Chinese character two wide', () => {
  assert.equal(
    aligned([
      ['fault', 'raised'],
      ['困人', '1 / 1'],
      ['开门（长）', '检出'],
    ]),
    ['fault        raised', '困人          1 / 1', '开门（长）     检出'],
    'as a terminal shows them',
  );
});

test('the time left: as long for each to come as for each that is done', () => {
  assert.is(progressOf(50, 100, 30), '50 / 100, 30 s left', 'seconds');
  assert.is(progressOf(2500, 10_000, 600), '2500 / 10000, 30 min left', 'minutes');
  assert.is(progressOf(100, 100, 60), '100 / 100, 0 s left', 'done');
});

test('the first twenty problems, each with the command that lives it again, and how many more', () => {
  const failed = Array.from({ length: 23 }, (_, at) => ({
    seed: 40 + at,
    problems: [`missed overspeed ${at}`, 'more'],
  }));
  const missed = { ...NOTHING, injected: 1, missed: 1 };
  const faults = { overspeed: scoreSum(missed, raisedAfter(250, 'sensors')) };
  const lines = tallyLines({ seeds: 30, hours: 300, faults, failed }, 12, (seed) => `simulate --seed ${seed}`);
  const told = lines.filter((line) => line.startsWith('simulate --seed'));
  assert.is(told.length, 20, 'twenty');
  assert.is(told[0], 'simulate --seed 40: missed overspeed 0', 'its first problem');
  assert.ok(lines.includes('and 3 seeds more'), 'the others are counted');
  assert.match(
    lines[1] ?? '',
    /^overspeed +1 \/ 2 .* – +250 ms$/,
    'the row: no lift read by a controller, 250 ms by sensors',
  );
  assert.is(lines.at(-1), '30 seeds, 300 lift-hours in 12 s; 23 seeds with something missed or false', 'the sum');
});

test.run();
