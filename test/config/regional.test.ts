/** The regional platform in the site file: what goes with what, and what the installer is warned of. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSite } from '../../src/config/load.ts';
import { SITE } from './site.ts';

const folder = mkdtempSync(join(tmpdir(), 'hoistway-config-'));
for (const name of ['password', 'ca.pem']) writeFileSync(join(folder, name), 'x');
test.after(() => rmSync(folder, { recursive: true }));

const GOOD = { region: 'chongqing', url: 'https://platform.example', passwordFile: 'password' };

const parse = (platform: object) =>
  parseSite(`${SITE}regionalPlatform: ${JSON.stringify(platform)}\n`, join(folder, 'site.yaml'));

function problems(platform: object): string[] {
  const result = parse(platform);
  return result.ok ? [] : result.problems.map(({ path, said }) => `${path}: ${said}`);
}

test('defaults, and files beside the site file', () => {
  const result = parse({ ...GOOD, caFile: 'ca.pem' });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const { regionalPlatform } = result.loaded.site;
  assert.is(regionalPlatform?.passwordFile, join(folder, 'password'), 'an absolute path');
  assert.is(regionalPlatform?.caFile, join(folder, 'ca.pem'), 'of both files');
  assert.equal(
    [regionalPlatform?.requestTimeoutMs, regionalPlatform?.throttleMs, regionalPlatform?.faultCodes],
    [15_000, undefined, {}],
    'the rhythm is that of the region',
  );
});

test('what cannot be used is told', () => {
  const table: [string, object, string][] = [
    ['a password', { url: 'https://box:secret@platform.example' }, 'url: a user name or password in the address'],
    ['a query', { url: 'https://platform.example?key=1' }, 'url: no valid address'],
    [
      'a certificate for nothing',
      { url: 'http://platform.example', caFile: 'ca.pem' },
      'caFile: a certificate, but the address is not https://',
    ],
  ];
  for (const [what, change, said] of table)
    assert.equal(problems({ ...GOOD, ...change }), [`regionalPlatform.${said}`], what);
  assert.match(
    problems({ ...GOOD, passwordFile: 'hunter2' }).join(),
    /passwordFile: the file named is not there/,
    'unsaid',
  );
  assert.not.match(
    problems({ ...GOOD, passwordFile: 'hunter2' }).join(),
    /hunter2/,
    'for it may be the password itself',
  );
  assert.match(problems({ ...GOOD, region: 'chonqing' }).join(), /regionalPlatform\.region/, 'an unknown region');
  assert.match(problems({ ...GOOD, faultCodes: { overspeeed: '3' } }).join(), /faultCodes/, 'an unknown fault');
});

test('faults without a number on the platform are listed, and those that the site file numbers are not', () => {
  const warnings = (platform: object) => {
    const result = parse(platform);
    return result.ok ? result.loaded.warnings.map(({ path, said }) => `${path}: ${said}`) : ['it is refused'];
  };
  const [said] = warnings({ ...GOOD, region: 'shanghai' });
  assert.match(
    said ?? '',
    /^regionalPlatform\.region: without a number there, and so not sent: alarm-button, /,
    'listed',
  );
  assert.not.match(said ?? '', /entrapment/, 'entrapment has one');
  const [less] = warnings({ ...GOOD, region: 'shanghai', faultCodes: { 'alarm-button': '90' } });
  assert.not.match(less ?? '', /alarm-button/, 'the site file gives it');
  const plain = warnings({ ...GOOD, url: 'http://platform.example' });
  assert.match(
    plain.join('\n'),
    /regionalPlatform\.url: the password goes over the network in the clear/,
    'plain HTTP',
  );
});

test.run();
