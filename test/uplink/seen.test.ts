import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SeenRecords } from '../../src/uplink/seen.ts';

test('says the same as a set of everything seen', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 })), (seqs) => {
      const seen = new SeenRecords();
      const all = new Set<number>();
      for (const seq of seqs) {
        assert.is(seen.note('b', 'c', seq), all.has(seq), `seq ${seq} of ${seqs.join(' ')}`);
        all.add(seq);
      }
    }),
    { seed: 20_260_101 },
  );
});

test('boxes and boots are apart', () => {
  const seen = new SeenRecords();
  assert.not(seen.note('b', 'c', 1), 'new');
  assert.not(seen.note('b', 'd', 1), 'another boot');
  assert.not(seen.note('x', 'c', 1), 'another box');
  assert.ok(seen.note('b', 'c', 1), 'the same');
});

test('holes beyond the limit forget the oldest, which then passes for new', () => {
  const seen = new SeenRecords();
  for (let n = 1; n <= 1001; n++) seen.note('b', 'c', 2 * n);
  assert.not(seen.note('b', 'c', 2), 'the oldest run was dropped');
  assert.ok(seen.note('b', 'c', 2002), 'the newest is known');
});

test('the boot heard longest ago is dropped beyond ten thousand', () => {
  const seen = new SeenRecords();
  for (let n = 0; n < 10_000; n++) seen.note('b', `boot-${n}`, 1);
  assert.ok(seen.note('b', 'boot-0', 1), 'known, and now the newest heard');
  seen.note('b', 'one more', 1);
  assert.ok(seen.note('b', 'boot-0', 1), 'still known');
  assert.not(seen.note('b', 'boot-1', 1), 'dropped');
});

test.run();
