/** The number of connects in a file. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { keptBdSeq } from '../../../src/uplink/sparkplug/bd-seq.ts';

const folder = mkdtempSync(join(tmpdir(), 'hoistway-bd-seq-'));
const path = join(folder, 'bd-seq');
const silent = () => assert.unreachable('nothing to tell');

test('it counts from 0, and on after a restart', () => {
  const first = keptBdSeq(path, silent);
  assert.equal([first.next(), first.next()], [0, 1], 'each connect has its own');
  assert.is(keptBdSeq(path, silent).next(), 2, 'also that of the next process');
  assert.is(readFileSync(path, 'utf8'), '2\n', 'in a file of one line');
});

test('255 is followed by 0', () => {
  writeFileSync(path, '254\n');
  const bdSeq = keptBdSeq(path, silent);
  assert.equal([bdSeq.next(), bdSeq.next(), bdSeq.next()], [255, 0, 1], 'a byte');
});

test('a file that says nothing usable begins at 0', () => {
  for (const text of ['', 'x', '-4', '256', '\0\0\0']) {
    writeFileSync(path, text);
    assert.is(keptBdSeq(path, silent).next(), 0, JSON.stringify(text));
  }
});

test('where it cannot be kept it counts on in memory, and says so once', () => {
  const told: string[] = [];
  const bdSeq = keptBdSeq(join(folder, 'nowhere', 'bd-seq'), (line) => told.push(line));
  assert.equal([bdSeq.next(), bdSeq.next()], [0, 1], 'it counts');
  assert.is(told.length, 1, 'told once');
  assert.match(told[0] ?? '', /bdSeq cannot be kept: .*nowhere/, 'why');
});

test.after(() => rmSync(folder, { recursive: true, force: true }));

test.run();
