import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSite } from '../../src/config/load.ts';
import { PROBLEMS_SHOWN, problemLines } from '../../src/config/problems.ts';
import { SITE } from './site.ts';

const RUNS = 400;
const DEMO = readFileSync(new URL('../../seeds/sites/single-controller.yaml', import.meta.url), 'utf8');

/** Pieces that mean something to YAML, to the schema, or to JavaScript. */
const PIECES = [
  ...[
    '\t',
    '\n',
    ' ',
    ':',
    ': ',
    '- ',
    '&a ',
    '*a',
    '!!str ',
    '!x ',
    '|\n',
    '>-\n',
    '{',
    '}',
    '[',
    ']',
    ',',
    '#',
    '"',
    "'",
  ],
  ...[
    '? ',
    '---\n',
    '...\n',
    '%',
    '<<: ',
    '~',
    'null',
    '.inf',
    '-0',
    '1e999',
    '0x10',
    'true',
    '__proto__: ',
    'constructor: ',
  ],
  ...[
    '\0',
    '\r',
    '\uFEFF',
    '\u2028',
    '救',
    '\u{1F6D7}',
    '"\\u0000"',
    'lifts:\n',
    'version: 2\n',
    '/dev/null',
    '../..',
    '\\',
  ],
];

const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 0, max: 30 }),
  piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8 })),
});

test('no mutation of a sound file throws, or takes a second', () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(SITE, DEMO), fc.array(mutation, { minLength: 1, maxLength: 4 }), (sound, mutations) => {
      const text = mutations.reduce((so, { at, length, piece }) => {
        const from = Math.floor(at * so.length);
        return so.slice(0, from) + piece + so.slice(from + length);
      }, sound);
      const startMs = performance.now();
      const result = parseSite(text, 'site.yaml');
      assert.ok(performance.now() - startMs < 1000, 'within a second');
      if (result.ok) return;
      refused++;
      assert.ok(result.problems.length > 0, 'a refused file has a problem to show');
      const lines = text.split('\n').length;
      for (const { file, line, column, said, expected } of result.problems) {
        assert.ok(file !== 'site.yaml' || (line >= 1 && line <= lines), `line ${line} of ${lines}`);
        assert.ok(column >= 1 && said !== '' && expected !== '', 'a problem has a column and words');
      }
      assert.ok(problemLines(result.problems).length <= PROBLEMS_SHOWN + 1, 'no flood');
    }),
    { numRuns: RUNS, seed: 20_261_123 },
  );
  assert.ok(refused > RUNS / 4, `only ${refused} of ${RUNS} mutations were refused: the mutations are too tame`);
});

test('a wide file with thousands of settings is read in linear time', () => {
  const wide = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
  const startMs = performance.now();
  const result = parseSite(`version: 1\n${wide}\n`, 'site.yaml');
  assert.is(result.ok, false, 'refused');
  assert.ok(performance.now() - startMs < 5000, `took ${performance.now() - startMs} ms`);
});

test.run();
