import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startBroker } from '../../hil/demo/broker.ts';
import { type Mosquitto, startMosquitto } from '../../hil/wire/mosquitto.ts';
import type { Call } from '../../src/commands/command.ts';
import { command } from '../../src/commands/listen.ts';
import { GatewayError } from '../../src/errors.ts';
import { encodeBatch } from '../../src/uplink/small/batch.ts';
import { packOne } from '../../src/uplink/small/pack.ts';
import { until } from '../uplink/live.ts';
import { records, samples } from '../uplink/samples.ts';

function listening(values: Call['values']) {
  const stop = new AbortController();
  const printed: string[] = [];
  const remarks: string[] = [];
  const call: Call = {
    values,
    positionals: [],
    signal: stop.signal,
    print: (line) => void printed.push(line),
    remark: (line) => void remarks.push(line),
  };
  const done = command.run(call);
  const ready = (times = 1) =>
    until(() => remarks.filter((line) => line.startsWith('listening')).length >= times, 'listening');
  const end = () => {
    stop.abort();
    return done;
  };
  return { printed, remarks, ready, end };
}

async function publish(
  url: string,
  messages: readonly { topic: string; payload: string | Uint8Array }[],
): Promise<void> {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0 });
  for (const { topic, payload } of messages) await client.publishAsync(topic, Buffer.from(payload), { qos: 1 });
  await client.endAsync();
}

async function withBroker(run: (broker: Mosquitto) => Promise<void>): Promise<void> {
  const broker = await startMosquitto();
  try {
    await run(broker);
  } finally {
    await broker.stop();
  }
}

test('a broker that speaks no MQTT 5, as the one of the demo, is listened to in 3.1.1', async () => {
  const broker = await startBroker(0);
  const { printed, ready, end } = listening({ broker: `mqtt://127.0.0.1:${broker.port}`, json: true });
  await ready();
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0, protocolVersion: 4 });
  for (const { topic, payload } of samples) await client.publishAsync(topic, payload, { qos: 1 });
  await client.endAsync();
  await until(() => printed.length >= samples.length, 'all are printed');
  assert.is(await end(), 0, 'an interrupt is a good end');
  await broker.close();
});

for (const protocol of ['5', '3.1.1'])
  test(`--json: each message a line, repeats marked, junk told and survived (MQTT ${protocol})`, () =>
    withBroker(async (broker) => {
      const { printed, remarks, ready, end } = listening({ broker: broker.url, json: true, protocol });
      await ready();
      const junk = { topic: 'hoistway/v1/box-1/a/fault', payload: 'junk' };
      await publish(broker.url, [...samples, junk, ...samples.slice(0, 2)]);
      await until(() => printed.length >= samples.length + 2, 'all are printed');
      assert.is(await end(), 0, 'an interrupt is a good end');
      assert.equal(
        printed,
        [
          ...samples.map(({ payload }) => payload),
          ...samples.slice(0, 2).map(({ payload }) => `${payload.slice(0, -1)},"repeat":true}`),
        ],
        'as sent, the repeats marked',
      );
      assert.is(remarks.filter((line) => /a\/fault.*JSON/.test(line)).length, 1, 'the junk is told on standard error');
    }));

test('packed messages and each record of a batch are printed as plain ones are, and one that came before is a repeat', () =>
  withBroker(async (broker) => {
    const { printed, ready, end } = listening({ broker: broker.url, json: true });
    await ready();
    const [first, ...others] = samples.filter(({ type }) => type !== 'status');
    const topic = 'hoistway/v1/box-1/box/batch';
    await publish(broker.url, [
      { topic: first?.topic ?? '', payload: packOne(first?.payload ?? '') },
      { topic, payload: encodeBatch('box-1', records) },
    ]);
    await until(() => printed.length > others.length + 1, 'all are printed');
    await end();
    assert.equal(
      printed,
      [first?.payload, `${first?.payload.slice(0, -1)},"repeat":true}`, ...others.map(({ payload }) => payload)],
      'as sent, the repeat marked',
    );
  }));

