/** Alarms that the disk does not take, over an outbox in memory whose disk hangs when it is told to. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryOutbox } from '../../hil/memory-outbox.ts';
import { VirtualClock } from '../../src/clock.ts';
import type { Lane } from '../../src/lift/events.ts';
import { ANSWER_LIMIT_MS, FromMemory, TOLD_AFTER_MS } from '../../src/outbox/from-memory.ts';
import type { NewRecord, ReaderName, StoredRecord } from '../../src/outbox/port.ts';
import { fault, trip } from '../contract/outbox.ts';

/** What it is asked while it hangs it does when it is released. */
class Disk extends MemoryOutbox {
  #gate: Promise<void> = Promise.resolve();
  release = () => {};
  /** reads hang too */
  deaf = false;

  hang(): void {
    this.#gate = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  override async append(records: readonly NewRecord[]): Promise<readonly StoredRecord[]> {
    await this.#gate;
    return super.append(records);
  }

  override async forget(ids: readonly number[], reader?: ReaderName): Promise<void> {
    await this.#gate;
    return super.forget(ids, reader);
  }

  override async read(
    lane: Lane,
    afterId: number,
    limit: number,
    reader?: ReaderName,
  ): Promise<readonly StoredRecord[]> {
    if (this.deaf) await this.#gate;
    return super.read(lane, afterId, limit, reader);
  }
}

function outboxOn({ readers = ['city'] as readonly ReaderName[] } = {}) {
  const clock = new VirtualClock();
  const disk = new Disk({ readers: readers.filter((reader) => reader !== 'city') });
  const outbox = new FromMemory({ store: disk, readers, clock, path: 'memory' });
  const told: StoredRecord[] = [];
  outbox.onAppended((records) => told.push(...records));
  /** The disk hangs, and an alarm is told from memory. */
  const tellOne = async (): Promise<StoredRecord> => {
    disk.hang();
    const appended = outbox.append([fault('f1', 'begin')]);
    await clock.advance(TOLD_AFTER_MS);
    const [record] = await appended;
    if (!record) throw new Error('nothing was told');
    return record;
  };
  return { clock, disk, outbox, told, tellOne };
}

