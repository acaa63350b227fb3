/** The state of the lifts: throttled, never queued, the newest wins. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { status, TAKEN, TOKEN } from './fake-platform.ts';
import { alarm, rig, totals } from './rig.ts';

const LIMITS = { throttleMs: 60_000, heartbeatMs: 300_000 };

/** When each state of lift a was sent, in seconds, and at which landing. */
function statesOf({ clock, platform }: ReturnType<typeof rig>) {
  const states: [second: number, position: unknown][] = [];
  platform.reply = ({ kind, path, body }) => {
    const { carPosition } = (body.running ?? {}) as { carPosition?: unknown };
    if (kind === 'state' && path.endsWith('3110-1234')) states.push([Math.round(clock.monoMs() / 1000), carPosition]);
    return kind === 'login' ? TOKEN : TAKEN;
  };
  return states;
}

test('while nothing changes, a state goes at the heartbeat', async () => {
  const parts = rig({ settings: LIMITS });
  const states = statesOf(parts);
  const regional = parts.start();
  await parts.clock.advance(1_000_000);
  const seconds = states.map(([second]) => second);
  assert.equal(seconds, [1, 301, 601, 901], 'at the start, and every five minutes');
  await parts.stop(regional);
});

test('a change goes at once where the last one is long ago, and else when the throttle is over: the newest, not each', async () => {
  const parts = rig({ settings: LIMITS });
  const { clock, snapshots, start, stop } = parts;
  const states = statesOf(parts);
  const regional = start();
  await clock.advance(100_000);
  for (let second = 0; second < 100; second++) {
    snapshots.set('a', { landing: second % 3 });
    await clock.advance(1000);
  }
  await clock.advance(100_000);
  const gaps = states.slice(1).map(([second], n) => second - (states[n]?.[0] ?? 0));
  assert.ok(
    gaps.slice(1).every((gap) => gap >= 60),
    `never more often than once a minute: ${gaps}`,
  );
  assert.equal(states.length, 4, 'the start, the first change, the one amid, and the last');
  assert.equal(states.at(-1)?.[1], 'B1', 'the newest at its time: landing 0 since the last step');
  await stop(regional);
});

test('a lift that comes back to what was told before its turn is not told again', async () => {
  const parts = rig({ settings: LIMITS });
  const { clock, snapshots, start, stop } = parts;
  const states = statesOf(parts);
  const regional = start();
  await clock.advance(10_000);
  snapshots.set('a', { landing: 1 });
  await clock.advance(20_000);
  snapshots.set('a', {});
  await clock.advance(100_000);
  assert.is(states.length, 1, 'what passed meanwhile is not queued');
  await stop(regional);
});

test('all lifts of a box are told one after the other, at once', async () => {
  const parts = rig({ settings: LIMITS });
  const { clock, platform, start, stop } = parts;
  const regional = start();
  await clock.advance(600);
  assert.equal(
    platform.of('state').map(({ path }) => path.slice(-9)),
    ['3110-1234', '3110-1235'],
    'both within the same moment',
  );
  await stop(regional);
});

test('a state that nobody answers stops no alarm, and goes again as it is then', async () => {
  const parts = rig({ settings: { ...LIMITS, requestTimeoutMs: 5000 } });
  const { clock, platform, outbox, snapshots, start, stop } = parts;
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : kind === 'state' ? null : TAKEN);
  const regional = start();
  await clock.advance(1000);
  await outbox.append([alarm()]);
  await clock.advance(0);
  assert.is(platform.of('alarm').length, 1, 'the alarm goes while the state waits for an answer');
  snapshots.set('a', { landing: 2 });
  platform.reply = () => TAKEN;
  await clock.advance(10_000);
  const [last] = platform
    .of('state')
    .filter(({ path }) => path.endsWith('3110-1234'))
    .slice(-1);
  const { carPosition } = (last?.body.running ?? {}) as { carPosition?: unknown };
  assert.is(carPosition, '2', 'the newest, not the one that was lost');
  await stop(regional);
});

test('a state that is refused waits for its next turn, and what comes after it goes on', async () => {
  const parts = rig({ settings: LIMITS });
  const { clock, platform, outbox, start, stop } = parts;
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : kind === 'state' ? status(400) : TAKEN);
  const regional = start();
  await clock.advance(200_000);
  assert.is(platform.of('state').length, 2, 'once each lift');
  await outbox.append([totals()]);
  await clock.advance(100);
  assert.is(platform.of('telemetry').length, 1, 'statistics go');
  await stop(regional);
});

test('a platform of its own rhythm: that of the region where the site file says nothing', async () => {
  const parts = rig({ settings: { region: 'shanghai' } });
  const { clock, platform, snapshots, start, stop } = parts;
  const token = status(200, null, { status: 200, result: { token: 'token-1' } });
  const times: number[] = [];
  platform.reply = ({ path, body }) => {
    if (path === '/iot/api/v1/iotRealData' && body.registerNumber === '3110-1234') times.push(clock.monoMs());
    return path.endsWith('login') ? token : status(200, null, { status: 200 });
  };
  const regional = start();
  for (let second = 0; second < 1000; second++) {
    snapshots.set('a', { landing: second % 3 });
    await clock.advance(1000);
  }
  const gaps = times.slice(1).map((time, n) => Math.round((time - (times[n] ?? 0)) / 60_000));
  assert.equal(gaps, [4, 4, 4, 4], 'four minutes in Shanghai');
  await stop(regional);
});

test.run();
