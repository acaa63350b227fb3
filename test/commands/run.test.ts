import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sleep, systemClock } from '../../src/clock.ts';
import { startHoistway } from './cli.ts';
import { openSerialRoom, siteText } from './rig.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-run-'));
test.after(() => rmSync(dir, { recursive: true }));

function site(name: string, path: string, more: string): string {
  const file = join(dir, `${name}.yaml`);
  writeFileSync(file, siteText(path, more));
  return file;
}

test('a port that is not there: it stays up, says so once, and ends with 0 at SIGTERM', async () => {
  const path = '/dev/serial/by-id/no-such-adapter';
  const file = site('no-port', path, 'page: null\n');
  const { says, signal, ended, said, child } = startHoistway(['run', '--site', file], {
    STATE_DIRECTORY: join(dir, 'no-port'),
  });
  await says('err', /box-1: watching east\n/);
  await says('err', /no-such-adapter/);
  // Long enough for several attempts to open it.
  await sleep(systemClock, 2500);
  assert.is(child.exitCode, null, 'still up');
  const lines = said.err.split('\n').filter((line) => line.includes('no-such-adapter'));
  assert.is(lines.length, 1, `said once:\n${said.err}`);
  assert.match(lines[0] ?? '', /^east: /, 'whose controller it is');
  assert.is(said.out, '', 'nothing on standard output');
  signal('SIGTERM');
  assert.is(await ended, 0, said.err);
});

test('it serves its page, keeps its events in the state directory, and ends with 0 at SIGINT', async () => {
  const port = await freePort();
  const state = join(dir, 'made', 'here');
  const file = site('page', '/dev/nowhere', `page: { port: ${port} }\n`);
  const { says, signal, ended, said } = startHoistway(['run', '--site', file], { STATE_DIRECTORY: state });
  await says('err', new RegExp(`box-1: watching east; http://127\\.0\\.0\\.1:${port}/`));
  const page = await fetch(`http://127.0.0.1:${port}/`);
  assert.is(page.status, 200, 'the page');
  await page.text();
  assert.ok(readdirSync(state).includes('outbox.db'), 'the outbox is where systemd says');
  signal('SIGINT');
  assert.is(await ended, 0, said.err);
});

test('the site file’s own state directory comes first', async () => {
  const own = join(dir, 'own');
  const file = site('own', '/dev/nowhere', 'page: null\n');
  writeFileSync(file, siteText('/dev/nowhere', 'page: null\n').replace('id: box-1', `id: box-1, stateDir: ${own}`));
  const other = join(dir, 'other');
  const { says, signal, ended, said } = startHoistway(['run', '--site', file], { STATE_DIRECTORY: other });
  await says('err', /watching/);
  assert.ok(readdirSync(own).includes('outbox.db'), 'there');
  signal('SIGTERM');
  assert.is(await ended, 0, said.err);
  assert.not.ok(readdirSync(dir).includes('other'), 'not the other');
});

test('a live line: events are stored, and told to the journal once they are', async () => {
  const room = await openSerialRoom('page: null\n');
  const { says, signal, ended, said } = startHoistway(['run', '--site', room.site], {
    STATE_DIRECTORY: join(dir, 'live'),
  });
  try {
    await says('err', /^stored [0-9a-f]{8}\.1 1 east mode normal$/m);
    signal('SIGTERM');
    assert.is(await ended, 0, said.err);
  } finally {
    await room.close();
  }
});

test('a disk that takes nothing: said, the lifts are watched on, and it ends at SIGTERM', async () => {
  const file = site('full', '/dev/nowhere', '    limits: { controllerSilentLimitMs: 2000 }\npage: null\n');
  const { says, signal, ended, said, child } = startHoistway(['run', '--site', file], {
    STATE_DIRECTORY: join(dir, 'full'),
  });
  await says('err', /watching/);
  // From now on no file may grow.
  execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=1']);
  await says('err', /the disk reports an error/);
  assert.not.match(said.err, /^stored /m, 'nothing is told as stored');
  assert.is(child.exitCode, null, 'still up');
  signal('SIGTERM');
  assert.is(await ended, 0, said.err);
});

test('exit 1: a state directory that cannot be made', async () => {
  const file = site('no-state', '/dev/nowhere', 'page: null\n');
  const { ended, said } = startHoistway(['run', '--site', file], { STATE_DIRECTORY: join(file, 'state') });
  assert.is(await ended, 1, said.err);
  assert.match(
    said.err,
    /making the state directory failed at .*no-state\.yaml\/state: ENOTDIR.*\nnext: .*stateDir/,
    'told',
  );
});

test('exit 1: a second one on the same state directory', async () => {
  const file = site('twice', '/dev/nowhere', 'page: null\n');
  const env = { STATE_DIRECTORY: join(dir, 'twice') };
  const first = startHoistway(['run', '--site', file], env);
  await first.says('err', /watching/);
  const second = startHoistway(['run', '--site', file], env);
  assert.is(await second.ended, 1, second.said.err);
  assert.match(second.said.err, /open the outbox failed at .*outbox\.db.*\nnext: \S/, 'told');
  first.signal('SIGTERM');
  assert.is(await first.ended, 0, first.said.err);
});

test('a page port that is taken is told, and does not keep the box from watching', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  try {
    const file = site('taken', '/dev/nowhere', `page: { port: ${port} }\n`);
    const { says, ended, said, signal } = startHoistway(['run', '--site', file], {
      STATE_DIRECTORY: join(dir, 'taken'),
    });
    await says('err', new RegExp(`open the page failed at 127\\.0\\.0\\.1:${port}`));
    await says('err', /box-1: watching east\n/);
    signal('SIGTERM');
    assert.is(await ended, 0, said.err);
  } finally {
    server.close();
  }
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

test.run();
