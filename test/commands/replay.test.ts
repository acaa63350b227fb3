import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MonoMs, monoMs, type WallMs } from '../../src/clock.ts';
import type { CaptureItem } from '../../src/trace/capture.ts';
import { CaptureWriter } from '../../src/trace/file.ts';
import { linesOf, loaded, simulatedHour } from '../simulated.ts';
import { hoistway, startHoistway } from './cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-replay-'));
test.after(() => rmSync(dir, { recursive: true }));

function written(name: string, items: readonly CaptureItem[]): string {
  const parts: Uint8Array[] = [];
  const buses = loaded.site.buses.map(({ id }) => id);
  const wallAtZeroMs = Date.UTC(2026, 2, 1) as WallMs;
  const writer = new CaptureWriter((bytes) => parts.push(bytes), {
    ...{ wallAtZeroMs, clockTrust: 'ntp', box: 'sim-box', comment: 'synthetic', buses },
  });
  for (const item of items) writer.add(item);
  const path = join(dir, name);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

const hour = simulatedHour(7);
const capture = written('hour.pcapng', hour.items);
const site = loaded.path;

test('--json prints the live events to the byte', async () => {
  const { code, out, err } = await hoistway(['replay', capture, '--site', site, '--json']);
  assert.is(code, 0, err);
  assert.equal(out.trim().split('\n'), linesOf(hour.events), 'the same lines');
});

test('for people: a line an event, in both languages', async () => {
  const [en, zh] = await Promise.all([
    hoistway(['replay', capture, '--site', site]),
    hoistway(['replay', capture, '--site', site], { LC_ALL: 'zh_CN.UTF-8' }),
  ]);
  const lines = en.out.trim().split('\n');
  assert.is(lines.length, hour.events.length, 'each event');
  for (const line of lines) {
    assert.match(line, /^\d\d:\d\d:\d\d\.\d{3} {2}lift-a +(BEGINS|ends|mode|trip|door|rescue) +\S/, line);
  }
  assert.ok(
    lines.some((line) => /ends .*, \d+\.\d s$/.test(line)),
    'an end says how long it lasted',
  );
  assert.is(zh.out.trim().split('\n').length, lines.length, 'as many in Chinese');
  assert.match(zh.out, /开始 {2}\p{Script=Han}/u, 'and in Chinese words');
});

test('--speed paces it: ten seconds at twenty times take half a second', async () => {
  const chunk = { bus: 'line-1', dir: 'tx', bytes: Uint8Array.of(1), atMs: monoMs(1000) } as const;
  const short = written('short.pcapng', [
    { kind: 'chunk', chunk },
    { kind: 'end', atMs: 11_000 as MonoMs },
  ]);
  const tookMs = async (...words: string[]) => {
    const began = process.hrtime.bigint();
    const { code, err } = await hoistway(['replay', short, '--site', site, ...words]);
    assert.is(code, 0, err);
    return Number(process.hrtime.bigint() - began) / 1e6;
  };
  assert.ok((await tookMs('--speed', '20')) >= 500, 'not before its time');
});

test('a paced replay ends at once when it is told to', async () => {
  const { says, signal, ended, said } = startHoistway(['replay', capture, '--site', site, '--speed', '1']);
  await says('out', /mode/);
  signal('SIGINT');
  assert.is(await ended, 0, said.err);
});

test('a capture that ends amid a block is replayed as far as it goes, and exits 1', async () => {
  const torn = join(dir, 'torn.pcapng');
  const bytes = readFileSync(capture);
  writeFileSync(torn, bytes.subarray(0, bytes.length - 30_001));
  const { code, out, err } = await hoistway(['replay', torn, '--site', site, '--json']);
  assert.is(code, 1, 'exit code');
  const said = out.trim().split('\n');
  assert.ok(said.length > 10, `${said.length} events before the tear`);
  assert.equal(said, linesOf(hour.events).slice(0, said.length), 'the same as live, up to there');
  assert.match(err, /\S/, 'what was lost is told');
  assert.not.match(err, /\n {4}at /, 'without a stack');
});

for (const [why, words, code, said] of [
  [
    'a capture that is not there',
    ['/nowhere.pcapng', '--site', site],
    1,
    /opening a capture failed at \/nowhere\.pcapng: ENOENT/,
  ],
  ['a file that is no capture', [site, '--site', site], 1, /simulated\.yaml/],
  ['a site file that is not there', [capture, '--site', '/nowhere.yaml'], 1, /reading the site file failed/],
  [
    'a speed of nothing',
    [capture, '--site', site, '--speed', '0'],
    2,
    /reading --speed failed at 0\nnext: a number above 0/,
  ],
  ['a speed in words', [capture, '--site', site, '--speed', 'fast'], 2, /reading --speed failed at fast/],
] as const) {
  test(`exit ${code}: ${why}`, async () => {
    const ran = await hoistway(['replay', ...words]);
    assert.match(ran.err, said, 'what is off');
    assert.match(ran.err, /\nnext: \S/, 'what to do next');
    assert.is(ran.code, code, 'exit code');
  });
}

test('a capture of a line that the site has not exits 1 and says which', async () => {
  const other = join(dir, 'other.yaml');
  writeFileSync(other, readFileSync(site, 'utf8').replaceAll('line-1', 'line-9'));
  const { code, err } = await hoistway(['replay', capture, '--site', other]);
  assert.match(err, /replaying a capture failed at line line-1\nnext: /, 'which line');
  assert.is(code, 1, 'exit code');
});

test.run();
