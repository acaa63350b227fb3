/** The order of the sweep, and the lists that a person gives. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nearestFirst, numbersOf, sweepOrder } from '../../src/scout/settings.ts';
import { formText } from '../../src/sense/wire-time.ts';

const texts = (...words: Parameters<typeof sweepOrder>) => sweepOrder(...words).map(formText);

test('what controllers really use comes first, and nothing twice', () => {
  const order = texts();
  assert.equal(order.slice(0, 4), ['9600 8N1', '9600 8E1', '19200 8E1', '19200 8N1'], 'the likeliest');
  assert.is(new Set(order).size, order.length, 'each once');
  for (const baud of ['38400', '115200', '57600', '4800']) assert.ok(order.includes(`${baud} 8N1`), baud);
});

test('given bauds bring all framings of those, the likely ones first', () => {
  assert.equal(texts([4800]), ['4800 8N1', '4800 8E1', '4800 8N2', '4800 8O1'], 'four');
  assert.equal(texts([9600, 19_200]).length, 8, 'of both');
  assert.equal(texts([1200]), ['1200 8N1', '1200 8E1', '1200 8N2', '1200 8O1'], 'of an unlikely one too');
});

test('near a setting: the same baud, then one step of baud, then two', () => {
  const [first] = sweepOrder([19_200]);
  if (!first) throw new Error('there is one');
  const near = nearestFirst(sweepOrder(), first).map(({ baud }) => baud);
  const steps = [19_200, 9600, 38_400, 57_600, 4800, 115_200];
  assert.equal(
    [...new Set(near)].sort((a, b) => near.indexOf(a) - near.indexOf(b)),
    steps,
    'by steps',
  );
  assert.is(near.length, sweepOrder().length, 'none is lost');
});

test('lists of numbers', () => {
  assert.equal(numbersOf('1-3,7, 2', 1, 247), [1, 2, 3, 7], 'ranges and numbers, each once');
  assert.equal(numbersOf('247', 1, 247), [247], 'one');
  for (const wrong of ['', 'x', '0', '248', '3-1', '1-', '1,,2', '-3', '1-300', '1.5', '99999999999']) {
    assert.is(numbersOf(wrong, 1, 247), null, JSON.stringify(wrong));
  }
});

test.run();