test('lines for a person', () =>
  withBroker(async (broker) => {
    const { printed, ready, end } = listening({ broker: broker.url });
    await ready();
    await publish(broker.url, [...samples, ...samples.slice(0, 1)]);
    await until(() => printed.length > samples.length, 'all are printed');
    await end();
    assert.match(
      printed[0] ?? '',
      /^2026-01-01 \d\d:\d\d:59 {2}box-1\/a {2}BEGINS Passenger trapped.*1 Example Road, entrance 2, rescue label 12345 {2}#1$/,
      'what, where, who to call',
    );
    assert.match(printed[1] ?? '', /ends Passenger trapped/, 'the end');
    assert.match(printed[2] ?? '', /\(door\)/, 'the subject');
    assert.match(printed[4] ?? '', /mode normal -> inspection/, 'the mode');
    assert.match(printed[5] ?? '', /trip 0 -> 1/, 'a trip');
    assert.match(printed[6] ?? '', /trip \? -> \?/, 'nothing tells the landings');
    assert.match(printed[8] ?? '', /rescue over, in service again after 1439 s/, 'a rescue');
    assert.match(
      printed[9] ?? '',
      /DRIFTS The door slows \(closing\), \+7.8 %: from 2750.5 to 2964.2 ms\. Have the car door looked at/,
      'a drift, how far, and what to do',
    );
    assert.match(printed[10] ?? '', /totals 12 trips, 14 door cycles/, 'totals');
    assert.match(printed[11] ?? '', /alarm test passed/, 'an alarm test');
    assert.match(
      printed[12] ?? '',
      /DRIFTS The car stops off its level \(landing 1\), \+154.2 %/,
      'a drift at a landing',
    );
    assert.match(printed[13] ?? '', /box-1 {2}records given up.*80/, 'a gap');
    assert.match(printed[14] ?? '', /box-1 {2}BEGINS Gateway has no connection to the platform {2}#15$/, 'of the box');
    assert.match(printed[15] ?? '', /sum of records given up.*2 trip, 1 door-cycle/, 'a digest');
    assert.match(printed[16] ?? '', /box-1 {2}online/, 'online');
    assert.match(printed[18] ?? '', /offline \(connection lost\)/, 'the last will');
    assert.match(printed[19] ?? '', /#1 \(repeat\)$/, 'a repeat');
  }));

test('it comes back with the broker, and knows a repeat from before', () =>
  withBroker(async (broker) => {
    const { printed, remarks, ready, end } = listening({
      broker: broker.url,
      json: true,
      topic: 'hoistway/v1/+/+/trip',
    });
    await ready();
    await publish(broker.url, samples);
    await until(() => printed.length >= 2, 'both trips');
    await broker.kill();
    await broker.restart();
    await ready(2);
    await publish(broker.url, samples.slice(0, 6));
    await until(() => printed.length >= 3, 'the trip again');
    await end();
    assert.match(printed[2] ?? '', /"type":"trip".*"repeat":true/, 'seen before the broker died');
    assert.ok(
      remarks.some((line) => /lost|reached/.test(line)),
      'the loss was told',
    );
  }));

for (const protocol of ['5', '3.1.1'])
  test(`--session: what came while it was away comes later, and to that name alone (MQTT ${protocol})`, () =>
    withBroker(async (broker) => {
      const options = { broker: broker.url, json: true, protocol };
      const before = listening({ ...options, session: 'platform' });
      await before.ready();
      await before.end();
      await publish(broker.url, samples);
      const another = listening({ ...options, session: 'another' });
      const after = listening({ ...options, session: 'platform' });
      await Promise.all([another.ready(), after.ready()]);
      await until(() => after.printed.length >= samples.length, 'all that came meanwhile');
      assert.ok(
        another.printed.every((line) => JSON.parse(line).type === 'status'),
        'another hears what is retained',
      );
      await Promise.all([another.end(), after.end()]);
    }));

test('of several brokers the next is asked where one is not there', () =>
  withBroker(async (broker) => {
    const { remarks, ready, end } = listening({ broker: `mqtt://127.0.0.1:1,${broker.url}` });
    await ready();
    assert.match(remarks[0] ?? '', /cannot be reached/, 'the first is told');
    await end();
  }));

test('a password is read from a file and never shown', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hoistway-listen-'));
  const file = join(directory, 'password');
  await writeFile(file, 'open sesame\n');
  const broker = await startMosquitto({ config: ['allow_anonymous false'] });
  const { remarks, end } = listening({ broker: broker.url, username: 'x', 'password-file': file });
  try {
    await until(() => remarks.length > 0, 'the refusal');
    assert.match(remarks[0] ?? '', /refuses/, 'refused');
    assert.not.match(remarks.join(), /sesame/, 'the password is not told');
  } finally {
    await end();
    await broker.stop();
    await rm(directory, { recursive: true });
  }
});

test('words that are off', async () => {
  for (const values of [
    {},
    { broker: 'localhost' },
    { broker: 'mqtt://x,localhost' },
    { broker: 'mqtt://x', protocol: '4' },
  ]) {
    const error = await listening(values)
      .end()
      .then(
        () => null,
        (cause: unknown) => cause,
      );
    assert.ok(error instanceof GatewayError && error.code === 'usage', JSON.stringify(values));
  }
});

test.run();
