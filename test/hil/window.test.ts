import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { kindOf } from '../../hil/fleet.ts';
import { simulate } from '../../hil/simulate.ts';
import { captureOf, siteFileOf, Window } from '../../hil/window.ts';
import { monoMs } from '../../src/clock.ts';
import { parseSite } from '../../src/config/load.ts';
import type { LiftEvent } from '../../src/lift/events.ts';
import { Replay, timeOf } from '../../src/replay.ts';
import { parseCapture } from '../../src/trace/file.ts';
import { linesOf, loaded, mutes } from '../simulated.ts';

const HOUR_MS = 3_600_000;

/** The first seed from here on that draws such a kind. */
function seedOf(from: number, hours: number, fits: (kind: ReturnType<typeof kindOf>) => boolean): number {
  for (let seed = from; seed < from + 1000; seed++) if (fits(kindOf(seed, loaded, hours))) return seed;
  throw new Error('no seed draws it');
}

for (const [what, hours, fits] of [
  ['controller and sensors', 5, ({ loaded: { site }, noisyShare }) => !!site.lifts[0]?.controller && noisyShare === 0],
  ['a noisy line', 5, ({ loaded: { site }, noisyShare }) => !!site.lifts[0]?.controller && noisyShare === 0.01],
  ['sensors alone', 5, ({ loaded: { site } }) => !site.lifts[0]?.controller],
  ['a group of eight', 36, ({ loaded: { site } }) => site.lifts.length === 8 && !!site.lifts[0]?.controller],
] as const satisfies readonly (readonly [string, number, (kind: ReturnType<typeof kindOf>) => boolean])[]) {
  test(`a window of a life replays to the events of the life without a capture: ${what}`, () => {
    const seed = seedOf(1, hours, fits);
    const kind = kindOf(seed, loaded, hours);
    const lived: LiftEvent[] = [];
    simulate({ ...kind, mutes, seed, onEvent: (event) => lived.push(event) });
    const [fromMs, untilMs] = [monoMs(1.2 * HOUR_MS), monoMs(3.3 * HOUR_MS)];
    const window = new Window(fromMs, untilMs);
    simulate({ ...kind, mutes, seed, capture: (item, room) => window.add(item, room) });
    const said = `seed ${seed} of the test`;
    const capture = parseCapture(captureOf(kind.loaded, window.items, said), 'window.pcapng');
    assert.is(capture.head.comment, `SYNTHETIC: made by Hoistway's simulated lift, ${said}`, 'labelled');
    const site = parseSite(siteFileOf(kind.loaded, said), 'window.site.yaml');
    assert.ok(site.ok, JSON.stringify(site));
    const [first, last] = [capture.items[0], capture.items.at(-1)];
    assert.is(first?.kind, 'checkpoint', 'it begins with a checkpoint');
    assert.equal([first && timeOf(first), last && timeOf(last)], [fromMs, untilMs], 'and is the window');
    const replayed: LiftEvent[] = [];
    const replay = new Replay(site.loaded, mutes, fromMs, (event) => replayed.push(event));
    for (const item of capture.items) replay.feed(item);
    const within = lived.filter(({ atMs }) => atMs > fromMs && atMs <= untilMs);
    assert.ok(within.length > 10, `${within.length} events to compare`);
    assert.equal(linesOf(replayed), linesOf(within), `seed ${seed}: to the millisecond`);
  });
}

test('a window in which nothing is read is a checkpoint and an end', () => {
  const window = new Window(monoMs(100), monoMs(200));
  const room = { advanceTo: () => {}, snapshot: () => 'memory' } as unknown as Parameters<Window['add']>[1];
  window.add({ kind: 'end', atMs: monoMs(5000) }, room);
  assert.equal(
    window.items,
    [
      { kind: 'checkpoint', atMs: 100, state: 'memory' },
      { kind: 'end', atMs: 200 },
    ],
    'no item, and both ends',
  );
});

test.run();
