/**
 * Others' masters and slaves, overheard: recordings of libmodbus and pymodbus, beside which their masters say what they asked and what
 * came, and the public ones. Every transaction is found and none invented, however the bytes come, and on a bus that floats.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { transactionsIn } from '../../hil/field/transaction.ts';
import { packageRoot } from '../../src/package.ts';
import { readSocat } from '../../src/trace/import/socat.ts';
import { heard } from '../trace/import/recordings.ts';
import { difference, onLine, overheard, type Sent, saidBy, sentIn, toldBy } from './overheard.ts';

const RUNS = 100;
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });
const tails = fc.array(fc.array(fc.constantFrom(0, 0xfe), { maxLength: 4 }), { minLength: 1, maxLength: 60 });

/** Holds a tap to what was said on the line. */
function hold(name: string, sent: readonly Sent[], told: readonly string[], timeoutMs: number): void {
  test(`${name}: every transaction, none invented, in the pieces that came`, () => {
    const { words, noise } = overheard(onLine(sent), [300], timeoutMs);
    assert.is(difference(words, told), null, 'what was said');
    assert.is(noise, 0, 'every byte belongs to a frame');
  });

  test(`${name}: in any other pieces`, () => {
    for (const size of [1, 2, 7, 1000]) {
      assert.is(difference(overheard(onLine(sent), [size], timeoutMs).words, told), null, `of ${size}`);
    }
    const line = onLine(sent);
    void fc.assert(
      fc.property(sizes, (cuts) => {
        assert.is(difference(overheard(line, cuts, timeoutMs).words, told), null, 'what was said');
      }),
      { numRuns: RUNS },
    );
  });

  test(`${name}: on a bus that floats between the frames, in any pieces`, () => {
    for (const tail of [[0], [0xfe], [0, 0], [0, 0xfe], [0xfe, 0], [0, 0, 0]]) {
      const { words, noise } = overheard(onLine(sent, [tail]), [300], timeoutMs);
      assert.is(difference(words, told), null, `with ${tail} after each`);
      assert.is(noise, sent.length * tail.length, `${tail} belong to no frame`);
    }
    void fc.assert(
      fc.property(tails, sizes, (added, cuts) => {
        assert.is(difference(overheard(onLine(sent, added), cuts, timeoutMs).words, told), null, 'what was said');
      }),
      { numRuns: RUNS },
    );
  });
}

const seed = (file: string) => readFileSync(join(packageRoot, 'seeds/traces', file));

for (const name of ['mbpoll-pymodbus', 'pymodbus-pymodbus', 'pymodbus-libmodbus']) {
  const sent = sentIn(readSocat(seed(`${name}.socat`), name).pieces);
  hold(name, sent, toldBy(transactionsIn(seed(`${name}.jsonl`).toString())), 1000);
}

const FLOWMETER = { baud: 9600, parity: 'none', inverted: false } as const;
for (const name of [
  'graph_tool',
  'target0_val0',
  'target_0liter_per_min',
  'target_15liter_per_min',
  'target_20liter_per_min',
]) {
  const file = `flowmeter_${name}.sr`;
  const sent = heard(file, 2, FLOWMETER, 'rx').frames.map((frame, turn) => ({ ...frame, asks: turn % 2 === 0 }));
  hold(file, sent, saidBy(sent), 100);
}

const BRAINCHILD = { baud: 19_200, parity: 'even', inverted: true } as const;
const brainchild = ([1, 0] as const)
  .flatMap((channel) =>
    heard('brainchild-io-16do.sr', channel, BRAINCHILD, 'rx').frames.map((frame) => ({
      ...frame,
      asks: channel === 1,
    })),
  )
  .sort((a, b) => a.atMs - b.atMs);
hold('brainchild-io-16do.sr', brainchild, saidBy(brainchild), 100);

test.run();
