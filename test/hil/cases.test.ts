/** Every case replays to its expected events, however its bytes come in; and the cases are whole: files, table, twins, reckonings. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { replayed } from '../../hil/cases/play.ts';
import { CASES, isQuiet, twinOf } from '../../hil/cases/table.ts';
import { Random } from '../../hil/lift/random.ts';
import { BOX_FAULTS } from '../../src/box/faults.ts';
import { type LoadedSite, loadSite } from '../../src/config/load.ts';
import { loadCatalogue } from '../../src/detect/catalogue.ts';
import { DETECTORS } from '../../src/detect/detectors.ts';
import { keyOf } from '../../src/detect/judge.ts';
import type { FaultEvent, LiftEvent } from '../../src/lift/events.ts';
import { packageRoot } from '../../src/package.ts';
import { Replay, timeOf } from '../../src/replay.ts';
import type { CaptureItem } from '../../src/trace/capture.ts';
import { type Capture, parseCapture } from '../../src/trace/file.ts';
import { NO_MUTES } from '../detect/draw.ts';

const FOLDER = join(packageRoot, 'hil/cases');
const FILES = ['README.md', 'capture.pcapng', 'expected.jsonl', 'site.yaml'];
const MOST_BYTES = 100_000;
/** Beside one scan: the reply to it, and the settling of an input. */
const REPLY_MS = 42;
const SETTLE_MS = 20;

const at = (name: string, file: string) => join(FOLDER, name, file);
const text = (name: string, file: string) => readFileSync(at(name, file), 'utf8');
const expectedOf = (name: string) => text(name, 'expected.jsonl').split('\n').slice(0, -1);
const eventsOf = (name: string) => expectedOf(name).map((line) => JSON.parse(line) as LiftEvent);
const faultsOf = (name: string) => eventsOf(name).filter((event): event is FaultEvent => event.type === 'fault');
const beginsOf = (name: string) => faultsOf(name).filter(({ phase }) => phase === 'begin');

interface Opened {
  readonly name: string;
  readonly loaded: LoadedSite;
  readonly capture: Capture;
}

async function opened(name: string): Promise<Opened> {
  const path = at(name, 'capture.pcapng');
  return { name, loaded: await loadSite(at(name, 'site.yaml')), capture: parseCapture(readFileSync(path), path) };
}

/** What was heard comes in pieces, all with the time stamp of the whole. */
function inPieces(items: readonly CaptureItem[], sizeOf: (left: number) => number): CaptureItem[] {
  return items.flatMap((item): CaptureItem[] => {
    if (item.kind !== 'chunk' || item.chunk.dir === 'tx') return [item];
    const pieces: CaptureItem[] = [];
    for (let from = 0; from < item.chunk.bytes.length; ) {
      const to = from + sizeOf(item.chunk.bytes.length - from);
      pieces.push({ kind: 'chunk', chunk: { ...item.chunk, bytes: item.chunk.bytes.subarray(from, to) } });
      from = to;
    }
    return pieces;
  });
}

function hoistway(...words: string[]): Promise<{ code: number | null; out: string; error: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], { cwd: packageRoot });
  let out = '';
  let error = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (error += bytes.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, error })));
}

function replay(name: string, ...words: string[]) {
  return hoistway(
    'src/main.ts',
    'replay',
    at(name, 'capture.pcapng'),
    '--site',
    at(name, 'site.yaml'),
    '--json',
    ...words,
  );
}

test('every folder has its four files and a row in the table, and the other way round', () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.equal(folders.map(({ name }) => name).sort(), CASES.map(({ name }) => name).sort(), 'folders and rows');
  for (const { name } of CASES) {
    assert.equal(readdirSync(join(FOLDER, name)).sort(), FILES, `files of ${name}`);
    const { size } = statSync(at(name, 'capture.pcapng'));
    assert.ok(size < MOST_BYTES, `${name}: ${size} bytes`);
  }
});

