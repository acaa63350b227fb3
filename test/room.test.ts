import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MonoMs, monoMs } from '../src/clock.ts';
import type { LiftEvent } from '../src/lift/events.ts';
import type { SignalName } from '../src/lift/signals.ts';
import { Room } from '../src/room.ts';
import type { Field } from '../src/sense/decode.ts';
import type { Wiring } from '../src/sense/lift.ts';
import { decodeMark, encodeMark } from '../src/trace/payload.ts';
import { NO_MUTES } from './detect/draw.ts';
import { facts } from './facts.ts';
import { linesOf, mutes, observationsOf, simulatedHour, wirings } from './simulated.ts';

const at = (ms: number) => monoMs(ms);

/** A lift of contacts alone: door, zone and passenger as inputs, that settle at once. */
function contacts(id: string): Wiring {
  const settled = { settleMs: 0 };
  const inputs = { doorClosed: settled, doorOpen: settled, passenger: settled, safetyChainClosed: settled };
  return { facts: facts({ id }), controller: null, inputs };
}

/** A lift of a controller alone, whose register 0 is its landing. */
function controlled(id: string, bus: string, unit: number): Wiring {
  const field: Field = {
    ...{ signal: 'landing', group: 'fast', table: 'input', address: 0, size: 1 },
    decode: (values, from) => values[from] ?? null,
  };
  const staleAfterMs = { fast: 500, slow: 5000 };
  return { facts: facts({ id }), inputs: {}, controller: { bus, unit, fields: [field], staleAfterMs } };
}

function rig(all: readonly Wiring[], startMs = 0) {
  const events: LiftEvent[] = [];
  const room = new Room(all, NO_MUTES, at(startMs), (event) => events.push(event));
  const edge = (lift: string, signal: SignalName, on: boolean | null, atMs: number) =>
    room.observe({ kind: 'edge', lift, signal, on, atMs: at(atMs) });
  const landing = (bus: string, unit: number, value: number, atMs: number) =>
    room.observe({
      ...{ kind: 'exchange', bus, unit, table: 'input', address: 0, count: 1 },
      ...{ values: [value], atMs: at(atMs) },
    });
  const told = () =>
    events.flatMap((event) =>
      event.type === 'fault' ? `${event.atMs} ${event.lift} ${event.phase} ${event.fault}` : [],
    );
  return { room, events, edge, landing, told };
}

test('deadlines are judged at their own moments, in order over all lifts', () => {
  const { room, edge, told } = rig([contacts('a'), contacts('b'), contacts('c')]);
  // Held open 120 s is a fault; the lifts open their doors in another order than they are listed in.
  for (const [lift, openMs] of [
    ['c', 1000],
    ['a', 3000],
    ['b', 2000],
  ] as const) {
    edge(lift, 'doorClosed', false, openMs);
    edge(lift, 'doorOpen', true, openMs);
  }
  assert.ok(room.dueMs <= 121_000, 'the room says when it must look again');
  room.advanceTo(at(1_000_000));
  // The first was told at 1000, the last two count as now (3000): they came in the past.
  assert.equal(
    told().filter((line) => line.includes('door-held-open')),
    ['121000 c begin door-held-open', '123000 a begin door-held-open', '123000 b begin door-held-open'],
    'each at its own moment, although time came in one jump',
  );
  assert.is(room.nowMs, 1_000_000, 'judgement has come to the moment it was told');
});

test('deadlines before an observation are judged before it', () => {
  const { edge, told } = rig([contacts('a')]);
  edge('a', 'doorClosed', false, 1000);
  edge('a', 'doorOpen', true, 1000);
  edge('a', 'doorOpen', false, 500_000);
  assert.is(told()[0], '121000 a begin door-held-open', 'long before the door moved');
});

test('an observation in the past counts as now', () => {
  const { room, edge } = rig([contacts('a')]);
  room.advanceTo(at(5000));
  edge('a', 'safetyChainClosed', true, 1000);
  assert.is(room.nowMs, 5000, 'time does not go back');
  assert.is(room.lift('a')?.state.safetyChainClosed.value, true, 'it counts');
  assert.is(room.lift('a')?.state.safetyChainClosed.sinceMs, 5000, 'from now on');
});

test('words go to the lift of their line and unit, and to no other', () => {
  const all = [controlled('a', 'east', 1), controlled('b', 'east', 2), controlled('c', 'west', 1)];
  const { room, landing } = rig(all);
  const landings = () => all.map(({ facts }) => room.lift(facts.id)?.state.landing.value ?? null);
  landing('east', 2, 3, 10);
  assert.equal(landings(), [null, 3, null], 'the second lift of the first line');
  landing('west', 1, 4, 20);
  assert.equal(landings(), [null, 3, 4], 'the same unit on the other line');
  landing('east', 9, 1, 30);
  landing('north', 1, 1, 40);
  assert.equal(landings(), [null, 3, 4], 'a unit and a line that nobody has');
  assert.is(room.lift('nobody'), undefined, 'a lift that is not there');
});

test('an edge of a lift or an input that the site has not changes nothing', () => {
  const { room, edge, events } = rig([contacts('a')]);
  const before = room.lift('a')?.state;
  edge('z', 'doorClosed', false, 10);
  edge('a', 'levelUpper', true, 20);
  assert.is(room.lift('a')?.state, before, 'the very same state');
  assert.equal(events, [], 'no event');
});

test('a fault that was open when the box stopped ends under its old id', () => {
  const { room, edge, events } = rig([contacts('a')], 500_000);
  room.resume('a', 'safety-chain-open', { id: 'a/safety-chain-open@1234', beganMs: 1234 });
  assert.equal(Object.keys(room.lift('a')?.open ?? {}), ['safety-chain-open'], 'it stands from the start');
  edge('a', 'safetyChainClosed', true, 500_010);
  room.advanceTo(at(600_000));
  const [end] = events;
  assert.is(events.length, 1, 'one event');
  assert.ok(end?.type === 'fault' && end.phase === 'end', 'an end');
  assert.ok(end?.type === 'fault' && end.id === 'a/safety-chain-open@1234' && end.beganMs === 1234, 'of that episode');
});

