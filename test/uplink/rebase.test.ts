/** Records made before the clock was set are sent with their true time, and no step of the clock puts them out of order. */

import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Clock, type ClockTrust, monoMs, type WallMs } from '../../src/clock.ts';
import type { StoredRecord } from '../../src/outbox/port.ts';
import { BOOTS_KEPT, noteBoot, noteSync, offsetOf, RUNS_KEPT, type Run, rebased } from '../../src/uplink/rebase.ts';
import { RunClock } from '../../src/uplink/run-clock.ts';
import { WallTrust } from '../../src/wall.ts';
import { rig, trip } from './rig.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-rebase-'));
test.after(() => rmSync(dir, { recursive: true }));
const TRUE_AT_ZERO_MS = Date.UTC(2026, 5, 1);

test('a body with its true time: what is stamped without trust, and nothing else', () => {
  const body = { type: 'trip', atMs: 61_000.4, wallMs: 61_000, clockTrust: 'unset', to: 2 };
  assert.equal(
    JSON.stringify(rebased(body, TRUE_AT_ZERO_MS)),
    JSON.stringify({ type: 'trip', atMs: 61_000.4, wallMs: TRUE_AT_ZERO_MS + 61_000, clockTrust: 'rebased', to: 2 }),
    'in the same order, so that a repeat has the same bytes',
  );
  for (const clockTrust of ['rtc', 'stepped'])
    assert.is(rebased({ ...body, clockTrust }, 5).clockTrust, 'rebased', `${clockTrust} as well`);
  for (const [name, kept, offsetMs] of [
    ['a synchronised one', { ...body, clockTrust: 'ntp' }, 5],
    ['one whose run never met a time server', body, null],
    ['a gap has no time', { type: 'gap', count: 3 }, 5],
    ['a digest may be of records of an earlier run', { ...body, type: 'digest' }, 5],
    ['a time without a word on its trust', { type: 'new', atMs: 3 }, 5],
  ] as const)
    assert.is(rebased(kept, offsetMs), kept, name);
});

test('boots belong to the run of the machine they were in, and the first synchronisation of a run counts', () => {
  let runs: readonly Run[] = [];
  runs = noteBoot(runs, 'one', 's.1');
  runs = noteSync(noteBoot(runs, 'one', 's.2'), 100);
  runs = noteSync(runs, 999);
  assert.is(noteSync(runs, 999), runs, 'nothing new to keep');
  assert.is(noteBoot(runs, 'one', 's.2'), runs, 'nor here');
  runs = noteBoot(runs, 'two', 's.3');
  assert.equal(
    ['s.1', 's.2', 's.3', 's.4'].map((boot) => offsetOf(runs, boot)),
    [100, 100, null, null],
    'both boots of the first run, also the one before the synchronisation',
  );
});

test('what is kept is bounded', () => {
  let runs: readonly Run[] = [];
  for (let n = 0; n < RUNS_KEPT + 10; n++) runs = noteBoot(runs, `run ${n}`, `s.${n}`);
  for (let n = 0; n < BOOTS_KEPT + 10; n++) runs = noteBoot(runs, 'the last', `t.${n}`);
  assert.is(runs.length, RUNS_KEPT, 'runs');
  assert.is(runs.at(-1)?.boots.length, BOOTS_KEPT, 'boots of one run');
});

type Happening =
  | { readonly what: 'pass' | 'step'; readonly ms: number }
  | { readonly what: 'record' | 'sync' | 'restart' | 'power-cut' };

/** A box whose clocks, machine and program do what they are told. */
class Box {
  readonly #mark: string;
  readonly #path: string;
  readonly records: StoredRecord[] = [];
  /** by the index of the record */
  readonly trueMs: number[] = [];
  readonly machineOf = new Map<string, number>();
  readonly synced = new Set<number>();
  #trueMs = TRUE_AT_ZERO_MS;
  #startedMs = TRUE_AT_ZERO_MS;
  #wallMs = 0;
  #machine = 1;
  #boot = 0;
  #seq = 0;
  #marks = 0;
  #trust: WallTrust;
  times: RunClock;

