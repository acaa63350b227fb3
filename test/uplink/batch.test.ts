/** Telemetry that goes together: when it goes, how it is split, and what it may take of the line. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { plus } from '../../src/clock.ts';
import type { Dialect } from '../../src/uplink/dialect.ts';
import { statusSession } from '../../src/uplink/status.ts';
import type { Delivery } from './fake-broker.ts';
import { fault, rig, seqs, trip } from './rig.ts';

const BATCH = 10;

const dialect: Dialect = {
  session: statusSession('hoistway/v1', 'box-1', () => 'boot'),
  batchRecords: BATCH,
  encode: (records) => [
    {
      records,
      topic: `test/${records[0]?.lane}`,
      payload: JSON.stringify({ seq: records[0]?.seq, seqs: records.map(({ seq }) => seq) }),
      fault: null,
    },
  ],
};

const many = (count: number) => Array.from({ length: count }, () => trip());
const batches = (deliveries: readonly Delivery[]) =>
  deliveries.map(({ message }) => (message as unknown as { seqs: number[] }).seqs);
const counted = (deliveries: readonly Delivery[]) => batches(deliveries).map(({ length }) => length);

test('what waits when a session begins goes at once, in full messages', async () => {
  const { clock, broker, outbox, start, stop } = rig({ dialect });
  await outbox.append(many(25));
  const uplink = start();
  await clock.advance(1000);
  assert.equal(counted(broker.delivered), [10, 10, 5], 'the last one is what is left');
  assert.equal(
    batches(broker.delivered).flat(),
    Array.from({ length: 25 }, (_, n) => n + 1),
    'each once, in order',
  );
  await clock.advance(1000);
  assert.is(await outbox.waiting(), 0, 'with the PUBACK of its message a record is forgotten');
  assert.is(uplink.state.sent, 25, 'records are counted, not messages');
  await stop(uplink);
});

test('afterwards telemetry gathers: for its time, or until a message is full; a fault does not wait for it', async () => {
  const { clock, broker, outbox, start, stop } = rig({ dialect, settings: { batchMs: 60_000 } });
  const uplink = start();
  await clock.advance(1000);
  await outbox.append(many(3));
  await clock.advance(59_000);
  await outbox.append([fault(), trip()]);
  await clock.advance(0);
  assert.equal(batches(broker.delivered), [[4]], 'the fault alone, at once');
  await clock.advance(1000);
  assert.equal(batches(broker.delivered)[1], [1, 2, 3, 5], 'a minute after the first of them');
  await outbox.append(many(9));
  await clock.advance(1000);
  assert.is(broker.delivered.length, 2, 'nine gather');
  await outbox.append(many(1));
  await clock.advance(0);
  assert.is(counted(broker.delivered)[2], 10, 'the tenth fills the message');
  const reads = outbox.reads;
  await clock.advance(600_000);
  assert.is(outbox.reads, reads, 'and nothing is read while nothing comes');
  await stop(uplink);
});

test('a message larger than the broker takes is made again as smaller ones, and only a single record is set aside', async () => {
  const { clock, broker, outbox, start, stop } = rig({ dialect });
  broker.granted = { ...broker.granted, maximumPacketBytes: 60 };
  await outbox.append(many(10));
  const uplink = start();
  await clock.advance(1000);
  assert.ok(broker.delivered.length > 1, 'more than one message');
  assert.equal(
    batches(broker.delivered).flat(),
    Array.from({ length: 10 }, (_, n) => n + 1),
    'all records, in order',
  );
  assert.equal(outbox.poisoned, [], 'none is given up');
  await stop(uplink);
});

test('after a lost link the records of an unanswered message go again', async () => {
  const { clock, broker, outbox, start, stop } = rig({ dialect });
  broker.acknowledges = false;
  await outbox.append(many(20));
  const uplink = start();
  await clock.advance(500);
  broker.acknowledge(broker.waiting[0]);
  broker.close();
  await outbox.append(many(1));
  await clock.advance(2000);
  const second = broker.delivered.filter(({ link }) => link === 1);
  assert.equal(batches(second), [[11, 12, 13, 14, 15, 16, 17, 18, 19, 20], [21]], 'not those that were acknowledged');
  broker.close();
  await stop(uplink);
});

test('the backlog keeps to its share of the line; an alarm does not wait for it', async () => {
  const { clock, broker, outbox, start, stop } = rig({ settings: { backlogBytesPerS: 200 } });
  await outbox.append(many(100));
  const uplink = start();
  await clock.advance(10_500);
  const bytes = broker.delivered.reduce((sum, { topic, payload }) => sum + topic.length + payload.length + 10, 0);
  assert.ok(bytes > 1500 && bytes <= 200 * 11 + 1000, `${bytes} bytes in ten seconds, and one read at the start`);
  await outbox.append([fault()]);
  await clock.advance(0);
  assert.is(seqs(broker.delivered).at(-1), 101, 'the alarm goes in the same instant');
  await clock.advance(120_000);
  assert.is(broker.delivered.length, 101, 'in the end all of it went');
  await stop(uplink);
});

test('the bytes of a day: used up, telemetry waits for the next, and it is told once', async () => {
  const { clock, broker, outbox, remarks, start, stop } = rig({ settings: { dailyKiB: 1 } });
  await outbox.append(many(40));
  const uplink = start();
  await clock.advance(3_600_000);
  const sent = broker.delivered.length;
  assert.ok(sent > 5 && sent < 20, `${sent} of 40 went`);
  await outbox.append([fault('entrapment')]);
  await clock.advance(0);
  assert.is(broker.delivered.length, sent + 1, 'an entrapment goes all the same');
  assert.is(remarks.filter((line) => line.includes('used up')).length, 1, 'told once');
  await clock.advance(82_810_000);
  assert.ok(broker.delivered.length > sent + 1, 'the next day more of it goes');
  await stop(uplink);
});

test('an alarm does not wait while telemetry is being made into a message, which then goes', async () => {
  let open = () => {};
  const slow: Dialect = {
    ...dialect,
    encode: async (records) => {
      if (records[0]?.lane === 'telemetry') await new Promise<void>((resolve) => (open = resolve));
      return dialect.encode(records);
    },
  };
  const { clock, broker, outbox, start, stop } = rig({ dialect: slow });
  await outbox.append(many(30));
  const uplink = start();
  await clock.advance(1000);
  assert.is(broker.delivered.length, 0, 'it takes its time');
  await outbox.append([fault('entrapment')]);
  await clock.advance(0);
  assert.equal(batches(broker.delivered), [[31]], 'the alarm goes at once');
  for (let n = 0; n < 8; n++) {
    open();
    await clock.advance(100);
  }
  assert.equal(
    batches(broker.delivered).slice(1).flat(),
    Array.from({ length: 30 }, (_, n) => n + 1),
    'then all telemetry, each once, in order',
  );
  await stop(uplink);
});

test('alarms that come faster than a message of telemetry is made do not keep it from going', async () => {
  let made = 0;
  const { clock, broker, outbox, start, stop } = rig({
    dialect: {
      ...dialect,
      encode: async (records) => {
        if (records[0]?.lane === 'telemetry') {
          made++;
          await new Promise<void>((resolve) => clock.at(plus(clock.monoMs(), 80), resolve));
        }
        return dialect.encode(records);
      },
    },
  });
  await outbox.append(many(40));
  const uplink = start();
  for (let n = 0; n < 60; n++) {
    await clock.advance(25);
    await outbox.append([fault()]);
  }
  await clock.advance(1000);
  assert.is(await outbox.waiting(), 0, 'all went');
  assert.is(made, 4, 'and each of the four messages was made once');
  const telemetry = batches(broker.delivered.filter(({ topic }) => topic === 'test/telemetry')).flat();
  assert.equal(
    telemetry,
    Array.from({ length: 40 }, (_, n) => n + 1),
    'each once, in order',
  );
  await stop(uplink);
});

test.run();
