/** The dialect in the uplink itself, against a real Mosquitto and a strict host: what the engine does with it. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startMosquitto } from '../../../hil/wire/mosquitto.ts';
import { systemClock } from '../../../src/clock.ts';
import { startUplink, type Uplink } from '../../../src/uplink/engine.ts';
import { SparkplugDialect } from '../../../src/uplink/sparkplug/sparkplug.ts';
import { until } from '../live.ts';
import { uplinkSettings } from '../rig.ts';
import { WatchedOutbox } from '../watched-outbox.ts';
import { endAll, listen } from './live.ts';
import { lifts, trip } from './records.ts';

const NCMD = 'spBv1.0/city/NCMD/box-1';

/** A box that is started when the test says so. */
function boxOf(url: string, primaryHost?: string) {
  const outbox = new WatchedOutbox();
  const remarks: string[] = [];
  let connects = -1;
  const bdSeq = { next: () => ++connects };
  const start = (): Uplink =>
    startUplink({
      uplink: { ...uplinkSettings, window: 20, url },
      ...{ boxId: 'box-1', outbox, clock: systemClock, random: () => 0.05 },
      dialect: new SparkplugDialect({ group: 'city', box: 'box-1', lifts, primaryHost, clock: systemClock, bdSeq }),
      remark: (line) => remarks.push(line),
    });
  const store = async (count: number) => {
    const kept = Array.from({ length: count }, (_, n) => trip(n + 1, n + 1, n % 2 ? 'b' : 'a'));
    for (const { lane, lift, body } of kept) await outbox.append([{ lane, lift, body }]);
  };
  return { outbox, remarks, start, store };
}

async function withBroker(run: (url: string) => Promise<void>): Promise<void> {
  const broker = await startMosquitto();
  try {
    await run(broker.url);
  } finally {
    await endAll();
    await broker.stop();
  }
}

test('births, then history, then what comes; a birth anew when asked; last words at a stop', () =>
  withBroker(async (url) => {
    const { host, command } = await listen(url);
    const { outbox, start, store } = boxOf(url);
    await store(200);
    const uplink = start();
    await until(() => host.records.length === 200, 'the backlog');
    await store(20);
    await until(() => host.records.length === 220, 'what came since');
    command(NCMD, 'Node Control/Rebirth');
    await until(() => host.births.length === 6, 'the box and both lifts once more');
    await store(10);
    await until(() => host.records.length === 230, 'and on it goes');
    await uplink.stop();
    await until(() => !host.online, 'the last words');
    assert.is(await outbox.waiting(), 0, 'all was acknowledged and forgotten');
    assert.equal(host.complaints, [], 'births before data, numbers without a hole, aliases that were told');
    assert.equal(
      host.records.map(({ historical }) => historical),
      [...Array.from({ length: 200 }, () => true), ...Array.from({ length: 30 }, () => false)],
      'history is what was stored before',
    );
    assert.equal(host.repeats, [], 'nothing twice');
  }));

test('the primary host: nothing goes before it is there; when it leaves the box dies, and comes back with it', () =>
  withBroker(async (url) => {
    const { host, say } = await listen(url, 'central');
    const { outbox, remarks, start, store } = boxOf(url, 'central');
    await say(false);
    await store(5);
    const uplink = start();
    await until(() => /waiting for the primary host central/.test(uplink.state.why.en), 'the board says what for');
    await store(1);
    assert.equal(host.verbs, [], 'nothing was said');
    await say(true);
    await until(() => host.records.length === 6, 'then all of it');
    await say(false);
    await until(() => !host.online, 'the death');
    await store(3);
    await until(() => uplink.state.state === 'online' && /waiting for/.test(uplink.state.why.en), 'it waits anew');
    assert.is(await outbox.waiting(), 3, 'and keeps what comes');
    await say(true);
    await until(() => host.records.length === 9, 'until the host is back');
    await uplink.stop();
    assert.equal(host.complaints, [], 'nothing to complain of');
    assert.ok(
      remarks.some((line) => /the primary host central is offline/.test(line)),
      'the journal says why the session ended',
    );
    assert.is(host.bdSeq, 1, 'the second connect');
  }));

test.run();
