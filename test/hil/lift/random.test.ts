import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../../hil/lift/random.ts';

function draws(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.next());
}

test('one seed gives one sequence, another gives another', () => {
  assert.equal(draws(new Random(7), 20), draws(new Random(7), 20), 'the same seed');
  assert.is.not(new Random(7).next(), new Random(8).next(), 'another seed');
});

test('a fork depends on its name alone', () => {
  const random = new Random(7);
  const before = draws(random.fork('doors'), 5);
  random.next();
  random.fork('people').next();
  assert.equal(draws(random.fork('doors'), 5), before, 'neither draws nor other forks shift it');
  assert.is.not(random.fork('people').next(), before[0], 'another name is another stream');
});

test('draws are spread evenly and stay in range', () => {
  const random = new Random('spread');
  const tenths = new Array<number>(10).fill(0);
  for (const value of draws(random, 50_000)) {
    assert.ok(value >= 0 && value < 1, `${value} lies from 0 up to 1`);
    const tenth = Math.floor(value * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) assert.ok(Math.abs(count - 5000) < 300, `a tenth of the draws, about: ${count}`);
  const dice = Array.from({ length: 2000 }, () => random.whole(1, 6));
  assert.equal(
    [...new Set(dice)].sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6],
    'whole numbers include both ends',
  );
});

test('waits of a Poisson process have their mean', () => {
  const random = new Random(3);
  const waits = Array.from({ length: 20_000 }, () => random.exponential(100));
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  assert.ok(Math.abs(mean - 100) < 3, `the mean is about 100: ${mean}`);
});

test.run();
