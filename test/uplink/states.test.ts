/**
 * Every state of the session against a real Mosquitto, with what the journal and the board say of it; certificates are in
 * tls.test.ts. Where limits are long, the session has a virtual clock; the link is real.
 */

import { createServer } from 'node:net';
import mqtt from 'mqtt';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { freePort, type Mosquitto } from '../../hil/wire/mosquitto.ts';
import { VirtualClock } from '../../src/clock.ts';
import type { SiteUplink } from '../../src/config/schema.ts';
import type { Uplink } from '../../src/uplink/engine.ts';
import { CONNECT_LIMIT_MS } from '../../src/uplink/session.ts';
import { endAll, hear, live, online, saysTakenOver, told, until, withBroker } from './live.ts';
import { type Network, startNetwork } from './network.ts';
import { fault, trip } from './rig.ts';

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
    await told(box, (await saysTakenOver(broker)) ? 'taken-over' : 'short');
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
