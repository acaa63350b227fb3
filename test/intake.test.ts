import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MonoMs, monoMs, VirtualClock } from '../src/clock.ts';
import { type CaptureSink, Intake } from '../src/intake.ts';
import type { LiftEvent } from '../src/lift/events.ts';
import type { SignalName } from '../src/lift/signals.ts';
import { Room } from '../src/room.ts';
import type { Wiring } from '../src/sense/lift.ts';
import type { Exchange } from '../src/sense/observation.ts';
import { NO_MUTES } from './detect/draw.ts';
import { facts } from './facts.ts';

const settled = { settleMs: 0 };
const wiring: Wiring = {
  facts: facts(),
  controller: null,
  inputs: { doorClosed: settled, doorOpen: settled, safetyChainClosed: settled },
};

/** What happens, in the order in which it happens: captured, then judged. */
function rig() {
  const clock = new VirtualClock();
  const story: string[] = [];
  const room = new Room([wiring], NO_MUTES, 0 as MonoMs, (event: LiftEvent) => {
    if (event.type === 'fault') story.push(`${clock.monoMs()} ${event.phase} ${event.fault} @${event.atMs}`);
  });
  const sink: CaptureSink = {
    chunk: ({ dir, atMs }) => story.push(`${clock.monoMs()} ${dir} @${atMs}`),
    exchangeDone: (bus) => story.push(`${clock.monoMs()} done ${bus}`),
    edge: ({ signal, on, atMs }) => story.push(`${clock.monoMs()} ${signal} ${on} @${atMs}`),
  };
  const intake = new Intake(room, sink, clock);
  const edge = (signal: SignalName, on: boolean | null, atMs = clock.monoMs() as number) =>
    intake.edge({ kind: 'edge', lift: 'a', signal, on, atMs: monoMs(atMs) });
  return { clock, story, room, intake, edge };
}

test('an edge is captured before it is judged', () => {
  const { story, edge } = rig();
  edge('safetyChainClosed', false);
  assert.equal(
    story,
    ['0 safetyChainClosed false @0', '0 begin safety-chain-open @0'],
    'the capture has what the verdict rests on',
  );
});

test('an exchange is captured before it is judged, and its last chunk before that', () => {
  const { story, intake, room, clock } = rig();
  const observed: number[] = [];
  const observe = room.observe.bind(room);
  room.observe = (observation) => {
    story.push(`${clock.monoMs()} judged`);
    observed.push(observation.atMs);
    observe(observation);
  };
  const exchange: Exchange = {
    ...{ kind: 'exchange', bus: 'line', unit: 1, table: 'input', address: 0, count: 1 },
    ...{ values: [1], atMs: monoMs(5) },
  };
  intake.line.chunk({ bus: 'line', dir: 'rx', bytes: Uint8Array.of(1), atMs: monoMs(5) });
  intake.line.exchange(exchange);
  assert.equal(story, ['0 rx @5', '0 done line', '0 judged'], 'chunk, end of the exchange, judgement');
  assert.equal(observed, [5], 'at its own time');
});

test('time alone decides: a timer judges at the deadline', async () => {
  const { clock, story, edge } = rig();
  edge('doorClosed', false);
  edge('doorOpen', true);
  story.length = 0;
  await clock.advance(119_999);
  assert.equal(story, [], 'not before it is due');
  await clock.advance(1);
  assert.equal(story, ['120000 begin door-held-open @120000'], 'and then at once, with no observation');
});

test('a deadline that moves later or away wakes nobody with a verdict', async () => {
  const { clock, story, edge } = rig();
  edge('doorClosed', false);
  edge('doorOpen', true);
  await clock.advance(60_000);
  edge('doorOpen', false);
  edge('doorClosed', true);
  await clock.advance(60_000);
  edge('doorClosed', false);
  edge('doorOpen', true);
  story.length = 0;
  await clock.advance(119_999);
  assert.equal(story, [], 'the first opening is forgotten');
  await clock.advance(1);
  assert.equal(story, ['240000 begin door-held-open @240000'], 'the second has its own deadline');
});

test('an edge that is told late counts when it is told, in the capture too', async () => {
  const { clock, story, room, edge } = rig();
  edge('doorClosed', false);
  edge('doorOpen', true);
  await clock.advance(120_000);
  story.length = 0;
  edge('safetyChainClosed', true, 100);
  assert.equal(story, ['120000 safetyChainClosed true @120000'], 'the capture has the time that was judged');
  assert.is(room.lift('a')?.state.safetyChainClosed.sinceMs, 120_000, 'judgement the same');
});

test('after close() no timer judges', async () => {
  const { clock, story, intake, edge } = rig();
  edge('doorClosed', false);
  edge('doorOpen', true);
  intake.close();
  story.length = 0;
  await clock.advance(1_000_000);
  assert.equal(story, [], 'quiet');
  intake.close();
  edge('doorOpen', false);
  await clock.advance(1_000_000);
  assert.is(story.length, 2, 'an observation that still comes is judged with what was due, and arms nothing');
});

test.run();
