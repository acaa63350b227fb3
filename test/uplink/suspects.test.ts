/** Records that a broker ends its sessions over, in virtual time. What Mosquitto does is in refusals.test.ts. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RECORD_ENDS } from '../../src/uplink/suspects.ts';
import type { Delivery } from './fake-broker.ts';
import { fault, rig, seqs, trip } from './rig.ts';

const HOUR_MS = 3_600_000;

/** A broker that hangs up in the moment that it is sent this record. */
function hangingUpAt(bad: (delivery: Delivery) => boolean) {
  const parts = rig();
  const { broker } = parts;
  let ends = 0;
  broker.onDelivery = (delivery) => {
    if (!bad(delivery)) return;
    queueMicrotask(() => {
      if (!broker.linked) return;
      ends++;
      broker.close();
    });
  };
  return { ...parts, ends: () => ends };
}

test('the one record is set aside, and nothing else; the others keep their order', async () => {
  const { clock, outbox, broker, remarks, start, stop, ends } = hangingUpAt(({ message }) => message.seq === 3);
  await outbox.append([trip(), trip(), trip(), trip(), trip(), trip()]);
  const uplink = start();
  await clock.advance(HOUR_MS);
  assert.equal(
    outbox.poisoned.map(({ record }) => record.seq),
    [3],
    'that one',
  );
  assert.match(
    outbox.poisoned[0]?.reason ?? '',
    /ends the session each time it is sent a record: PUBLISH, \d+ B/,
    'why',
  );
  assert.is(ends(), RECORD_ENDS + 2, 'twice among others, then alone');
  assert.is(uplink.state.sent, 5, 'the others are there');
  const last = new Map(broker.delivered.map((delivery, n) => [delivery.message.seq, n]));
  assert.equal(
    [...last.entries()].sort((a, b) => a[1] - b[1]).map(([seq]) => seq),
    [1, 2, 3, 4, 5, 6],
    'in their order',
  );
  assert.is(remarks.filter((line) => line.includes('it is set aside')).length, 1, 'told once');
  await stop(uplink);
});

test('an alarm passes a trip that is suspected', async () => {
  const { clock, outbox, broker, start, stop } = hangingUpAt(({ message }) => message.seq === 1);
  await outbox.append([trip(), trip()]);
  const uplink = start();
  await clock.advance(5000);
  await outbox.append([fault('entrapment')]);
  await clock.advance(10_000);
  assert.ok(seqs(broker.delivered).includes(3), 'it is there while the trip still ends sessions');
  assert.equal(outbox.poisoned, [], 'which goes on');
  await clock.advance(HOUR_MS);
  assert.is(outbox.poisoned.length, 1, 'until it is set aside');
  await stop(uplink);
});

test('two such records: both', async () => {
  const { clock, outbox, start, stop } = hangingUpAt(({ message }) => message.seq === 2 || message.seq === 3);
  await outbox.append([trip(), trip(), trip(), trip()]);
  const uplink = start();
  await clock.advance(HOUR_MS);
  assert.equal(
    outbox.poisoned.map(({ record }) => record.seq),
    [2, 3],
    'one after the other',
  );
  assert.is(uplink.state.sent, 2, 'and the rest is there');
  await stop(uplink);
});

for (const [name, kind, afterMs] of [
  ['a line that dies', 'no-pingresp', 1000],
  ['a line that is cut long after', 'lost', 10_001],
  ['a broker that shuts down', 'shutting-down', 100],
  ['another client of the same name', 'taken-over', 100],
] as const)
  test(`${name} blames no record, however often`, async () => {
    const { clock, outbox, broker, start, stop } = rig();
    broker.acknowledges = false;
    await outbox.append([trip()]);
    const uplink = start();
    for (let n = 0; n < RECORD_ENDS * 3; n++) {
      while (broker.waiting.length === 0) await clock.advance(100);
      await clock.advance(afterMs);
      broker.close({ kind, detail: 'test' });
    }
    assert.equal(outbox.poisoned, [], 'nothing is set aside');
    broker.acknowledges = true;
    await clock.advance(HOUR_MS);
    assert.is(uplink.state.sent, 1, 'and it arrives in the end');
    await stop(uplink);
  });

test('a record that the broker takes at last is cleared of what it was suspected of', async () => {
  const { clock, outbox, broker, start, stop } = rig();
  broker.acknowledges = false;
  const uplink = start();
  for (let round = 0; round < 4; round++) {
    await outbox.append([trip()]);
    for (let n = 0; n < RECORD_ENDS - 1; n++) {
      while (broker.waiting.length === 0) await clock.advance(100);
      broker.close();
    }
    while (broker.waiting.length === 0) await clock.advance(100);
    broker.acknowledge();
    await clock.advance(1000);
  }
  assert.equal(outbox.poisoned, [], 'none is set aside');
  assert.is(uplink.state.sent, 4, 'all are there');
  await stop(uplink);
});

test.run();
