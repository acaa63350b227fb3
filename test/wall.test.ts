import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Clock, monoMs, type WallMs } from '../src/clock.ts';
import { WallTrust } from '../src/wall.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-wall-'));
test.after(() => rmSync(dir, { recursive: true }));
const SET_MS = Date.UTC(2026, 5, 1);

/** A clock whose two hands are set by hand. */
function hands(wallMs: number) {
  const at = { monoMs: 1000, wallMs };
  const clock: Clock = {
    monoMs: () => monoMs(at.monoMs),
    wallMs: () => at.wallMs as WallMs,
    at: () => () => undefined,
  };
  const pass = (ms: number, wall = ms) => {
    at.monoMs += ms;
    at.wallMs += wall;
  };
  return { clock, pass };
}

const missing = join(dir, 'no-such-mark');
const mark = join(dir, 'synchronized');
writeFileSync(mark, '');

test('a clock that shows a time before this release was never set', () => {
  assert.is(new WallTrust(hands(0).clock, missing).now(), 'unset', '1970');
  assert.is(new WallTrust(hands(Date.UTC(2025, 11, 31)).clock, mark).now(), 'unset', 'whatever the mark says');
});

test('a time that can be true is that of a clock chip until the mark of a synchronisation is there', () => {
  const late = join(dir, 'late');
  const trust = new WallTrust(hands(SET_MS).clock, late);
  assert.is(trust.now(), 'rtc', 'no mark');
  writeFileSync(late, '');
  assert.is(trust.now(), 'ntp', 'the mark came');
});

test('a step is told for the rest of the run', () => {
  for (const stepMs of [-3_600_000, -1001, 1001, 1_700_000_000_000]) {
    const { clock, pass } = hands(SET_MS);
    const trust = new WallTrust(clock, mark);
    pass(60_000);
    assert.is(trust.now(), 'ntp', 'no step yet');
    pass(10, 10 + stepMs);
    assert.is(trust.now(), 'stepped', `a step by ${stepMs} ms`);
    pass(3_600_000);
    assert.is(trust.now(), 'stepped', 'an hour later');
  }
});

test('the step of a synchronisation is none, and a later one clears what was stepped', () => {
  const first = join(dir, 'first-sync');
  const box = hands(SET_MS);
  const trust = new WallTrust(box.clock, first);
  assert.is(trust.now(), 'rtc', 'the time of the last shutdown');
  writeFileSync(first, '');
  box.pass(10, 10_800_000);
  assert.is(trust.now(), 'ntp', 'set three hours on by the first sync');
  box.pass(10, -5000);
  assert.is(trust.now(), 'stepped', 'somebody set it');
  utimesSync(first, 1, 1);
  assert.is(trust.now(), 'ntp', 'synchronised again');
});

test('slewing is no step, however far it goes', () => {
  const { clock, pass } = hands(SET_MS);
  const trust = new WallTrust(clock, mark);
  for (let turn = 0; turn < 1000; turn++) {
    pass(10_000, 10_005);
    assert.is(trust.now(), 'ntp', `turn ${turn}`);
  }
});

test.run();
