import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VirtualClock } from '../../src/clock.ts';
import { type GroupBounds, GroupCommit } from '../../src/outbox/group.ts';
import type { Batch, Committed } from '../../src/outbox/messages.ts';
import type { NewRecord, StoredRecord } from '../../src/outbox/port.ts';
import { THREAD_ENDED } from '../../src/outbox/thread.ts';
import { StoreError } from '../../src/outbox/trouble.ts';
import { fault, trip } from '../contract/outbox.ts';

/** A store that commits when told to: it holds every batch until `finish` or `fail`. */
function rig(bounds: Partial<GroupBounds> = {}, telemetryWaitMs = 0) {
  const clock = new VirtualClock();
  const under: { batch: Batch; resolve: (done: Committed) => void; reject: (error: Error) => void }[] = [];
  const batches: Batch[] = [];
  const troubles: string[] = [];
  const told: StoredRecord[] = [];
  let seq = 1;
  const group = new GroupCommit({
    commit: (batch) =>
      new Promise((resolve, reject) => {
        batches.push(batch);
        under.push({ batch, resolve, reject });
      }),
    clock,
    bounds: { batchBytes: 10_000, batchRecords: 100, queueBytes: 100_000, queueRecords: 1000, ...bounds },
    telemetryWaitMs,
    path: 'outbox.db',
    onCommitted: (records) => told.push(...records),
    onTrouble: (why) => troubles.push(why),
  });
  const settle = () => clock.advance(0);
  const finish = async () => {
    const commit = under.shift();
    assert.ok(commit, 'a commit is under way');
    seq += commit?.batch.lost ?? 0;
    const first = { firstId: seq, firstSeq: seq };
    seq += commit?.batch.rows.length ?? 0;
    commit?.resolve({ boot: '00000000.1', ...first, made: [], foldFailure: null });
    await settle();
  };
  const fail = async (code = 'SQLITE_FULL') => {
    const commit = under.shift();
    assert.ok(commit, 'a commit is under way');
    commit?.reject(new StoreError({ code, message: 'no' }));
    await settle();
  };
  /** Hands in records; the list tells how each call ended. */
  const ends: string[] = [];
  const append = (...records: NewRecord[]) => {
    const at = ends.push('waits') - 1;
    group.append(records).then(
      (stored) => {
        ends[at] = stored.map((record) => record.seq).join(' ');
      },
      (error: Error) => {
        ends[at] = error.message;
      },
    );
  };
  return { clock, group, batches, under, troubles, told, ends, settle, finish, fail, append };
}

const namesOf = (batch: Batch | undefined) => batch?.rows.map(({ text }) => JSON.parse(text).n ?? JSON.parse(text).id);

test('one commit at a time; what comes meanwhile goes together with the next', async () => {
  const { append, settle, finish, batches, under, ends, told } = rig();
  append(trip(1));
  append(trip(2));
  await settle();
  append(trip(3));
  append(fault('f', 'begin'), trip(4));
  await settle();
  assert.is(under.length, 1, 'one under way');
  assert.equal(namesOf(batches[0]), [1, 2], 'what was handed in at one go');
  await finish();
  assert.equal(namesOf(batches[1]), [3, 'f', 4], 'the rest together, in order');
  assert.equal(ends, ['1', '2', 'waits', 'waits'], 'the first two are stored');
  await finish();
  assert.equal(ends, ['1', '2', '3', '4 5'], 'and then the others');
  assert.equal(
    told.map(({ seq }) => seq),
    [1, 2, 3, 4, 5],
    'each record is told of once',
  );
});

test('work that comes just when the last commit is done is not left lying', async () => {
  const { group, settle, finish, under } = rig();
  const again = group.append([trip(1)]).then(() => group.append([trip(2)]));
  await settle();
  await finish();
  assert.is(under.length, 1, 'the second began by itself');
  await finish();
  assert.is((await again)[0]?.seq, 2, 'and was stored');
});

