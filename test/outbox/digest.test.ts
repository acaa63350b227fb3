import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addDigested, type Digests } from '../../src/outbox/digest.ts';

const stamp = (wallMs: number) => ({ registrationNumber: '3110', wallMs, clockTrust: 'ntp' });
const trip = (startMs: number, atMs: number, distanceMm: number | null) => ({
  ...{ type: 'trip', lift: 'a', startMs, atMs, distanceMm },
  ...stamp(atMs + 1_000_000),
});

function digested(...of: readonly (readonly [string | null, Readonly<Record<string, unknown>> | null])[]): Digests {
  const digests: Digests = new Map();
  for (const [lift, body] of of) addDigested(digests, lift, body);
  return digests;
}

test('of each lift: how many there were, from when to when, how far and how long', () => {
  const digests = digested(
    ['a', trip(1000, 9000, 6000)],
    ['b', trip(2000, 3000, 500)],
    ['a', { type: 'door-cycle', lift: 'a', startMs: 9000, atMs: 15_000, ...stamp(1_015_000) }],
    ['a', trip(20_000, 26_000, null)],
  );
  assert.equal(
    digests.get('a'),
    {
      ...{ type: 'digest', lift: 'a', fromMs: 1000, atMs: 26_000 },
      ...stamp(1_026_000),
      of: { trip: 2, 'door-cycle': 1 },
      ...{ distanceMm: 6000, runningMs: 14_000 },
    },
    'of the one, with the time of the last',
  );
  assert.equal(digests.get('b')?.of, { trip: 1 }, 'of the other by itself');
});

test('a digest that goes itself is summed into the next', () => {
  const [[, first] = []] = digested(['a', trip(1000, 9000, 6000)], ['a', trip(10_000, 12_000, 1000)]);
  const twice = digested(['a', { ...first }], ['a', trip(13_000, 14_000, 200)]).get('a');
  assert.equal(twice?.of, { trip: 3 }, 'all three');
  assert.equal([twice?.fromMs, twice?.atMs], [1000, 14_000], 'from the first to the last');
  assert.equal([twice?.distanceMm, twice?.runningMs], [7200, 11_000], 'and all they ran');
});

test('what tells of no lift, or cannot be read, leaves nothing', () => {
  assert.is(digested([null, { type: 'note', atMs: 5 }], ['a', null]).size, 0, 'nothing');
});

test('a record without a time is counted', () => {
  const bare = digested(['a', { type: 'other' }]).get('a');
  assert.equal(bare, { type: 'digest', lift: 'a', fromMs: 0, atMs: 0, of: { other: 1 }, distanceMm: 0, runningMs: 0 });
});

test.run();
