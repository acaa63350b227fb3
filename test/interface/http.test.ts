/** The page over real HTTP: what it answers, and everything it refuses. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../../src/clock.ts';
import { GatewayError } from '../../src/errors.ts';
import type { Board, DemoControls } from '../../src/interface/board.ts';
import { type Page, startPage } from '../../src/interface/http.ts';
import { fakeBoard } from './fake-board.ts';
import { type Asked, ask, listen } from './web.ts';

let board: Board = fakeBoard();
let demo: Page;
let plain: Page;
let pressed: string[] = [];

const state = { networkCut: false, linePulled: false };
const controls: DemoControls = {
  trap: (lift) => pressed.push(`trap ${lift}`),
  holdDoor: (lift) => pressed.push(`hold ${lift}`),
  cutNetwork: (cut) => {
    state.networkCut = cut;
  },
  pullSerialLine: (pulled) => {
    state.linePulled = pulled;
  },
  state,
};

const open = (changes: object = {}) =>
  startPage({ host: '127.0.0.1', port: 0, board: () => board, clock: systemClock, ...changes });

test.before(async () => {
  demo = await open({ controls });
  plain = await open();
});

test.before.each(() => {
  board = fakeBoard();
  pressed = [];
});

test.after(async () => {
  await demo.stop();
  await plain.stop();
});

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (page: Page, path: string, sent: unknown, headers: Asked['headers'] = JSON_TYPE) =>
  ask(page, path, { method: 'POST', headers: headers ?? JSON_TYPE, body: JSON.stringify(sent) });

test('the page and its parts are served, with headers that let nothing else in', async () => {
  const page = await ask(plain, '/');
  assert.is(page.status, 200, 'the page');
  assert.match(String(page.headers['content-type']), 'text/html', 'type of the page');
  assert.match(String(page.headers['content-security-policy']), "default-src 'self'", 'nothing from elsewhere');
  assert.match(String(page.headers['content-security-policy']), "frame-ancestors 'none'", 'not in a frame');
  assert.is(page.headers['x-content-type-options'], 'nosniff', 'types are not guessed');
  for (const [path, type] of [
    ['/page.js', 'text/javascript'],
    ['/page.css', 'text/css'],
    ['/icon.svg', 'image/svg+xml'],
  ] as const) {
    const part = await ask(plain, path);
    assert.is(part.status, 200, path);
    assert.match(String(part.headers['content-type']), type, `type of ${path}`);
  }
  assert.not.match(page.text, /(src|href)="(https?:)?\/\//, 'no external resource');
});

test('HEAD answers as GET, without a body', async () => {
  const answer = await ask(plain, '/api/board', { method: 'HEAD' });
  assert.is(answer.status, 200, 'status');
  assert.is(answer.text, '', 'no body');
  assert.is((await ask(plain, '/events', { method: 'HEAD' })).status, 200, 'a stream that ends at once');
});

test('the board is given as JSON, with the time of the box', async () => {
  const answer = await ask(plain, '/api/board');
  const view = JSON.parse(answer.text);
  assert.is(answer.headers['content-type'], 'application/json', 'type');
  assert.is(view.lifts[0].id, 'east', 'the lift');
  assert.ok(Math.abs(view.nowWallMs - systemClock.wallMs()) < 5000, 'wall time of the box');
  assert.is(view.demo, null, 'no demo');
  assert.equal(JSON.parse((await ask(demo, '/api/board')).text).demo, state, 'state of the demo');
});

test('health: 200 when well, 503 with the reasons when the outbox is in trouble or every line is down', async () => {
  const well = await ask(plain, '/health');
  assert.equal([well.status, well.text], [200, 'ok\n'], 'well');
  const lost = { state: 'waiting', why: { en: 'no network', zh: '无网络' }, sent: 0 } as const;
  board = fakeBoard({ uplink: lost });
  assert.is((await ask(plain, '/health')).status, 200, 'a lost network is no illness');
  board = fakeBoard({ outbox: { ...fakeBoard().outbox, trouble: 'disk full' } });
  const full = await ask(plain, '/health');
  assert.is(full.status, 503, 'outbox in trouble');
  assert.match(full.text, 'disk full', 'its reason');
  const [up] = fakeBoard().buses;
  const down = { id: 'second', up: false, why: 'no such port', slaves: [] };
  board = fakeBoard({ buses: [down] });
  const dead = await ask(plain, '/health');
  assert.is(dead.status, 503, 'all lines down');
  assert.match(dead.text, 'no such port', 'its reason');
  board = fakeBoard({ buses: [down, ...(up ? [up] : [])] });
  assert.is((await ask(plain, '/health')).status, 200, 'one line of two still works');
  board = fakeBoard({ buses: [] });
  assert.is((await ask(plain, '/health')).status, 200, 'no lines at all is a box of sensors');
});

test('another name than our own is refused: a name that was made to point at the box reads nothing', async () => {
  const port = new URL(plain.url).port;
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'localhost.evil.example',
    '10.0.0.7',
    '127.0.0.1@evil.example',
  ]) {
    assert.is((await ask(plain, '/api/board', { headers: { host } })).status, 421, `Host: ${host}`);
  }
  for (const host of ['localhost', `localhost:${port}`, '127.0.0.1', '[::1]:8080', 'LOCALHOST']) {
    assert.is((await ask(plain, '/api/board', { headers: { host } })).status, 200, `Host: ${host}`);
  }
});

test('on every address of the machine, the address that was called is a name of the box', async () => {
  const wide = await open({ host: '0.0.0.0' });
  try {
    assert.match(wide.url, 'http://localhost:', 'an address a person can open');
    assert.is((await ask(wide, '/', { headers: { host: '127.0.0.1' } })).status, 200, 'the address called');
    assert.is((await ask(wide, '/', { headers: { host: '10.0.0.7' } })).status, 421, 'another address');
    assert.is((await ask(wide, '/', { headers: { host: 'evil.example' } })).status, 421, 'another name');
  } finally {
    await wide.stop();
  }
});

test('paths are served by exact name only', async () => {
  for (const path of [
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/http.ts',
    '/page/../page.js',
    '//page.js',
    '/PAGE.JS',
    '/.',
    '/index.html',
    '/events/',
    'http://evil.example/',
  ]) {
    assert.is((await ask(plain, path)).status, 404, path);
  }
  assert.is((await ask(plain, '/page.js?v=1')).status, 200, 'a query changes nothing');
});

test('methods that would change something are refused', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST']) {
    const answer = await ask(plain, '/', { method });
    assert.is(answer.status, 405, method);
    assert.is(answer.headers.allow, 'GET, HEAD', `${method}: what is allowed`);
    assert.match(String(answer.headers['content-type']), 'text/plain', 'errors are plain text');
  }
  assert.is((await ask(demo, '/demo/trap')).status, 405, 'GET of a button');
});

test('a box that is no demo has no buttons', async () => {
  const answer = await post(plain, '/demo/trap', { lift: 'east' });
  assert.is(answer.status, 405, 'POST');
  assert.is((await ask(plain, '/demo/trap')).status, 404, 'GET');
});

test('the buttons of the demo reach its controls', async () => {
  assert.is((await post(demo, '/demo/trap', { lift: 'east' })).status, 204, 'trap');
  assert.is((await post(demo, '/demo/hold-door', { lift: 'east' })).status, 204, 'hold the door');
  assert.equal(pressed, ['trap east', 'hold east'], 'what was called');
  assert.is((await post(demo, '/demo/network', { cut: true })).status, 204, 'cut');
  assert.is((await post(demo, '/demo/line', { pulled: true })).status, 204, 'pull');
  assert.equal(state, { networkCut: true, linePulled: true }, 'both on');
  await post(demo, '/demo/network', { cut: false });
  await post(demo, '/demo/line', { pulled: false });
  assert.equal(state, { networkCut: false, linePulled: false }, 'both off');
});

test('a button is not pressed by another site, by a form, by what is no JSON, too long, or about no lift', async () => {
  const own = new URL(demo.url).origin;
  const from = (origin: string) => ({ ...JSON_TYPE, origin });
  assert.is(
    (await post(demo, '/demo/trap', { lift: 'east' }, from('https://evil.example'))).status,
    403,
    'another site',
  );
  assert.is((await post(demo, '/demo/trap', { lift: 'east' }, from('null'))).status, 403, 'a page from nowhere');
  assert.is((await post(demo, '/demo/trap', { lift: 'east' }, from('http://localhost:1'))).status, 403, 'another port');
  assert.is((await post(demo, '/demo/trap', { lift: 'east' }, { 'content-type': 'text/plain' })).status, 415, 'a form');
  assert.is((await post(demo, '/demo/trap', { lift: 'east' }, {})).status, 415, 'no type');
  assert.is(
    (await ask(demo, '/demo/trap', { method: 'POST', headers: JSON_TYPE, body: '{lift' })).status,
    400,
    'no JSON',
  );
  assert.is((await post(demo, '/demo/trap', { lift: 'x'.repeat(5000) })).status, 413, 'too long');
  const chunked = { ...JSON_TYPE, 'transfer-encoding': 'chunked' };
  assert.is((await post(demo, '/demo/trap', { lift: 'x'.repeat(5000) }, chunked)).status, 413, 'too long, unannounced');
  assert.is((await post(demo, '/demo/trap', { lift: 'north' })).status, 404, 'no such lift');
  for (const [path, sent] of [
    ['/demo/trap', {}],
    ['/demo/trap', null],
    ['/demo/trap', { lift: 'east', more: 1 }],
    ['/demo/network', { cut: 'yes' }],
    ['/demo/line', { lift: 'east' }],
  ] as const) {
    assert.is((await post(demo, path, sent)).status, 400, `${path} ${JSON.stringify(sent)}`);
  }
  assert.equal(pressed, [], 'nothing was pressed');
  assert.is((await post(demo, '/demo/trap', { lift: 'east' }, from(own))).status, 204, 'our own page');
});

test('a taken port: an error that says what to do, or the next one where that is allowed', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const { port } = blocker.address() as AddressInfo;
  try {
    await open({ port });
    assert.unreachable('the port is taken');
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    assert.is(error.code, 'interface-failed', 'code');
    assert.is(error.where, `127.0.0.1:${port}`, 'where');
    assert.match(error.hint, 'page.port', 'what to do');
  }
  const next = await open({ port, nextFreePort: true });
  assert.ok(Number(new URL(next.url).port) > port, 'the next free one');
  assert.is((await ask(next, '/health')).status, 200, 'and it answers there');
  await next.stop();
  blocker.close();
});

test('an address this machine has not is said so', async () => {
  try {
    await open({ host: '192.0.2.77' });
    assert.unreachable('not our address');
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    assert.match(error.hint, 'page.host', 'what to do');
  }
});

test('stop closes every stream and the port', async () => {
  const page = await open();
  const stream = await listen(page);
  await page.stop();
  await stream.closed;
  const refused = await ask(page, '/').then(
    () => false,
    () => true,
  );
  assert.ok(refused, 'nobody answers');
});

test('a board that cannot be made is a plain 500, and the page goes on', async () => {
  let broken = true;
  const page = await open({
    board: () => {
      if (broken) throw new Error('no board yet');
      return board;
    },
  });
  const answer = await ask(page, '/api/board');
  assert.equal([answer.status, answer.text], [500, 'no board yet\n'], 'the reason');
  broken = false;
  assert.is((await ask(page, '/api/board')).status, 200, 'the next one');
  await page.stop();
});

test.run();