test('a commit that takes seconds is told while it lasts', async () => {
  const { append, settle, finish, clock, group, troubles, ends } = rig();
  append(fault('f', 'begin'));
  await settle();
  await clock.advance(1900);
  assert.equal(troubles, [], 'not yet');
  await clock.advance(200);
  assert.match(troubles.join(), /takes seconds|数秒/, 'after two');
  assert.is(group.trouble, troubles[0], 'and shown');
  await clock.advance(10_000);
  assert.is(troubles.length, 1, 'once');
  await finish();
  assert.equal(ends, ['1'], 'it is stored');
  assert.is(group.trouble, null, 'and the trouble over');
});

test('a batch is bounded in records and in bytes', async () => {
  const { append, settle, finish, batches, group } = rig({ batchRecords: 3, batchBytes: 2000 });
  for (let n = 1; n <= 4; n++) append(trip(n));
  append(trip(5, 1000));
  append(trip(6, 1000));
  await settle();
  await finish();
  await finish();
  await finish();
  assert.equal(batches.map(namesOf), [[1, 2, 3], [4, 5], [6]], 'three records, or 2000 bytes');
  let refused = '';
  await group.append([trip(7, 3000)]).catch((error: Error) => {
    refused = error.message;
  });
  assert.match(refused, /more than one commit takes/, 'a call that no batch can take is refused at once');
});

test('forgetting goes along with the next commit', async () => {
  const { group, append, settle, finish, batches } = rig();
  append(trip(1));
  await settle();
  let forgotten = false;
  void group.forget({ ids: [7, 8], reader: 'city' }).then(() => {
    forgotten = true;
  });
  void group.forget({ ids: [9], reader: 'city' });
  append(trip(2));
  await finish();
  assert.equal(
    batches[1]?.forget.flatMap(({ ids }) => ids),
    [7, 8, 9],
    'with the records of the second',
  );
  assert.not.ok(forgotten, 'not before it is on disk');
  await finish();
  assert.ok(forgotten, 'and then it is');
});

test('a failed commit is tried again, later and later, and says why', async () => {
  const { clock, append, settle, fail, finish, batches, group, troubles, ends } = rig();
  append(trip(1));
  await settle();
  const begun: number[] = [];
  for (let n = 0; n < 10; n++) {
    await fail();
    const before = batches.length;
    while (batches.length === before) await clock.advance(250);
    begun.push(clock.monoMs());
  }
  assert.equal(
    begun.map((at, i) => at - (begun[i - 1] ?? 0)),
    [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000],
    'twice as long each time, up to 30 s',
  );
  assert.match(group.trouble ?? '', /disk is full|磁盘已满/, 'in plain words');
  assert.is(troubles.length, 1, 'the same trouble is told once');
  await finish();
  assert.is(group.trouble, null, 'over');
  assert.equal(ends, ['1'], 'and the record is stored');
});

test('while nothing can be stored, the oldest telemetry goes, and alarms wait', async () => {
  const { clock, append, settle, fail, finish, batches, group, ends } = rig({ queueRecords: 3 });
  append(trip(1));
  append(fault('f', 'begin'));
  await settle();
  await fail();
  for (let n = 2; n <= 5; n++) append(trip(n));
  await settle();
  assert.is(group.lost, 2, 'two are lost: three may wait');
  assert.match(ends[0] ?? '', /disk is full|磁盘已满/, 'the oldest is told why');
  assert.match(ends[2] ?? '', /disk is full|磁盘已满/, 'and the next');
  await clock.advance(250);
  assert.equal(namesOf(batches[1]), ['f', 3, 4, 5], 'the alarm and the newest are left, in order');
  assert.is(batches[1]?.lost, 2, 'the store is told how many are lost');
  await finish();
  assert.is(group.lost, 0, 'a gap record tells of them now');
  assert.equal([ends[1], ...ends.slice(3)], ['3', '4', '5', '6'], 'with the seqs after the lost ones');
});

