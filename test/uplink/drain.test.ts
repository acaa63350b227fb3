/** What goes out, in which order, and what becomes of it. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fault, rig, seqs, trip } from './rig.ts';

const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

test('entrapments first, then the other alarms, then telemetry', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  await outbox.append([
    trip(),
    fault(),
    trip(),
    fault('controller-silent'),
    fault('entrapment'),
    fault('entrapment', 'end'),
  ]);
  const uplink = start();
  await clock.advance(1000);
  assert.equal(seqs(broker.delivered), [5, 6, 2, 4, 1, 3], 'in order of urgency');
  await clock.advance(100);
  assert.is(await outbox.waiting(), 0, 'all of it is forgotten');
  await stop(uplink);
});

test('an entrapment behind a thousand alarms goes first', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  await outbox.append([...many(1000, () => fault()), fault('entrapment')]);
  const uplink = start();
  await clock.advance(500);
  assert.is(broker.delivered[0]?.message.seq, 1001, 'the rescuer does not wait for the backlog');
  await clock.advance(10_000);
  assert.equal(
    seqs(broker.delivered).slice(1),
    many(1000, (n) => n + 1),
    'the others follow in order, each once',
  );
  await stop(uplink);
});

test('an alarm overtakes a backlog of telemetry', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  broker.acknowledges = false;
  await outbox.append(many(50, () => trip()));
  const uplink = start();
  await clock.advance(500);
  assert.equal(seqs(broker.delivered), [1, 2, 3], 'telemetry leaves one place of the window for alarms');
  await outbox.append([fault()]);
  await clock.advance(10);
  assert.equal(seqs(broker.delivered), [1, 2, 3, 51], 'the alarm takes it at once');
  broker.close();
  await stop(uplink);
});

test('the window is the smaller of ours and what the broker takes', async () => {
  for (const [receiveMaximum, expected] of [
    [1, 1],
    [2, 2],
    [1000, 4],
  ] as const) {
    const { clock, broker, outbox, start } = rig();
    broker.acknowledges = false;
    broker.granted = { ...broker.granted, receiveMaximum };
    await outbox.append(many(20, () => fault()));
    start();
    await clock.advance(600);
    assert.is(broker.waiting.length, expected, `receive maximum ${receiveMaximum}`);
  }
});

test('a window of one passes alarms and telemetry, one by one', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  broker.granted = { ...broker.granted, receiveMaximum: 1 };
  await outbox.append([trip(), trip(), fault(), fault('entrapment')]);
  const uplink = start();
  await clock.advance(1000);
  assert.equal(seqs(broker.delivered), [4, 3, 1, 2], 'the same order');
  await stop(uplink);
});

test('after a lost link everything not acknowledged goes again, with the same bytes', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  broker.acknowledges = false;
  await outbox.append(many(4, () => fault()));
  const uplink = start();
  await clock.advance(500);
  broker.acknowledge(broker.waiting[1]);
  broker.close();
  await clock.advance(1000);
  const [first, second] = [0, 1].map((link) => broker.delivered.filter((delivery) => delivery.link === link));
  assert.equal(seqs(first ?? []), [1, 2, 3, 4], 'the first link carried all four');
  assert.equal(seqs(second ?? []), [1, 3, 4], 'the second those without an acknowledgement');
  assert.is(second?.[0]?.payload, first?.[0]?.payload, 'a repeat is the same message');
  await stop(uplink);
});

test('acknowledged records are forgotten in batches: 50 ms, or a hundred', async () => {
  const { clock, broker, outbox, start, stop } = rig({ settings: { window: 250 } });
  await outbox.append(many(3, () => trip()));
  const uplink = start();
  await clock.advance(549);
  assert.equal(outbox.batches, [], 'not at once');
  await clock.advance(1);
  assert.equal(outbox.batches, [3], 'together after 50 ms');
  await outbox.append(many(150, () => trip()));
  await clock.advance(0);
  assert.is(outbox.batches[1], 100, 'a hundred do not wait');
  assert.is(broker.delivered.length, 153, 'all are delivered');
  await stop(uplink);
});

test('new records wake a quiet line; nothing is read while nothing comes', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  const uplink = start();
  await clock.advance(1000);
  const reads = outbox.reads;
  await clock.advance(3_600_000);
  assert.is(outbox.reads, reads, 'an hour without records costs no read');
  await outbox.append([fault('entrapment')]);
  await clock.advance(0);
  assert.equal(seqs(broker.delivered), [1], 'on its way in the same instant');
  await stop(uplink);
});

test('a record that comes while the outbox is being read is not missed', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  const read = outbox.read.bind(outbox);
  let append = true;
  outbox.read = async (lane, afterId, limit) => {
    const rows = await read(lane, afterId, limit);
    if (lane === 'telemetry' && append) {
      append = false;
      await outbox.append([trip()]);
    }
    return rows;
  };
  const uplink = start();
  await clock.advance(1000);
  assert.equal(seqs(broker.delivered), [1], 'read again after it was told of it');
  await stop(uplink);
});

test('an alarm that comes while telemetry is being read goes first', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  const uplink = start();
  await clock.advance(1000);
  const open = outbox.hold();
  await outbox.append([trip(), trip()]);
  await clock.advance(10);
  await outbox.append([fault()]);
  open();
  await clock.advance(10);
  assert.equal(seqs(broker.delivered), [3, 1, 2], 'what was read is read again, after the alarm');
  await stop(uplink);
});

test('what was read for an earlier link does not count for the next', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  const open = outbox.hold();
  const uplink = start();
  await clock.advance(500);
  broker.close();
  await outbox.append([fault(), fault('entrapment')]);
  await clock.advance(1000);
  open();
  await clock.advance(10);
  assert.equal(seqs(broker.delivered), [2, 1], 'the entrapment is not missed by the look for entrapments');
  await stop(uplink);
});

test('a record refused for good is set aside with the reason; the others go on', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  broker.verdict = ({ message }) => (message.seq === 2 ? 0x99 : null);
  await outbox.append(many(3, () => fault()));
  const uplink = start();
  await clock.advance(1000);
  assert.equal(
    outbox.poisoned.map(({ record, reason }) => [record.id, reason]),
    [[2, 'city: reason 153']],
    'payload format invalid is final',
  );
  assert.equal(outbox.forgotten, [1, 3], 'the others are forgotten as usual');
  assert.is(uplink.state.sent, 2, 'a poisoned record does not count as sent');
  await stop(uplink);
});

test('a record that can never go is set aside unsent: no topic, or larger than the broker takes', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  broker.granted = { ...broker.granted, maximumPacketBytes: 200 };
  await outbox.append([
    { lane: 'telemetry', lift: 'a', body: { type: 'a/b' } },
    { lane: 'telemetry', lift: 'a', body: { type: 'trip', note: 'x'.repeat(200) } },
    trip(),
  ]);
  const uplink = start();
  await clock.advance(1000);
  assert.equal(
    outbox.poisoned.map(({ record }) => record.id),
    [1, 2],
    'both are set aside',
  );
  assert.match(outbox.poisoned[1]?.reason ?? '', /the broker takes 200/, 'with the reason');
  assert.equal(seqs(broker.delivered), [3], 'neither was sent');
  await stop(uplink);
});

test('quota exceeded: kept, and sent again after a pause that grows', async () => {
  const { clock, broker, outbox, start, stop, remarks } = rig();
  let refuse = true;
  broker.verdict = () => (refuse ? 0x97 : null);
  await outbox.append(many(2, () => fault()));
  const uplink = start();
  await clock.advance(60_000);
  assert.is(uplink.state.state, 'online', 'the link stays');
  assert.match(uplink.state.why.en, /refuses records: reason 151/, 'it says why');
  assert.is(remarks.length, 2, 'the journal has one line for it, after the one for the connection');
  const tries = broker.delivered.length;
  assert.ok(tries > 4 && tries < 20, `a few attempts in a minute, not a storm: ${tries}`);
  assert.equal(outbox.poisoned, [], 'nothing is set aside');
  refuse = false;
  await clock.advance(60_000);
  assert.equal(outbox.forgotten, [1, 2], 'both go through in the end');
  assert.match(uplink.state.why.en, /connected/, 'and all is well again');
  await stop(uplink);
});

test('a topic that is not authorised rests; the other topics go on', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  let refuse = true;
  broker.verdict = ({ topic }) => (refuse && topic.endsWith('/fault') ? 0x87 : null);
  await outbox.append([...many(10, () => fault()), ...many(3, () => trip())]);
  const uplink = start();
  await clock.advance(2000);
  assert.equal(outbox.forgotten, [11, 12, 13], 'trips pass');
  assert.ok(broker.delivered.length < 13, 'the topic is not tried record by record');
  refuse = false;
  await clock.advance(61_000);
  assert.is(await outbox.waiting(), 0, 'once the topic is allowed its records go');
  await stop(uplink);
});

test('an outbox that cannot be read is asked again', async () => {
  const { clock, broker, outbox, start, stop, remarks } = rig();
  outbox.unreadable = true;
  await outbox.append([fault()]);
  const uplink = start();
  await clock.advance(1000);
  assert.ok(
    remarks.some((line) => line.includes('disk')),
    'the journal is told',
  );
  outbox.unreadable = false;
  await clock.advance(6000);
  assert.equal(seqs(broker.delivered), [1], 'sent when it can be read');
  await stop(uplink);
});

test('an outbox that cannot forget: no repeat in this session, and the line waits rather than fill memory', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  await outbox.append(many(3000, () => trip()));
  outbox.failing = 'the disk does not take it';
  const uplink = start();
  await clock.advance(4000);
  const sent = broker.delivered.length;
  assert.ok(sent >= 2000 && sent <= 2004, `it stops at two thousand: ${sent}`);
  outbox.failing = null;
  await clock.advance(30_000);
  assert.is(broker.delivered.length, 3000, 'each once');
  assert.is(await outbox.waiting(), 0, 'all are forgotten');
  await stop(uplink);
});

test.run();
