import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monoMs } from '../../src/clock.ts';
import type { Exchange } from '../../src/sense/observation.ts';
import { type RemoteInput, RemoteInputs } from '../../src/sense/remote-io.ts';

const COMMON = { bus: 'line', unit: 9, bit: null, activeLow: false, staleAfterMs: 500 };
const DOOR: RemoteInput = { ...COMMON, signal: 'doorClosed', table: 'discrete', address: 4 };

function reply(values: readonly number[], atMs: number, changed: Partial<Exchange> = {}): Exchange {
  const request = { bus: 'line', unit: 9, table: 'discrete', address: 4, count: values.length } as const;
  return { kind: 'exchange', ...request, values, atMs: monoMs(atMs), ...changed };
}

const rig = (...inputs: RemoteInput[]) => new RemoteInputs('east', inputs);

test('a reply tells the level, and the next ones what changes', () => {
  const remote = rig(DOOR);
  const edge = { kind: 'edge', lift: 'east', signal: 'doorClosed' };
  assert.equal(remote.exchange(reply([1], 100)), [{ ...edge, on: true, atMs: 100 }], 'the level at the first reply');
  assert.equal(remote.exchange(reply([1], 200)), [], 'the same again');
  assert.equal(remote.exchange(reply([0], 300)), [{ ...edge, on: false, atMs: 300 }], 'at the time of the reply');
});

test('only replies that hold the input tell of it', () => {
  const remote = rig(DOOR);
  const others: [string, Exchange][] = [
    ['another unit', reply([1], 100, { unit: 8 })],
    ['another line', reply([1], 100, { bus: 'other' })],
    ['another table', reply([1], 100, { table: 'coil' })],
    ['the addresses before it', reply([1, 1], 100, { address: 2 })],
    ['the addresses after it', reply([1, 1], 100, { address: 5 })],
  ];
  for (const [what, exchange] of others) assert.equal(remote.exchange(exchange), [], what);
  assert.is(remote.dueMs, Number.POSITIVE_INFINITY, 'and none keeps it known');
  assert.is(remote.exchange(reply([0, 0, 1], 100, { address: 2 })).length, 1, 'the last of three');
});

test('of a register one bit, or whether any is on; and the other way round', () => {
  const table = 'holding';
  const on = (input: Partial<RemoteInput>, word: number) =>
    rig({ ...DOOR, table, ...input }).exchange(reply([word], 100, { table }))[0]?.on;
  assert.is(on({ bit: 3 }, 0b1000), true, 'its bit');
  assert.is(on({ bit: 3 }, 0xfff7), false, 'all the others');
  assert.is(on({ bit: 15 }, 0x8000), true, 'the highest');
  assert.is(on({}, 0xff00), true, 'any bit');
  assert.is(on({}, 0), false, 'none');
  assert.is(on({ activeLow: true }, 0), true, 'turned round');
  assert.is(on({ bit: 3, activeLow: true }, 0b1000), false, 'turned round, by its bit');
});

test('silence makes it unknown, once, and the next reply tells it again', () => {
  const remote = rig(DOOR);
  remote.exchange(reply([1], 100));
  remote.exchange(reply([1], 400));
  assert.is(remote.dueMs, 900, 'from the last reply on');
  assert.equal(remote.advance(monoMs(899)), [], 'not yet');
  assert.equal(
    remote.advance(monoMs(900)).map(({ on, atMs }) => [on, atMs]),
    [[null, 900]],
    'unknown',
  );
  assert.equal(remote.advance(monoMs(2000)), [], 'once');
  assert.is(remote.dueMs, Number.POSITIVE_INFINITY, 'and waits for nothing');
  assert.equal(
    remote.exchange(reply([1], 3000)).map(({ on }) => on),
    [true],
    'the same level is news',
  );
});

test('its memory is plain data that another goes on from', () => {
  const first = rig(DOOR);
  first.exchange(reply([1], 100));
  const second = rig(DOOR);
  second.memory = JSON.parse(JSON.stringify(first.memory));
  assert.equal(second.exchange(reply([1], 200)), [], 'nothing new to it');
  assert.is(second.advance(monoMs(700)).length, 1, 'and it knows until when');
});

test.run();
