import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Lane } from '../../src/lift/events.ts';
import { openDatabase, SCHEMA_VERSION } from '../../src/outbox/database.ts';
import { gapIn, limitSpans, one, type Spans } from '../../src/outbox/gaps.ts';
import type { NewRecord, StoredRecord } from '../../src/outbox/port.ts';
import { rowOf } from '../../src/outbox/record.ts';
import { Store } from '../../src/outbox/store.ts';
import { trip } from '../contract/outbox.ts';

const MIB = 1024 * 1024;

const test = suite<{ folder: string; path: string }>('store');
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'hoistway-store-'));
  context.path = join(context.folder, 'outbox.db');
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const put = (store: Store, records: readonly NewRecord[], lost = 0) =>
  store.commit({ lost, rows: records.map(rowOf), forget: [] });
const all = (store: Store, lane: Lane) => store.read({ lane, afterId: 0, limit: 1_000_000, reader: 'city' });
const opened = (path: string, maxBytes = MIB) => new Store({ path, maxBytes, afterId: 0, readers: [] });

/** What a receiver has heard: by boot, the seqs that came and how many it was told are missing. */
class Receiver {
  readonly came = new Map<string, Set<number>>();
  readonly told = new Map<string, number>();

  take(records: readonly StoredRecord[]): void {
    for (const { boot, seq, body } of records) {
      const seqs = this.came.get(boot) ?? new Set();
      assert.not.ok(seqs.has(seq), `${boot} ${seq} came once`);
      this.came.set(boot, seqs.add(seq));
      const gap = gapIn(body);
      if (gap) this.told.set(gap.boot, (this.told.get(gap.boot) ?? 0) + gap.span.count);
    }
  }
}

type Step =
  | { do: 'append'; lane: Lane; sizes: number[] }
  | { do: 'lose'; count: number }
  | { do: 'send'; lane: Lane; count: number }
  | { do: 'reopen' };

