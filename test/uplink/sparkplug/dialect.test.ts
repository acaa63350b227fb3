/** What the dialect says, without a network: births, records, numbers, history, death. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { StoredRecord } from '../../../src/outbox/port.ts';
import { TYPE_ROWS } from '../../../src/uplink/sparkplug/rows.ts';
import { records, trip } from './records.ts';
import { NCMD, rebirth, rig, STATE, text } from './rig.ts';

const valueAt = (body: StoredRecord['body'], path: string) =>
  path.split('/').reduce<unknown>((at, key) => (at as StoredRecord['body'] | undefined)?.[key], body) ?? null;

test('a record of each type comes as it was kept', () => {
  const { host, send, begin } = rig();
  begin();
  for (const record of records) send([record]);
  assert.equal(host.complaints, [], 'nothing to complain of');
  const heard = [...host.records, ...host.repeats];
  for (const { boot, seq, lift, body } of records) {
    const found = heard.find(({ values }) => values['record/seq'] === seq && values['record/boot'] === boot);
    assert.is(found?.device, lift, `${body.type}: whose it is`);
    if (body.wallMs !== undefined) assert.is(found?.timestampMs, body.wallMs, `${body.type}: when it was`);
    for (const { name } of TYPE_ROWS[body.type as keyof typeof TYPE_ROWS]) {
      const kept = valueAt(body, name);
      const isTable = kept !== null && typeof kept === 'object' && !Array.isArray(kept);
      const text = isTable ? JSON.stringify(kept) : String(kept);
      const asText = Array.isArray(kept) || isTable || name === 'codes/platform';
      assert.is(found?.values[`${body.type}/${name}`], asText && kept !== null ? text : kept, `${body.type} ${name}`);
    }
    for (const name of ['atMs', 'clockTrust'])
      assert.is(found?.values[`record/${name}`], valueAt(body, name), `${body.type} ${name}`);
  }
});

test('births: the node first, then each lift; all that may come, with its name, unit and Chinese name', () => {
  const { host, begin } = rig();
  begin();
  assert.equal(host.verbs, ['NBIRTH', 'DBIRTH a', 'DBIRTH b'], 'in this order');
  assert.equal(host.complaints, [], 'nothing to complain of');
  const [node, a] = host.births;
  assert.is(node?.values.bdSeq, 4, 'the number of this connect');
  assert.is(node?.values['Properties/Software'], 'Hoistway', 'what it is');
  assert.is(a?.values['lift/registrationNumber'], '3110-1234', 'what the site file says of the lift');
  assert.is(a?.values['lift/address'], '1 Example Road, entrance 2', 'where it is');
  assert.is(a?.values['trip/distanceMm'], null, 'no trip yet');
  const distance = a?.payload.metrics.find(({ name }) => name === 'trip/distanceMm');
  assert.equal(distance?.properties, { engUnit: 'mm', zh: '运行距离' }, 'unit and name');
  const aliases = host.births.flatMap(({ payload }) => payload.metrics.flatMap(({ alias }) => alias ?? []));
  assert.is(new Set(aliases).size, aliases.length, 'no alias twice in the whole node');
});

test('numbers run 0 to 255 and on, over node and devices, without a hole', () => {
  const { host, send, begin } = rig();
  begin();
  for (let id = 1; id <= 600; id++) send([trip(id, id, id % 2 ? 'a' : 'b')]);
  assert.equal(host.complaints, [], 'without a hole');
  assert.is(host.records.length, 600, 'all of them');
});

test('what is encoded and never sent takes no number, and the same record is the same again', () => {
  const { dialect, host, send, begin } = rig();
  begin();
  const once = dialect.encode([trip(1)]);
  assert.equal(dialect.encode([trip(1)]), once, 'the same bytes');
  send([trip(2)]);
  assert.equal(host.complaints, [], 'no hole');
});

test('many records of a lift in one message; two of the same millisecond never are', () => {
  const { dialect, host, hear, sealed, begin } = rig();
  begin();
  const all = [trip(1), trip(2), trip(3), trip(4, 3), trip(5), trip(6, 4)];
  const encoded = dialect.encode(all);
  const carried = encoded.map((message) => message.records.map(({ seq }) => seq));
  assert.equal(
    carried,
    [[1, 2, 3], [4, 5], [6]],
    'up to the first that is not later: also after a clock that stepped back',
  );
  for (const message of encoded) {
    const one = sealed(message);
    assert.ok(one.payload.length <= message.payload.length, 'no larger than it was said');
    hear([one]);
  }
  assert.equal(
    host.records.map(({ values }) => values['record/seq']),
    [1, 2, 3, 4, 5, 6],
    'each is read',
  );
  assert.equal(host.complaints, [], 'nothing to complain of');
});

test('records of several lifts and of the box: each has its own message, in its order', () => {
  const { dialect, host, send, begin } = rig();
  begin();
  const ofBox = records.filter(({ body }) => body.type === 'box-fault');
  const all = [trip(1, 1, 'b'), trip(2), ...ofBox, trip(3, 3, 'b'), trip(4)];
  assert.is(dialect.encode(all).length, 3, 'three messages');
  send(all);
  assert.equal(
    host.records.map(({ device, values }) => [device, values['record/seq']]),
    [
      ['b', 1],
      ['b', 3],
      ['a', 2],
      ['a', 4],
      [null, ofBox[0]?.seq],
    ],
    'the order of each',
  );
  assert.equal(host.complaints, [], 'nothing to complain of');
});

test('a gap has no time of its own: it goes alone', () => {
  const { dialect, begin } = rig();
  begin();
  const two = ['gap', 'box-fault'].flatMap((type) => records.find(({ body }) => body.type === type) ?? []);
  assert.is(two.length, 2, 'both are there');
  assert.is(dialect.encode(two).length, 2, 'in front');
  assert.is(dialect.encode(two.reverse()).length, 2, 'behind');
});

test('a clock that was never set: no time before 1970', () => {
  const { host, send, begin } = rig();
  begin();
  send([{ ...trip(1), body: { ...trip(1).body, wallMs: -5000, clockTrust: 'unset' } }]);
  assert.is(host.records[0]?.timestampMs, 0, 'the first that can be said');
  assert.is(host.records[0]?.values['record/clockTrust'], 'unset', 'and how far it can be trusted');
});

test('history: what was stored before the session began, also where it waited for the host', () => {
  const { dialect, host, hear, send, begin } = rig('scada');
  dialect.note([trip(1)]);
  begin();
  dialect.note([trip(2)]);
  hear(dialect.onMessage(STATE, text({ online: true, timestamp: 5 }), true).publish);
  dialect.note([trip(3)]);
  send([trip(1), trip(2), trip(3)]);
  assert.equal(
    host.records.map(({ historical }) => historical),
    [true, true, false],
    'until the birth',
  );
});

test('history is told anew in each session', () => {
  const { dialect, host, send, begin } = rig();
  begin();
  dialect.note([trip(1), trip(2)]);
  begin();
  send([trip(1), trip(2)]);
  dialect.note([trip(3)]);
  send([trip(3)]);
  assert.equal(
    host.records.map(({ historical }) => historical),
    [true, true, false],
    'what the lost session owed',
  );
});

test('a birth says what is known, sent or not; and it is no record', () => {
  const { dialect, host, hear, begin } = rig();
  begin();
  dialect.note([trip(1), trip(2)]);
  hear(dialect.onMessage(NCMD, rebirth, false).publish);
  const born = host.births.filter(({ device }) => device === 'a').at(-1);
  assert.is(born?.values['trip/to'], 1 + (2 % 3), 'the newest trip');
  const to = born?.payload.metrics.find(({ name }) => name === 'trip/to');
  assert.is(to?.timestampMs, trip(2).body.wallMs, 'under its own time');
  assert.is(born?.values['record/seq'], null, 'it names no record');
  assert.equal(host.records, [], 'and the host took none from it');
  dialect.note(records.filter(({ body }) => body.type === 'gap'));
  hear(dialect.onMessage(NCMD, rebirth, false).publish);
  assert.is(host.births.findLast(({ device }) => device === null)?.values['gap/count'], 80, 'also what has no time');
  assert.equal(host.complaints, [], 'nothing to complain of');
});

test('death: the will of the attempt, and the last words, carry the number of the birth', () => {
  const { dialect, host, hear, begin } = rig();
  const will = begin();
  assert.is(will.topic, 'spBv1.0/city/NDEATH/box-1', 'where');
  assert.is(will.retain, false, 'not retained');
  hear(dialect.farewell());
  assert.is(host.online, false, 'the last words');
  begin();
  assert.is(host.bdSeq, 5, 'each connect has its own');
  hear([will]);
  assert.is(host.online, true, 'a late will of the session before harms nobody');
  assert.equal(host.complaints, [], 'nothing to complain of');
});

test('no last words where there was no birth', () => {
  const { dialect, begin } = rig('scada');
  begin();
  assert.equal(dialect.farewell(), [], 'nobody was told that it lived');
});

test('a type without metrics comes as JSON', () => {
  const { host, send, begin } = rig();
  begin();
  const odd: StoredRecord = { ...trip(1), body: { ...trip(1).body, type: 'live-view' } };
  send([odd]);
  assert.equal(host.complaints, [], 'nothing to complain of');
  assert.equal(JSON.parse(String(host.records[0]?.values['other/json'])), odd.body, 'whole');
  assert.is(host.records[0]?.device, 'a', 'of its lift');
});

test('of a lift that the site file has no more, the box tells', () => {
  const { host, send, begin } = rig();
  begin();
  send([trip(2, 2, 'gone')]);
  assert.is(host.records[0]?.device, null, 'the node');
  assert.is(JSON.parse(String(host.records[0]?.values['other/json'])).lift, 'gone', 'which lift it was');
});

test.run();
