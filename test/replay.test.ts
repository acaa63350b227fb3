import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Clock, type MonoMs, monoMs, plus, VirtualClock, type WallMs } from '../src/clock.ts';
import { GatewayError } from '../src/errors.ts';
import { Intake } from '../src/intake.ts';
import type { LiftEvent } from '../src/lift/events.ts';
import { Replay, timeOf } from '../src/replay.ts';
import { Room } from '../src/room.ts';
import type { CaptureHead, CaptureItem } from '../src/trace/capture.ts';
import { CaptureReader, CaptureWriter, parseCapture } from '../src/trace/file.ts';
import { FlightRecorder } from '../src/trace/recorder.ts';
import { linesOf, loaded, mutes, readerOf, simulatedHour, wirings } from './simulated.ts';

const root = mkdtempSync(join(tmpdir(), 'hoistway-replay-'));
test.after(() => rmSync(root, { recursive: true }));

const head: CaptureHead = {
  wallAtZeroMs: Date.UTC(2026, 2, 1) as WallMs,
  clockTrust: 'ntp',
  box: 'sim-box',
  comment: 'synthetic',
  buses: loaded.site.buses.map(({ id }) => id),
};

const live = simulatedHour(5);

function written(items: readonly CaptureItem[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = new CaptureWriter((bytes) => parts.push(bytes), head);
  for (const item of items) writer.add(item);
  return Buffer.concat(parts);
}

function replayed(items: readonly CaptureItem[], startMs = 0): LiftEvent[] {
  const events: LiftEvent[] = [];
  const replay = new Replay(loaded, mutes, monoMs(startMs), (event) => events.push(event));
  for (const item of items) replay.feed(item);
  return events;
}

test('a captured hour, written and read back, gives the live events to the byte', () => {
  const faults = live.events.filter(({ type }) => type === 'fault');
  assert.ok(faults.length >= 10 && live.events.length > faults.length, `${live.events.length} events to compare`);
  const { items, truncated } = parseCapture(written(live.items), 'hour');
  assert.is(truncated, null, 'whole');
  assert.is(items.length, live.items.length, 'every item');
  assert.equal(linesOf(replayed(items)), linesOf(live.events), 'the same events');
});

test('a capture read in pieces of any size gives the same events', () => {
  const bytes = written(live.items);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 50 }), (sizes) => {
      const reader = new CaptureReader('pieces');
      const items: CaptureItem[] = [];
      for (let from = 0, turn = 0; from < bytes.length; turn++) {
        const to = from + (sizes[turn % sizes.length] ?? 1);
        items.push(...reader.push(bytes.subarray(from, to)));
        from = to;
      }
      assert.is(reader.end(), null, 'whole');
      assert.equal(linesOf(replayed(items)), linesOf(live.events), 'the same events');
    }),
    { numRuns: 5, seed: 3 },
  );
});

/** Replies in pieces: those of one reply at its own time, as a driver that hears them all at once would tell them. */
function rechunked(items: readonly CaptureItem[], sizeOf: () => number): CaptureItem[] {
  return items.flatMap((item) => {
    if (item.kind !== 'chunk' || item.chunk.dir === 'tx') return [item];
    const pieces: CaptureItem[] = [];
    for (let from = 0; from < item.chunk.bytes.length; ) {
      const to = from + sizeOf();
      pieces.push({ kind: 'chunk', chunk: { ...item.chunk, bytes: item.chunk.bytes.subarray(from, to) } });
      from = to;
    }
    return pieces;
  });
}

test('replies heard byte by byte give the same events', () => {
  const pieces = rechunked(live.items, () => 1);
  assert.ok(pieces.length > 5 * live.items.length, 'cut up');
  assert.equal(linesOf(replayed(pieces)), linesOf(live.events), 'the same events');
});

test('replies heard in random pieces give the same events, also written and read back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 40 }), (sizes) => {
      let turn = 0;
      const pieces = rechunked(live.items, () => sizes[turn++ % sizes.length] ?? 1);
      assert.equal(linesOf(replayed(parseCapture(written(pieces), 'cut').items)), linesOf(live.events), 'the same');
    }),
    { numRuns: 5, seed: 4 },
  );
});

/** Timers that come late, as on a busy box: judgement still tells each deadline at its own moment. */
function lateTimers(clock: VirtualClock, lateMs: number): Clock {
  return {
    monoMs: () => clock.monoMs(),
    wallMs: () => clock.wallMs(),
    at: (dueMs, run) => clock.at(plus(dueMs, lateMs), run),
  };
}

