/**
 * Every state of the session against a real Mosquitto, with what the journal and the board say of it; certificates are in
 * tls.test.ts. Where limits are long, the session has a virtual clock; the link is real.
 */

import { createServer } from 'node:net';
import mqtt from 'mqtt';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { freePort, type Mosquitto, type MosquittoOptions, startMosquitto } from '../../hil/wire/mosquitto.ts';
import { VirtualClock } from '../../src/clock.ts';
import type { SiteUplink } from '../../src/config/schema.ts';
import type { Uplink } from '../../src/uplink/engine.ts';
import { CONNECT_LIMIT_MS } from '../../src/uplink/session.ts';
import { endAll, hear, live, told, until } from './live.ts';
import { type Network, startNetwork } from './network.ts';
import { fault, trip } from './rig.ts';

async function withBroker(run: (broker: Mosquitto) => Promise<void>, options: MosquittoOptions = {}): Promise<void> {
  const broker = await startMosquitto(options);
  try {
    await run(broker);
  } finally {
    broker.thaw();
    await endAll();
    await broker.stop();
  }
}

async function withNetwork(run: (parts: { broker: Mosquitto; network: Network; url: string }) => Promise<void>) {
  await withBroker(async (broker) => {
    const network = await startNetwork(broker.port);
    try {
      await run({ broker, network, url: `mqtt://127.0.0.1:${network.port}` });
    } finally {
      await endAll();
      await network.stop();
    }
  });
}

const state = (uplink: Uplink) => uplink.state.state;
const online = (uplink: Uplink) => until(() => state(uplink) === 'online', 'online');

/** A session in virtual time: what it waits for comes when the test moves the clock. */
function virtual(url: string, settings: Partial<SiteUplink> = {}, random = 0.5) {
  const clock = new VirtualClock();
  return { clock, ...live(url, settings, { clock, random }) };
}

test('not reachable', async () => {
  const box = live('mqtt://127.0.0.1:1');
  box.start();
  assert.match(await told(box, 'unreachable'), /ECONNREFUSED 127.0.0.1:1/, 'who was asked');
});

test('a name that nobody knows', async () => {
  const box = live('mqtt://broker.invalid');
  box.start();
  assert.match(await told(box, 'name-unknown'), /broker\.invalid/, 'the name');
});

test('the other side listens and hangs up', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const box = live(`mqtt://127.0.0.1:${typeof address === 'object' && address?.port}`);
  box.start();
  await told(box, 'hung-up');
  await endAll();
  await new Promise((resolve) => server.close(resolve));
});

test('no CONNACK: a broker that is frozen takes the connection and says nothing', () =>
  withBroker(async (broker) => {
    broker.freeze();
    const box = virtual(broker.url);
    const uplink = box.start();
    await box.clock.advance(500);
    assert.is(state(uplink), 'connecting', 'the attempt is under way');
    await box.clock.advance(CONNECT_LIMIT_MS);
    await told(box, 'no-connack');
    broker.thaw();
    await box.clock.advance(1000);
    await online(uplink);
  }));

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
      const large = { ...trip(), body: { ...trip().body, note: 'x'.repeat(4000) } };
      await box.outbox.append([large, trip()]);
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
      const large = { ...trip(), body: { ...trip().body, note: 'x'.repeat(4000) } };
      await box.outbox.append([large, trip()]);
      box.start();
      await told(box, 'set-aside');
      await until(() => ear.records.length === 1, 'the other arrives, in the same session');
      assert.equal(ear.statuses, ['online'], 'the broker never saw it');
    },
    { config: ['max_packet_size 2000'] },
  ));

test('kicked by a duplicate client id: Mosquitto 2.0 hangs up without a word', () =>
  withBroker(async (broker) => {
    const box = live(broker.url);
    const uplink = box.start();
    await online(uplink);
    const rival = mqtt.connect(broker.url, { clientId: 'hoistway-box-1', reconnectPeriod: 0 });
    rival.on('error', () => undefined);
    await until(() => box.remarks.length > 0, 'it is told');
    assert.match(box.remarks[0] ?? '', /same client id/, 'with what may be the cause, or what is');
    rival.end(true);
  }));

