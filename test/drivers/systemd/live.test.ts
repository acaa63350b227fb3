import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../src/package.ts';
import { CLONE_INSIDE, Manager, whyNot } from './manager.ts';

const UNIT = 'hoistway.service';
const STATE = '/var/lib/hoistway';
const shipped = (name: string) => readFileSync(join(packageRoot, 'systemd', name), 'utf8');
const target = (name: string, more = '') => [`/units/${name}`, `[Unit]\nDescription=${name}\n${more}`];

const files = Object.fromEntries([
  ...['sysinit.target', 'basic.target', 'network.target', 'multi-user.target', 'shutdown.target'].map((name) =>
    target(name),
  ),
  target('test.target', 'AllowIsolate=yes\n'),
  [`/units/${UNIT}`, shipped('hoistway.service')],
  // As `systemctl edit` would: the watchdog's 30 s, and seven times RestartSec, are long for a test.
  [
    `/units/${UNIT}.d/test.conf`,
    `[Service]\nWatchdogSec=1500ms\nRestartSec=50ms\nStandardOutput=tty\nStandardError=tty\nWorkingDirectory=${CLONE_INSIDE}\n`,
  ],
  ['/usr/lib/sysusers.d/hoistway.conf', shipped('hoistway.sysusers')],
  ['/usr/lib/tmpfiles.d/hoistway.conf', shipped('hoistway.tmpfiles')],
  [
    '/usr/bin/hoistway',
    `#!/bin/sh\nexec ${process.execPath} --import tsx ${CLONE_INSIDE}/test/drivers/systemd/stand-in.ts "$@"\n`,
  ],
  ['/etc/hoistway/site.yaml', 'version: 1\n'],
]);

interface Report {
  readonly words: string[];
  readonly uid: number;
  readonly groups: number[];
  readonly watchdogMs: number;
  readonly credentials: { readonly [name: string]: string };
  readonly may: { readonly [what: string]: string };
}

async function life(manager: Manager): Promise<void> {
  const starts = () => manager.read(`${STATE}/starts`).length;
  const report = () => JSON.parse(manager.read(`${STATE}/report.json`)) as Report;
  const id = (...words: string[]) => Number(manager.run('id', ...words, 'hoistway').trim());

  await manager.start(files, [
    ['systemd-sysusers', 'hoistway.conf'],
    ['systemd-tmpfiles', '--create', 'hoistway.conf'],
  ]);
  assert.is(manager.property(UNIT, 'LoadState'), 'loaded', 'the unit is read');
  manager.run('systemctl', 'start', UNIT);
  assert.is(
    manager.property(UNIT, 'ActiveState'),
    'active',
    'start returns when READY is said, without credentials too',
  );
  assert.is(manager.property(UNIT, 'StatusText'), 'standing in for 2 lifts', 'its word on how it stands');

  const first = report();
  assert.equal(first.words, ['run', '--site', '/etc/hoistway/site.yaml'], 'the command');
  assert.is(first.uid, id('-u'), 'runs as hoistway');
  const groups = manager
    .run('id', '-Gn', 'hoistway')
    .trim()
    .split(' ')
    .sort((a, b) => a.localeCompare(b));
  assert.equal(groups, ['dialout', 'gpio', 'hoistway'], 'its groups');
  assert.is(first.watchdogMs, 1500, 'it is told how often to speak');
  assert.equal(first.credentials, {}, 'a missing credential is no error');
  const { writeEtc, writeUsr, readHome, openConsole, ...needed } = first.may;
  for (const [what, outcome] of Object.entries(needed)) assert.is(outcome, 'done', `it may ${what}`);
  assert.ok(Object.keys(needed).length >= 5, 'what it needs was tried');
  assert.equal([writeEtc, writeUsr], ['EROFS', 'EROFS'], 'the system is read-only');
  assert.is.not(readHome, 'done', 'no home directories');
  assert.is.not(openConsole, 'done', 'no device but those it needs');

  // The watchdog is fed for longer than its time.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.is(starts(), 1, 'fed, it runs on');

  manager.write(`${STATE}/hang`, '');
  await manager.until('the watchdog bites and systemd starts it again', () => starts() === 2);
  assert.match(manager.console, /[Ww]atchdog timeout/, 'for the watchdog');
  manager.run('rm', `${STATE}/hang`);
  await manager.until('up again', () => manager.property(UNIT, 'ActiveState') === 'active');

  // As in README.md.
  manager.run('sh', '-c', 'umask 077; printf %s secret >/etc/credstore/hoistway.mqtt-password');
  manager.run('systemctl', 'restart', UNIT);
  assert.equal(report().credentials, { 'hoistway.mqtt-password': 'secret' }, 'the credential, readable for it');
  assert.is(manager.read(`${STATE}/stopped`), 'x', 'SIGTERM reaches the process itself');

  // Five ends in a row are the default limit, after which systemd gives a unit up.
  const before = starts();
  for (let end = 1; end <= 6; end++) {
    manager.run('systemctl', 'kill', '--signal=SIGKILL', UNIT);
    await manager.until(`started again after kill ${end}`, () => starts() === before + end);
    await manager.until('up', () => manager.property(UNIT, 'ActiveState') === 'active');
  }

  manager.run('systemctl', 'stop', UNIT);
  assert.is(manager.property(UNIT, 'ActiveState'), 'inactive', 'a stop is a stop');
  assert.is(manager.property(UNIT, 'Result'), 'success', 'and clean');
}

const why = whyNot();
if (why === null) {
  test('a real systemd starts, watches, shuts in, restarts and stops the unit', async () => {
    const manager = new Manager();
    try {
      await life(manager);
    } catch (error) {
      // What systemd said last is still on its way.
      await new Promise((resolve) => setTimeout(resolve, 200));
      process.stderr.write(`${manager.console}\n`);
      throw error;
    } finally {
      await manager.stop();
    }
  });
} else {
  process.stdout.write(`NOT RUN: the unit under a real systemd (${why})\n`);
}

test.run();
