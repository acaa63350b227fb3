/** The arithmetic of the delay bench, and that what it plays is what the rules decide, each edge once. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { atRest, edgesOfAll, LIFTS, profile, SCAN_MS, siteOf } from '../../../hil/bench/delay-room.ts';
import { delaysOf, edgesOf, quantile } from '../../../hil/bench/edges.ts';
import { waitedWithin } from '../../../hil/bench/waits.ts';
import { Random } from '../../../hil/lift/random.ts';
import { Registers } from '../../../hil/lift/registers.ts';
import { monoMs } from '../../../src/clock.ts';
import { wiringsOf } from '../../../src/config/wiring.ts';
import { loadCatalogue, mutesOf } from '../../../src/detect/catalogue.ts';
import { Room } from '../../../src/room.ts';
import { fieldsOf, planReads } from '../../../src/sense/decode.ts';

test('each due moment meets the first that was told of it, before it is due again', () => {
  const due = [
    { key: 'a', atMs: 0 },
    { key: 'a', atMs: 100 },
    { key: 'b', atMs: 50 },
  ];
  const told = [
    { key: 'a', atMs: 112 },
    { key: 'a', atMs: 3 },
    { key: 'a', atMs: 4 },
    { key: 'b', atMs: 51.5 },
  ];
  assert.equal(delaysOf(due, told), [3, 12, 1.5], 'in the order of what was due, the first of two');
});

test('what was not told, or only of the next time, was missed; what was told too early is not counted', () => {
  const due = [
    { key: 'a', atMs: 0 },
    { key: 'a', atMs: 100 },
    { key: 'b', atMs: 10 },
  ];
  const told = [
    { key: 'a', atMs: 105 },
    { key: 'b', atMs: 9.999 },
  ];
  const never = Number.POSITIVE_INFINITY;
  assert.equal(delaysOf(due, told), [never, 5, never], 'infinitely late');
});

test('a quantile is one of the values: the least that so many do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  assert.is(quantile(hundred, 0.99), 99, 'one of a hundred may be later');
  assert.is(quantile(hundred, 1), 100, 'the most');
  assert.is(quantile([3, 1, 2], 0.5), 2, 'the middle');
  assert.is(quantile([1, 1, 1, Number.POSITIVE_INFINITY], 0.99), Number.POSITIVE_INFINITY, 'a miss counts');
  assert.ok(Number.isNaN(quantile([], 0.5)), 'of none there is none');
});

test('what may have been waited between two moments is told by the samples around them', () => {
  const samples = [
    { atMs: 0, waitedMs: 100 },
    { atMs: 10, waitedMs: 104 },
    { atMs: 20, waitedMs: 112 },
  ];
  const unknown = Number.POSITIVE_INFINITY;
  assert.is(waitedWithin(samples, 0, 5), 4, 'from the sample of the beginning');
  assert.is(waitedWithin(samples, 3, 15), 12, 'all that may lie in it');
  assert.is(waitedWithin(samples, 12, 19), 8, 'between two samples');
  assert.is(waitedWithin(samples, 12, 20), unknown, 'no sample after it');
  assert.is(waitedWithin(samples, -1, 5), unknown, 'none before it');
});

test('edges fall anywhere between two scans', () => {
  const edges = edgesOf(new Random('phases'), monoMs(0), 200_000);
  const phases = edges.map(({ atMs }) => atMs % SCAN_MS);
  assert.ok(edges.length > 400, `${edges.length} edges`);
  for (let quarter = 0; quarter < 4; quarter++) {
    const within = phases.filter((ms) => Math.floor((ms / SCAN_MS) * 4) === quarter).length;
    assert.ok(within > edges.length / 6, `${within} of ${edges.length} in quarter ${quarter}`);
  }
});

test('in virtual time each edge is told by the scan that finds it, and beyond its limit by 0 ms', () => {
  const course = { seed: 'virtual', startMs: monoMs(1000), forMs: 20_000 };
  const loaded = siteOf(Array.from({ length: LIFTS }, (_, at) => 5000 + at));
  const told: { key: string; atMs: number }[] = [];
  let nowMs = monoMs(0);
  const room = new Room(wiringsOf(loaded), mutesOf(loadCatalogue()), nowMs, (event) => {
    if (event.type === 'fault') told.push({ key: `${event.lift} ${event.fault} ${event.phase}`, atMs: room.nowMs });
  });
  const [read] = planReads(fieldsOf(profile), profile.quirks);
  if (!read) throw new Error('the profile has fields');
  const all = edgesOfAll(course);
  const slaves = all.map(() => ({ registers: new Registers(profile), values: atRest(), next: 0 }));
  // The first scan at or after an edge: edges of one lift on a grid of 20 ms.
  const seenMs = (atMs: number) => Math.ceil(atMs / SCAN_MS) * SCAN_MS;
  for (; nowMs <= 24_000; nowMs = monoMs(nowMs + SCAN_MS)) {
    for (const [at, slave] of slaves.entries()) {
      for (let edge = all[at]?.[slave.next]; edge && edge.atMs <= nowMs; edge = all[at]?.[++slave.next]) {
        slave.values = { ...slave.values, [edge.signal]: edge.value };
      }
      slave.registers.set(slave.values);
      const values = slave.registers.read(read) ?? [];
      room.observe({ kind: 'exchange', bus: `line-${at}`, unit: 1, ...read, values, atMs: nowMs });
    }
  }
  const due = all.flatMap((edges, at) =>
    edges.map(({ fault, phase, atMs, limitMs }) => ({
      key: `lift-${at} ${fault} ${phase}`,
      atMs: seenMs(atMs) + limitMs,
    })),
  );
  const delays = delaysOf(due, told);
  assert.ok(delays.length > 300, `${delays.length} edges`);
  assert.equal(
    delays.filter((ms) => ms !== 0),
    [],
    'none missed, none late',
  );
});

test.run();
