/** Tokens, passwords and their files; and that none of it is told on. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { status, TAKEN, TOKEN } from './fake-platform.ts';
import { alarm, owed, PASSWORD, rig } from './rig.ts';

test('a token that is over is renewed at once; one that is refused again is not hammered', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  const regional = start();
  await clock.advance(1000);
  let refused = 0;
  platform.reply = ({ kind }) => {
    if (kind === 'login') return TOKEN;
    return kind === 'alarm' && refused++ === 0 ? status(401) : TAKEN;
  };
  await outbox.append([alarm()]);
  await clock.advance(0);
  assert.is(platform.of('login').length, 2, 'a new token');
  assert.is(platform.of('alarm').length, 2, 'and the alarm again, in the same moment');
  assert.is(await owed(outbox), 1, 'taken, and about to be forgotten');
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : status(401));
  await outbox.append([alarm()]);
  await clock.advance(10_000);
  const logins = platform.of('login').length;
  assert.ok(logins >= 4 && logins <= 6, `${logins} logins in ten seconds`);
  assert.match(regional.state.why.en, /refuses name, password or token: HTTP 401/, 'it says why');
  await stop(regional);
});

test('wrong credentials: nothing is sent, and it says so until they are right', async () => {
  const { clock, platform, outbox, files, start, stop } = rig();
  const right = (body: unknown) => (body as { appSecret: string }).appSecret === 'renewed';
  platform.reply = ({ kind, body }) => (kind !== 'login' ? TAKEN : right(body) ? TOKEN : status(401));
  await outbox.append([alarm()]);
  const regional = start();
  await clock.advance(10_000);
  assert.is(platform.requests.length, platform.of('login').length, 'nothing but logins');
  assert.is(regional.state.state, 'waiting', 'waiting');
  assert.match(regional.state.why.en, /refuses name, password or token/, 'with the reason');
  files.password = 'renewed';
  await clock.advance(60_000);
  assert.is(await owed(outbox), 0, 'a renewed file needs no restart');
  await stop(regional);
});

test('no password file: it says so, and tries again', async () => {
  const { clock, platform, outbox, files, start, stop } = rig();
  files.password = null;
  await outbox.append([alarm()]);
  const regional = start();
  await clock.advance(5000);
  assert.is(platform.requests.length, 0, 'nothing is sent without it');
  assert.match(regional.state.why.en, /settings of the platform cannot be used: no such file/, 'it says why');
  files.password = PASSWORD;
  await clock.advance(60_000);
  assert.is(await owed(outbox), 0, 'then all goes');
  await stop(regional);
});

test('a secret that the platform repeats is not told on', async () => {
  const { clock, platform, outbox, remarks, start, stop } = rig();
  const body = { message: `bad token-1 of ${PASSWORD}` };
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : kind === 'alarm' ? status(400, null, body) : TAKEN);
  await outbox.append([alarm()]);
  const regional = start();
  await clock.advance(1000);
  const said = [...remarks, outbox.poisoned[0]?.reason, regional.state.why.en].join('\n');
  assert.not.match(said, /token-1|open sesame/, 'neither token nor password');
  assert.match(said, /HTTP 400 bad \*\*\* of \*\*\*/, 'the rest of its words');
  await stop(regional);
});

test('a token lives as long as the platform says, and not longer', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  const token = { accessToken: 'token-1', expiresTime: 240 };
  const short = status(200, null, { success: true, data: token });
  platform.reply = ({ kind }) => (kind === 'login' ? short : TAKEN);
  const regional = start();
  await clock.advance(60_000);
  await outbox.append([alarm()]);
  await clock.advance(0);
  assert.is(platform.of('login').length, 1, 'still good');
  await clock.advance(10_000);
  await outbox.append([alarm()]);
  await clock.advance(0);
  assert.is(platform.of('login').length, 2, 'a minute after it was got: three before its end');
  assert.is(platform.of('alarm').length, 2, 'and the alarm went with the new one');
  await stop(regional);
});

test('two that went with the old token ask for one new token', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  const regional = start();
  await clock.advance(1000);
  platform.reply = () => null;
  await outbox.append([alarm(), { ...alarm(), lane: 'telemetry', body: { type: 'totals', wallMs: 0, atMs: 0 } }]);
  await clock.advance(0);
  assert.is(platform.waiting.length, 2, 'an alarm and statistics are on their way');
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : TAKEN);
  for (const request of [...platform.waiting]) request.answer({ answer: status(401) });
  await clock.advance(100);
  assert.is(platform.of('login').length, 2, 'one login beside the first');
  assert.is(await owed(outbox), 0, 'and both are taken');
  assert.is(regional.state.state, 'online', 'without a pause');
  await stop(regional);
});

test.run();
