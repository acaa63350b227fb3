/** The broker client against a broker of raw bytes, which says what Mosquitto never says. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BrokerOptions, Granted, LinkEnd, PublishOutcome } from '../../src/uplink/client.ts';
import { mqttClient } from '../../src/uplink/mqtt-client.ts';
import { until } from './live.ts';
import { type Answer, CONNACK, CONNECT, connackOnly, PUBLISH, startRawBroker } from './raw-broker.ts';

/** Runs one link against `answer`. */
async function meet(
  run: (parts: { link: ReturnType<typeof mqttClient.connect>; heard: Heard }) => Promise<void>,
  answer: Answer,
  more: Partial<BrokerOptions> = {},
): Promise<void> {
  const broker = await startRawBroker(answer);
  const heard: Heard = { granted: [], ends: [] };
  const link = mqttClient.connect(
    { url: broker.url, protocol: '5', clientId: 'x', keepaliveS: 30, ...more },
    { onConnected: (granted) => heard.granted.push(granted), onClosed: (end) => heard.ends.push(end) },
  );
  try {
    await run({ link, heard });
  } finally {
    link.drop();
    await broker.stop();
  }
}

interface Heard {
  readonly granted: Granted[];
  readonly ends: LinkEnd[];
}

test('what the broker grants is passed on', () =>
  meet(
    async ({ heard }) => {
      await until(() => heard.granted.length > 0, 'connected');
      assert.equal(heard.granted, [{ receiveMaximum: 7, maximumPacketBytes: 2048 }], 'from the CONNACK');
    },
    (type) => (type === 1 ? [0x20, 11, 0, 0, 8, 0x21, 0, 7, 0x27, 0, 0, 8, 0] : null),
  ));

test('a broker that grants nothing in particular grants the maximum of MQTT', () =>
  meet(async ({ heard }) => {
    await until(() => heard.granted.length > 0, 'connected');
    assert.equal(heard.granted, [{ receiveMaximum: 65_535, maximumPacketBytes: Number.POSITIVE_INFINITY }], 'defaults');
  }, connackOnly));

test('a broker without QoS 1 cannot serve', () =>
  meet(
    async ({ heard }) => {
      await until(() => heard.ends.length > 0, 'ended');
      assert.is(heard.ends[0]?.kind, 'unfit', 'nothing could ever be acknowledged');
      assert.equal(heard.granted, [], 'never told as connected');
    },
    (type) => (type === 1 ? [0x20, 5, 0, 0, 2, 0x24, 0] : null),
  ));

test('a session taken over is told with its reason, once', () =>
  meet(
    async ({ heard }) => {
      await until(() => heard.ends.length > 0, 'ended');
      assert.equal(heard.ends, [{ kind: 'taken-over', detail: 'Session taken over (142)' }], 'DISCONNECT 142');
    },
    (type, _, socket) => {
      if (type !== 1) return null;
      socket.write(Buffer.from(CONNACK));
      socket.end(Buffer.from([0xe0, 2, 0x8e, 0]));
      return null;
    },
  ));

test('a CONNACK that refuses', () =>
  meet(
    async ({ heard }) => {
      await until(() => heard.ends.length > 0, 'ended');
      assert.equal(heard.ends, [{ kind: 'refused', detail: 'Banned (138)' }], 'with the reason of the broker');
    },
    (type) => (type === 1 ? [0x20, 3, 0, 0x8a, 0] : null),
  ));

test('a CONNACK of MQTT 3.1.1 that refuses', () =>
  meet(
    async ({ heard }) => {
      await until(() => heard.ends.length > 0, 'ended');
      assert.equal(heard.ends, [{ kind: 'not-admitted', detail: 'Bad username or password (4)' }], 'with its reason');
    },
    (type) => (type === 1 ? [0x20, 2, 0, 4] : null),
    { protocol: '3.1.1' },
  ));

for (const [code, outcome] of [
  [0x00, { ok: true }],
  [0x10, { ok: true }],
  [0x97, { ok: false, reasonCode: 0x97, reason: 'Quota exceeded (151)' }],
] as const)
  test(`PUBACK ${code}`, () =>
    meet(
      async ({ link, heard }) => {
        await until(() => heard.granted.length > 0, 'connected');
        const outcomes: PublishOutcome[] = [];
        link.publish({ topic: 'a', payload: '{}', retain: false }, (result) => outcomes.push(result));
        await until(() => outcomes.length > 0, 'answered');
        assert.equal(outcomes, [outcome], 'the word of the broker');
      },
      (type, packetId) => (type === PUBLISH ? [0x40, 4, ...packetId, code, 0] : type === CONNECT ? CONNACK : null),
    ));

test('bytes that are no MQTT end the link', () =>
  meet(
    async ({ heard }) => {
      await until(() => heard.ends.length > 0, 'ended');
      assert.is(heard.ends[0]?.kind, 'lost', 'torn down');
    },
    () => [...Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ));

test('a broker that stays silent: nothing comes, and drop ends it without a word', () =>
  meet(
    async ({ link, heard }) => {
      await new Promise((resolve) => setImmediate(resolve));
      link.drop();
      assert.equal(heard, { granted: [], ends: [] }, 'the session does the waiting, not the client');
    },
    () => null,
  ));

test.run();