test('thrown out again and again: the back-off grows, although each attempt got its CONNACK', () =>
  withBroker(async (broker) => {
    const box = virtual(broker.url, {}, 0.999);
    const uplink = box.start();
    const waitsMs: number[] = [];
    for (let n = 0; n < 4; n++) {
      const sinceMs = box.clock.monoMs();
      while (state(uplink) === 'waiting') await box.clock.advance(100);
      waitsMs.push(box.clock.monoMs() - sinceMs);
      await online(uplink);
      const rival = mqtt.connect(broker.url, { clientId: 'hoistway-box-1', reconnectPeriod: 0 });
      rival.on('error', () => undefined);
      await until(() => state(uplink) === 'waiting', 'thrown out');
      rival.end(true);
    }
    assert.equal(waitsMs, [1000, 2000, 4000, 8000], 'each wait is twice the one before');
    await told(box, 'short');
  }));

test('the broker is stopped and started again', () =>
  withBroker(async (broker) => {
    const box = live(broker.url);
    const uplink = box.start();
    await online(uplink);
    await broker.pause();
    await told(box, 'unreachable');
    assert.match(box.remarks[0] ?? '', /was lost|is shutting down/, 'before that the session ended');
    await broker.restart();
    await box.outbox.append([trip()]);
    await until(() => uplink.state.sent === 1, 'it goes on by itself');
  }));

test('the broker is killed: the connection is lost', () =>
  withBroker(async (broker) => {
    const box = virtual(broker.url);
    const uplink = box.start();
    await box.clock.advance(500);
    await online(uplink);
    await box.clock.advance(15_000);
    await broker.kill();
    await told(box, 'lost');
  }));

test('half-open: the broker is frozen, and the keep-alive finds out', () =>
  withBroker(async (broker) => {
    const box = live(broker.url, { keepaliveS: 1 });
    const uplink = box.start();
    await online(uplink);
    broker.freeze();
    await told(box, 'no-pingresp');
    broker.thaw();
    await online(uplink);
  }));

test('half-open: a network that swallows everything, and comes back', () =>
  withNetwork(async ({ network, url }) => {
    const box = live(url, { keepaliveS: 1 });
    const uplink = box.start();
    await online(uplink);
    network.swallow = true;
    await box.outbox.append([fault()]);
    await told(box, 'no-pingresp');
    network.swallow = false;
    await until(() => uplink.state.sent === 1, 'the alarm that was under way is sent again');
  }));

test('a broker that answers pings and acknowledges nothing: slow after 10 s, torn down after 60 s', () =>
  withNetwork(async ({ network, url }) => {
    const box = virtual(url);
    const uplink = box.start();
    await box.clock.advance(500);
    await online(uplink);
    await box.outbox.append([trip()]);
    await until(() => uplink.state.sent === 1, 'at first all is well');
    network.loseAcknowledgements = true;
    await box.outbox.append([fault()]);
    await box.clock.advance(9000);
    assert.equal(box.remarks, [], 'patient');
    await box.clock.advance(1001);
    await told(box, 'slow');
    assert.is(state(uplink), 'online', 'the link stays');
    await box.clock.advance(50_000);
    await told(box, 'no-puback');
    network.loseAcknowledgements = false;
    await box.clock.advance(1000);
    await until(() => uplink.state.sent === 2, 'the next session carries it');
  }));

test('a slow network: everything arrives once, in one session', () =>
  withNetwork(async ({ broker, network, url }) => {
    network.delayMs = 150;
    const ear = await hear(broker.url);
    const box = live(url);
    await box.outbox.append(Array.from({ length: 60 }, () => trip()));
    const uplink = box.start();
    await until(() => uplink.state.sent === 60, 'all are acknowledged');
    assert.equal(
      ear.records.map(({ message }) => message.seq),
      Array.from({ length: 60 }, (_, n) => n + 1),
      'each once, in order',
    );
    assert.equal(ear.statuses, ['online'], 'one session');
    assert.equal(box.remarks, [], 'and no trouble is told');
  }));

test('over WebSocket', async () => {
  const port = await freePort();
  // Mosquitto 2.0 does not start with WebSocket listeners alone.
  await withBroker(
    async () => {
      const box = live(`ws://127.0.0.1:${port}`);
      await box.outbox.append([trip()]);
      const uplink = box.start();
      await until(() => uplink.state.sent === 1, 'the record is acknowledged');
    },
    { config: [`listener ${port} 127.0.0.1`, 'protocol websockets'] },
  );
});

test.after.each(endAll);

test.run();