  constructor(name: string) {
    this.#mark = join(dir, `${name}.mark`);
    this.#path = join(dir, `${name}.json`);
    this.#trust = new WallTrust(this.#clock, this.#mark);
    this.times = this.#start();
  }

  readonly #clock: Clock = {
    monoMs: () => monoMs(this.#trueMs - this.#startedMs),
    wallMs: () => this.#wallMs as WallMs,
    at: () => () => undefined,
  };

  #start(): RunClock {
    this.#boot++;
    this.#seq = 0;
    this.machineOf.set(this.#name, this.#machine);
    this.#trust = new WallTrust(this.#clock, this.#mark);
    this.times = new RunClock({
      path: this.#path,
      clock: this.#clock,
      trust: () => this.#trust.now(),
      machine: `machine ${this.#machine}`,
      remark: (line) => {
        throw new Error(line);
      },
    });
    this.times.look(this.#name);
    return this.times;
  }

  get #name(): string {
    return `s.${this.#boot}`;
  }

  do(happening: Happening): void {
    switch (happening.what) {
      case 'pass':
        this.#trueMs += happening.ms;
        this.#wallMs += happening.ms;
        break;
      case 'step':
        this.#wallMs = Math.max(0, this.#wallMs + happening.ms);
        break;
      case 'sync':
        this.#wallMs = this.#trueMs;
        writeFileSync(this.#mark, '');
        utimesSync(this.#mark, ++this.#marks, this.#marks);
        this.synced.add(this.#machine);
        break;
      case 'restart':
        this.#start();
        break;
      case 'power-cut':
        rmSync(this.#mark, { force: true });
        this.#machine++;
        this.#startedMs = this.#trueMs;
        this.#wallMs = 0;
        this.#start();
        break;
      case 'record':
        this.#record(this.#trust.now());
        break;
    }
    this.times.look(this.#name);
  }

  #record(clockTrust: ClockTrust): void {
    this.trueMs.push(this.#trueMs);
    const body = { type: 'trip', atMs: this.#trueMs - this.#startedMs, wallMs: this.#wallMs, clockTrust };
    this.records.push({
      ...{ id: this.records.length + 1, lane: 'telemetry', lift: 'a', boot: this.#name, seq: ++this.#seq },
      body,
    });
  }
}

const DAY_MS = 24 * 3_600_000;
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Happening>({ what: 'record' }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('pass' as const), ms: fc.nat(DAY_MS) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('step' as const),
      ms: fc.integer({ min: -60 * 365 * DAY_MS, max: 60 * 365 * DAY_MS }),
    }),
  },
  { weight: 2, arbitrary: fc.constant<Happening>({ what: 'sync' }) },
  { weight: 1, arbitrary: fc.constantFrom<Happening>({ what: 'restart' }, { what: 'power-cut' }) },
);

test('whatever steps the clock makes: rebased times are true, in order, and stay the same', () => {
  let runs = 0;
  let seen = 0;
  fc.assert(
    fc.property(fc.array(happening, { minLength: 10, maxLength: 40, size: 'max' }), (happenings) => {
      const box = new Box(`run-${++runs}`);
      const first = new Map<number, string>();
      const send = () => box.records.map((record) => box.times.rebase(record));
      for (const each of happenings) {
        box.do(each);
        for (const { id, body } of send()) {
          if (body.clockTrust !== 'rebased') continue;
          const text = JSON.stringify(body);
          assert.is(text, first.get(id) ?? text, 'once rebased, the same for ever');
          first.set(id, text);
        }
      }
      const last = new Map<string, number>();
      for (const [n, { boot, body, seq }] of send().entries()) {
        const original = box.records[n]?.body;
        const synced = box.synced.has(box.machineOf.get(boot) ?? 0);
        if (!synced || original?.clockTrust === 'ntp') {
          assert.is(body, original, 'left as it was');
          continue;
        }
        seen++;
        assert.is(body.clockTrust, 'rebased', 'each record of a run that was synchronised');
        assert.is(body.wallMs, box.trueMs[n], 'the true time');
        assert.ok(Number(body.wallMs) >= (last.get(boot) ?? 0), `in the order of seq: ${boot} ${seq}`);
        last.set(boot, Number(body.wallMs));
      }
    }),
    { numRuns: 60, seed: 20_260_101 },
  );
  assert.ok(seen > 100, `there were some to look at: ${seen}`);
});

test('a record that waits while the clock is set goes out rebased; one that went before keeps its mark', async () => {
  const { clock, broker, outbox, start, stop } = rig({
    rebase: (record) => ({ ...record, body: rebased(record.body, set ? TRUE_AT_ZERO_MS : null) }),
  });
  let set = false;
  const stamped = { ...trip(), body: { ...trip().body, atMs: 1000, wallMs: 1000, clockTrust: 'unset' } };
  await outbox.append([stamped]);
  broker.acknowledges = false;
  const uplink = start();
  await clock.advance(500);
  broker.close();
  set = true;
  await clock.advance(1000);
  const [before, after] = broker.delivered.map(({ payload }) => JSON.parse(payload));
  assert.is(before.clockTrust, 'unset', 'as it was known then');
  assert.equal(
    after,
    { ...before, wallMs: TRUE_AT_ZERO_MS + 1000, clockTrust: 'rebased' },
    'the repeat has the same name, and is truer',
  );
  await stop(uplink);
});

/** A clock that was set an hour ago. */
function parts(path: string, remarks: string[]) {
  const at = { monoMs: 3_600_000 };
  const clock: Clock = {
    monoMs: () => monoMs(at.monoMs),
    wallMs: () => (TRUE_AT_ZERO_MS + at.monoMs) as WallMs,
    at: () => () => undefined,
  };
  const pass = (ms: number) => {
    at.monoMs += ms;
  };
  return { pass, all: { path, clock, trust: () => 'ntp' as const, remark: (line: string) => remarks.push(line) } };
}

const old = {
  id: 1,
  lane: 'telemetry',
  lift: 'a',
  boot: 's.1',
  seq: 1,
  body: { atMs: 5, wallMs: 5, clockTrust: 'unset' },
} as const;

test('a file that is not whole is told, and the box goes on', () => {
  const path = join(dir, 'damaged.json');
  writeFileSync(path, '[{"machine": 3');
  const remarks: string[] = [];
  const times = new RunClock({ ...parts(path, remarks).all, machine: 'm' });
  times.look('s.1');
  assert.is(times.rebase(old).body.wallMs, TRUE_AT_ZERO_MS + 5, 'this run is known');
  assert.is(remarks.length, 1, 'told once');
  assert.is(JSON.parse(readFileSync(path, 'utf8')).length, 1, 'and the file is good again');
});

test('a disk that takes nothing is told once, tried again after a minute, and stops nobody', () => {
  const remarks: string[] = [];
  const { all, pass } = parts(join(dir, 'no-such-directory', 'runs.json'), remarks);
  const times = new RunClock({ ...all, machine: 'm' });
  for (let n = 0; n < 700; n++) {
    times.look('s.1');
    pass(200);
  }
  assert.is(remarks.length, 1, 'one line for one trouble');
  assert.is(times.rebase(old).body.clockTrust, 'rebased', 'known all the same');
});

test('the machine names its runs by itself', () => {
  const path = join(dir, 'own.json');
  const first = new RunClock(parts(path, []).all);
  first.look('s.1');
  const second = new RunClock(parts(path, []).all);
  second.look('s.2');
  const [run, ...others] = JSON.parse(readFileSync(path, 'utf8'));
  assert.equal([run.boots, others.length], [['s.1', 's.2'], 0], 'a restart of the program is the same run');
});

test.run();
