import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SITE } from './site.ts';

// The language is read once, when the first module asks for it.
process.env.LC_ALL = 'C';
const { liftFacts } = await import('../../src/config/facts.ts');
const { loadSite, parseSite } = await import('../../src/config/load.ts');
const { lineBusyShare } = await import('../../src/config/line-time.ts');
const { problemLine, SiteInvalid } = await import('../../src/config/problems.ts');

function sound(text: string, path = 'site.yaml') {
  const result = parseSite(text, path);
  if (!result.ok) throw new Error(result.problems.map(problemLine).join('\n'));
  return result.loaded;
}

function problems(text: string): string[] {
  const result = parseSite(text, 'site.yaml');
  return result.ok ? [] : result.problems.map(problemLine);
}

test('defaults are filled in', () => {
  const { site, profiles } = sound(SITE);
  assert.equal(
    site.buses[0],
    {
      ...{ id: 'line', type: 'rtu', path: '/dev/serial/by-id/usb-adapter-1', baud: 9600, parity: 'even', stopBits: 1 },
      ...{ responseTimeoutMs: 300, lateReplyWindowMs: 1000, listen: false },
    },
    'the line',
  );
  assert.is(site.lifts[0]?.limits.doorHeldOpenLimitMs, 120_000, 'a limit');
  assert.is(site.box.limits.uplinkLostLimitMs, 300_000, 'a limit of the box');
  assert.equal(site.page, { host: '127.0.0.1', port: 8080 }, 'the page');
  assert.is(profiles.get('generic')?.quirks.byteCount, 8, 'a quirk of the profile');
});

test('who may ask is told by a file: beside the site file, there, for either uplink', () => {
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-keys-'));
  writeFileSync(join(dir, 'may-ask.keys'), '');
  const uplink = (name: string, file: string) =>
    `${name}: { url: 'mqtt://x', requests: { publicKeysFile: ${file} } }\n`;
  const text = `${SITE}${uplink('uplink', 'may-ask.keys')}${uplink('maintainerUplink', "'%d/keys'")}`;
  const { site } = sound(text, join(dir, 'site.yaml'));
  assert.is(site.uplink?.requests?.publicKeysFile, join(dir, 'may-ask.keys'), 'as an absolute path');
  assert.is(site.maintainerUplink?.requests?.publicKeysFile, '%d/keys', 'a credential stays one');
  rmSync(dir, { recursive: true });
  const [said = ''] = problems(`${SITE}${uplink('maintainerUplink', 'none.keys')}`);
  assert.match(said, /maintainerUplink\.requests\.publicKeysFile: none\.keys is not there/, 'named with its place');
});

test('a lift may not be called as a topic of the box', () => {
  for (const name of ['box', 'response']) {
    assert.match(
      problems(SITE.replace('id: east', `id: ${name}`)).join(' '),
      new RegExp(`a lift called ${name}`),
      name,
    );
  }
});

test('a byte order mark, Windows line ends and aliases are read', () => {
  const aliased = SITE.replace(
    "    baseLanding: '1'\n",
    "    baseLanding: '1'\n    limits: &limits { holdOffMs: 5000 }\n",
  );
  const second = SITE.slice(SITE.indexOf('  - id: east'))
    .replace('east', 'west')
    .replace('0001', '0002')
    .replace('01234', '01235')
    .replace('unit: 1', 'unit: 2')
    .concat('    limits: *limits\n');
  const { site } = sound(`\uFEFF${`${aliased}${second}`.replaceAll('\n', '\r\n')}`);
  assert.is(site.lifts[1]?.limits.holdOffMs, 5000, 'the second lift has the limits of the first');
});

test('facts: heights from the lowest landing, the base by its marking, the run time limit worked out', () => {
  const [lift] = sound(SITE).site.lifts;
  assert.ok(lift, 'there is a lift');
  const facts = liftFacts(lift);
  assert.equal(facts.landingHeightsMm, [0, 4200, 8700], 'heights');
  assert.is(facts.baseLanding, 1, 'index of the base landing');
  // 8.7 m at 1.75 m/s and 10 s are under the least.
  assert.is(facts.limits.runTimeLimitMs, 20_000, 'short travel');
  const { baseLanding: _, ...lowest } = lift;
  assert.is(liftFacts(lowest).baseLanding, 0, 'the lowest where none is named');
  assert.is(liftFacts({ ...lift, ratedSpeedMmPerS: 300 }).limits.runTimeLimitMs, 39_000, '29 s of travel and 10 s');
  assert.is(liftFacts({ ...lift, ratedSpeedMmPerS: 200 }).limits.runTimeLimitMs, 45_000, 'the most');
  const limits = { ...lift.limits, runTimeLimitMs: 60_000 };
  assert.is(liftFacts({ ...lift, limits }).limits.runTimeLimitMs, 60_000, "the file's own");
});

