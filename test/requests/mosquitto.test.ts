/** Requests against a real Mosquitto: each is answered, and each that must not be is refused with its reason. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Mosquitto, startMosquitto } from '../../hil/wire/mosquitto.ts';
import { sleep, systemClock } from '../../src/clock.ts';
import type { LiveMessage } from '../../src/requests/answer.ts';
import { Silence } from '../../src/requests/asker.ts';
import { newKey } from '../../src/requests/sign.ts';
import { hear, until } from '../uplink/live.ts';
import { fault, trip } from '../uplink/rig.ts';
import { endAll, openAsker, rawClient, startBox } from './box.ts';
import { requestOf } from './keys.ts';

async function withBroker(run: (broker: Mosquitto) => Promise<void>): Promise<void> {
  const broker = await startMosquitto();
  try {
    await run(broker);
  } finally {
    await endAll();
    await broker.stop();
  }
}

async function online(url: string, ...of: Parameters<typeof startBox> extends [string, ...infer R] ? R : never) {
  const box = startBox(url, ...of);
  await until(() => box.uplink.state.state === 'online', 'the box is online');
  // The subscription is asked for right after the CONNACK.
  await sleep(systemClock, 300);
  return box;
}

for (const protocol of ['5', '3.1.1'] as const)
  test(`self-test and doctor are answered (MQTT ${protocol})`, () =>
    withBroker(async ({ url }) => {
      const box = await online(url, { protocol });
      const asker = await openAsker(url);
      const checked = await asker.ask('self-test', {});
      assert.ok(checked.ok && checked.last, 'answered');
      const clock = checked.checks?.find(({ name }) => name === 'clock');
      assert.is(clock?.pass, true, 'with its checks');
      const doctor = await asker.ask('doctor', {});
      const report = doctor.report as { journal: string[]; configuration: object } | undefined;
      assert.equal(report?.configuration, { box: 'box-1' }, 'the configuration in short');
      assert.ok(
        report?.journal.some((line) => /request: self-test by tester/.test(line)),
        'the journal, in which each request stands',
      );
      assert.is(box.uplink.state.sent, 0, 'no record was made of it');
    }));

test('live: what changes is shown twice a second, until it is over', () =>
  withBroker(async ({ url }) => {
    const box = await online(url);
    const asker = await openAsker(url);
    const seen: LiveMessage[] = [];
    await asker.watchLive((message) => seen.push(message));
    const answer = await asker.ask('live', { minutes: 1 });
    assert.ok(answer.ok, 'let through');
    await until(() => seen.length === 1, 'the first view');
    assert.equal(
      seen[0]?.lifts.map(({ id }) => id),
      box.shown.board.lifts.map(({ id }) => id),
      'all lifts at first',
    );
    const [lift, ...rest] = box.shown.board.lifts;
    if (!lift) throw new Error('a lift');
    box.shown.board = { ...box.shown.board, lifts: [{ ...lift, landing: 7 }, ...rest] };
    await until(() => seen.length === 2, 'the change');
    assert.equal(
      seen[1]?.lifts.map(({ id, landing }) => [id, landing]),
      [[lift.id, 7]],
      'that lift alone',
    );
    const left = seen[1]?.leftMs ?? 0;
    assert.ok(left > 30_000 && left < 60_000, `${left} ms left of a minute`);
    assert.ok((await asker.ask('live', { minutes: 10 })).ok, 'prolonged');
    box.shown.board = { ...box.shown.board, lifts: [{ ...lift, landing: 8 }, ...rest] };
    await until(() => (seen.at(-1)?.leftMs ?? 0) > 500_000, 'the same view goes on for longer');
  }));

test('resend: what waits is sent again on its own topic, what is forgotten is told', () =>
  withBroker(async ({ url }) => {
    // The bytes of the day are soon used up: what telemetry is left waits.
    const box = await online(url, { backlogBytesPerS: 1_048_576, dailyKiB: 1 });
    const ear = await hear(url);
    await box.outbox.append([fault()]);
    await until(() => box.outbox.forgotten.length === 1, 'the alarm went, and is forgotten');
    await box.outbox.append(Array.from({ length: 40 }, () => trip()));
    await sleep(systemClock, 500);
    const waiting = await box.outbox.read('telemetry', 0, 100);
    const [first] = waiting;
    assert.ok(first, 'some wait for the next day');
    const asker = await openAsker(url);
    const answer = await asker.ask('resend', { boot: box.outbox.boot, firstSeq: 1, lastSeq: 41 });
    assert.is(answer.sent, waiting.length, 'those that wait');
    assert.equal(answer.missing, [[1, (first?.seq ?? 0) - 1]], 'those that are forgotten, as a run');
    const again = () => ear.records.filter(({ message }) => message.seq >= (first?.seq ?? 0));
    await until(() => again().length >= waiting.length, 'they arrive');
    assert.is(again().at(-1)?.topic, 'hoistway/v1/box-1/a/trip', 'where trips go');
  }));

test('a backlog that is paced does not hold up an answer', () =>
  withBroker(async ({ url }) => {
    const box = await online(url, { backlogBytesPerS: 20_000 });
    await box.outbox.append(Array.from({ length: 3000 }, () => trip()));
    const asker = await openAsker(url);
    assert.ok((await asker.ask('doctor', {})).ok, 'answered');
    assert.ok((await box.outbox.waiting()) > 500, 'while the backlog was on its way');
  }));

test('forged, stale, replayed, retained and oversized ones are refused with a reason', () =>
  withBroker(async ({ url }) => {
    const box = await online(url);
    const raw = await rawClient(url);
    const sentMs = systemClock.wallMs();
    const refusal = async (id: string, payload: string, retain = false) => {
      const before = raw.heard.length;
      await raw.publish(payload, retain);
      await until(() => raw.heard.length > before, `an answer to ${id}`);
      const { topic, message } = raw.heard.at(-1) ?? {};
      assert.is(topic, `hoistway/v1/box-1/response/${id}`, 'on its own topic');
      return message?.reason ?? (message?.ok ? 'done' : 'nothing');
    };
    const forged = requestOf({ id: 'forged-1', sentMs }, { pem: newKey('tester').privatePem });
    assert.is(await refusal('forged-1', forged), 'not-authorised', 'forged');
    const old = requestOf({ id: 'stale-01', sentMs: sentMs - 600_000 });
    assert.is(await refusal('stale-01', old), 'stale', 'of ten minutes ago');
    assert.is(
      await refusal('other-01', requestOf({ id: 'other-01', sentMs, box: 'box-2' })),
      'other-box',
      'another box',
    );
    assert.is(await refusal('write-01', requestOf({ id: 'write-01', sentMs, what: 'write' })), 'unknown', 'unknown');
    const good = requestOf({ id: 'good-001', sentMs, what: 'self-test' });
    assert.is(await refusal('good-001', good), 'done', 'a good one');
    assert.is(await refusal('good-001', good), 'repeated', 'the same again');
    assert.is(await refusal('unread', 'x'.repeat(20_000)), 'too-large', 'oversized');
    assert.is(await refusal('unread', '{}'), 'unreadable', 'no request');
    // What is retained while the box listens comes as fresh; the next session is told that it is not.
    const kept = requestOf({ id: 'kept-001', sentMs: sentMs - 600_000 });
    assert.is(await refusal('kept-001', kept, true), 'stale', 'already too old');
    const second = startBox(url, { clientId: 'another' });
    const before = raw.heard.length;
    await until(() => raw.heard.length > before, 'the new session is handed the retained one');
    assert.is(raw.heard.at(-1)?.message.reason, 'retained', 'and refuses it');
    assert.ok(
      second.remarks.some((line) => /request refused: retained/.test(line)),
      'the journal says so',
    );
    box.shown.keys = '';
    const struck = requestOf({ id: 'struck-1', sentMs: systemClock.wallMs() });
    await raw.publish(struck);
    await until(
      () => raw.heard.some(({ message }) => message.id === 'struck-1' && message.reason === 'not-authorised'),
      'a key struck out asks no more',
    );
  }));

test('what is larger than any request may be does not reach the box', () =>
  withBroker(async ({ url }) => {
    const box = await online(url);
    const raw = await rawClient(url);
    await raw.publish('x'.repeat(1_000_000));
    const asker = await openAsker(url);
    assert.ok((await asker.ask('doctor', {})).ok, 'the session stands');
    assert.is(raw.heard.filter(({ message }) => message.reason === 'too-large').length, 0, 'the broker kept it back');
    assert.is(box.remarks.filter((line) => /connected to the broker/.test(line)).length, 1, 'one session all along');
  }));

test('without a clock that is synchronised the box asks for its nonce', () =>
  withBroker(async ({ url }) => {
    const box = await online(url, { trust: 'rtc' });
    const asker = await openAsker(url);
    const seen: boolean[] = [];
    const answer = await asker.ask('self-test', {}, ({ ok }) => seen.push(ok));
    assert.ok(answer.ok, 'the second time, with the nonce');
    assert.equal(seen, [true], 'who asks sees the answer alone');
    assert.ok(
      box.remarks.some((line) => /request refused: clock/.test(line)),
      'the first was refused',
    );
  }));

test('a box without the setting hears nothing', () =>
  withBroker(async ({ url }) => {
    const raw = await rawClient(url);
    await raw.publish(requestOf({ sentMs: systemClock.wallMs() }));
    const asker = await openAsker(url);
    try {
      await asker.ask('self-test', {});
      assert.unreachable('somebody answered');
    } catch (error) {
      assert.instance(error, Silence, 'nobody answers');
    }
  }));

test.run();