/** The hour through the door of the running box, with its flight recorder, which freezes at every fault. */
async function recorded(dir: string, lateMs: number, maxBytes: number) {
  const clock = new VirtualClock();
  const events: LiftEvent[] = [];
  const captures = new Map<string, MonoMs>();
  const troubles: string[] = [];
  const room: Room = new Room(wirings, mutes, 0 as MonoMs, (event) => {
    events.push(event);
    if (event.type !== 'fault' || event.phase !== 'begin') return;
    const name = recorder.freeze(event.id.replace(/[^a-zA-Z0-9-]+/g, '_'), clock.monoMs());
    captures.set(name, monoMs(event.atMs));
  });
  const recorder: FlightRecorder = new FlightRecorder({
    ...{ dir, keepMs: 120_000, afterMs: 30_000, maxBytes },
    head: () => head,
    checkpoint: () => room.snapshot(),
    onTrouble: (why) => troubles.push(why),
  });
  const intake = new Intake(room, recorder, lateTimers(clock, lateMs));
  const readers = new Map(head.buses.map((bus) => [bus, readerOf(bus)]));
  for (const item of live.items) {
    await clock.advanceTo(timeOf(item));
    if (item.kind === 'edge') intake.edge(item.edge);
    if (item.kind !== 'chunk') continue;
    intake.line.chunk(item.chunk);
    const reply = readers.get(item.chunk.bus)?.chunk(item.chunk);
    if (reply?.kind === 'values') intake.line.exchange(reply.exchange);
    recorder.tick(clock.monoMs());
  }
  intake.close();
  await recorder.close();
  return { events, captures, troubles };
}

for (const lateMs of [0, 7.25]) {
  test(`each flight recording replays the live verdicts from its checkpoint on, timers ${lateMs} ms late`, async () => {
    const dir = join(root, `late-${lateMs}`);
    const { events, captures, troubles } = await recorded(dir, lateMs, 64 * 2 ** 20);
    assert.equal(troubles, [], 'the recorder had no trouble');
    assert.equal(linesOf(events), linesOf(live.events), 'the running box said what the simulation said');
    assert.ok(captures.size >= 5, `${captures.size} recordings`);
    for (const [name, faultMs] of captures) {
      const { items, truncated } = parseCapture(readFileSync(join(dir, `${name}.pcapng`)), name);
      assert.is(truncated, null, `${name} is whole`);
      const [checkpoint] = items;
      assert.is(checkpoint?.kind, 'checkpoint', `${name} begins with the state of judgement`);
      const fromMs = items[0] ? timeOf(items[0]) : 0;
      const endMs = items.at(-1)?.kind === 'end' ? timeOf(items.at(-1) as CaptureItem) : 0;
      assert.ok(faultMs - fromMs > 30_000 || fromMs < 60_000, `${name} holds the past of its fault`);
      assert.ok(endMs >= faultMs + 30_000 - 1 || endMs >= 3_590_000, `${name} goes on after it`);
      const again = linesOf(replayed(items, fromMs));
      const then = linesOf(events.filter(({ atMs }) => inside(atMs, items)));
      assert.equal(again, then, `${name}: the same verdicts, ids and milliseconds`);
      assert.ok(
        again.some((line) => line.includes(`"atMs":${faultMs}`) && line.includes('"begin"')),
        `${name}: its fault`,
      );
    }
  });
}

/** Judged after the checkpoint and before the end of a capture. The checkpoint is of the moment judgement had come to. */
function inside(atMs: number, items: readonly CaptureItem[]): boolean {
  const [first] = items;
  const last = items.at(-1);
  if (first?.kind !== 'checkpoint' || !last) return false;
  const { nowMs } = first.state as { nowMs: number };
  return atMs > nowMs && atMs <= timeOf(last);
}

test('a line that the site has not is told, with the way out', () => {
  const chunk = { bus: 'another', dir: 'tx', bytes: Uint8Array.of(1), atMs: monoMs(1) } as const;
  try {
    replayed([{ kind: 'chunk', chunk }]);
    assert.unreachable('it was taken');
  } catch (error) {
    assert.ok(error instanceof GatewayError && error.code === 'capture-invalid', String(error));
    assert.ok(error instanceof GatewayError && /another/.test(error.message), 'names the line');
    assert.ok(error instanceof GatewayError && /site file/.test(error.hint), 'the site file it was made with');
  }
});

test('a checkpoint of another version is told, with the way out', () => {
  for (const state of [null, 7, { nowMs: 1 }, { lifts: 3 }]) {
    try {
      replayed([{ kind: 'checkpoint', atMs: monoMs(1), state }]);
      assert.unreachable(`${JSON.stringify(state)} was taken`);
    } catch (error) {
      assert.ok(
        error instanceof GatewayError && error.code === 'capture-invalid',
        `${JSON.stringify(state)}: ${error}`,
      );
    }
  }
});

test.run();
