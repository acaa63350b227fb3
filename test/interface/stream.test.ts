/** The stream of boards, over real HTTP: how often it speaks, to how many, and whom it lets go. */

import { connect } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sleep, systemClock } from '../../src/clock.ts';
import type { Board } from '../../src/interface/board.ts';
import { type Page, startPage } from '../../src/interface/http.ts';
import { fakeBoard } from './fake-board.ts';
import { ask, listen } from './web.ts';

let board: Board = fakeBoard();
let plain: Page;

const open = (changes: object = {}) =>
  startPage({ host: '127.0.0.1', port: 0, board: () => board, clock: systemClock, ...changes });

test.before(async () => {
  plain = await open();
});

test.before.each(() => {
  board = fakeBoard();
});

test.after(() => plain.stop());

test('the stream gives the board at once, and again with a push', async () => {
  const stream = await listen(plain);
  await sleep(systemClock, 60);
  assert.is(stream.heard.length, 1, 'one at once');
  board = fakeBoard({ box: { ...board.box, id: 'changed' } });
  plain.push();
  await sleep(systemClock, 60);
  assert.is(stream.heard.at(-1)?.box.id, 'changed', 'the pushed one');
  stream.close();
});

test('however often it is pushed, the stream sends ten a second, and the last state always', async () => {
  const stream = await listen(plain);
  for (let pushed = 0; pushed < 100; pushed++) {
    board = fakeBoard({ box: { ...board.box, upMs: pushed } });
    plain.push();
    await sleep(systemClock, 5);
  }
  await sleep(systemClock, 200);
  assert.ok(stream.heard.length >= 4 && stream.heard.length <= 12, `${stream.heard.length} frames of 100 pushes`);
  assert.is(stream.heard.at(-1)?.box.upMs, 99, 'the last state');
  stream.close();
});

test('without a push the stream speaks every second, so that the page knows the box is alive', async () => {
  const stream = await listen(plain);
  await sleep(systemClock, 2300);
  assert.ok(stream.heard.length >= 3, `${stream.heard.length} frames in 2.3 s`);
  stream.close();
});

test('more pages than the box can serve are turned away; a place is free again when one leaves', async () => {
  const page = await open();
  const streams = await Promise.all(Array.from({ length: 32 }, () => listen(page)));
  assert.is((await listen(page)).status, 503, 'the 33rd');
  assert.is((await ask(page, '/api/board')).status, 200, 'the rest still answers');
  streams[0]?.close();
  await sleep(systemClock, 100);
  assert.is((await listen(page)).status, 200, 'after one left');
  await page.stop();
  await Promise.all(streams.map(({ closed }) => closed));
});

test('a client that takes nothing is let go, and holds up nobody else', async () => {
  let nowMs = systemClock.monoMs();
  const clock = { ...systemClock, monoMs: () => nowMs };
  const text = 'x'.repeat(1_000_000);
  board = fakeBoard({ uplink: { state: 'waiting', why: { en: text, zh: text }, sent: 0 } });
  const page = await open({ clock });
  const { port } = new URL(page.url);
  const slow = connect(Number(port), '127.0.0.1');
  slow.pause();
  slow.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const gone = new Promise<void>((resolve) => slow.on('close', () => resolve()));
  slow.on('error', () => undefined);
  const quick = await listen(page);
  // Each push is eleven seconds after the last, by the page's clock. The kernel's buffers take the first boards.
  for (let pushed = 0; pushed < 12; pushed++) {
    nowMs = (nowMs + 11_000) as typeof nowMs;
    page.push();
    for (let tries = 0; tries < 300 && quick.heard.length < pushed + 2; tries++) await sleep(systemClock, 10);
    assert.is(quick.heard.length, pushed + 2, 'the quick one hears every board');
  }
  slow.resume();
  await Promise.race([gone, sleep(systemClock, 3000).then(() => assert.unreachable('the slow one is still there'))]);
  await page.stop();
  slow.destroy();
});

test.run();