test('files of the uplink and profiles are found beside the site file', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-site-'));
  try {
    mkdirSync(join(dir, 'tls'));
    writeFileSync(join(dir, 'tls/ca.pem'), 'x');
    const fields = 'fields:\n  - { signal: moving, table: coil, address: 0 }\n';
    const head = 'title: { en: Own, zh: 自有 }\nsource: Made for this test.\ntested: simulated\naddressBase: 0\n';
    writeFileSync(join(dir, 'own.yaml'), `profile: own\n${head}wordOrder: high-first\n${fields}`);
    const uplink = 'uplink: { url: mqtts://broker.example, caFile: tls/ca.pem }\n';
    writeFileSync(join(dir, 'site.yaml'), SITE.replace('generic', './own.yaml').concat(uplink));
    const { site, profiles } = await loadSite(join(dir, 'site.yaml'));
    assert.is(site.uplink?.caFile, join(dir, 'tls/ca.pem'), 'an absolute path');
    assert.equal([...profiles.keys()], ['./own.yaml'], 'the profile by its reference');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test('a misspelt setting that is required is told once, as misspelt', () => {
  const said = problems(SITE.replace('address:', 'adress:'));
  assert.is(said.length, 1, said.join('\n'));
  assert.match(
    said[0] ?? '',
    /^site\.yaml:9:5 {2}lifts\[0\]\.adress: no such setting.*did you mean address\?$/,
    'the line',
  );
});

test('what the schema refuses does not silence the checks between settings, nor make them cry wolf', () => {
  const said = problems(SITE.replace('unit: 1', 'unit: 999').replace("'2', heightMm: 4500", "'1', heightMm: -1"));
  assert.is(said.length, 3, said.join('\n'));
  for (const words of [
    'marking: "1", as on line 13',
    'heightMm: -1; expected more than 0',
    'unit: 999; expected a whole',
  ]) {
    assert.ok(said.join('\n').includes(words), `${words} in:\n${said.join('\n')}`);
  }
  const misnamed = problems(SITE.replace('id: line', 'id: Line A'));
  assert.is(misnamed.length, 1, 'a lift is not blamed for the broken id of its line');
});

test('a profile that is wrong is told once, though two lifts use it', () => {
  const lift = SITE.slice(SITE.indexOf('  - id: east'));
  const second = lift
    .replace('east', 'west')
    .replace('0001', '0002')
    .replace('01234', '01235')
    .replace('unit: 1', 'unit: 2');
  const said = problems(`${SITE}${second}`.replaceAll('generic', './test/broken-sites/profiles/broken.yaml'));
  assert.is(said.length, 1, said.join('\n'));
  assert.match(said[0] ?? '', /^test\/broken-sites\/profiles\/broken\.yaml:10:15 /, 'with its own line');
});

test('a line that cannot carry its reads is warned of', () => {
  const loaded = sound(SITE.replace('adapter-1', 'adapter-1, baud: 1200'));
  const [bus] = loaded.site.buses;
  assert.ok(bus, 'there is a line');
  // Nine registers in one read: 8 + 5 + 18 + 7 characters of 11 bits at 1200 take 348 ms, asked for every 200 ms.
  const share = lineBusyShare(loaded.site, loaded.profiles, bus);
  assert.ok(Math.abs(share - 348.33 / 200) < 0.001, `the share is ${share}`);
  assert.match(loaded.warnings.map(problemLine).join('\n'), /its reads need 174 % of the time/, 'the warning');
});

test('level switches on a module that is read too rarely are a warning; a fast one, and a door, are none', () => {
  const on = (address: number, more: string) => `{ bus: io, unit: 9, table: discrete, address: ${address}${more} }`;
  const inputs = (more: string) => `    inputs:
      levelUpper: ${on(0, more)}
      levelLower: ${on(1, more)}
      doorClosed: ${on(2, '')}
`;
  const bus = 'buses:\n  - { id: io, type: rtu, path: /dev/serial/by-id/usb-adapter-2, baud: 115200 }\n';
  const warned = (more: string) =>
    sound(`${SITE.replace('buses:\n', bus)}${inputs(more)}`)
      .warnings.map(problemLine)
      .join('\n');
  const said = warned('');
  assert.match(said, 'lifts[0].inputs.levelUpper: read each 100 ms', 'the upper one');
  assert.match(said, 'levelLower: read each 100 ms, but the car passes', 'and the lower one');
  assert.not.match(said, 'doorClosed', 'a door is slower');
  assert.is(warned(', scanIntervalMs: 20'), '', 'each 20 ms is enough at 1.75 m/s; and the line of the module is used');
});

test('warnings: a name that moves, heights in metres, a base switch alone', () => {
  const text = SITE.replace('/dev/serial/by-id/usb-adapter-1', '/dev/ttyUSB0')
    .replace('4500', '4')
    .concat('    inputs: { baseLanding: { chip: a, offset: 1 } }\n');
  const said = sound(text).warnings.map(problemLine).join('\n');
  for (const words of ['changes its number', '3 m is 3000', 'tells nothing without the level switches']) {
    assert.ok(said.includes(words), `${words} in:\n${said}`);
  }
});

test('the error of a broken site has the problems in it, for whoever prints only the message', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-site-'));
  const path = join(dir, 'site.yaml');
  try {
    writeFileSync(path, SITE.replace('unit: 1', 'unit: 0'));
    await loadSite(path);
    assert.unreachable('a broken site was loaded');
  } catch (error) {
    assert.instance(error, SiteInvalid, String(error));
    assert.is((error as InstanceType<typeof SiteInvalid>).code, 'site-invalid', 'its code');
    assert.match((error as Error).message, /1 problem\n.+:16:\d+ {2}lifts\[0\]\.controller\.unit: 0;/, 'its message');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test.run();