test('a fault that was open and still is stands on: no second begin', () => {
  const { room, edge, events } = rig([contacts('a')], 500_000);
  room.resume('a', 'safety-chain-open', { id: 'a/safety-chain-open@1234', beganMs: 1234 });
  edge('a', 'safetyChainClosed', false, 500_010);
  room.advanceTo(at(900_000));
  assert.equal(events, [], 'nothing new');
  assert.is(room.lift('a')?.open['safety-chain-open']?.id, 'a/safety-chain-open@1234', 'under its old id');
});

test('resuming what nobody knows changes nothing', () => {
  const { room, events } = rig([contacts('a')]);
  room.resume('z', 'safety-chain-open', { id: 'x', beganMs: 1 });
  room.resume('a', 'no-such-fault', { id: 'x', beganMs: 1 });
  room.advanceTo(at(900_000));
  assert.equal(room.lift('a')?.open, {}, 'nothing stands');
  assert.equal(events, [], 'nothing is told');
});

test('a snapshot of something else is refused, and lifts that it has not begin afresh', () => {
  const { room } = rig([contacts('a')]);
  assert.throws(
    () => room.restore({ nonsense: true }),
    (error: unknown) => error instanceof TypeError,
    'not a snapshot',
  );
  assert.throws(
    () => room.restore(null),
    (error: unknown) => error instanceof TypeError,
    'nothing',
  );
  const other = rig([contacts('b')], 7000);
  room.restore(other.room.snapshot());
  assert.is(room.nowMs, 7000, 'time goes on from the snapshot');
});

test('a snapshot is a copy: what happens later does not reach it', () => {
  const { room, edge } = rig([contacts('a')]);
  const before = JSON.stringify(room.snapshot());
  const kept = room.snapshot();
  edge('a', 'doorClosed', false, 10);
  edge('a', 'doorOpen', true, 20);
  assert.is(JSON.stringify(kept), before, 'as it was');
});

const hours = [11, 22, 33].map((seed) => {
  const { items, events } = simulatedHour(seed);
  return { seed, observations: observationsOf(items), lines: linesOf(events) };
});
const END = at(3_600_000);

function roomOf(events: LiftEvent[]): Room {
  return new Room(wirings, mutes, 0 as MonoMs, (event) => events.push(event));
}

test('the simulated hours are worth comparing', () => {
  for (const { seed, observations, lines } of hours) {
    assert.ok(observations.length > 3000, `seed ${seed}: ${observations.length} observations`);
    assert.ok(lines.filter((line) => line.includes('"fault"')).length >= 12, `seed ${seed}: faults begin and end`);
  }
});

test('looks in between change nothing, however many', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...hours),
      fc.array(fc.tuple(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 400 }),
      ({ seed, observations, lines }, looks) => {
        const events: LiftEvent[] = [];
        const room = roomOf(events);
        const before = new Map<number, number[]>();
        for (const [where, share] of looks) {
          const index = where % observations.length;
          before.set(index, [...(before.get(index) ?? []), share]);
        }
        observations.forEach((observation, index) => {
          const fromMs = room.nowMs;
          for (const share of (before.get(index) ?? []).sort((a, b) => a - b)) {
            room.advanceTo(at(fromMs + share * (observation.atMs - fromMs)));
          }
          room.observe(observation);
        });
        room.advanceTo(END);
        assert.equal(linesOf(events), lines, `seed ${seed}`);
      },
    ),
    { numRuns: 20, seed: 1 },
  );
});

test('a look at every deadline and before every observation changes nothing', () => {
  for (const { seed, observations, lines } of hours) {
    const events: LiftEvent[] = [];
    const room = roomOf(events);
    for (const observation of observations) {
      while (room.dueMs <= observation.atMs) room.advanceTo(at(room.dueMs));
      room.advanceTo(observation.atMs);
      room.observe(observation);
    }
    room.advanceTo(END);
    assert.equal(linesOf(events), lines, `seed ${seed}`);
  }
});

/** As it comes out of a capture file. */
function throughCapture(snapshot: unknown): unknown {
  const mark = decodeMark(encodeMark({ kind: 'checkpoint', atMs: at(0), state: snapshot }), at(0));
  if (typeof mark === 'string' || mark.kind !== 'checkpoint') throw new Error(String(mark));
  return mark.state;
}

for (const [how, carried] of [
  ['as it is', (snapshot: unknown) => snapshot],
  ['as captures carry it', throughCapture],
] as const) {
  test(`a snapshot amid the run goes on as if nothing had been, ${how}`, () => {
    fc.assert(
      fc.property(fc.constantFrom(...hours), fc.nat(), ({ seed, observations, lines }, where) => {
        const cut = where % observations.length;
        const early: LiftEvent[] = [];
        const first = roomOf(early);
        for (const observation of observations.slice(0, cut)) first.observe(observation);
        const late: LiftEvent[] = [];
        const second = roomOf(late);
        second.restore(carried(first.snapshot()));
        assert.is(second.nowMs, first.nowMs, 'the same moment');
        assert.is(second.dueMs, first.dueMs, 'the same next deadline');
        for (const observation of observations.slice(cut)) second.observe(observation);
        second.advanceTo(END);
        assert.equal([...linesOf(early), ...linesOf(late)], lines, `seed ${seed}, cut at ${cut}`);
      }),
      { numRuns: 40, seed: 2 },
    );
  });
}

test.run();
