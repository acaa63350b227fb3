/** Inputs on a Modbus module: read by the scan loop of its bus, judged as wires are, and the same again in a replay. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { serveTcp } from '../hil/wire/slave.ts';
import { sleep, systemClock, VirtualClock } from '../src/clock.ts';
import { lineBusyShare } from '../src/config/line-time.ts';
import { type LoadedSite, parseSite } from '../src/config/load.ts';
import { slavesOf, wiringsOf } from '../src/config/wiring.ts';
import { type CaptureSink, Intake } from '../src/intake.ts';
import type { LiftEvent } from '../src/lift/events.ts';
import { Replay } from '../src/replay.ts';
import { Room } from '../src/room.ts';
import { ScanLoop } from '../src/scan.ts';
import { startSensing } from '../src/sensing.ts';
import type { CaptureItem } from '../src/trace/capture.ts';
import { NO_MUTES } from './detect/draw.ts';
import { FakeLine } from './fake-line.ts';

const liftOf = (id: string, number: number, inputs: string) => `  - id: ${id}
    registrationNumber: '301000000${number}'
    rescueLabelNumber: '0123${number}'
    address: 1 Nanjing Road
    ratedSpeedMmPerS: 1000
    landings: [{ marking: '1', heightMm: 0 }, { marking: '2', heightMm: 3000 }]
    inputs:
${inputs}`;

/** One module for two lifts: a door at 4 and 5, a chain at 6, and of the other lift a chain at 20. */
function siteOf(bus: string): LoadedSite {
  const on = (address: number, more = '') => `{ bus: line, unit: 9, table: discrete, address: ${address}${more} }`;
  const east = `      doorClosed: ${on(4, ', settleMs: 0')}
      doorOpen: ${on(5)}
      safetyChainClosed: ${on(6, ', settleMs: 0')}
`;
  const west = `      safetyChainClosed: ${on(20, ', scanIntervalMs: 50, settleMs: 0')}\n`;
  const text = `version: 1\nbox: { id: box-1 }\nbuses:\n  - ${bus}\nlifts:\n${liftOf('east', 1, east)}${liftOf('west', 2, west)}`;
  const result = parseSite(text, '/nowhere/site.yaml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.loaded;
}

const loaded = siteOf('{ id: line, type: rtu, path: /dev/serial/by-id/usb-adapter-1 }');

test('a module is one slave of its line: a read for each run of neighbours, as often as the most eager input asks', () => {
  const [bus] = loaded.site.buses;
  assert.ok(bus, 'the line');
  const group = 'fast' as const;
  assert.equal(
    bus && slavesOf(loaded, bus),
    [
      {
        ...{ lift: 'east, west', unit: 9, isModule: true, intervalMs: { fast: 50, slow: 50 } },
        reads: [
          { table: 'discrete', address: 4, count: 3, group },
          { table: 'discrete', address: 20, count: 1, group },
        ],
      },
    ],
    'of both lifts',
  );
});

test('what its reads cost the line is counted', () => {
  const [bus] = loaded.site.buses;
  const share = bus ? lineBusyShare(loaded.site, loaded.profiles, bus) : 0;
  // Two reads of 14 characters of 11 bits and two silences of 3.5, at 9600 baud: 24.06 ms each.
  assert.is(Math.round(share * 100), 96, 'two of them each 50 ms');
});

test('two scans missed and a time-out make an input unknown, unless the site says otherwise', () => {
  const [east] = wiringsOf(loaded);
  assert.equal(
    east?.remote?.map(({ signal, staleAfterMs }) => [signal, staleAfterMs]),
    [
      ['doorClosed', 400],
      ['doorOpen', 400],
      ['safetyChainClosed', 400],
    ],
    'worked out from the pace at which the module is read: 2 x 50 + 300',
  );
});

/** A module whose inputs are `bits`, by address; read in virtual time, and captured. */
function rig() {
  const clock = new VirtualClock(1000);
  const bits = new Map([4, 6, 20].map((address) => [address, 1]));
  const line = new FakeLine({
    clock,
    answer: (unit, _table, address, count) =>
      unit === 9 ? Array.from({ length: count }, (_, at) => bits.get(address + at) ?? 0) : null,
  });
  const items: CaptureItem[] = [];
  const sink: CaptureSink = {
    chunk: (chunk) => items.push({ kind: 'chunk', chunk }),
    exchangeDone: () => undefined,
    edge: (edge) => items.push({ kind: 'edge', edge }),
  };
  const events: LiftEvent[] = [];
  const room = new Room(wiringsOf(loaded), NO_MUTES, clock.monoMs(), (event) => events.push(event));
  const intake = new Intake(room, sink, clock);
  line.listen(intake.line);
  const [bus] = loaded.site.buses;
  const slaves = bus ? slavesOf(loaded, bus) : [];
  const loop = new ScanLoop({ line, slaves, clock, lateReplyWindowMs: 0, onTrouble: () => undefined });
  loop.start();
  const value = (lift: string, signal: 'doorClosed' | 'safetyChainClosed') => room.lift(lift)?.state[signal].value;
  const stop = async () => {
    const stopped = loop.stop();
    await clock.advance(2000);
    await stopped;
    intake.close();
  };
  return { clock, bits, line, items, events, room, value, stop };
}

function faultsOf(events: readonly LiftEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === 'fault' ? `${event.atMs} ${event.lift} ${event.phase} ${event.fault}` : [],
  );
}

