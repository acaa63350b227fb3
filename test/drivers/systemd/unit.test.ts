import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../src/package.ts';

const at = (name: string) => join(packageRoot, 'systemd', name);
const unit = readFileSync(at('hoistway.service'), 'utf8');

/** Every value of a directive, in order. */
function valuesOf(directive: string): string[] {
  return [...unit.matchAll(new RegExp(`^${directive}=(.*)$`, 'gm'))].map(([, value = '']) => value);
}

const directives: [string, string[], string][] = [
  ['Type', ['notify'], 'up when it says READY'],
  ['NotifyAccess', ['main'], 'no other process speaks for it'],
  ['WatchdogSec', ['30'], 'watched'],
  ['Restart', ['always'], 'restarted'],
  ['RestartSec', ['2'], 'soon'],
  ['StartLimitIntervalSec', ['0'], 'for ever'],
  ['ExecStart', ['/usr/bin/hoistway run --site /etc/hoistway/site.yaml'], 'the command'],
  ['ExecStartPre', [], 'nothing that fails before it'],
  ['User', ['hoistway'], 'not root'],
  ['SupplementaryGroups', ['dialout gpio'], 'serial ports and GPIO'],
  ['StateDirectory', ['hoistway'], 'the only place it writes to'],
  ['After', ['network.target'], 'never network-online or time-sync: it starts without a network and a clock'],
  ['Wants', [], 'and pulls in neither'],
  ['Requires', [], 'nor needs them'],
  ['LoadCredential', ['hoistway.mqtt-key', 'hoistway.mqtt-password'], 'by name, so that a missing one is no error'],
  ['DevicePolicy', ['closed'], 'no device but these'],
  [
    'DeviceAllow',
    ['char-ttyUSB rw', 'char-ttyACM rw', 'char-ttyAMA rw', 'char-ttyS rw', 'char-gpiochip rw'],
    'serial ports, and chips to look at',
  ],
  ['CapabilityBoundingSet', [''], 'no capability'],
  ['MemoryDenyWriteExecute', ['no'], 'V8 compiles while it runs'],
  ['UMask', ['0077'], 'files of its own'],
];
for (const [directive, values, why] of directives) {
  test(`${directive}: ${why}`, () => assert.equal(valuesOf(directive), values, directive));
}

test('every switch-off of protection has its reason in a comment before it', () => {
  const lines = unit.split('\n');
  for (const [index, line] of lines.entries()) {
    if (/^(Protect|Private|Memory|Restrict|NoNew|Lock)\w+=no$/.test(line)) {
      assert.match(lines[index - 1] ?? '', /^# /, line);
    }
  }
});

/** Where the machine has the tool; a machine without it says so, and the test is not counted as passed. */
function withTool(tool: string, name: string, run: () => void): void {
  const found = spawnSync(tool, ['--version']).error === undefined;
  if (found) test(name, run);
  else process.stdout.write(`NOT RUN: ${name} (no ${tool} here)\n`);
}

withTool('systemd-analyze', 'systemd finds nothing wrong with the unit', () => {
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-unit-'));
  try {
    const copy = join(dir, 'hoistway.service');
    // The command is installed with the package; verify wants it to be there.
    writeFileSync(copy, unit.replace('/usr/bin/hoistway', '/bin/true'));
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', copy], { encoding: 'utf8' });
    assert.is(`${stdout}${stderr}`, '', 'no remark');
    assert.is(status, 0, 'accepted');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

withTool('systemd-analyze', 'its exposure is at most 2.0 of 10', () => {
  const words = ['security', '--offline=yes', '--threshold=20', '--no-pager', at('hoistway.service')];
  const { status, stdout, stderr } = spawnSync('systemd-analyze', words, { encoding: 'utf8' });
  assert.is(status, 0, `${stdout.trim().split('\n').at(-1)} ${stderr}`);
});

withTool('systemd-sysusers', 'systemd can read the user and its groups', () => {
  const { status, stdout, stderr } = spawnSync('systemd-sysusers', ['--dry-run', at('hoistway.sysusers')], {
    encoding: 'utf8',
  });
  assert.is(status, 0, stderr);
  assert.match(stdout + stderr, /hoistway/, 'it would make the user');
});

test('the rules name FTDI adapters, the group of serial ports, and GPIO', () => {
  const rules = readFileSync(at('99-hoistway.rules'), 'utf8');
  assert.match(rules, /DRIVER=="ftdi_sio", ATTR\{latency_timer\}="1"/, 'latency');
  assert.match(rules, /SUBSYSTEM=="tty".*GROUP="dialout"/, 'serial ports');
  assert.match(rules, /SUBSYSTEM=="gpio", KERNEL=="gpio\[0-9\]\*".*active_low/, 'inputs');
  for (const line of rules.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    assert.is(line.split('"').length % 2, 1, `quotes in pairs: ${line}`);
  }
});

test.run();
