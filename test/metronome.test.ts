import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { plus, systemClock } from '../src/clock.ts';
import { startMetronome } from '../src/metronome.ts';

const metronome = startMetronome();
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test.before(() => wait(1500));
test.after(() => metronome.close());

test('no timer runs before its time, and they run in the order of their times', async () => {
  const ran: { name: number; lateMs: number }[] = [];
  const fromMs = metronome.monoMs();
  const waits = [7.3, 0.4, 2.25, 2.3, 12.9, 0, 5.55];
  await Promise.all(
    waits.map(
      (ms) =>
        new Promise<void>((resolve) => {
          const dueMs = plus(fromMs, ms);
          metronome.at(dueMs, () => {
            ran.push({ name: ms, lateMs: metronome.monoMs() - dueMs });
            resolve();
          });
        }),
    ),
  );
  assert.equal(
    ran.map(({ name }) => name),
    [...waits].sort((a, b) => a - b),
    'in order',
  );
  assert.ok(
    ran.every(({ lateMs }) => lateMs >= 0),
    'never early',
  );
});

test('its median is closer to the time than that of Node’s own timers, in the same run', async () => {
  const late = { metronome: [] as number[], system: [] as number[] };
  for (let turn = 0; turn < 200; turn++) {
    for (const [name, clock] of Object.entries({ metronome, system: systemClock })) {
      const dueMs = plus(clock.monoMs(), 1.75 + (turn % 5));
      await new Promise<void>((resolve) => clock.at(dueMs, resolve));
      late[name as keyof typeof late].push(clock.monoMs() - dueMs);
    }
  }
  const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1] ?? 0;
  const [ours, theirs] = [median(late.metronome), median(late.system)];
  assert.ok(ours < theirs, `${ours.toFixed(3)} ms, and ${theirs.toFixed(3)} ms`);
});

test('a timer that is stopped does not run, near or far, and stopping twice is harmless', async () => {
  let ran = 0;
  for (const ms of [0.5, 2, 8, 40]) {
    const stop = metronome.at(plus(metronome.monoMs(), ms), () => ran++);
    stop();
    stop();
  }
  await wait(80);
  assert.is(ran, 0, 'none of them');
});

test('closed amid a wait, the timer still comes, by Node’s own', async () => {
  const other = startMetronome();
  await wait(500);
  let ran = false;
  other.at(plus(other.monoMs(), 2.5), () => {
    ran = true;
  });
  await other.close();
  await wait(50);
  assert.ok(ran, 'no timer is lost with the thread');
});

test.run();