test('the README has the rows of the table, and no others', () => {
  const rows = readFileSync(join(FOLDER, 'README.md'), 'utf8').match(/^\| \[.*$/gm) ?? [];
  assert.equal(
    rows.map((row) => row.replace(/ +/g, ' ')),
    CASES.map(({ name, fault, shows }) => `| [${name}](${name}/README.md) | ${fault} | ${shows} |`),
    'the table',
  );
});

test('captures are whole, begin amid the run of a box, and say that they are synthetic', async () => {
  for (const { name, story } of CASES) {
    const { capture } = await opened(name);
    assert.is(capture.truncated, null, `${name} has its end mark`);
    const [first] = capture.items;
    assert.ok(first && timeOf(first) >= 60_000, `${name} begins after a minute or more`);
    if (story)
      assert.is(capture.head.comment, `SYNTHETIC: made by Hoistway's simulated lift, seed ${story.seed}`, name);
    assert.is(text(name, 'README.md').includes('SYNTHETIC'), story !== null, `${name}: its README says so too`);
  }
});

test('each replays to its expected events: whole, at random, and byte by byte', async () => {
  const random = new Random('pieces');
  for (const { name } of CASES) {
    const { loaded, capture } = await opened(name);
    const expected = expectedOf(name);
    assert.ok(expected.length > 0, `${name} expects something`);
    assert.equal(replayed(loaded, capture.items), expected, `${name}, as captured`);
    const some = inPieces(capture.items, (left) => random.whole(1, left));
    assert.equal(replayed(loaded, some), expected, `${name}, in pieces`);
    const single = inPieces(capture.items, () => 1);
    assert.equal(replayed(loaded, single), expected, `${name}, byte by byte`);
  }
});

test('a quiet case does not raise what it is about, and every other one does', () => {
  for (const one of CASES) {
    const raised = faultsOf(one.name).map(({ fault, phase }) => `${fault} ${phase}`);
    // An emergency stop is a fault of its own, whatever else its case is about.
    const about = raised.filter((begun) => begun.startsWith(`${one.fault} `));
    if (isQuiet(one)) assert.equal(about, [], `${one.name} is quiet`);
    else assert.ok(raised.includes(`${one.fault} begin`), `${one.name} raises ${one.fault}`);
  }
});

test('at least 60 failures, each with a quiet twin of its fault; and no twin without its case', () => {
  const loud = CASES.filter((one) => !isQuiet(one));
  assert.ok(loud.length >= 60, `${loud.length} failures`);
  for (const one of loud) {
    const twin = CASES.find(({ name }) => name === twinOf(one));
    assert.is(twin?.fault, one.fault, `${one.name} has a quiet twin, about the same fault`);
    assert.ok(twin && isQuiet(twin), `${twinOf(one)} is quiet`);
  }
  const own = loud.filter(({ name }) => CASES.some((one) => one.name === `${name}-quiet`));
  assert.ok(own.length >= 60, `${own.length} failures have a twin of their own`);
  const twins = new Set(loud.map(twinOf));
  for (const { name } of CASES.filter(isQuiet)) assert.ok(twins.has(name), `${name} is the twin of a case`);
});

test('each detector has a case that is about it, and the quiet twin of that does not hit it', () => {
  for (const detector of DETECTORS) {
    const key = keyOf(detector);
    const hits = (name: string) => beginsOf(name).some((event) => keyOf(event) === key);
    const about = CASES.filter((one) => !isQuiet(one) && one.fault === detector.fault && hits(one.name));
    assert.ok(about.length > 0, `${key} has a case`);
    for (const one of about) assert.is(hits(twinOf(one)), false, `${twinOf(one)} does not raise ${key}`);
  }
});

test('catalogue and cases name the same faults, but for those of the box, which no capture shows', () => {
  const named = new Set<string>([...CASES.map(({ fault }) => fault), ...BOX_FAULTS]);
  assert.equal(
    Object.keys(loadCatalogue()).filter((fault) => !named.has(fault)),
    [],
    'no row of the catalogue without a case',
  );
  assert.equal(
    [...named].filter((fault) => !(fault in loadCatalogue())),
    [],
    'no case about what is not in it',
  );
});

const RECKONING =
  /^- (\S+) begins (\d\d:\d\d:\d\d\.\d{3}): .+ (\d\d:\d\d:\d\d\.\d{3}) \+ ([\d.]+) s, seen (\d+) ms later$/gm;

function msOf(clock: string | undefined): number {
  const [hours = 0, minutes = 0, seconds = 0] = (clock ?? '').split(':').map(Number);
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}

test('the reckoning of each README comes to its expected begins: moment, limit, and a scan at most', async () => {
  for (const { name } of CASES) {
    const { loaded } = await opened(name);
    const reckoned = [...text(name, 'README.md').matchAll(RECKONING)];
    assert.equal(
      reckoned.map(([, key, begins]) => `${key} ${msOf(begins)}`),
      beginsOf(name).map((event) => `${keyOf(event)} ${event.atMs}`),
      `${name}: the begins`,
    );
    const scanMs = Math.max(0, ...loaded.site.lifts.map(({ controller }) => controller?.scanIntervalMs ?? 0));
    for (const [line, , begins, moment, limitS, late] of reckoned) {
      assert.is(msOf(begins) - msOf(moment) - Math.round(Number(limitS) * 1000), Number(late), `${name}: ${line}`);
      assert.ok(Number(late) <= scanMs + REPLY_MS + SETTLE_MS, `${name}, within a scan: ${line}`);
    }
  }
});

test('the visit in inspection would raise something if inspection did not mute it', async () => {
  const { loaded, capture } = await opened('technician-at-work-quiet');
  const raised: string[] = [];
  const startMs = timeOf(capture.items[0] ?? { kind: 'end', atMs: 0 as ReturnType<typeof timeOf> });
  const unmuted = new Replay(loaded, NO_MUTES, startMs, (event) => {
    if (event.type === 'fault' && event.phase === 'begin') raised.push(`${event.fault} ${event.atMs}`);
  });
  for (const item of capture.items) unmuted.feed(item);
  assert.equal(raised, ['stopped-outside-door-zone 10924245'], 'what the mute keeps back');
});

test('the command line prints the very same: at full speed, and twenty times as fast as it was', async () => {
  const full = await replay('shut-in-at-landing');
  assert.is(full.out, text('shut-in-at-landing', 'expected.jsonl'), `at full speed${full.error}`);
  assert.is(full.code, 0, 'at full speed: exit code');
  const began = process.hrtime.bigint();
  const paced = await replay('safety-chain-open-at-rest', '--speed', '20');
  const tookMs = Number(process.hrtime.bigint() - began) / 1e6;
  assert.is(paced.out, text('safety-chain-open-at-rest', 'expected.jsonl'), `paced${paced.error}`);
  assert.is(paced.code, 0, 'paced: exit code');
  assert.ok(tookMs >= 1000, `20 s at twenty times the speed take a second: ${tookMs.toFixed(0)} ms`);
});

test('make-case: a capture is made again from its story, and a name it does not know is refused', async () => {
  const check = await hoistway('hil/make-case.ts', '--check', 'safety-chain-open-at-rest');
  assert.match(check.out, /^safety-chain-open-at-rest: as it was/, `the same again${check.error}`);
  assert.is(check.code, 0, 'exit code of --check');
  const unknown = await hoistway('hil/make-case.ts', 'nowhere');
  assert.is(unknown.code, 2, 'exit code of an unknown name');
  assert.is(existsSync(join(FOLDER, 'nowhere')), false, 'nothing was made');
});

test.run();
