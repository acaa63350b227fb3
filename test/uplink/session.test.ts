/** The link of the session: connecting, back-off, why, stopping. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { backoffMs } from '../../src/uplink/backoff.ts';
import { CONNECT_LIMIT_MS } from '../../src/uplink/session.ts';
import { fault, rig, seqs, trip } from './rig.ts';

test('the first attempt waits a little, and the birth message is retained', async () => {
  const { clock, broker, start, stop } = rig();
  const uplink = start();
  assert.is(uplink.state.state, 'waiting', 'a city of boxes has just got its power back: not all at once');
  await clock.advance(499);
  assert.is(broker.attempts.length, 0, 'not before its time');
  await clock.advance(1);
  assert.is(uplink.state.state, 'online', 'online after CONNACK');
  const [options] = broker.attempts;
  assert.is(options?.clientId, 'hoistway-box-1', 'the default client id names the box');
  assert.is(options?.will?.topic, 'hoistway/v1/box-1/status', 'the will goes to the status topic');
  assert.match(String(options?.will?.payload), /"online":false.*"why":"lost"/, 'the will says why it is offline');
  assert.match(broker.statuses[0]?.payload ?? '', /"online":true/, 'the birth message says online');
  await stop(uplink);
});

test('no CONNACK in time: torn down and tried again', async () => {
  const { clock, broker, start, stop, remarks } = rig();
  broker.accepts = false;
  const uplink = start();
  await clock.advance(500 + CONNECT_LIMIT_MS - 1);
  assert.is(uplink.state.state, 'connecting', 'still waiting for the CONNACK');
  await clock.advance(1);
  assert.is(broker.dropped, 1, 'the attempt is torn down');
  assert.is(uplink.state.state, 'waiting', 'and waits to try again');
  assert.match(uplink.state.why.en, /did not answer in time/, 'it says why');
  await clock.advance(1000);
  assert.is(broker.attempts.length, 2, 'the next attempt comes after half of 2 s');
  assert.is(remarks.length, 1, 'the journal is told once');
  await stop(uplink);
});

test('attempts that fail back off to the longest wait, and the journal is not flooded', async () => {
  const { clock, broker, start, stop, remarks } = rig({ random: 0.999 });
  broker.accepts = false;
  const uplink = start();
  const times: number[] = [];
  for (let n = 0; n < 9; n++) {
    while (!broker.linked) await clock.advance(10);
    times.push(clock.monoMs());
    broker.close({ kind: 'unreachable', detail: 'ECONNREFUSED' });
  }
  const waits = times.slice(1).map((time, n) => Math.round((time - (times[n] ?? 0)) / 1000));
  assert.equal(waits, [2, 4, 8, 16, 32, 60, 60, 60], 'doubling, up to retryMaxMs');
  assert.is(remarks.length, 1, 'one line for one trouble');
  assert.match(uplink.state.why.en, /cannot be reached: ECONNREFUSED/, 'the page says why');
  await stop(uplink);
});

test('jitter is full: from nothing to the limit', () => {
  const usual = { retryFirstMs: 1000, retryMaxMs: 60_000 };
  assert.is(backoffMs(3, usual, 0), 0, 'may be nothing');
  assert.is(backoffMs(3, usual, 0.5), 4000, 'half of eight seconds');
  assert.is(backoffMs(5000, usual, 0.5), 30_000, 'no overflow after years');
});

test('a broker that takes the box and throws it out does not end the back-off', async () => {
  const { clock, broker, start, stop } = rig({ random: 0.999 });
  const uplink = start();
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    while (!broker.linked) await clock.advance(10);
    times.push(clock.monoMs());
    await clock.advance(5000);
    broker.close({ kind: 'kicked', detail: 'Session taken over (142)' });
  }
  const waits = times.slice(1).map((time, n) => Math.round((time - (times[n] ?? 0)) / 1000) - 5);
  assert.equal(waits, [2, 4, 8, 16], 'doubling although each attempt got a CONNACK');
  assert.match(uplink.state.why.en, /ended the session: Session taken over/, 'kicked is told');
  await stop(uplink);
});

for (const [name, onlineMs, acked, next] of [
  ['9.9 s with an acknowledgement', 9900, true, 2],
  ['10 s with an acknowledgement', 10_000, true, 1],
  ['59.9 s without one', 59_900, false, 2],
  ['60 s without one', 60_000, false, 1],
] as const)
  test(`a session of ${name}: the next wait is up to ${next} s`, async () => {
    const { clock, broker, outbox, start, stop } = rig({ random: 0.999 });
    const uplink = start();
    if (acked) await outbox.append([trip()]);
    while (!broker.linked) await clock.advance(1);
    await clock.advance(onlineMs);
    broker.close();
    const since = clock.monoMs();
    broker.accepts = false;
    while (!broker.linked) await clock.advance(10);
    assert.is(Math.round((clock.monoMs() - since) / 1000), next, 'the session lasted, or it did not');
    await stop(uplink);
  });

test('a link that acknowledges nothing is torn down after a minute', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  broker.acknowledges = false;
  const uplink = start();
  await outbox.append([trip()]);
  await clock.advance(60_499);
  assert.is(uplink.state.state, 'online', 'patient for a minute');
  await clock.advance(1);
  assert.is(broker.dropped, 1, 'then torn down');
  assert.match(uplink.state.why.en, /stopped acknowledging/, 'it says why');
  await stop(uplink);
});

test('a broker that acknowledges nothing for 10 s is told as slow, once a session, until it does', async () => {
  const { clock, broker, outbox, start, stop, remarks } = rig();
  broker.acknowledges = false;
  const uplink = start();
  await clock.advance(500);
  const told = () => remarks.filter((line) => line.includes('is slow')).length;
  for (const seq of [1, 2]) {
    await outbox.append([fault()]);
    await clock.advance(9999);
    assert.match(uplink.state.why.en, /^connected/, `record ${seq}: patient for 10 s`);
    await clock.advance(1);
    assert.match(uplink.state.why.en, /is slow/, `record ${seq}: on the board`);
    broker.acknowledge();
    await clock.advance(0);
    assert.match(uplink.state.why.en, /^connected/, `record ${seq}: acknowledged`);
  }
  assert.is(told(), 1, 'the journal is told once');
  assert.is(broker.attempts.length, 1, 'and the link stays');
  await clock.advance(3_600_000);
  assert.is(told(), 1, 'a link with nothing to acknowledge is not slow');
  await stop(uplink);
});

test('a record that can never be sent is told in the journal and on the board, and the rest goes on', async () => {
  const { clock, broker, outbox, start, stop, remarks } = rig();
  broker.granted = { ...broker.granted, maximumPacketBytes: 300 };
  const large = { ...fault(), body: { ...fault().body, note: 'x'.repeat(400) } };
  await outbox.append([large, large]);
  const uplink = start();
  await clock.advance(1000);
  assert.match(uplink.state.why.en, /can never be sent/, 'on the board');
  assert.is(remarks.filter((line) => line.includes('can never be sent')).length, 1, 'two of them are one line');
  assert.is(outbox.poisoned.length, 2, 'both are set aside');
  await outbox.append([fault()]);
  await clock.advance(100);
  assert.equal(seqs(broker.delivered), [3], 'the next goes');
  assert.match(uplink.state.why.en, /^connected/, 'and the board is well again');
  await stop(uplink);
});

test('stop waits for what is in flight, says goodbye, and forgets what was acknowledged', async () => {
  const { clock, broker, outbox, start } = rig();
  broker.acknowledges = false;
  const uplink = start();
  await outbox.append([fault(), trip()]);
  await clock.advance(500);
  assert.equal(seqs(broker.delivered), [1, 2], 'both are on their way');
  let done = false;
  const stopped = uplink.stop().then(() => {
    done = true;
  });
  await clock.advance(100);
  assert.is(broker.statuses.length, 1, 'no goodbye while something is in flight');
  broker.acknowledge();
  broker.acknowledge();
  await clock.advance(0);
  await stopped;
  assert.ok(done, 'stop resolves without waiting for a timer');
  assert.match(broker.statuses[1]?.payload ?? '', /"online":false.*"why":"stopped"/, 'the goodbye says stopped');
  assert.is(broker.ended, 1, 'with a DISCONNECT, so that no will follows');
  assert.equal(outbox.forgotten, [1, 2], 'what was acknowledged is forgotten');
  assert.is(uplink.state.state, 'off', 'off in the end');
  assert.is(uplink.state.sent, 2, 'both count as sent');
});

test('stop does not wait for ever for a broker that is silent', async () => {
  const { clock, broker, outbox, start } = rig();
  broker.acknowledges = false;
  const uplink = start();
  await outbox.append([fault()]);
  await clock.advance(500);
  const stopped = uplink.stop();
  await clock.advance(2000);
  await stopped;
  assert.is(uplink.state.state, 'off', 'off after two seconds');
  assert.is(await outbox.waiting(), 1, 'the record stays for the next start');
});

test('stop ends a wait and an attempt at once', async () => {
  const waiting = rig();
  await waiting.start().stop();
  await waiting.clock.advance(100_000);
  assert.is(waiting.broker.attempts.length, 0, 'no attempt after the stop');

  const connecting = rig();
  connecting.broker.accepts = false;
  const uplink = connecting.start();
  await connecting.clock.advance(500);
  await uplink.stop();
  assert.is(connecting.broker.dropped, 1, 'the attempt is dropped');
  assert.is(uplink.stop(), uplink.stop(), 'a second stop is the same stop');
});

test('what an earlier link still says is not heard', async () => {
  const { clock, broker, outbox, start, stop } = rig();
  broker.acknowledges = false;
  const uplink = start();
  await outbox.append([trip()]);
  await clock.advance(500);
  const [late] = broker.waiting;
  broker.close();
  await clock.advance(1000);
  assert.equal(seqs(broker.delivered), [1, 1], 'the record is on its way again');
  late?.done({ ok: true });
  await clock.advance(100);
  assert.equal(outbox.forgotten, [], 'an acknowledgement after the end of its link does not count');
  await stop(uplink);
});

test.run();