test('what the module says is known of each lift, and judged', async () => {
  const { clock, bits, events, value, stop } = rig();
  await clock.advance(200);
  assert.is(value('east', 'doorClosed'), true, 'a bit that is 1');
  assert.is(value('west', 'safetyChainClosed'), true, 'of the other lift');
  assert.equal(faultsOf(events), [], 'no fault');
  bits.set(20, 0);
  await clock.advance(200);
  assert.match(faultsOf(events).join('\n'), /west begin safety-chain-open/, 'the chain of the one lift');
  assert.is(value('east', 'safetyChainClosed'), true, 'and not of the other');
  await stop();
});

test('a module that falls silent: its inputs are unknown after the stale time, and known when it answers again', async () => {
  const { clock, line, value, stop } = rig();
  await clock.advance(200);
  const { answer } = line;
  line.answer = () => null;
  await clock.advance(300);
  assert.is(value('east', 'doorClosed'), true, 'one lost reply is not silence');
  await clock.advance(200);
  assert.is(value('east', 'doorClosed'), null, 'unknown');
  assert.is(value('west', 'safetyChainClosed'), null, 'of both lifts');
  line.answer = answer;
  await clock.advance(5000);
  assert.is(value('east', 'doorClosed'), true, 'known again');
  await stop();
});

test('a capture holds the bytes alone, and its replay says the same at the same times', async () => {
  const { clock, bits, line, items, events, room, stop } = rig();
  await clock.advance(500);
  bits.set(6, 0);
  await clock.advance(700);
  const { answer } = line;
  line.answer = () => null;
  await clock.advance(1500);
  line.answer = answer;
  await clock.advance(3000);
  bits.set(6, 1).set(20, 0);
  await clock.advance(3000);
  await stop();
  room.advanceTo(clock.monoMs());
  items.push({ kind: 'end', atMs: clock.monoMs() });
  assert.equal(
    items.filter(({ kind }) => kind === 'edge'),
    [],
    'no edge is captured',
  );
  assert.equal(
    faultsOf(events).map((fault) => fault.replace(/^\d+ /, '')),
    ['east begin safety-chain-open', 'west begin safety-chain-open', 'east end safety-chain-open'],
    'what was judged live',
  );
  const again: LiftEvent[] = [];
  const start = new VirtualClock(1000).monoMs();
  const replay = new Replay(loaded, NO_MUTES, start, (event) => again.push(event));
  for (const item of items) replay.feed(item);
  assert.equal(again, events, 'the same events');
  assert.equal(replay.room.snapshot(), room.snapshot(), 'and the same memory');
});

test('a checkpoint amid a silence: the replay knows until when the inputs count', async () => {
  const { clock, line, items, events, room, stop } = rig();
  await clock.advance(500);
  line.answer = () => null;
  await clock.advance(200);
  const state = structuredClone(room.snapshot());
  const fromMs = clock.monoMs();
  const before = { items: items.length, events: events.length };
  await clock.advance(3000);
  await stop();
  room.advanceTo(clock.monoMs());
  const again: LiftEvent[] = [];
  const replay = new Replay(loaded, NO_MUTES, fromMs, (event) => again.push(event));
  const rest = items.slice(before.items);
  replay.feed({ kind: 'checkpoint', atMs: fromMs, state });
  for (const item of [...rest, { kind: 'end', atMs: clock.monoMs() } as const]) replay.feed(item);
  assert.is(replay.room.lift('east')?.state.doorClosed.value, null, 'unknown in the replay too');
  assert.equal(replay.room.snapshot(), room.snapshot(), 'the same memory');
});

test('a slave of modbus-serial as the module, read by all of sensing', async () => {
  const bits = new Map([4, 6, 20].map((address) => [address, 1]));
  const slave = await serveTcp((_unit, _table, address, count) =>
    Array.from({ length: count }, (_, at) => bits.get(address + at) ?? 0),
  );
  const site = siteOf(`{ id: line, type: tcp, host: 127.0.0.1, port: ${slave.port} }`);
  const room = new Room(wiringsOf(site), NO_MUTES, systemClock.monoMs(), () => undefined);
  const watched: unknown[] = [];
  const sensing = startSensing({
    ...{ loaded: site, clock: systemClock, room },
    inputs: {
      watch: (line) => {
        watched.push(line);
        return () => undefined;
      },
      close: async () => undefined,
    },
    sink: { chunk: () => undefined, exchangeDone: () => undefined, edge: () => undefined },
    remark: () => undefined,
  });
  const chain = () => room.lift('east')?.state.safetyChainClosed.value;
  const until = async (value: boolean | null) => {
    for (let turn = 0; turn < 500 && chain() !== value; turn++) await sleep(systemClock, 10);
    return chain();
  };
  assert.is(await until(true), true, 'read');
  bits.set(6, 0);
  assert.is(await until(false), false, 'and read again');
  await slave.close();
  assert.is(await until(null), null, 'unknown when the module is gone');
  await sensing.stop();
  assert.equal(watched, [], 'no GPIO line is asked for');
});

test.run();
