/** What the uplink hears of the broker, and what it says there beside its records. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { PublishOutcome } from '../../src/uplink/client.ts';
import { covers, TOO_LARGE, UNSAID } from '../../src/uplink/ears.ts';
import { fault, rig, seqs, trip } from './rig.ts';

function earOf(...filters: string[]) {
  const heard: string[] = [];
  return {
    filters,
    heard,
    hear: (topic: string, payload: Uint8Array, retained: boolean) =>
      void heard.push(`${topic} ${Buffer.from(payload)}${retained ? ' retained' : ''}`),
  };
}

const WORD = { topic: 'hoistway/v1/box-1/live', payload: '{"type":"live"}', retain: false };
const codeOf = (outcome: PublishOutcome | undefined) => (outcome?.ok === false ? outcome.reasonCode : outcome);
const trips = (count: number) => Array.from({ length: count }, () => trip());

test('nothing is subscribed to without an ear', async () => {
  const { clock, broker, start, stop } = rig();
  const uplink = start();
  await clock.advance(600);
  assert.is(uplink.state.state, 'online', 'a session stands');
  broker.deliver('a/b', 'x');
  await stop(uplink);
  assert.equal(broker.filters, [], 'no filter');
});

test('an ear hears what its filters cover, in every session anew', async () => {
  const [one, two] = [earOf('a/+/c', 'b'), earOf('#')];
  const { clock, broker, start, stop } = rig({ ears: [one, two] });
  const uplink = start();
  await clock.advance(400);
  assert.equal(broker.filters, [], 'nothing before the CONNACK');
  await clock.advance(200);
  assert.equal(broker.filters, ['a/+/c', 'b', '#'], 'after it, each filter once');
  broker.deliver('a/b/c', '1');
  broker.deliver('b', '2', true);
  broker.deliver('a/c', '3');
  assert.equal(one.heard, ['a/b/c 1', 'b 2 retained'], 'what its filters cover');
  assert.is(two.heard.length, 3, 'the other hears all');
  broker.close();
  await clock.advance(5000);
  assert.is(broker.filters.length, 6, 'the next session begins without a subscription');
  await stop(uplink);
});

test('a filter that the broker refuses is told, and hurts nothing', async () => {
  const { clock, broker, outbox, remarks, start, stop } = rig({ ears: [earOf('a')] });
  broker.refusesFilters = true;
  const uplink = start();
  await clock.advance(600);
  await outbox.append([fault()]);
  await clock.advance(1000);
  assert.match(remarks.join(' '), /the broker refuses a: not authorised/, 'why');
  assert.equal(seqs(broker.delivered), [1], 'records go');
  await stop(uplink);
});

test('a word beside the records goes when there is a session, and resolves with its answer', async () => {
  const { clock, broker, start, stop } = rig();
  const uplink = start();
  assert.is(codeOf(await uplink.say(WORD)), UNSAID, 'no session yet');
  await clock.advance(600);
  assert.equal(await uplink.say(WORD), { ok: true }, 'acknowledged');
  broker.verdict = () => 0x87;
  assert.is(codeOf(await uplink.say(WORD)), 0x87, 'refused');
  assert.is(broker.delivered.length, 2, 'both were sent');
  assert.is(uplink.state.sent, 0, 'no record was sent');
  await stop(uplink);
  assert.is(codeOf(await uplink.say(WORD)), UNSAID, 'no session any more');
});

test('one word at a time; a lost link or a stop answers it', async () => {
  const { clock, broker, start, stop } = rig();
  broker.acknowledges = false;
  const uplink = start();
  await clock.advance(600);
  const first = uplink.say(WORD);
  assert.is(codeOf(await uplink.say(WORD)), UNSAID, 'the second is told at once');
  broker.close();
  assert.is(codeOf(await first), UNSAID, 'nobody knows whether it came');
  await clock.advance(5000);
  const last = uplink.say(WORD);
  await stop(uplink);
  assert.is(codeOf(await last), UNSAID, 'the stop does not wait for ever');
  assert.is(broker.delivered.length, 2, 'each was sent once');
});

test('alarms go first, and the word takes a place of the window', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  broker.granted = { ...broker.granted, receiveMaximum: 3 };
  broker.acknowledges = false;
  await outbox.append(trips(9));
  const uplink = start();
  await clock.advance(600);
  assert.is(broker.waiting.length, 2, 'telemetry leaves a place of the three');
  assert.is(codeOf(await uplink.say(WORD)), UNSAID, 'that place is for alarms, not for words');
  broker.acknowledge();
  const word = uplink.say(WORD);
  assert.is(broker.waiting.length, 2, 'it takes the place of a trip');
  await outbox.append([fault(), fault()]);
  await clock.advance(10);
  assert.is(broker.waiting.length, 3, 'the fake broker throws at a fourth');
  broker.acknowledge(broker.waiting[0]);
  await clock.advance(10);
  broker.acknowledge(broker.waiting.find(({ delivery }) => delivery.message.type === 'live'));
  assert.equal(await word, { ok: true }, 'its turn came');
  const release = outbox.hold();
  await outbox.append([fault()]);
  assert.is(codeOf(await uplink.say(WORD)), UNSAID, 'an alarm that is being read goes first');
  release();
  broker.acknowledges = true;
  while (broker.waiting.length > 0) {
    broker.acknowledge();
    await clock.advance(10);
  }
  await stop(uplink);
  assert.is(await outbox.waiting(), 0, 'all records went');
});

test('a word larger than the broker takes is not sent', async () => {
  const { clock, broker, start, stop } = rig();
  broker.granted = { ...broker.granted, maximumPacketBytes: 40 };
  const uplink = start();
  await clock.advance(600);
  assert.is(codeOf(await uplink.say(WORD)), TOO_LARGE, 'as a broker would say');
  assert.is(broker.delivered.length, 0, 'nothing sent');
  await stop(uplink);
});

test('its bytes are charged: the backlog yields', async () => {
  const { clock, broker, outbox, start, stop } = rig({ settings: { backlogBytesPerS: 1000 } });
  const uplink = start();
  await clock.advance(600);
  await uplink.say({ ...WORD, payload: JSON.stringify({ type: 'live', text: 'x'.repeat(3000) }) });
  await outbox.append(trips(1));
  await clock.advance(1000);
  assert.is(broker.delivered.length, 1, 'telemetry waits for its share of the line');
  await clock.advance(2000);
  assert.is(broker.delivered.length, 2, 'and then goes');
  await stop(uplink);
});

test('a broker that answers nothing to a word is found out', async () => {
  const { clock, broker, remarks, start, stop } = rig();
  broker.acknowledges = false;
  const uplink = start();
  await clock.advance(600);
  const word = uplink.say(WORD);
  await clock.advance(61_000);
  assert.is(codeOf(await word), UNSAID, 'the link was torn down');
  assert.match(remarks.join(' '), /stopped acknowledging/, 'and why');
  await stop(uplink);
});

test('filters cover topics as MQTT has it', () => {
  const yes = [
    ['a', 'a'],
    ['a/+', 'a/b'],
    ['+/b', 'a/b'],
    ['#', 'a/b'],
    ['a/#', 'a/b/c'],
    ['a/#', 'a'],
  ] as const;
  const no = [
    ['a', 'b'],
    ['a/+', 'a'],
    ['a/+', 'a/b/c'],
    ['a/#', 'b/c'],
    ['a/b', 'a'],
  ] as const;
  for (const [filter, topic] of yes) assert.ok(covers(filter, topic), `${filter} covers ${topic}`);
  for (const [filter, topic] of no) assert.not.ok(covers(filter, topic), `${filter} does not cover ${topic}`);
});

test.run();
