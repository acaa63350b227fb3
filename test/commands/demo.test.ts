import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Board } from '../../src/interface/board.ts';
import { hoistway, type Started, startHoistway } from './cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-demos-'));
test.after(() => rmSync(dir, { recursive: true }));

interface Ports {
  readonly page: string;
  readonly broker: string;
}

/** Where it says that its page and its broker are. */
async function portsOf({ says, said }: Started): Promise<Ports> {
  await says('out', /Ctrl-C ends the demo/);
  const [, page = ''] = /^page +(http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(said.out) ?? [];
  const [, broker = ''] = /^broker +(mqtt:\/\/127\.0\.0\.1:\d+) /m.exec(said.out) ?? [];
  assert.ok(page && broker, said.out);
  return { page, broker };
}

async function statusOf(url: string): Promise<{ online: boolean; box: string }> {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0 });
  try {
    const heard = new Promise<string>((resolve) => client.once('message', (_, payload) => resolve(payload.toString())));
    await client.subscribeAsync('hoistway/v1/demo/status', { qos: 1 });
    return JSON.parse(await heard);
  } finally {
    await client.endAsync(true);
  }
}

async function boardOf(page: string): Promise<Board> {
  const answer = await fetch(new URL('api/board', page));
  assert.is(answer.status, 200, 'the board');
  return (await answer.json()) as Board;
}

test('two demos beside each other: page, broker, lifts that are read, the next ports, and 0 at SIGINT', async () => {
  const first = startHoistway(['demo'], { TMPDIR: dir });
  const one = await portsOf(first);
  const second = startHoistway(['demo', '--seed', '2'], { TMPDIR: dir });
  const two = await portsOf(second);
  assert.not.equal(one.page, two.page, 'each has its own page');
  assert.not.equal(one.broker, two.broker, 'each has its own broker');
  assert.match(second.said.out, /^port 1884 is taken$/m, 'the second says so');
  for (const { page, broker } of [one, two]) {
    const html = await fetch(page);
    assert.is(html.status, 200, `the page at ${page}`);
    assert.match(await html.text(), /<html/, 'a page');
    const status = await statusOf(broker);
    assert.equal([status.box, status.online], ['demo', true], `the box is online at ${broker}`);
    const board = await boardOf(page);
    assert.is(board.box.demo, true, 'it says that it is a demo');
    assert.equal(
      board.lifts.map(({ id }) => id),
      ['east', 'west'],
      'two lifts',
    );
    assert.ok(
      board.buses[0]?.slaves.every(({ ok }) => ok > 0),
      'both controllers are read',
    );
  }
  const own = () => readdirSync(dir).filter((name) => name.startsWith('hoistway-demo-'));
  assert.is(own().length, 2, 'each keeps its events in a directory of its own');
  first.signal('SIGINT');
  second.signal('SIGTERM');
  assert.is(await first.ended, 0, first.said.err);
  assert.is(await second.ended, 0, second.said.err);
  assert.equal(own(), [], 'which are gone afterwards');
});

test('its buttons: the network cut and back, the line pulled and back, however fast', async () => {
  const demo = startHoistway(['demo'], { LC_ALL: 'C' });
  const { page } = await portsOf(demo);
  const press = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json', origin: new URL(page).origin };
    const answer = await fetch(new URL(path, page), { method: 'POST', headers, body: JSON.stringify(body) });
    await answer.text();
    assert.ok(answer.ok, `${path} ${JSON.stringify(body)}: ${answer.status}`);
  };
  const until = async (what: string, met: (board: Board) => boolean) => {
    for (let tries = 0; tries < 200; tries++) {
      if (met(await boardOf(page))) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`never: ${what}\n${demo.said.err}`);
  };
  await until('online', ({ uplink }) => uplink.state === 'online');
  await press('/demo/line', { pulled: true });
  await until('the line is down', ({ buses }) => buses[0]?.up === false);
  await press('/demo/network', { cut: true });
  await until('offline', ({ uplink }) => uplink.state !== 'online');
  await press('/demo/line', { pulled: false });
  await until('the line is up', ({ buses }) => buses[0]?.up === true);
  await press('/demo/network', { cut: false });
  await until('online again', ({ uplink }) => uplink.state === 'online');
  // Somebody who cannot wait.
  await Promise.all([true, false, true, false, false].map((pulled) => press('/demo/line', { pulled })));
  await Promise.all([true, false, true, false, false].map((cut) => press('/demo/network', { cut })));
  await press('/demo/line', { pulled: false });
  await press('/demo/network', { cut: false });
  await until('the line is up after all', ({ buses }) => buses[0]?.up === true);
  await until('and the network', ({ uplink }) => uplink.state === 'online');
  assert.is(demo.child.exitCode, null, `it lives:\n${demo.said.err}`);
  demo.signal('SIGINT');
  assert.is(await demo.ended, 0, demo.said.err);
});

test('exit 2: a bare word', async () => {
  const { code, err } = await hoistway(['demo', 'now']);
  assert.is(code, 2, err);
  assert.match(err, /too much: now/, 'what is off');
});

test.run();
