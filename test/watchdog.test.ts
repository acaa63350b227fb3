import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryOutbox } from '../hil/memory-outbox.ts';
import { VirtualClock } from '../src/clock.ts';
import type { Slave } from '../src/loop.ts';
import type { Outbox, OutboxStats } from '../src/outbox/port.ts';
import type { ServiceManager } from '../src/ports.ts';
import { ScanLoop } from '../src/scan.ts';
import { Watchdog } from '../src/watchdog.ts';
import { answer } from './contract/modbus-line.ts';
import { FakeLine } from './fake-line.ts';

const slave: Slave = {
  ...{ lift: 'a', unit: 1, intervalMs: { fast: 200, slow: 5000 } },
  reads: [{ group: 'fast', table: 'input', address: 4, count: 3 }],
};

interface Parts {
  readonly watchdogMs?: number | null;
  readonly slaves?: readonly Slave[];
  /** in place of the outbox's own answer */
  readonly stats?: (own: () => Promise<OutboxStats>) => Promise<OutboxStats>;
}

function rig({ watchdogMs = 30_000, slaves = [slave], stats }: Parts = {}) {
  const clock = new VirtualClock();
  const fed: number[] = [];
  const service: ServiceManager = {
    watchdogMs,
    ready: () => undefined,
    status: () => undefined,
    stopping: () => undefined,
    alive: () => fed.push(clock.monoMs()),
  };
  const memory = new MemoryOutbox();
  const outbox: Outbox = memory;
  const own = outbox.stats.bind(outbox);
  if (stats) outbox.stats = () => stats(own);
  const line = new FakeLine({ clock, answer });
  const loop = new ScanLoop({ line, slaves, clock, lateReplyWindowMs: 0, onTrouble: () => undefined });
  loop.start();
  const watchdog = new Watchdog({ service, outbox, loops: [loop], clock });
  /** with the read that is still open */
  const end = async () => {
    watchdog.stop();
    const stopped = loop.stop();
    await clock.advance(1000);
    await stopped;
  };
  return { clock, fed, line, watchdog, end };
}

test('progress feeds it, three times within what systemd waits', async () => {
  const { clock, fed, watchdog, end } = rig({ watchdogMs: 6000 });
  await clock.advance(10_000);
  assert.equal(fed, [0, 2000, 4000, 6000, 8000, 10_000], 'every third of 6 s');
  assert.is(watchdog.stats?.trouble, null, 'what the outbox said is at hand');
  await end();
});

test('where nobody watches, the outbox is still asked every 5 s or sooner', async () => {
  const { clock, fed, end } = rig({ watchdogMs: null });
  await clock.advance(10_000);
  const gaps = fed.slice(1).map((atMs, at) => atMs - (fed[at] ?? 0));
  assert.ok(fed.length >= 3 && gaps.every((ms) => ms <= 5000), `at ${fed.join(' ')} ms`);
  await end();
});

test('an outbox that never answers starves it', async () => {
  let asked = 0;
  const { clock, fed, end } = rig({
    stats: (own) => (asked++ === 0 ? own() : new Promise(() => undefined)),
  });
  await clock.advance(100_000);
  assert.equal(fed, [0], 'fed once, while it answered');
  await end();
});

test('an outbox that fails to answer starves it, and feeds again when it answers', async () => {
  let fails = true;
  const { clock, fed, watchdog, end } = rig({
    stats: (own) => (fails ? Promise.reject(new Error('no thread')) : own()),
  });
  await clock.advance(20_000);
  assert.equal(fed, [], 'nothing was fed');
  assert.is(watchdog.stats, null, 'nothing is known');
  fails = false;
  await clock.advance(5_000);
  assert.is(fed.length, 1, 'fed again');
  await end();
});

test('trouble of the disk that the outbox tells does not starve it: a restart would not mend it', async () => {
  const { clock, fed, watchdog, end } = rig({ stats: async (own) => ({ ...(await own()), trouble: 'disk full' }) });
  await clock.advance(10_000);
  assert.is(fed.length, 3, 'fed');
  assert.is(watchdog.stats?.trouble, 'disk full', 'and told');
  await end();
});

test('a scan loop that hangs starves it', async () => {
  const { clock, fed, line, watchdog } = rig();
  await clock.advance(10_000);
  const before = fed.length;
  line.read = () => new Promise(() => undefined);
  await clock.advance(5_000);
  const after = fed.length;
  await clock.advance(100_000);
  assert.ok(before === 3 && after <= before + 1, 'the turn that was under way may still count');
  assert.is(fed.length, after, 'then nothing');
  watchdog.stop();
});

test('a dead line does not starve it, nor does a line without slaves', async () => {
  const dead = rig();
  dead.line.unplug();
  await dead.clock.advance(10_000);
  assert.is(dead.fed.length, 3, 'a dead line');
  const empty = rig({ slaves: [] });
  await empty.clock.advance(10_000);
  assert.is(empty.fed.length, 3, 'a line without slaves');
  await dead.end();
  await empty.end();
});

test('a slave that is asked once an hour does not starve it', async () => {
  const hourly: Slave = { ...slave, intervalMs: { fast: 3_600_000, slow: 3_600_000 } };
  const { clock, fed, end } = rig({ slaves: [hourly] });
  await clock.advance(60_000);
  assert.ok(fed.length >= 10, `fed ${fed.length} times in a minute`);
  await end();
});

test('after stop() it looks no more', async () => {
  const { clock, fed, watchdog, end } = rig();
  await clock.advance(5_000);
  watchdog.stop();
  await clock.advance(50_000);
  assert.equal(fed, [0, 5000], 'no more');
  await end();
});

test.run();
