/**
 * A simulated lift whose controller pushes frames in a framing of its own, and its twin that is asked by Modbus: the same words at the
 * same times, the same verdicts, though the line floats between frames and brings damaged ones.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { Random } from '../hil/lift/random.ts';
import type { MonoMs } from '../src/clock.ts';
import { framesSchema } from '../src/config/frames.ts';
import type { LoadedSite } from '../src/config/load.ts';
import type { Profile } from '../src/config/profile.ts';
import { listenerOf, slavesOf } from '../src/config/wiring.ts';
import type { LiftEvent } from '../src/lift/events.ts';
import { Replay } from '../src/replay.ts';
import type { CaptureItem } from '../src/trace/capture.ts';
import { Coalescer } from '../src/trace/coalesce.ts';
import { linesOf, loaded, mutes, readerOf, simulatedHour } from './simulated.ts';

const FRAMES = v.parse(framesSchema, {
  start: [0x7e, 0x55],
  length: { offset: 2, counts: 'payload' },
  unitOffset: 3,
  type: { offset: 4, value: 0x21 },
  payloadOffset: 5,
  check: 'crc16-ccitt',
  checkOrder: 'high-first',
  checkFrom: 2,
  end: [0x0d],
});

/** CRC-16/CCITT-FALSE, bit by bit. */
function crcOf(bytes: readonly number[]): [number, number] {
  let crc = 0xffff;
  for (const byte of bytes) {
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      const top = (crc >> 15) ^ (byte & mask ? 1 : 0);
      crc = ((crc << 1) & 0xffff) ^ (top ? 0x1021 : 0);
    }
  }
  return [crc >> 8, crc & 0xff];
}

function frameOf(unit: number, type: number, words: readonly number[]): number[] {
  const payload = words.flatMap((word) => [word >> 8, word & 0xff]);
  const body = [payload.length, unit, type, ...payload];
  return [0x7e, 0x55, ...body, ...crcOf(body), 0x0d];
}

/** The site whose lift pushes the words of the generic map, each where it stood, two bytes a register. */
function pushingSite(): LoadedSite {
  const profiles = [...loaded.profiles].map(([name, profile]): [string, Profile] => {
    const fields = profile.fields.map((field) => ({ ...field, table: 'holding' as const, address: 2 * field.address }));
    return [name, { ...profile, frames: FRAMES, fields }];
  });
  const buses = loaded.site.buses.map((bus) => (bus.type === 'rtu' ? { ...bus, listen: true } : bus));
  return { ...loaded, site: { ...loaded.site, buses }, profiles: new Map(profiles) };
}

const live = simulatedHour(11);
const pushing = pushingSite();
const random = new Random(23);
const FLOATS: readonly [number[], ...number[][]] = [[], [0], [0xfe], [0, 0xfe], [0xff, 0x7e], [0x7e]];

/** What a tap on the line of the pushing controller hears, cut anywhere. */
function heard(items: readonly CaptureItem[], between: boolean): CaptureItem[] {
  const readers = new Map(loaded.site.buses.map(({ id }) => [id, readerOf(id)]));
  return items.flatMap((item): CaptureItem[] => {
    if (item.kind !== 'chunk') return [item];
    const reply = readers.get(item.chunk.bus)?.chunk(item.chunk);
    if (reply?.kind !== 'values') return [];
    const { unit, values, atMs } = reply.exchange;
    const frame = frameOf(unit, 0x21, values);
    const bytes = between ? [...disturbance(unit, values), ...frame, ...random.pick(FLOATS)] : frame;
    const chunk = (from: number, to: number): CaptureItem => ({
      kind: 'chunk',
      chunk: { bus: item.chunk.bus, dir: 'rx', bytes: Uint8Array.from(bytes.slice(from, to)), atMs },
    });
    const cut = Math.floor(random.between(1, bytes.length));
    return [chunk(0, cut), chunk(cut, bytes.length)];
  });
}

/** Another kind of frame, or one with other words that was damaged on its way: neither may be told. */
function disturbance(unit: number, values: readonly number[]): number[] {
  const other = values.map((word) => word ^ 0xffff);
  if (random.chance(0.5)) return frameOf(unit, 0x22, other);
  const frame = frameOf(unit, 0x21, other);
  const at = Math.floor(random.between(5, frame.length));
  return frame.map((byte, place) => (place === at ? byte ^ (1 << Math.floor(random.between(0, 8))) : byte));
}

function replayed(items: readonly CaptureItem[]): LiftEvent[] {
  const events: LiftEvent[] = [];
  const replay = new Replay(pushing, mutes, 0 as MonoMs, (event) => events.push(event));
  for (const item of items) replay.feed(item);
  return events;
}

test('there is something to tell, and nothing to ask', () => {
  assert.ok(live.events.filter(({ type }) => type === 'fault').length >= 10, 'faults of the twin');
  const [bus] = pushing.site.buses;
  assert.equal(bus && slavesOf(pushing, bus).map(({ reads }) => reads), [[]], 'no read is planned of what is pushed');
});

test('the replay of what was pushed gives the events of the Modbus twin', () => {
  assert.equal(linesOf(replayed(heard(live.items, false))), linesOf(live.events), 'on a clean line');
});

test('and between floats, frames of another kind, and damaged ones', () => {
  assert.equal(linesOf(replayed(heard(live.items, true))), linesOf(live.events), 'the same');
});

test('what a recorder keeps of it, pieces joined to frames, replays the same', () => {
  const [bus] = pushing.site.buses;
  assert.ok(bus, 'there is a line');
  const reader = listenerOf(pushing, bus);
  const kept: CaptureItem[] = [];
  const joined = new Coalescer((item) => kept.push(item));
  const items = heard(live.items, true);
  for (const item of items) {
    if (item.kind !== 'chunk') {
      joined.other(item);
      continue;
    }
    joined.chunk(item.chunk);
    if (reader.chunk(item.chunk).length > 0) joined.exchangeDone(item.chunk.bus);
  }
  joined.flush();
  assert.ok(kept.length < items.length, 'pieces were joined');
  assert.equal(linesOf(replayed(kept)), linesOf(live.events), 'the same');
});

test.run();
