/** Against a real Mosquitto: both protocols, a broker that dies in a drain, a duplicate client id, receive maximum. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Mosquitto, startMosquitto } from '../../hil/wire/mosquitto.ts';
import { type Ear, endAll, hear, live, until } from './live.ts';
import { fault, trip } from './rig.ts';

async function withBroker(run: (broker: Mosquitto) => Promise<void>, config: readonly string[] = []): Promise<void> {
  const broker = await startMosquitto({ config });
  try {
    await run(broker);
  } finally {
    await endAll();
    await broker.stop();
  }
}

const trips = (count: number) => Array.from({ length: count }, () => trip());
const seqsOf = (ear: Ear) => ear.records.map(({ message }) => message.seq);

for (const protocol of ['5', '3.1.1'] as const) {
  test(`a backlog drains, alarms first (MQTT ${protocol})`, () =>
    withBroker(async (broker) => {
      const ear = await hear(broker.url);
      const { outbox, start } = live(broker.url, { protocol });
      await outbox.append([...trips(200), fault(), fault('entrapment')]);
      const uplink = start();
      await until(() => ear.records.length >= 202, 'all 202 records arrive');
      assert.equal(seqsOf(ear), [202, 201, ...Array.from({ length: 200 }, (_, n) => n + 1)], 'in order of urgency');
      await uplink.stop();
      assert.is(await outbox.waiting(), 0, 'the outbox is empty');
      await until(() => ear.statuses.length >= 2, 'the goodbye arrives');
      assert.equal(ear.statuses, ['online', 'stopped'], 'a clean goodbye, without the last will');
    }));

  test(`the broker is killed in a drain and comes back (MQTT ${protocol})`, () =>
    withBroker(async (broker) => {
      const first = await hear(broker.url);
      const { outbox, start } = live(broker.url, { protocol, window: 5 });
      await outbox.append(trips(2000));
      const uplink = start();
      await until(() => first.records.length >= 300, 'the drain is under way');
      await broker.kill();
      await until(() => uplink.state.state !== 'online', 'the loss is noticed');
      first.close();
      const heard = new Set(seqsOf(first));
      // Nothing is sent until the new listener is in place.
      const open = outbox.hold();
      await broker.restart();
      const second = await hear(broker.url);
      open();
      await until(() => second.records.at(-1)?.message.seq === 2000, 'the drain ends');
      for (const seq of seqsOf(second)) heard.add(seq);
      // What the first broker acknowledged with its last breath may have died with it on the way to the listener.
      const acknowledged = uplink.state.sent;
      assert.ok(acknowledged <= 2000, `no record counts twice: ${acknowledged}`);
      assert.ok(heard.size >= 2000 - 5, `all but what died inside the broker was heard: ${heard.size}`);
      const [began] = seqsOf(second);
      const gap = (began ?? 0) - 1 - Math.max(...seqsOf(first));
      assert.ok(gap <= 5, `the second session begins where acknowledgements ended: ${gap}`);
      await uplink.stop();
      assert.is(await outbox.waiting(), 0, 'all is acknowledged in the end');
    }));
}

test('kicked by a duplicate client id: it says so, and backs off', () =>
  withBroker(async (broker) => {
    const one = live(broker.url);
    const two = live(broker.url);
    const first = one.start();
    await until(() => first.state.state === 'online', 'the first is online');
    const second = two.start();
    await until(() => first.state.state === 'waiting', 'the first is kicked');
    assert.match(first.state.why.en, /soon after it began.*same client id/, 'it says what may be the cause');
    await until(() => second.state.state === 'online' || first.state.state === 'online', 'one of them is back');
  }));

test('a broker that takes two at a time gets two at a time', () =>
  withBroker(
    async (broker) => {
      const ear = await hear(broker.url);
      const { outbox, start } = live(broker.url, { window: 100 });
      await outbox.append(trips(300));
      const uplink = start();
      await until(() => ear.records.length >= 300, 'all arrive');
      assert.equal(ear.statuses, ['online'], 'in one session: the broker never had cause to end it');
      await uplink.stop();
    },
    ['max_inflight_messages 2'],
  ));

test('a record larger than the broker takes is set aside; the rest goes on', () =>
  withBroker(
    async (broker) => {
      const ear = await hear(broker.url);
      const { outbox, start } = live(broker.url);
      const large = { ...trip(), body: { ...trip().body, note: 'x'.repeat(4000) } };
      await outbox.append([trip(), large, trip()]);
      const uplink = start();
      await until(() => ear.records.length >= 2, 'the others arrive');
      await uplink.stop();
      assert.equal(
        outbox.poisoned.map(({ record }) => record.seq),
        [2],
        'the large one is kept for a person',
      );
    },
    ['max_packet_size 2000'],
  ));

test('a wrong password is refused, told without the password, and tried again', () =>
  withBroker(
    async (broker) => {
      const { start, remarks } = live(broker.url, { username: 'box', passwordFile: new URL(import.meta.url).pathname });
      const uplink = start();
      await until(() => remarks.length > 0, 'the refusal is told');
      assert.match(remarks[0] ?? '', /refuses this box: Not authorized \(135\)/, 'with the reason');
      assert.not.match(remarks.join('\n'), /withBroker/, 'no byte of the password file is told');
      await uplink.stop();
    },
    ['allow_anonymous false'],
  ));

test('nobody listens there: not reachable', async () => {
  const { start, remarks } = live('mqtt://127.0.0.1:1');
  const uplink = start();
  await until(() => remarks.length > 0, 'it is told');
  assert.match(remarks[0] ?? '', /cannot be reached: .*ECONNREFUSED/, 'plainly');
  await uplink.stop();
});

test('settings that cannot be used are told with the file', async () => {
  for (const [settings, expected] of [
    [{ passwordFile: '/nowhere/password' }, /settings cannot be used: .*\/nowhere\/password/],
    [{ passwordFile: '%d/password' }, /CREDENTIALS_DIRECTORY/],
    [{ caFile: '/nowhere/ca.pem' }, /not mqtts:\/\//],
  ] as const) {
    const { start, remarks } = live('mqtt://127.0.0.1:1', settings);
    const uplink = start();
    await until(() => remarks.length > 0, 'it is told');
    assert.match(remarks[0] ?? '', expected, 'what is wrong');
    await uplink.stop();
  }
});

test.after.each(endAll);

test.run();
