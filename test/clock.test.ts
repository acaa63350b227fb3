import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MonoMs, monoMs, plus, sleep, systemClock, VirtualClock } from '../src/clock.ts';

const realTimeout = globalThis.setTimeout;
const realBigint = process.hrtime.bigint;
test.after.each(() => {
  globalThis.setTimeout = realTimeout;
  process.hrtime.bigint = realBigint;
});

test('monotonic times are whole microseconds, and stay so when added up', () => {
  assert.is(monoMs(1.23456789), 1.235, 'rounded');
  let at = monoMs(0.1);
  for (let turn = 0; turn < 10_000; turn++) at = plus(at, 0.1);
  assert.is(at, 1000.1, 'ten thousand steps, no drift');
});

test('virtual time stands still until it is told', async () => {
  const clock = new VirtualClock(5, 1000);
  assert.is(clock.monoMs(), 5, 'its start');
  assert.is(clock.wallMs(), 1005, 'wall time goes with it');
  await clock.advance(10);
  assert.is(clock.monoMs(), 15, 'moved');
  await clock.advanceTo(monoMs(1));
  assert.is(clock.monoMs(), 15, 'never back');
});

test('virtual timers run at their own times, in order, those of one time in the order they were set', async () => {
  const clock = new VirtualClock();
  const ran: string[] = [];
  const set = (name: string, dueMs: number) => clock.at(monoMs(dueMs), () => ran.push(`${name} ${clock.monoMs()}`));
  set('late', 300);
  set('first', 100);
  set('second', 100);
  set('never', 301);
  const stop = set('stopped', 200);
  stop();
  stop();
  await clock.advanceTo(monoMs(300));
  assert.equal(ran, ['first 100', 'second 100', 'late 300'], 'each at its time');
});

test('a virtual timer set by a timer runs on the way, and one that is overdue at once', async () => {
  const clock = new VirtualClock(1000);
  const ran: number[] = [];
  clock.at(monoMs(1100), () => clock.at(monoMs(1150), () => ran.push(clock.monoMs())));
  clock.at(monoMs(1), () => ran.push(clock.monoMs()));
  await clock.advance(500);
  assert.equal(ran, [1000, 1150], 'the overdue one does not turn time back');
});

test('promises settle between virtual timers', async () => {
  const clock = new VirtualClock();
  const story: string[] = [];
  const worker = async () => {
    for (let turn = 0; turn < 3; turn++) {
      await sleep(clock, 100);
      await Promise.resolve();
      story.push(`woke ${clock.monoMs()}`);
    }
  };
  const done = worker();
  await clock.advance(300);
  await done;
  assert.equal(story, ['woke 100', 'woke 200', 'woke 300'], 'each sleep began when the one before was over');
});

test('sleep ends at once when its signal aborts, and leaves no timer and no listener', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  let timers = 0;
  const counted = {
    ...{ monoMs: () => clock.monoMs(), wallMs: () => clock.wallMs() },
    at(dueMs: MonoMs, run: () => void) {
      timers++;
      const off = clock.at(dueMs, run);
      return () => {
        timers--;
        off();
      };
    },
  };
  const slept = sleep(counted, 1_000_000, stop.signal);
  assert.is(timers, 1, 'one timer');
  stop.abort();
  await slept;
  assert.is(timers, 0, 'stopped');
  await sleep(counted, 1_000_000, stop.signal);
  assert.is(timers, 0, 'an aborted signal sets none');
});

test('the system clock counts on, and its wall is that of the machine', async () => {
  const before = systemClock.monoMs();
  await sleep(systemClock, 20);
  const slept = systemClock.monoMs() - before;
  assert.ok(slept >= 20, `woke after ${slept} ms, not before its time`);
  assert.ok(Math.abs(systemClock.wallMs() - Date.now()) < 1000, 'wall time');
});

test('the system clock runs what is overdue, but not within the call, and not what was stopped', async () => {
  const ran: string[] = [];
  systemClock.at(plus(systemClock.monoMs(), -1000), () => ran.push('overdue'));
  const stop = systemClock.at(plus(systemClock.monoMs(), 5), () => ran.push('stopped'));
  stop();
  stop();
  assert.equal(ran, [], 'not yet');
  await sleep(systemClock, 20);
  assert.equal(ran, ['overdue'], 'then');
});

/** setTimeout and the monotonic clock moved by hand. */
function byHand() {
  let nowMs = 1_000_000;
  const waits: number[] = [];
  let fire: () => void = () => undefined;
  process.hrtime.bigint = () => BigInt(Math.round(nowMs * 1e6));
  globalThis.setTimeout = ((run: () => void, ms: number) => {
    waits.push(ms);
    fire = run;
    return 0;
  }) as unknown as typeof setTimeout;
  return {
    waits,
    /** the timer that is set fires, `lateMs` after its time */
    pass(lateMs = 0) {
      nowMs += (waits.at(-1) ?? 0) + lateMs;
      fire();
    },
    nowMs: () => nowMs,
  };
}

test('a wait longer than setTimeout can hold is taken in hops', () => {
  const { waits, pass, nowMs } = byHand();
  const longMs = 60 * 86_400_000;
  let ranMs = 0;
  systemClock.at(monoMs(nowMs() + longMs), () => {
    ranMs = nowMs();
  });
  while (ranMs === 0 && waits.length < 10) pass();
  assert.ok(
    waits.every((ms) => ms <= 2 ** 31 - 1),
    `waits of ${waits.join(', ')} ms`,
  );
  assert.is(ranMs, 1_000_000 + longMs, 'after sixty days, in three hops');
  assert.is(waits.length, 3, 'three');
});

test('a timer that fires early is set again', () => {
  const { waits, pass, nowMs } = byHand();
  let ranMs = 0;
  systemClock.at(monoMs(nowMs() + 10.4), () => {
    ranMs = nowMs();
  });
  pass(-2);
  assert.is(ranMs, 0, 'not before its time');
  pass();
  assert.ok(ranMs >= 1_000_010.4, `ran at ${ranMs}`);
  assert.equal(waits, [11, 2], 'whole milliseconds, rounded up');
});

test('what is never due waits for ever', () => {
  const { waits, pass } = byHand();
  let ran = false;
  systemClock.at(Number.POSITIVE_INFINITY as MonoMs, () => {
    ran = true;
  });
  for (let turn = 0; turn < 5; turn++) pass();
  assert.not.ok(ran, 'not run');
  assert.ok(
    waits.every((ms) => ms === 2 ** 31 - 1),
    'in the longest hops',
  );
});

test.run();
