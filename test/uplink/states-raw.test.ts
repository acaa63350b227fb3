/**
 * States of the session that Mosquitto 2.0 cannot be made to bring: it says nothing when it ends a session, and knows no quota
 * but by a plug-in. Here a broker of raw bytes says it.
 */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { endAll, live, told } from './live.ts';
import { type Answer, CONNACK, CONNECT, PUBLISH, startRawBroker } from './raw-broker.ts';
import { trip } from './rig.ts';

/** With CONNACK, PUBACK and DISCONNECT of our own. */
async function withRawBroker(answer: Answer, run: (box: ReturnType<typeof live>) => Promise<void>): Promise<void> {
  const broker = await startRawBroker(answer);
  try {
    await run(live(broker.url));
  } finally {
    await endAll();
    await broker.stop();
  }
}

test('a quota is used up, and the record waits', () =>
  withRawBroker(
    (type, packetId) => (type === PUBLISH ? [0x40, 4, ...packetId, 0x97, 0] : type === CONNECT ? CONNACK : null),
    async (box) => {
      await box.outbox.append([trip()]);
      const uplink = box.start();
      assert.match(await told(box, 'refused-later'), /Quota exceeded \(151\)/, 'the word of the broker');
      assert.is(await box.outbox.waiting(), 1, 'nothing is lost');
      assert.is(uplink.state.state, 'online', 'and the session stands');
    },
  ));

for (const [trouble, reasonCode, words] of [
  ['taken-over', 142, 'Session taken over'],
  ['shutting-down', 139, 'Server shutting down'],
  ['kicked', 147, 'Receive Maximum exceeded'],
] as const)
  test(`the session ends with ${reasonCode}`, () =>
    withRawBroker(
      (type, _, socket) => {
        if (type === CONNECT) socket.write(Buffer.from(CONNACK));
        if (type === PUBLISH) socket.end(Buffer.from([0xe0, 2, reasonCode, 0]));
        return null;
      },
      async (box) => {
        box.start();
        const remark = await told(box, trouble);
        assert.ok(remark.toLowerCase().includes(`${words} (${reasonCode})`.toLowerCase()), `its word, in ${remark}`);
      },
    ));

for (const [name, reasonCode] of [
  ['Banned', 138],
  ['Quota exceeded', 151],
  ['Server busy', 137],
] as const)
  test(`no session, for ${name}`, () =>
    withRawBroker(
      () => [0x20, 3, 0, reasonCode, 0],
      async (box) => {
        box.start();
        assert.ok((await told(box, 'refused')).endsWith(`: ${name} (${reasonCode})`), 'the word of the broker');
      },
    ));

test('QoS 0 only', () =>
  withRawBroker(
    () => [0x20, 5, 0, 0, 2, 0x24, 0],
    async (box) => {
      box.start();
      await told(box, 'unfit');
    },
  ));

test.after.each(endAll);

test.run();
