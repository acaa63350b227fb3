/** The dialect against a real Mosquitto, heard by a strict host that reads with the coding of others. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Mosquitto, startMosquitto } from '../../../hil/wire/mosquitto.ts';
import { until } from '../live.ts';
import { Box, endAll, listen } from './live.ts';
import { records, trip } from './records.ts';

const NCMD = 'spBv1.0/city/NCMD/box-1';

/** By lift, and of the box. */
function seqsOf(records: readonly { readonly lift: string | null; readonly seq: number }[]): unknown {
  return ['a', 'b', null].map((lift) => records.filter((record) => record.lift === lift).map(({ seq }) => seq));
}

async function withBroker(run: (broker: Mosquitto) => Promise<void>): Promise<void> {
  const broker = await startMosquitto();
  try {
    await run(broker);
  } finally {
    await endAll();
    await broker.stop();
  }
}

test('births before data, what was stored before as history, aliases and numbers without a fault, the last words', () =>
  withBroker(async ({ url }) => {
    const { host } = await listen(url);
    const box = new Box(url);
    const backlog = Array.from({ length: 1000 }, (_, n) => trip(n + 1, n + 1, n % 7 < 3 ? 'a' : 'b'));
    box.store(...backlog);
    box.connect();
    await until(() => host.records.length >= 1000, 'the backlog');
    const live = records.map((record, n) => ({ ...record, id: 2000 + n, boot: '0badcafe.1', seq: 2000 + n }));
    box.store(...live);
    await until(() => host.records.length >= 1000 + live.length, 'what came since');
    await until(() => box.shelf.size === 0, 'all is acknowledged');
    await box.stop();
    await until(() => !host.online, 'the last words');
    assert.equal(host.complaints, [], 'nothing to complain of');
    assert.equal(host.verbs.slice(0, 3), ['NBIRTH', 'DBIRTH a', 'DBIRTH b'], 'births first');
    assert.is(host.verbs.filter((verb) => verb === 'NDEATH').length, 1, 'one death: a goodbye leaves no will');
    assert.equal(
      seqsOf(host.records.map(({ device, values }) => ({ lift: device, seq: Number(values['record/seq']) }))),
      seqsOf([...backlog, ...live]),
      'every record once, in the order of its lift',
    );
    assert.equal(
      host.records.map(({ historical }) => historical),
      [...backlog.map(() => true), ...live.map(() => false)],
      'history is what was stored before',
    );
    assert.equal(host.repeats, [], 'no repeat in one session');
  }));

test('a line that is cut: the will says so; the next session has its own number and owes what was not acknowledged', () =>
  withBroker(async ({ url }) => {
    const { host } = await listen(url);
    const box = new Box(url);
    box.connect();
    await until(() => host.births.length === 3, 'births');
    for (let id = 1; id <= 300; id += 20) box.store(...Array.from({ length: 20 }, (_, n) => trip(id + n)));
    await until(() => host.records.length > 0, 'the records are on their way');
    box.kill();
    await until(() => !host.online, 'the death');
    box.store(...Array.from({ length: 10 }, (_, n) => trip(301 + n)));
    assert.is(host.bdSeq, 0, 'of the first connect');
    box.connect();
    await until(() => box.shelf.size === 0, 'all is acknowledged');
    await until(() => host.records.length === 310, 'every record is there');
    assert.ok(host.online, 'it lives');
    assert.is(host.bdSeq, 1, 'the next number');
    assert.equal(host.complaints, [], 'nothing to complain of');
    assert.equal(
      host.records.slice(300).map(({ values, historical }) => [values['record/seq'], historical]),
      Array.from({ length: 10 }, (_, n) => [301 + n, true]),
      'what came while the line was cut is history',
    );
    const again = host.repeats.every(({ historical }) => historical);
    assert.ok(again, `so is what came once more, ${host.repeats.length} records`);
  }));

test('a rebirth on request amid records: nothing is lost, no number is missing; no other command does a thing', () =>
  withBroker(async ({ url }) => {
    const { host, command } = await listen(url);
    const box = new Box(url);
    box.connect();
    await until(() => host.births.length === 3, 'births');
    for (let id = 1; id <= 400; id++) {
      box.store(trip(id));
      if (id % 100 === 0) command(NCMD, 'Node Control/Rebirth');
    }
    await until(() => host.births.length === 15, 'four more of each');
    await until(() => host.records.length === 400, 'every record');
    command(NCMD, 'Node Control/Reboot');
    command('spBv1.0/city/DCMD/box-1/a', 'Outputs/E');
    await until(() => box.remarks.length === 2, 'both are told');
    assert.match(box.remarks.join('\n'), /refused: .*Node Control\/Reboot\n.*refused: .*DCMD\/box-1\/a/, 'as refused');
    box.store(trip(401));
    await until(() => host.records.length === 401, 'and the session goes on');
    assert.equal(host.complaints, [], 'nothing to complain of');
    assert.is(host.bdSeq, 0, 'in one and the same session');
  }));

test('a primary host: nothing while it is away, everything when it is back', () =>
  withBroker(async ({ url }) => {
    const { host: ear } = await listen(url);
    const box = new Box(url, 'scada');
    box.store(trip(1));
    box.connect();
    const scada = await listen(url, 'scada');
    await scada.say(false);
    box.store(trip(2));
    await until(() => box.heard.length === 1, 'the box has heard that it is away');
    assert.is(box.shelf.size, 2, 'all is kept');
    await scada.say(true);
    await until(() => scada.host.records.length === 2, 'back: sent');
    assert.equal(
      scada.host.records.map(({ historical }) => historical),
      [true, true],
      'as history',
    );
    box.store(trip(3));
    await until(() => scada.host.records.length === 3, 'live');
    assert.is(scada.host.records[2]?.historical, false, 'not as history');
    scada.kill();
    await until(() => !ear.online, 'its will is heard: the box says that it goes');
    await until(() => box.remarks.some((line) => /primary host scada is offline/.test(line)), 'and why');
    box.store(trip(4), trip(5));
    const again = await listen(url, 'scada');
    assert.is(box.shelf.size, 2, 'nothing is sent to a host that is away');
    await again.say(true);
    await until(() => again.host.records.length === 2, 'what it missed');
    assert.equal(
      again.host.records.map(({ values, historical }) => [values['record/seq'], historical]),
      [
        [4, true],
        [5, true],
      ],
      'as history',
    );
    const births = ['NBIRTH', 'DBIRTH a', 'DBIRTH b'];
    await until(() => ear.verbs.length === 10, 'all of it');
    assert.equal(
      ear.verbs,
      [...births, 'DDATA a', 'DDATA a', 'NDEATH', ...births, 'DDATA a'],
      'and nothing while it was away',
    );
    assert.equal([...ear.complaints, ...scada.host.complaints, ...again.host.complaints], [], 'nothing to complain of');
  }));

test.after.each(endAll);

test.run();
