import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryOutbox } from '../hil/memory-outbox.ts';
import { VirtualClock } from '../src/clock.ts';
import { Keeper } from '../src/keeper.ts';
import type { NewRecord } from '../src/outbox/port.ts';

const alarm = (n: number): NewRecord => ({ lane: 'alarm', lift: 'a', body: { type: 'mode', lift: 'a', n } });

test('alarms are handed in until they are stored, in their order', async () => {
  const clock = new VirtualClock();
  const outbox = new MemoryOutbox();
  const remarks: string[] = [];
  const keeper = new Keeper(outbox, clock, (line) => remarks.push(line));
  outbox.failing = 'no room';
  keeper.keep(alarm(1));
  await clock.advance(300);
  keeper.keep(alarm(2));
  await clock.advance(5000);
  assert.is(remarks.length, 1, 'told once, not each second');
  outbox.failing = null;
  await clock.advance(2000);
  const stored = await outbox.read('alarm', 0, 10);
  assert.equal(
    stored.map(({ body }) => body.n),
    [1, 2],
    'the end does not overtake its begin',
  );
  keeper.stop();
});

test('what waits is bounded, and the newest is not what is lost', async () => {
  const clock = new VirtualClock();
  const outbox = new MemoryOutbox();
  const keeper = new Keeper(outbox, clock, () => undefined);
  outbox.failing = 'no room';
  for (let n = 1; n <= 2500; n++) keeper.keep(alarm(n));
  await clock.advance(10);
  assert.is(keeper.lost, 500, 'counted');
  outbox.failing = null;
  await clock.advance(60_000);
  const stored = await outbox.read('alarm', 0, 5000);
  assert.is(stored.at(-1)?.body.n, 2500, 'the newest is there');
  keeper.stop();
});

test('a keeper that was stopped tries once more, and ends', async () => {
  const clock = new VirtualClock();
  const outbox = new MemoryOutbox();
  const keeper = new Keeper(outbox, clock, () => undefined);
  outbox.failing = 'no room';
  keeper.keep(alarm(1));
  await clock.advance(10);
  keeper.stop();
  await clock.advance(10);
  outbox.failing = null;
  await clock.advance(10_000);
  assert.equal(await outbox.read('alarm', 0, 10), [], 'the last try failed, and no other was made');
});

test.run();
