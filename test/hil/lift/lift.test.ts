import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SimLift } from '../../../hil/lift/lift.ts';
import { Random } from '../../../hil/lift/random.ts';
import { planScenario } from '../../../hil/lift/scenario.ts';
import { officeDay, steady } from '../../../hil/lift/traffic.ts';
import { HOUR_MS, ms, office, run, simLift, small } from './lifts.ts';

/** The edges of a lift as lines: time to the microsecond, signal, level. */
function listen(lift: SimLift): string[] {
  const lines: string[] = [];
  lift.onEdge(({ signal, on, atMs }) => lines.push(`${atMs.toFixed(3)} ${signal} ${on}`));
  return lines;
}

function busyLift(seed: number): { lift: SimLift; lines: string[] } {
  const lift = simLift(office, seed, steady(120));
  lift.inject({ kind: 'safety-chain-open', running: true, heldMs: 5000 }, ms(200_000));
  lift.inject({ kind: 'overtravel-top', overrunMm: 120, heldMs: 20_000 }, ms(500_000));
  return { lift, lines: listen(lift) };
}

test('the same seed gives the same trace, another seed another', () => {
  const hashOf = (seed: number) => {
    const lift = simLift(office, seed, officeDay);
    lift.play(planScenario(seed, 50, office));
    const hash = createHash('sha256');
    lift.onEdge(({ signal, on, atMs }) => hash.update(`${atMs} ${signal} ${on}\n`));
    run(lift, 50 * HOUR_MS, () => hash.update(JSON.stringify(lift.controllerValues())));
    return hash.digest('hex');
  };
  assert.is(hashOf(11), hashOf(11), 'the same seed');
  assert.is.not(hashOf(11), hashOf(12), 'another seed');
});

test('one jump, steps of a millisecond and steps at random give the same edges', () => {
  const endMs = 900_000;
  const jump = busyLift(5);
  jump.lift.advanceTo(ms(endMs));
  assert.ok(jump.lines.length > 500, `there is something to compare: ${jump.lines.length}`);
  const fine = busyLift(5);
  for (let at = 1; at <= endMs; at++) fine.lift.advanceTo(ms(at));
  assert.equal(fine.lines, jump.lines, 'millisecond by millisecond');
  const ragged = busyLift(5);
  const random = new Random('steps');
  for (let at = 0; at < endMs; at += random.exponential(700)) ragged.lift.advanceTo(ms(at));
  ragged.lift.advanceTo(ms(endMs));
  assert.equal(ragged.lines, jump.lines, 'at random');
  assert.equal(fine.lift.values(), jump.lift.values(), 'and the same state');
});

test('nothing but position and speed changes before nextChangeMs', () => {
  const { lift } = busyLift(6);
  const steadyPart = () => JSON.stringify({ ...lift.controllerValues(), positionMm: 0, speedMmPerS: 0 });
  for (let i = 0; i < 3000; i++) {
    const before = steadyPart();
    const nextMs = lift.nextChangeMs();
    if (nextMs - 0.001 > lift.nowMs) lift.advanceTo(ms(nextMs - 0.001));
    assert.is(steadyPart(), before, 'unchanged until the moment before');
    lift.advanceTo(nextMs);
  }
});

test('a lift without traffic plans nothing, and answers a call', () => {
  const lift = simLift(office, 1, null, 5000);
  assert.is(lift.nextChangeMs(), Number.POSITIVE_INFINITY, 'nothing planned');
  assert.is(lift.values().landing, office.baseLanding, 'parked at the base landing');
  assert.is(lift.values().baseLanding, true, 'on its vane');
  const edges: string[] = [];
  lift.onEdge(({ signal, on, atMs }) => edges.push(`${on ? '+' : '-'}${signal}${atMs === 5500 ? ' at 0.5 s' : ''}`));
  lift.call(3);
  run(lift, 60_000);
  assert.is(edges[0], '+moving at 0.5 s', 'half a second of start delay');
  const door = edges.filter((edge) => /door(Open|Closed)|moving/.test(edge));
  assert.equal(
    door,
    ['+moving at 0.5 s', '-moving', '-doorClosed', '+doorOpen', '-doorOpen', '+doorClosed'],
    'runs, stops, opens, closes',
  );
  assert.is(lift.values().landing, 3, 'and stays there');
  assert.is(lift.nextChangeMs(), Number.POSITIVE_INFINITY, 'with nothing left to do');
});

test('a passenger rides: in at one landing, out at the other, seen in between', () => {
  const lift = simLift(small, 1, null);
  const seen: string[] = [];
  lift.onEdge(({ signal, on }) => {
    if (signal === 'passenger') seen.push(`${on} at ${lift.values().landing}, door open ${lift.values().doorOpen}`);
  });
  lift.ride(1, 0);
  run(lift, 120_000);
  assert.equal(seen, ['true at 1, door open true', 'false at 0, door open true'], 'in and out');
  assert.is(lift.values().loadPercent, 0, 'empty again');
});

test('a listener that stopped hears no more', () => {
  const lift = simLift(small, 1, null);
  let heard = 0;
  const stop = lift.onEdge(() => heard++);
  stop();
  stop();
  lift.call(1);
  run(lift, 60_000);
  assert.is(heard, 0, 'nothing');
});

test.run();
