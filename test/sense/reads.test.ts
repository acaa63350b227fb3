/** The number that names a read, the words that came last, and what is there before any word. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monoMs } from '../../src/clock.ts';
import { blankState, blankValues } from '../../src/lift/shapes.ts';
import { SIGNAL_NAMES } from '../../src/lift/signals.ts';
import { FUNCTION_OF, TABLE_OF, TABLES } from '../../src/sense/observation.ts';
import { readKey, requestOf, sameAt, sameWords } from '../../src/sense/reads.ts';

test('the number of a read is the read, and no two have the same', () => {
  const numbers = new Set<number>();
  for (const table of TABLES) {
    for (const address of [0, 1, 2047, 2048, 65_535]) {
      for (const count of [1, 125, 2000]) {
        const key = readKey({
          kind: 'exchange',
          bus: 'b',
          unit: 1,
          table,
          address,
          count,
          values: [],
          atMs: monoMs(0),
        });
        assert.equal(requestOf(key), { table, address, count }, `${table} ${address}+${count}`);
        numbers.add(key);
      }
    }
  }
  assert.is(numbers.size, 4 * 5 * 3, 'a number each');
});

test('each table has its function code, and only codes that read', () => {
  assert.equal(TABLES, ['coil', 'discrete', 'holding', 'input'], 'the four tables of Modbus');
  assert.equal(
    TABLES.map((table) => [FUNCTION_OF[table], TABLE_OF[FUNCTION_OF[table]]]),
    TABLES.map((table, at) => [at + 1, table]),
    '1 to 4, and back',
  );
});

test('the same words are as many, and equal one by one', () => {
  assert.ok(sameWords([1, 2], [1, 2]), 'the same');
  assert.not.ok(sameWords([1, 2], [1, 3]), 'the last differs');
  assert.not.ok(sameWords([0, 2], [1, 2]), 'the first differs');
  assert.not.ok(sameWords([1, 2], [1, 2, 3]), 'more of them');
  assert.not.ok(sameWords([1, 2, 3], [1, 2]), 'fewer');
});

test('the words of a field are looked at alone', () => {
  assert.ok(sameAt([1, 2, 3], [9, 2, 9], 1, 1), 'its neighbours differ');
  assert.not.ok(sameAt([1, 2, 3], [1, 9, 3], 1, 1), 'it differs');
  assert.not.ok(sameAt([1, 2, 3], [1, 2, 9], 1, 2), 'its second word differs');
});

test('before anything was heard every signal has its place, and nobody can say what it is', () => {
  const { controller, inputs, link, silentSinceMs, miscount, pairOrder, ...readings } = blankState(
    'waiting',
    monoMs(7),
  );
  const unknown = { value: null, sinceMs: 7, source: 'none' };
  const all = [...SIGNAL_NAMES, 'atLevel'];
  assert.equal(readings, Object.fromEntries(all.map((name) => [name, unknown])), 'unknown since the start');
  const rest = [controller, inputs, link, silentSinceMs, miscount, pairOrder];
  assert.equal(rest, [{}, {}, 'waiting', 7, false, null], 'the rest');
  assert.is(blankState('none', monoMs(7)).silentSinceMs, null, 'a lift without a controller is not silent');
  assert.equal(Object.keys(blankValues()), SIGNAL_NAMES, 'a place for every word');
});

test.run();