const idsOf = (records: readonly StoredRecord[]) => records.map(({ body }) => body.id);
/** Lets what is released run to its end. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test('on a disk that works nothing is told from memory', async () => {
  const { clock, outbox, told } = outboxOn();
  const [stored] = await outbox.append([fault('f1', 'begin')]);
  await clock.advance(TOLD_AFTER_MS * 2);
  assert.equal(told, [stored], 'told once');
  assert.is(stored?.unstored, undefined, 'as stored');
  assert.ok(Number.isInteger(stored?.id), 'by the id of the store');
});

test('an alarm that the disk does not take is told after two seconds, the next at once', async () => {
  const { clock, disk, outbox, told } = outboxOn();
  await outbox.append([fault('f0', 'begin'), trip(1)]);
  disk.hang();
  const first = outbox.append([fault('f1', 'begin')]);
  await clock.advance(TOLD_AFTER_MS - 1);
  assert.is(told.length, 2, 'patient until then');
  await clock.advance(1);
  const [record] = await first;
  assert.is(record?.unstored, true, 'it says so');
  assert.is(record?.body.unstored, true, 'and so does what is sent');
  assert.is.not(record?.boot, outbox.boot, 'under a name of its own');
  assert.is(record?.seq, 1, 'counted from 1');
  const second = outbox.append([fault('f1', 'end')]);
  await clock.advance(0);
  assert.is((await second)[0]?.seq, 2, 'the next does not wait');
  assert.equal(idsOf(told), ['f0', undefined, 'f1', 'f1'], 'listeners are told');
  assert.equal(idsOf(await outbox.read('alarm', 0, 10)), ['f0', 'f1', 'f1'], 'readers get them in their order');
  assert.equal(idsOf(await outbox.read('alarm', 1, 10)), ['f1', 'f1'], 'behind what they had');
  assert.equal(idsOf(await outbox.read('alarm', 0, 2)), ['f0', 'f1'], 'no more than they asked for');
  assert.is((await outbox.stats()).waiting.alarm, 3, 'and the page counts them');
});

test('telemetry waits for the disk', async () => {
  const { clock, disk, outbox, told } = outboxOn();
  disk.hang();
  void outbox.append([trip(1)]);
  void outbox.append([trip(2), fault('f1', 'begin')]);
  await clock.advance(TOLD_AFTER_MS * 10);
  assert.equal(told, [], 'and what is handed in with it');
});

test('told, forgotten, then stored: it is not told again, and leaves the disk by itself', async () => {
  const { disk, outbox, told, tellOne } = outboxOn();
  const record = await tellOne();
  await outbox.forget([record.id]);
  assert.equal(await outbox.read('alarm', 0, 10), [], 'done with');
  disk.release();
  await settle();
  assert.is(told.length, 1, 'told once');
  assert.equal(await disk.read('alarm', 0, 10), [], 'nothing is left of it');
  assert.is((await outbox.stats()).waiting.alarm, 0, 'nor counted');
  assert.is(disk.reopen().openFaults.length, 1, 'but the fault is known as open');
});

test('told, stored, then forgotten: one name at a time, and the copy goes with it', async () => {
  const { disk, outbox, told, tellOne } = outboxOn();
  const record = await tellOne();
  disk.release();
  await settle();
  assert.is(told.length, 1, 'told once');
  assert.equal(await outbox.read('alarm', 0, 10), [record], 'the reader still has the first');
  assert.is((await disk.read('alarm', 0, 10)).length, 1, 'the disk has it too');
  assert.is((await outbox.stats()).waiting.alarm, 1, 'counted once');
  await outbox.forget([record.id]);
  assert.equal(await disk.read('alarm', 0, 10), [], 'both are gone');
  const [next] = await outbox.append([fault('f2', 'begin')]);
  assert.is(next?.unstored, undefined, 'the disk is back');
  assert.equal(idsOf(await outbox.read('alarm', record.id, 10)), ['f2'], 'and comes behind');
});

test('a power cut in between: the copy is sent by the next process', async () => {
  const { disk, tellOne } = outboxOn();
  const record = await tellOne();
  disk.release();
  await settle();
  const [copy] = await disk.reopen().read('alarm', 0, 10);
  assert.is(copy?.body.id, record.body.id, 'the same fault');
  assert.is.not(copy?.boot, record.boot, 'by another name');
  assert.is(copy?.body.unstored, undefined, 'stored');
});

test('each reader for itself', async () => {
  const { disk, outbox, tellOne } = outboxOn({ readers: ['city', 'maintainer'] });
  const { id } = await tellOne();
  await outbox.forget([id], 'city');
  disk.release();
  await settle();
  assert.equal(await disk.read('alarm', 0, 10, 'city'), [], 'the city has it');
  assert.is((await outbox.read('alarm', 0, 10, 'maintainer')).length, 1, 'the maintainer waits');
  await outbox.poison(id, 'too large', 'maintainer');
  assert.is(disk.poisoned[0]?.reason, 'maintainer: too large', 'refused, and kept aside');
  assert.equal(await outbox.read('alarm', 0, 10, 'maintainer'), [], 'and not read again');
});

test('a disk that does not answer at all', async () => {
  const { clock, disk, outbox, tellOne } = outboxOn();
  await outbox.append([fault('f0', 'begin')]);
  await tellOne();
  disk.deaf = true;
  const read = outbox.read('alarm', 0, 10);
  await clock.advance(ANSWER_LIMIT_MS);
  const [record, ...others] = await read;
  assert.equal([record?.body.id, others.length], ['f1', 0], 'what is in memory is read all the same');
  const other = outbox.read('telemetry', 0, 10).catch((error: Error) => error.message);
  await clock.advance(ANSWER_LIMIT_MS);
  assert.match(String(await other), /the disk does not answer/, 'the rest is given up');
  await outbox.forget([record?.id ?? 0]);
  disk.release();
  await settle();
  assert.equal(
    idsOf(await outbox.read('alarm', record?.id ?? 0, 10)),
    ['f0'],
    'and what is on disk comes when it answers',
  );
});

test('a record that nobody can store is refused as before', async () => {
  const { clock, disk, outbox, told } = outboxOn();
  disk.failing = 'no';
  const refused = await outbox.append([fault('f1', 'begin')]).catch((error: Error) => error.message);
  await clock.advance(TOLD_AFTER_MS);
  assert.match(String(refused), /no/, 'and not told');
  assert.equal(told, [], 'to anybody');
});

test.run();
