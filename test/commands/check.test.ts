import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

// The language is read once, when the first module asks for it.
process.env.LC_ALL = 'C';
const { command } = await import('../../src/commands/check.ts');
const { GatewayError } = await import('../../src/errors.ts');
const { packageRoot } = await import('../../src/package.ts');

const BROKEN = join(packageRoot, 'test/broken-sites');
const SEEDS = join(packageRoot, 'seeds/sites');

async function check(file: string, json = false): Promise<{ exit: number; lines: string[] }> {
  const lines: string[] = [];
  const exit = await command.run({
    values: { site: file, json },
    positionals: [],
    signal: new AbortController().signal,
    print: (line) => lines.push(line),
    remark: (line) => lines.push(line),
  });
  return { exit, lines };
}

const brokenFiles = readdirSync(BROKEN).filter((name) => name.endsWith('.yaml'));
const expectations = brokenFiles.map((name) => {
  const [, line, words = ''] = /^# expect: (\d+) (.+)/.exec(readFileSync(join(BROKEN, name), 'latin1')) ?? [];
  return { name, line: Number(line), words };
});

test('there are at least fifty kinds of broken site files', () => {
  assert.ok(expectations.length >= 50, `only ${expectations.length} files`);
  const words = new Set(expectations.map((each) => each.words));
  assert.is(words.size, expectations.length, 'two files expect the same words: they are of one kind');
});

for (const { name, line, words } of expectations) {
  test(`broken: ${name}`, async () => {
    assert.ok(line > 0 && words !== '', `${name} begins with # expect: LINE words`);
    const { exit, lines } = await check(join(BROKEN, name));
    assert.is(exit, 1, `${name} is refused`);
    const said = lines.join('\n');
    const hit = lines.some((each) => each.includes(`.yaml:${line}:`) && each.includes(words));
    assert.ok(hit, `${name}: expected line ${line} and "${words}", got:\n${said}`);
    assert.not.match(said, /hunter2|123456/, `${name}: a secret is printed`);
    assert.not.match(said, /undefined|\[object|Expected|valibot/, `${name}: words of the machinery`);
  });
}

for (const name of readdirSync(SEEDS).filter((each) => each.endsWith('.yaml'))) {
  test(`seeds/sites/${name} is sound`, async () => {
    const { exit, lines } = await check(join(SEEDS, name));
    assert.is(exit, 0, lines.join('\n'));
    assert.match(lines[0] ?? '', /sound\. Box .+: \d lifts?, \d+ landings/, 'the first line sums it up');
  });
}

test('the summary tells where each signal comes from, and which comes from nowhere', async () => {
  const { lines } = await check(join(SEEDS, 'sensors-only.yaml'));
  const text = lines.join('\n');
  assert.match(text, /from the level switches: moving, direction, speedMmPerS, landing, doorZone/, 'derived signals');
  assert.match(text, /inputs: levelUpper, levelLower/, 'wired signals');
  assert.match(text, /told by nothing: mode, positionMm/, 'signals that nothing tells');
});

test('the summary tells which faults the wiring can tell, and what is missing for the others', async () => {
  const { lines } = await check(join(SEEDS, 'sensors-only.yaml'));
  const text = lines.join('\n');
  assert.match(text, /can detect \(18\/30\): entrapment, alarm-button, /, 'what it can');
  assert.match(text, /cannot detect brake-fault: missing brakeReleased, or faultCode/, 'and what it cannot, with why');
  assert.match(text, /of itself \(\d\/5\): .*clock-untrusted; missing box\.inputs\.powerPresent/, 'the box itself');
  const whole = await check(join(SEEDS, 'simulated.yaml'));
  assert.match(whole.lines.join('\n'), /can detect \(30\/30\)/, 'all of it');
  assert.not.match(whole.lines.join('\n'), /cannot detect/, 'nothing is missing');
});

test('the summary tells how busy a serial line is', async () => {
  // monarch: reads of 10 registers at most; 9600 8N2 is 11 bits a byte.
  const { lines } = await check(join(SEEDS, 'single-controller.yaml'));
  assert.match(lines.join('\n'), /9600 8N2, reads take \d+ % of its time/, 'the line is summed up');
});

test('json: of a sound and of a broken site', async () => {
  const sound = JSON.parse((await check(join(SEEDS, 'demo.yaml'), true)).lines.join(''));
  assert.is(sound.ok, true, 'sound');
  assert.is(sound.lifts[1].landings, 10, 'landings of the second lift');
  const { exit, lines } = await check(
    join(BROKEN, brokenFiles.find((name) => name.includes('snake-case')) ?? ''),
    true,
  );
  const broken = JSON.parse(lines.join(''));
  assert.is(exit, 1, 'exit code');
  assert.equal(
    broken.problems.map(({ line, column, path, nearest }: { [key: string]: unknown }) => ({
      line,
      column,
      path,
      nearest,
    })),
    [{ line: 10, column: 5, path: 'buses[0].stop_bits', nearest: 'stopBits' }],
    'the problem in parts',
  );
});

test('a missing file is told by code, place and next step', async () => {
  try {
    await check('/nowhere/site.yaml');
    assert.unreachable('a missing file passed');
  } catch (error) {
    assert.instance(error, GatewayError, 'an error for people');
    assert.is((error as InstanceType<typeof GatewayError>).code, 'site-unreadable', 'its code');
  }
  const { exit, lines } = await check('/nowhere/site.yaml', true);
  assert.is(exit, 1, 'as json: exit code');
  assert.is(JSON.parse(lines.join('')).code, 'site-unreadable', 'as json: its code');
});

test('a directory and a file over 1 MiB are refused unread', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-check-'));
  try {
    assert.match((await check(dir)).lines[0] ?? '', /a directory; expected a YAML file/, 'a directory');
    const large = join(dir, 'large.yaml');
    writeFileSync(large, 'version: 1\n');
    truncateSync(large, 2 ** 20 + 1);
    assert.match((await check(large)).lines[0] ?? '', /too large, 1\.0 MiB; expected at most 1 MiB/, 'a large file');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test('every problem comes at once, in the order of the lines, and fifty at most are shown', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-check-'));
  try {
    const site = join(dir, 'site.yaml');
    const landings = Array.from({ length: 60 }, () => '      - { marking: 1, heightMm: 1 }').join('\n');
    writeFileSync(site, `version: 1\nbox: { id: A }\nlifts:\n  - id: east\n    landings:\n${landings}\nuplink: {}\n`);
    const { lines } = await check(site);
    const at = lines.slice(0, 50).map((line) => Number(/:(\d+):\d+ {2}/.exec(line)?.[1]));
    assert.is(lines.length, 52, 'fifty problems, how many more, how many in all');
    assert.equal(
      at,
      [...at].sort((a, b) => a - b),
      'in the order of the lines',
    );
    assert.match(lines[50] ?? '', /^and \d+ more$/, 'how many more');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test('in Chinese, by the real command line', () => {
  const file = join(BROKEN, brokenFiles.find((name) => name.includes('missing-address')) ?? '');
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(packageRoot, 'src/main.ts'), 'check', '--site', file],
    { env: { ...process.env, LC_ALL: 'zh_CN.UTF-8' }, encoding: 'utf8', cwd: packageRoot },
  );
  assert.is(status, 1, 'exit code');
  assert.match(
    stdout,
    /:11:\d+ {2}lifts\[0\]\.address: 缺少；应为：非空文字。救援人员前往的地址/,
    'the line in Chinese',
  );
  assert.match(stdout, /共 1 处问题/, 'the count in Chinese');
});

test.run();
