/** Against a real HTTP server that misbehaves in one way per test. */

import { createServer } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../uplink/live.ts';
import { endAll, type Heard, type Ill, live, respond, selfSigned, startPlatform } from './real-platform.ts';
import { alarm, owed, totals } from './rig.ts';

test.after.each(endAll);

const isAlarm = ({ path }: Heard) => path.includes('/fault-info/');

/** An alarm is kept while the platform is ill, and taken when it is well again. */
async function survives(ill: (...asked: Parameters<Ill>) => unknown, said: RegExp, settings = {}) {
  let well = false;
  const platform = await startPlatform((heard, request, response) => {
    if (well || !isAlarm(heard)) return false;
    ill(heard, request, response);
    return true;
  });
  const { outbox, remarks, start } = live(platform.url, settings);
  await outbox.append([alarm()]);
  const regional = start();
  await until(() => platform.of('/fault-info/').length >= 2, 'the alarm comes again');
  assert.is(await owed(outbox), 1, 'it is kept');
  assert.ok(
    remarks.some((line) => said.test(line)),
    `the journal says why: ${remarks.join(' | ')}`,
  );
  well = true;
  await until(() => regional.state.sent === 1, 'the alarm is taken');
  await until(() => outbox.forgotten.length === 1, 'and forgotten');
  assert.is(platform.taken.filter(isAlarm).length, 1, 'taken once');
}

test('a good platform: login, alarm, statistics, state', async () => {
  const platform = await startPlatform();
  const { outbox, remarks, start } = live(platform.url);
  await outbox.append([alarm(), totals('b')]);
  const regional = start();
  await until(() => outbox.forgotten.length === 2, 'both are forgotten');
  await until(() => platform.of('/running-info/').length === 2, 'the state of both lifts');
  assert.is(platform.of('/oauth/token').length, 1, 'one login');
  assert.is(platform.of('/fault-info/')[0]?.authorization, 'Bearer token-1', 'the token goes along');
  assert.is(platform.of('/periodic-info/')[0]?.path, '/api/govern/push/periodic-info/3110-1235', 'of the other lift');
  assert.equal(remarks.length, 1, 'one line in the journal');
  assert.is(regional.state.state, 'online', 'and online on the page');
});

test('500', () => survives((_heard, _request, response) => respond(response, 500, {}), /patience: HTTP 500/));

test('429 with Retry-After', () =>
  survives(
    (_heard, _request, response) => respond(response, 429, { message: 'slowly' }, { 'Retry-After': '1' }),
    /patience: HTTP 429 slowly/,
  ));

test('a redirect is not followed', () =>
  survives(
    (_heard, _request, response) => respond(response, 302, {}, { Location: 'http://127.0.0.1:1/' }),
    /patience: HTTP 302/,
  ));

test('a page of a portal under 200', () =>
  survives(
    (_heard, _request, response) => respond(response, 200, '<html>log in here</html>'),
    /the answer is not that of the platform/,
  ));

test('an answer without an end', () =>
  survives((_heard, _request, response) => response.write('x'.repeat(70_000)), /more than 65536 bytes/));

test('the line is closed without a word', () =>
  survives((_heard, request) => request.socket.destroy(), /connection was lost/));

test('the line is closed amid the answer', () =>
  survives((_heard, request, response) => {
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('{"success"');
    setTimeout(() => request.socket.destroy(), 20);
  }, /connection was lost/));

test('no answer in time', () => survives(() => undefined, /did not answer in time/, { requestTimeoutMs: 150 }));

test('an answer drop by drop is given up in time as well', () =>
  survives(
    (_heard, request, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      request.socket.on('close', () => clearInterval(timer));
    },
    /did not answer in time/,
    { requestTimeoutMs: 150 },
  ));

test('a record that is refused is set aside, and the next is taken', async () => {
  let first = true;
  const platform = await startPlatform((heard, _request, response) => {
    if (!isAlarm(heard) || !first) return false;
    first = false;
    respond(response, 400, { message: 'registerNumber unknown' });
    return true;
  });
  const { outbox, start } = live(platform.url);
  await outbox.append([alarm(), alarm()]);
  start();
  await until(() => outbox.forgotten.length === 1, 'the second is taken');
  assert.is(
    outbox.poisoned[0]?.reason,
    'regional: HTTP 400 registerNumber unknown',
    'the first stands aside, with why',
  );
});

test('wrong credentials: nothing but logins, and no secret in the journal', async () => {
  const platform = await startPlatform();
  const { outbox, remarks, start } = live(platform.url, { passwordFile: import.meta.filename });
  await outbox.append([alarm()]);
  const regional = start();
  await until(() => platform.heard.length >= 2, 'a second login');
  assert.is(platform.heard.length, platform.of('/oauth/token').length, 'nothing else');
  assert.match(remarks[0] ?? '', /refuses name, password or token: BIZ_ERROR wrong secret/, 'it says why');
  assert.not.match(remarks.join(), /import/, 'no word of the file');
  await until(() => regional.state.state === 'waiting', 'it waits between them');
});

test('what speaks no HTTP', async () => {
  const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n').on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const { remarks, start } = live(`http://127.0.0.1:${port}`);
  start();
  await until(() => remarks.length > 0, 'it is told');
  assert.match(remarks[0] ?? '', /the answer cannot be read: Parse Error/, 'what is wrong');
  server.close();
});

test('nobody there', async () => {
  const { remarks, start } = live('http://127.0.0.1:1');
  start();
  await until(() => remarks.length > 0, 'it is told');
  assert.match(remarks[0] ?? '', /cannot be reached: .*ECONNREFUSED/, 'what is wrong');
});

test('TLS by an authority of its own: with its certificate, and not without', async () => {
  const pair = selfSigned('platform');
  const platform = await startPlatform(undefined, pair);
  const trusting = live(platform.url, { caFile: pair.cert });
  await trusting.outbox.append([alarm()]);
  const regional = trusting.start();
  await until(() => regional.state.sent === 1, 'taken over TLS');
  for (const settings of [{}, { caFile: selfSigned('other').cert }]) {
    const { remarks, start } = live(platform.url, settings);
    start();
    await until(() => remarks.length > 0, 'it is told');
    assert.match(remarks[0] ?? '', /no secure connection \(TLS\) to the platform/, 'an authority that we do not know');
  }
});

test.run();
