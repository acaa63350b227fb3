/** What the dialect hears, without a network: rebirths, commands, the primary host. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { REBIRTHS_AT_ONCE } from '../../../src/uplink/sparkplug/rebirths.ts';
import { trip } from './records.ts';
import { ask, NCMD, rebirth, rig, STATE, text } from './rig.ts';

test('rebirth: the same bdSeq, numbers from 0, and records go on', () => {
  const { dialect, host, hear, send, begin } = rig();
  begin();
  send([trip(1)]);
  const { publish, leave, remarks } = dialect.onMessage(NCMD, rebirth, false);
  hear(publish);
  send([trip(2)]);
  assert.equal(host.verbs.slice(4), ['NBIRTH', 'DBIRTH a', 'DBIRTH b', 'DDATA a'], 'all births again');
  assert.is(host.bdSeq, 4, 'the number of the connect');
  const aliases = host.births.map(({ payload }) => payload.metrics.map(({ name, alias }) => [name, alias]));
  assert.equal(aliases.slice(3), aliases.slice(0, 3), 'the same names under the same aliases');
  assert.is(leave, null, 'the session stands');
  assert.equal(remarks, [], 'nothing to tell');
  assert.equal(host.complaints, [], 'nothing to complain of');
});

test('a host that asks for births on and on is answered once a minute', async () => {
  const { clock, dialect, begin } = rig();
  begin();
  const answered = () => dialect.onMessage(NCMD, rebirth, false).publish.length > 0;
  const first = Array.from({ length: REBIRTHS_AT_ONCE + 5 }, answered);
  assert.is(first.filter(Boolean).length, REBIRTHS_AT_ONCE, 'so many at once');
  await clock.advance(61_000);
  assert.equal([answered(), answered()], [true, false], 'then one a minute');
  await clock.advance(3_600_000);
  assert.is(Array.from({ length: 20 }, answered).filter(Boolean).length, REBIRTHS_AT_ONCE, 'an hour saves up no more');
});

test('every other command is refused and told once; a retained one too', () => {
  const { dialect, begin } = rig();
  begin();
  const said = (topic: string, payload: Uint8Array, retained = false) => {
    const { publish, leave, remarks } = dialect.onMessage(topic, payload, retained);
    assert.equal([publish, leave], [[], null], `${topic}: nothing comes of it`);
    return remarks.map(({ en }) => en);
  };
  const reboot = ask({ name: 'Node Control/Reboot', value: true });
  assert.equal(
    said(NCMD, reboot),
    ['a command is refused: spBv1.0/city/NCMD/box-1 Node Control/Reboot'],
    'by its name',
  );
  assert.equal(said(NCMD, reboot), [], 'once');
  assert.match(
    said('spBv1.0/city/DCMD/box-1/a', reboot)[0] ?? '',
    /refused: spBv1.0\/city\/DCMD\/box-1\/a/,
    'to a lift',
  );
  assert.match(said(NCMD, rebirth, true)[0] ?? '', /refused: .*Rebirth/, 'one that would come at each connect');
  assert.equal(said(NCMD, ask({ name: 'Node Control/Rebirth', value: false })), [], 'that which asks for nothing');
  assert.match(said(NCMD, new Uint8Array([0xff, 0xff]))[0] ?? '', /^spBv1.0\/city\/NCMD\/box-1: /, 'no payload');
  const evil = said(NCMD, ask({ name: `x\n\u001b[2J\u009b\u202e${'y'.repeat(5000)}`, value: true }))[0] ?? '';
  assert.match(evil, /^a command is refused: \S+ x\?\?\[2J\?\?y{100,150}$/, 'fit for a line of the journal');
  for (let n = 0; n < 50; n++) said(NCMD, ask({ name: `n${n}`, value: true }));
  assert.equal(said(NCMD, ask({ name: 'one more', value: true })), [], 'and not for ever');
  begin();
  assert.is(said(NCMD, reboot).length, 1, 'the next session tells again');
});

test('a primary host: nothing before it is there, and nothing after it has gone', () => {
  const { dialect, host, hear, begin } = rig('scada');
  assert.equal(dialect.subscriptions, [NCMD, 'spBv1.0/city/DCMD/box-1/+', STATE], 'what is listened to');
  begin();
  assert.equal(host.verbs, [], 'no birth');
  assert.match(dialect.held?.en ?? '', /primary host scada/, 'and it says why');
  const away = dialect.onMessage(STATE, text({ online: false, timestamp: 5 }), true);
  assert.equal([away.publish, away.leave], [[], null], 'offline: it waits, and does not connect again and again');
  assert.equal(dialect.onMessage(NCMD, rebirth, false).publish, [], 'no rebirth before a birth');
  hear(dialect.onMessage(STATE, text({ online: true, timestamp: 6 }), false).publish);
  assert.equal(host.verbs, ['NBIRTH', 'DBIRTH a', 'DBIRTH b'], 'it is there: births');
  assert.is(dialect.held, null, 'records may go');
  assert.equal(dialect.onMessage(STATE, text({ online: true, timestamp: 7 }), false).publish, [], 'once');
  const stale = dialect.onMessage(STATE, text({ online: false, timestamp: 6 }), false);
  assert.is(stale.leave, null, 'the will of an earlier connection does not count');
  assert.match(stale.remarks[0]?.en ?? '', /older state/, 'and is told');
  const gone = dialect.onMessage(STATE, text({ online: false, timestamp: 7 }), false);
  hear(gone.publish);
  assert.match(gone.leave?.en ?? '', /primary host scada is offline/, 'gone: the link is left');
  assert.is(host.verbs.at(-1), 'NDEATH', 'with a death');
  assert.is(host.online, false, 'which the host takes for that of this session');
  assert.ok(dialect.held, 'and nothing goes');
});

test('the state of the host may come before the greeting, and counts for its own attempt alone', () => {
  const { dialect, host, hear } = rig('scada');
  dialect.will();
  hear(dialect.onMessage(STATE, text({ online: true, timestamp: 6 }), true).publish);
  assert.equal(host.verbs, [], 'not before the subscriptions are in place');
  hear(dialect.greet());
  assert.is(host.verbs[0], 'NBIRTH', 'then at once');
  dialect.will();
  assert.equal(dialect.greet(), [], 'the next attempt waits for its own');
  hear(dialect.onMessage(STATE, text({ online: true, timestamp: 2 }), true).publish);
  assert.is(host.verbs.filter((verb) => verb === 'NBIRTH').length, 2, 'a host whose clock went back is heard again');
  dialect.will();
  const early = dialect.onMessage(STATE, text({ online: true, timestamp: 7 }), true).publish;
  assert.equal(early, [], 'each attempt has its own greeting');
});

test('what is no state of Sparkplug 3.0 is told and does not count', () => {
  for (const payload of [
    Buffer.from('ONLINE'),
    text({ online: true }),
    text({ online: 'true', timestamp: 1 }),
    text(null),
  ]) {
    const { dialect, begin } = rig('scada');
    begin();
    const { publish, remarks } = dialect.onMessage(STATE, payload, true);
    assert.equal(publish, [], `${payload}: no birth`);
    assert.match(remarks[0]?.en ?? '', /not a state of Sparkplug 3.0/, `${payload}: told`);
  }
});

test.run();
