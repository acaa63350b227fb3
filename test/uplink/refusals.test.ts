/** A real Mosquitto that refuses: a box, a topic, a record; or throws a box out. With what the journal and the board say of it. */

import { randomBytes } from 'node:crypto';
import mqtt from 'mqtt';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeAccounts } from '../../hil/wire/accounts.ts';
import { RECORD_ENDS } from '../../src/uplink/suspects.ts';
import { endAll, hear, live, online, saysTakenOver, told, until, withBroker } from './live.ts';
import { fault, trip } from './rig.ts';

/** Some 4 kB. */
const large = () => ({ ...trip(), body: { ...trip().body, note: 'x'.repeat(4000) } });

for (const protocol of ['5', '3.1.1'] as const)
  test(`a wrong password (MQTT ${protocol})`, () =>
    withBroker(
      async (broker) => {
        const passwordFile = new URL(import.meta.url).pathname;
        const box = live(broker.url, { protocol, username: 'box', passwordFile });
        box.start();
        assert.match(await told(box, 'not-admitted'), /Not authorized/i, 'the word of the broker');
      },
      { config: ['allow_anonymous false'] },
    ));

test('a will larger than the broker stores: it refuses the box', () =>
  withBroker(
    async (broker) => {
      const box = live(broker.url);
      box.start();
      assert.match(await told(box, 'refused'), /Packet too large \(149\)$/, 'the word of the broker');
    },
    { config: ['message_size_limit 20'] },
  ));

for (const [name, line, words] of [
  ['QoS 0 only', 'max_qos 0', /QoS not supported \(155\)$/],
  ['nothing retained', 'retain_available false', /Retain not supported \(154\)$/],
] as const)
  test(`a broker that cannot serve a box: ${name}`, () =>
    withBroker(
      async (broker) => {
        const box = live(broker.url);
        box.start();
        assert.match(await told(box, 'unfit'), words, 'the word of the broker');
      },
      { config: [line] },
    ));

const faultsOnly = { acl: ['topic read #', 'topic write +/+/+/status', 'topic write +/+/+/+/fault'] };

test('a topic that is not allowed: the others go on, and its records wait (MQTT 5)', () =>
  withBroker(async (broker) => {
    const ear = await hear(broker.url);
    const box = live(broker.url);
    await box.outbox.append([trip(), trip(), fault()]);
    box.start();
    assert.match(await told(box, 'refused-topic'), /Not authorized \(135\)/, 'the word of the broker');
    await until(() => ear.records.length === 1, 'the fault arrives');
    assert.is(ear.records[0]?.message.seq, 3, 'what is allowed');
    assert.equal(box.outbox.poisoned, [], 'nothing is set aside');
    await endAll();
    assert.is(await box.outbox.waiting(), 2, 'and nothing is lost');
  }, faultsOnly));

test('a topic that is not allowed: 3.1.1 has no word for it, and the broker drops what it acknowledges', () =>
  withBroker(async (broker) => {
    const ear = await hear(broker.url);
    const box = live(broker.url, { protocol: '3.1.1' });
    await box.outbox.append([trip(), fault()]);
    const uplink = box.start();
    await until(() => uplink.state.sent === 2, 'both are acknowledged');
    await until(() => ear.records.length === 1, 'the fault arrives');
    assert.is(ear.records[0]?.message.seq, 2, 'the trip was dropped behind the broker');
    assert.equal(box.remarks, [], 'and the box cannot know');
  }, faultsOnly));

test('a message larger than the broker stores: refused, told, set aside; the rest goes on', () =>
  withBroker(
    async (broker) => {
      const ear = await hear(broker.url);
      const box = live(broker.url);
      await box.outbox.append([large(), trip()]);
      box.start();
      assert.match(await told(box, 'refused-final'), /Packet too large \(149\)/, 'the word of the broker');
      await until(() => ear.records.length === 1, 'the other arrives');
      await until(() => box.outbox.poisoned.length === 1, 'the large one is set aside');
    },
    { config: ['message_size_limit 2000'] },
  ));

test('a packet larger than the broker takes: set aside unsent, and told', () =>
  withBroker(
    async (broker) => {
      const ear = await hear(broker.url);
      const box = live(broker.url);
      await box.outbox.append([large(), trip()]);
      box.start();
      await told(box, 'set-aside');
      await until(() => ear.records.length === 1, 'the other arrives, in the same session');
      assert.equal(ear.statuses, ['online'], 'the broker never saw it');
    },
    { config: ['max_packet_size 2000'] },
  ));

test('a packet larger than the broker takes, over 3.1.1, which has no word for it: set aside after so many ends', () =>
  withBroker(
    async (broker) => {
      const ear = await hear(broker.url);
      const box = live(broker.url, { protocol: '3.1.1', retryMaxMs: 1000 });
      await box.outbox.append([trip(), large(), trip(), fault()]);
      const uplink = box.start();
      assert.match(await told(box, 'refused-unsaid'), /PUBLISH, 4\d\d\d B/, 'its size');
      await until(() => uplink.state.sent === 3, 'the others arrive');
      assert.equal(
        box.outbox.poisoned.map(({ record }) => record.id),
        [2],
        'that one alone is set aside',
      );
      assert.is(
        ear.statuses.filter((status) => status === 'lost').length,
        RECORD_ENDS + 2,
        'twice among others, then alone',
      );
      assert.equal(
        ear.records.map(({ message }) => message.seq).sort((a, b) => a - b),
        [1, 3, 4],
        'and none came twice',
      );
    },
    { config: ['max_packet_size 2000'] },
  ));

test('messages of many records, larger than the broker takes, over 3.1.1: made smaller, and none is set aside', () =>
  withBroker(
    async (broker) => {
      const ear = await hear(broker.url);
      const box = live(broker.url, { protocol: '3.1.1', payload: 'small', retryMaxMs: 1000 });
      const noise = () => randomBytes(30).toString('base64');
      await box.outbox.append(
        Array.from({ length: 600 }, () => ({ ...trip(), body: { ...trip().body, note: noise() } })),
      );
      const uplink = box.start();
      await until(() => uplink.state.sent === 600, 'all arrive');
      assert.equal(box.outbox.poisoned, [], 'none is set aside');
      assert.ok(ear.statuses.includes('lost'), 'although the broker hung up');
    },
    { config: ['max_packet_size 2000'] },
  ));

test('kicked: an administrator of the broker shuts this box out, and says so', async () => {
  const accounts = await makeAccounts();
  const { config, passwordFile } = accounts;
  try {
    await withBroker(
      async (broker) => {
        await accounts.create(broker.port, 'box');
        const box = live(broker.url, { username: 'box', passwordFile });
        await online(box.start());
        await accounts.disable(broker.port, 'box');
        assert.match(await told(box, 'kicked'), /Administrative action \(152\)$/, 'the word of the broker');
        await told(box, 'not-admitted');
      },
      { config },
    );
  } finally {
    await accounts.remove();
  }
});

test('kicked by a duplicate client id: Mosquitto hangs up without a word before 2.0.15', () =>
  withBroker(async (broker) => {
    const box = live(broker.url);
    const uplink = box.start();
    await online(uplink);
    const rival = mqtt.connect(broker.url, { clientId: 'hoistway-box-1', reconnectPeriod: 0 });
    rival.on('error', () => undefined);
    await until(() => box.remarks.length > 0, 'it is told');
    const words = (await saysTakenOver(broker))
      ? /took the session: Session taken over/
      : /may another client use the same client id/;
    assert.match(box.remarks[0] ?? '', words, 'what may be the cause, or what is');
    rival.end(true);
  }));

test.after.each(endAll);

test.run();