const laneArb = fc.constantFrom<Lane>('alarm', 'telemetry');
const stepArb: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      lane: laneArb,
      sizes: fc.array(fc.integer({ min: 1, max: 7000 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), count: fc.integer({ min: 1, max: 50 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      lane: laneArb,
      count: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);

test('what came and what gap records tell of are all seqs of every boot', ({ folder }) => {
  let run = 0;
  return fc.assert(
    fc.property(fc.array(stepArb, { minLength: 150, maxLength: 300 }), (steps) => {
      const path = join(folder, `${run++}.db`);
      let store = opened(path);
      const receiver = new Receiver();
      const issued = new Map<string, number>();
      const note = (firstSeq: number, count: number) => issued.set(store.boot, firstSeq + count - 1);
      for (const step of steps) {
        if (step.do === 'append') {
          const records = step.sizes.map((size) => ({ ...trip(0, size), lane: step.lane }));
          note(put(store, records).firstSeq, records.length);
        } else if (step.do === 'lose') {
          note(put(store, [], step.count).firstSeq, 0);
        } else if (step.do === 'send') {
          const records = store.read({ lane: step.lane, afterId: 0, limit: step.count, reader: 'city' });
          receiver.take(records);
          store.commit({ lost: 0, rows: [], forget: [{ ids: records.map(({ id }) => id), reader: 'city' }] });
        } else {
          store.close();
          store = opened(path);
        }
        const { fileBytes } = store.stats();
        assert.ok(fileBytes <= MIB, `the file, ${fileBytes}, stays below 1 MiB`);
      }
      for (const lane of ['alarm', 'telemetry'] as const) receiver.take(all(store, lane));
      store.close();
      for (const [boot, lastSeq] of issued) {
        const heardOf = (receiver.came.get(boot)?.size ?? 0) + (receiver.told.get(boot) ?? 0);
        assert.is(heardOf, lastSeq, `${boot}: every seq came or is told of as missing`);
      }
    }),
    { numRuns: 8, seed: 20260101, endOnFailure: true },
  );
});

test('the file stays below the limit for any size of record, and its pages are used again', ({ folder }) => {
  for (const size of [10, 300, 1400, 2050, 4100, 9000, 30_000]) {
    const store = opened(join(folder, `${size}.db`));
    let most = 0;
    const perCommit = Math.max(1, Math.min(500, Math.floor(28_000 / (size + 80))));
    for (let bytes = 0; bytes < 2 * MIB; bytes += perCommit * (size + 40)) {
      put(
        store,
        Array.from({ length: perCommit }, (_, n) => trip(n, size)),
      );
      most = Math.max(most, store.stats().fileBytes);
    }
    const kept = all(store, 'telemetry').length * size;
    assert.ok(most <= MIB, `records of ${size} bytes: the file grew to ${most}`);
    assert.ok(size < 300 || kept > MIB / 5, `records of ${size} bytes: ${kept} bytes are kept`);
    store.close();
  }
});

test('a lowered limit is met at the next opening', ({ path }) => {
  const large = opened(path, 8 * MIB);
  for (let n = 1; n <= 1500; n++) put(large, [trip(n, 2500)]);
  const { boot } = large;
  large.close();
  const small = opened(path);
  const { fileBytes, evicted } = small.stats();
  assert.ok(fileBytes <= MIB, `the file shrank to ${fileBytes}`);
  const kept = all(small, 'telemetry').filter(({ boot: of }) => of === boot);
  assert.is(kept.at(-1)?.body.n, 1500, 'the newest is kept');
  assert.is(kept.length + evicted, 1500, 'the rest was counted');
  const [gap] = all(small, 'alarm');
  assert.equal(
    gap?.body,
    { type: 'gap', gapBoot: boot, firstSeq: 1, lastSeq: evicted, count: evicted },
    'and told of in one gap record',
  );
  small.close();
});

test('records set aside are bounded, the oldest go', ({ path }) => {
  const store = opened(path);
  for (let n = 1; n <= 60; n++) {
    const { firstId } = put(store, [trip(n, 2000)]);
    store.poison({ id: firstId, reason: 'refused', reader: 'city' });
  }
  assert.is(store.stats().poisoned, 60, 'all are counted');
  store.close();
  const db = new Database(path);
  const rows = db.prepare('SELECT id, reason FROM poison ORDER BY id').all() as { id: number; reason: string }[];
  db.close();
  assert.ok(rows.length > 5 && rows.length < 20, `${rows.length} are kept in 1/32 of 1 MiB`);
  assert.equal(rows.at(-1), { id: 60, reason: 'city: refused' }, 'the newest among them, with its reason');
});

for (const [name, change] of [
  ['whose body is no JSON', `body = '{"type":"tr', sum = NULL`],
  ['with another letter in its body', `body = replace(body, '2', '3')`],
  ['with another number', 'seq = 7'],
  ['of another boot', 'boot = 9'],
  ['of another lift', `lift = 'b'`],
] as const)
  test(`a record ${name} is set aside, the others are read`, ({ path }) => {
    const store = opened(path);
    put(store, [trip(1), trip(2), trip(3)]);
    store.close();
    const db = new Database(path);
    db.exec(`UPDATE telemetry SET ${change} WHERE id = 2`);
    db.close();
    const again = opened(path);
    assert.equal(
      all(again, 'telemetry').map(({ id }) => id),
      [1, 3],
      'the sound ones',
    );
    assert.is(again.stats().poisoned, 1, 'the other is counted');
    again.close();
  });

test('a commit that fails leaves nothing behind', ({ path }) => {
  const store = opened(path);
  const before = put(store, [trip(1)]);
  const bad = { ...rowOf(trip(2)), lane: 'nowhere' as Lane };
  assert.throws(
    () => store.commit({ lost: 3, rows: [rowOf(trip(2)), bad], forget: [{ ids: [before.firstId], reader: 'city' }] }),
    'it fails',
  );
  const after = put(store, [trip(3)]);
  assert.is(after.firstSeq, 2, 'its seqs were not used');
  assert.equal(
    all(store, 'telemetry').map(({ body }) => body.n),
    [1, 3],
    'nothing of it was stored or forgotten',
  );
  assert.is(store.stats().evicted, 0, 'nor counted');
  store.close();
});

test('a file of a newer schema is refused and left alone', ({ path }) => {
  opened(path).close();
  const db = new Database(path);
  db.pragma('user_version = 99');
  db.close();
  assert.throws(() => opened(path), /schema 99/, 'refused');
  const still = new Database(path);
  assert.is(still.pragma('user_version', { simple: true }), 99, 'left alone');
  still.close();
});

test('gap records of very many boots stay bounded: the oldest boots are let go', () => {
  const spans: Spans = new Map(Array.from({ length: 40 }, (_, n) => [`00000000.${n}`, one(1)]));
  limitSpans(spans, 30);
  assert.is(spans.size, 15, 'half as many as the records that went');
  assert.ok(spans.has('00000000.39') && !spans.has('00000000.0'), 'the newest boots are kept');
  limitSpans(spans, 2);
  assert.is(spans.size, 8, 'but never fewer than eight');
});

test('commits are synced, by one writer, and pages can be given back', ({ path }) => {
  const { db } = openDatabase(path);
  const settings = ['journal_mode', 'synchronous', 'locking_mode', 'auto_vacuum', 'wal_autocheckpoint', 'user_version'];
  assert.equal(
    settings.map((name) => db.pragma(name, { simple: true })),
    ['wal', 2, 'exclusive', 2, 0, SCHEMA_VERSION],
    'wal, FULL, exclusive, INCREMENTAL, folded by the store itself, migrated',
  );
  db.close();
});

test('telemetry that is forgotten whole goes at one stroke, and nothing but it', ({ path }) => {
  const store = opened(path);
  const { firstId } = put(
    store,
    Array.from({ length: 400 }, (_, n) => trip(n)),
  );
  const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => firstId + from + n);
  const forget = (gone: readonly number[]) =>
    store.commit({ lost: 0, rows: [], forget: [{ ids: gone, reader: 'city' }] });
  const left = () => all(store, 'telemetry').map(({ body }) => body.n);
  const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
  forget([...ids(0, 150), ...ids(0, 150)]);
  assert.equal(left(), numbers(150, 400), 'named twice, and no more left than is written again');
  forget(ids(200, 350));
  assert.equal(left(), [...numbers(150, 200), ...numbers(350, 400)], 'older ones are not gone with it');
  forget(ids(150, 200));
  assert.equal(left(), numbers(350, 400), 'whole from the oldest on');
  assert.is(store.stats().waiting.telemetry, 50, 'the count follows');
  put(store, [trip(400)]);
  assert.equal(left(), numbers(350, 401), 'and it goes on');
  store.close();
});

test.run();
