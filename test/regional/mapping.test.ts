/** Records as they are handed to a region: of whom, and when. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VirtualClock } from '../../src/clock.ts';
import type { StoredRecord } from '../../src/outbox/port.ts';
import { Mapping } from '../../src/regional/mapping.ts';
import { alarm, owed, rig, totals } from './rig.ts';
import { lifts, site } from './site.ts';

const NOW_MS = Date.UTC(2026, 4, 1);

function mapping(clockSet: boolean) {
  const clock = new VirtualClock(600_000, NOW_MS - 600_000);
  const { regionalPlatform: platform } = site();
  const parts = { platform, boxId: 'box-1', lifts, outbox: { boot: 'store.2' }, clock };
  return new Mapping({ ...parts, snapshot: () => ({}), clockSet: () => clockSet });
}

/** Ten seconds before now, by a clock that said 1970. */
function early(boot: string, clockTrust = 'unset'): StoredRecord {
  const { lane, lift, body } = alarm();
  return { id: 1, boot, seq: 1, lane, lift, body: { ...body, atMs: 590_000, wallMs: 5000, clockTrust } };
}

function told(clockSet: boolean, record: StoredRecord): unknown[] {
  const post = mapping(clockSet).post(record);
  const [fault] = (post?.body.faults ?? []) as { collectTime: string; remark: string }[];
  return [fault?.collectTime, fault?.remark.includes('时钟未校准')];
}

test('an event from before the clock was set is dated when the clock is set', () => {
  const then = '2026-05-01 07:59:50';
  assert.equal(told(true, early('store.2')), [then, false], 'ten seconds ago, in China time');
  assert.equal(told(false, early('store.2')), ['1970-01-01 08:00:05', true], 'not set yet: as it was told, and marked');
  assert.equal(
    told(true, early('store.1')),
    ['1970-01-01 08:00:05', true],
    'of another run: nobody knows how long ago',
  );
  assert.equal(told(true, early('store.1', 'ntp')), ['1970-01-01 08:00:05', false], 'a clock that was set is believed');
});

test('what the box says of itself, and of a lift that the site file no longer has, has no place', () => {
  assert.is(mapping(true).post({ ...early('store.2'), lift: null }), null, 'the box');
  assert.is(mapping(true).post({ ...early('store.2'), lift: 'gone' }), null, 'a lift that is gone');
});

test('a record that cannot be put into words is set aside, and holds up nobody', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  const [odd] = await outbox.append([{ ...totals(), body: { type: 'totals' } }, totals()]);
  const regional = start();
  await clock.advance(1000);
  assert.equal(
    outbox.poisoned.map(({ record, reason }) => [record.id, reason]),
    [[odd?.id, 'regional: Invalid time value']],
    'it has no time',
  );
  assert.is(platform.of('telemetry').length, 1, 'the next is sent');
  assert.is(await owed(outbox), 0, 'nothing waits');
  await stop(regional);
});

test.run();
