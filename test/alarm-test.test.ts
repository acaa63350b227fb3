import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { testAlarms } from '../src/alarm-test.ts';
import { VirtualClock } from '../src/clock.ts';
import type { AlarmTestRecord } from '../src/lift/events.ts';
import { stateAt } from './detect/draw.ts';

const HOUR_MS = 3_600_000;
const states = {
  wired: stateAt({ alarmButton: '_' }, 0, { inputs: { alarmButton: '_' } }, 0),
  dumb: stateAt({ alarmButton: '?' }, 0, { inputs: { alarmButton: '?' } }, 0),
  stuck: stateAt({ alarmButton: '#', passenger: '_' }, 0, { inputs: { alarmButton: '#' } }, 0),
  bare: stateAt({}, 0, {}, 0),
};

test('each button is tested by an alarm-lane record, at least every 3 days, and not at once', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const told: AlarmTestRecord[] = [];
  const done = testAlarms({
    ...{ clock, signal: stop.signal, lifts: Object.keys(states) },
    state: (lift) => states[lift as keyof typeof states] ?? null,
    tell: (record) => told.push(record),
  });
  await clock.advance(9 * 60_000);
  assert.is(told.length, 0, 'a box that restarts all the time does not fill its outbox');
  await clock.advance(2 * 60_000);
  assert.equal(
    told.map(({ lift, working }) => `${lift} ${working}`),
    ['wired true', 'dumb false', 'stuck false'],
    'what cannot be read or is down would not be heard; no button, no test',
  );
  await clock.advance(72 * HOUR_MS);
  assert.ok(told.filter(({ lift }) => lift === 'wired').length >= 4, 'three more in three days');
  stop.abort();
  await done;
});

test.run();