test('alarms have their own bound', async () => {
  const { append, settle, fail, group, ends } = rig({ queueRecords: 2 });
  append(trip(1));
  await settle();
  await fail();
  for (const id of ['a', 'b', 'c']) append(fault(id, 'begin'));
  await settle();
  assert.is(group.lost, 1, 'one alarm is lost');
  assert.is(ends[0], 'waits', 'not the telemetry for it');
  assert.is.not(ends[1], 'waits', 'the oldest alarm');
  assert.equal(ends.slice(2), ['waits', 'waits'], 'the newest wait');
});

test('when the thread ends amid a commit, its calls are rejected and the others wait', async () => {
  const { clock, append, settle, fail, finish, batches, ends, group } = rig();
  append(trip(1));
  let refused = 0;
  group.forget({ ids: [5], reader: 'city' }).catch(() => refused++);
  await settle();
  append(trip(2));
  await fail(THREAD_ENDED);
  assert.is.not(ends[0], 'waits', 'nobody knows whether the first is stored');
  assert.is(ends[1], 'waits', 'the second was never sent');
  await clock.advance(250);
  assert.equal(namesOf(batches[1]), [2], 'only the second goes again');
  assert.is(refused, 1, 'who forgets asks again: a full disk holds up no reader');
  assert.equal(batches[1]?.forget, [], 'nothing is forgotten behind his back');
  await finish();
  assert.is(ends[1], '1', 'stored');
});

test('closing stores what waits', async () => {
  const { append, settle, finish, ends, group } = rig();
  append(trip(1));
  await settle();
  append(trip(2));
  const closed = group.close();
  await finish();
  await finish();
  await closed;
  assert.equal(ends, ['1', '2'], 'both');
});

test('closing in trouble tries once more, then rejects', async () => {
  const { append, settle, fail, ends, group, batches } = rig();
  append(trip(1));
  await settle();
  await fail();
  const closed = group.close();
  await settle();
  await fail();
  await closed;
  await settle();
  assert.is(batches.length, 2, 'one more try');
  assert.match(ends[0] ?? '', /disk is full|磁盘已满/, 'and the reason');
});

test('a log that cannot be folded is trouble, though the records are stored', async () => {
  const { append, settle, under, ends, group } = rig();
  append(trip(1));
  await settle();
  const foldFailure = { code: 'SQLITE_FULL', message: 'no' };
  under.shift()?.resolve({ boot: '00000000.1', firstId: 1, firstSeq: 1, made: [], foldFailure });
  await settle();
  assert.equal(ends, ['1'], 'stored');
  assert.match(group.trouble ?? '', /disk is full|磁盘已满/, 'and told');
});

test('telemetry gathers; an alarm takes it along, and so does forgetting', async () => {
  const { group, append, settle, finish, batches, clock } = rig({}, 60_000);
  append(trip(1));
  await clock.advance(59_000);
  append(trip(2));
  assert.is(batches.length, 0, 'it waits');
  await clock.advance(1000);
  assert.is(batches[0]?.rows.length, 2, 'no longer than it may, from the first on');
  await finish();
  append(trip(3));
  await settle();
  assert.is(batches.length, 1, 'it waits anew');
  append(fault('f', 'begin'));
  await settle();
  assert.is(batches[1]?.rows.length, 2, 'an alarm never waits');
  await finish();
  append(trip(4));
  await settle();
  void group.forget({ ids: [1], reader: 'city' });
  await settle();
  assert.is(batches[2]?.rows.length, 1, 'where the disk is written to, it goes along');
  await finish();
  await clock.advance(600_000);
  assert.is(batches.length, 3, 'and no timer is left');
});

test('telemetry worth a commit does not wait', async () => {
  const { append, settle, batches } = rig({ batchRecords: 10 }, 60_000);
  for (let n = 0; n < 5; n++) append(trip(n));
  await settle();
  assert.is(batches.length, 1, 'half of what a commit takes');
});

test('closing stores what gathers', async () => {
  const { group, append, finish, settle, batches } = rig({}, 60_000);
  append(trip(1));
  const closed = group.close();
  await settle();
  assert.is(batches[0]?.rows.length, 1, 'it is handed to the store');
  await finish();
  await closed;
});

test.run();
