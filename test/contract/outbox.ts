/** What every outbox keeps: the real one on disk and the one in memory pass the same suite. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayError } from '../../src/errors.ts';
import type { Lane } from '../../src/lift/events.ts';
import { gapIn } from '../../src/outbox/gaps.ts';
import type { NewRecord, Outbox, ReaderName, StoredRecord } from '../../src/outbox/port.ts';

export interface OutboxUnderTest {
  /** holds 1 MiB; read by nobody but the city */
  readonly outbox: Outbox;
  /** closes, and opens again what was kept; with these readers beside the city */
  reopen(readers?: readonly ReaderName[]): Promise<Outbox>;
  /** closes and removes what is left */
  clean(): Promise<void>;
}

export const trip = (n: number, padding = 0): NewRecord => ({
  lane: 'telemetry',
  lift: 'a',
  body: { type: 'trip', n, ...(padding ? { padding: 'x'.repeat(padding) } : {}) },
});

export const fault = (id: string, phase: 'begin' | 'end', beganMs = 1000): NewRecord => ({
  lane: 'alarm',
  lift: 'a',
  body: { type: 'fault', phase, id, lift: 'a', fault: 'entrapment', beganMs, atMs: beganMs },
});

/** All that is kept of a lane, read in pages of `page`. */
export async function readAll(outbox: Outbox, lane: Lane, page = 500): Promise<StoredRecord[]> {
  const all: StoredRecord[] = [];
  for (;;) {
    const records = await outbox.read(lane, all.at(-1)?.id ?? 0, page);
    if (records.length === 0) return all;
    all.push(...records);
  }
}

/** How many seqs of `boot` the gap records among `records` stand for. */
export function missing(records: readonly StoredRecord[], boot: string): number {
  return records.reduce((sum, { body }) => {
    const gap = gapIn(body);
    return sum + (gap?.boot === boot ? gap.span.count : 0);
  }, 0);
}

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return null;
}

export function outboxContract(name: string, make: () => Promise<OutboxUnderTest>): void {
  const test = suite<{ it: OutboxUnderTest }>(`outbox contract: ${name}`);
  test.before.each(async (context) => {
    context.it = await make();
  });
  test.after.each(async ({ it }) => {
    await it.clean();
  });

  test('numbers records 1, 2, 3 over both lanes, with ids that grow', async ({ it: { outbox } }) => {
    const first = await outbox.append([trip(1), fault('f', 'begin'), trip(2)]);
    const second = await outbox.append([fault('f', 'end')]);
    const all = [...first, ...second];
    assert.equal(
      all.map(({ seq }) => seq),
      [1, 2, 3, 4],
      'seqs have no hole',
    );
    assert.ok(
      all.every((record, i) => i === 0 || record.id > (all[i - 1]?.id ?? 0)),
      'ids grow',
    );
    assert.ok(
      all.every(({ boot }) => boot === outbox.boot),
      'every record carries the boot',
    );
    assert.match(outbox.boot, /^[0-9a-f]{8}\.1$/, 'the boot is the store and a number');
  });

  test('appends at once keep their order', async ({ it: { outbox } }) => {
    const stored = await Promise.all(Array.from({ length: 200 }, (_, n) => outbox.append([trip(n)])));
    assert.equal(
      stored.flat().map(({ seq, body }) => [seq, body.n]),
      Array.from({ length: 200 }, (_, n) => [n + 1, n]),
      'in the order handed in',
    );
  });

  test('reads a lane from an id on, oldest first, up to the limit', async ({ it: { outbox } }) => {
    const stored = await outbox.append([trip(1), fault('f', 'begin'), trip(2), trip(3)]);
    const page = await outbox.read('telemetry', 0, 2);
    assert.equal(page, [stored[0], stored[2]], 'the two oldest of the lane, as append gave them');
    assert.equal(await outbox.read('telemetry', page[1]?.id ?? 0, 2), [stored[3]], 'and what comes after them');
    assert.equal(await outbox.read('alarm', 0, 10), [stored[1]], 'the other lane by itself');
  });

  test('forgets what it is told to, once', async ({ it: { outbox } }) => {
    const [one, two, three] = await outbox.append([trip(1), fault('f', 'begin'), trip(3)]);
    const ids = [one?.id ?? 0, two?.id ?? 0];
    await outbox.forget(ids);
    await outbox.forget(ids);
    assert.equal(await readAll(outbox, 'alarm'), [], 'the alarm is gone');
    assert.equal(await readAll(outbox, 'telemetry'), [three], 'the other record stays');
    assert.equal((await outbox.stats()).waiting, { alarm: 0, telemetry: 1 }, 'and the count follows');
  });

  test('sets a refused record aside', async ({ it: { outbox } }) => {
    const [one] = await outbox.append([trip(1)]);
    await outbox.poison(one?.id ?? 0, 'the broker says no');
    await outbox.poison(one?.id ?? 0, 'again');
    const stats = await outbox.stats();
    assert.is(stats.poisoned, 1, 'counted once');
    assert.equal(stats.waiting, { alarm: 0, telemetry: 0 }, 'no longer waiting');
    assert.equal(await readAll(outbox, 'telemetry'), [], 'and not read again');
  });

  test('each reader forgets for itself: a record goes when both have', async ({ it }) => {
    const [old] = await it.outbox.append([trip(0)]);
    const both = await it.reopen(['maintainer']);
    const [one, two] = await both.append([trip(1), fault('f', 'begin')]);
    await both.forget([one?.id ?? 0, two?.id ?? 0]);
    assert.equal(await readAll(both, 'telemetry'), [old], 'the city has forgotten it');
    assert.equal(await both.read('telemetry', 0, 10, 'maintainer'), [one], 'the maintainer has not');
    assert.equal((await both.stats()).waiting, { alarm: 1, telemetry: 2 }, 'so it is kept');
    await both.forget([one?.id ?? 0], 'maintainer');
    assert.equal((await both.stats()).waiting, { alarm: 1, telemetry: 1 }, 'until both have');
    await both.poison(two?.id ?? 0, 'too large', 'maintainer');
    const stats = await both.stats();
    assert.equal([stats.poisoned, stats.waiting.alarm], [1, 0], 'set aside by the one, forgotten by the other');
  });

  test('a record that both refuse is set aside once', async ({ it }) => {
    const both = await it.reopen(['maintainer']);
    const [one] = await both.append([trip(1)]);
    await both.poison(one?.id ?? 0, 'too large');
    await both.poison(one?.id ?? 0, 'too large', 'maintainer');
    const { poisoned, waiting } = await both.stats();
    assert.equal([poisoned, waiting.telemetry], [1, 0], 'counted once, and waiting for nobody');
  });

  test('nothing waits for a reader that is no more', async ({ it }) => {
    const both = await it.reopen(['maintainer']);
    const [one, two] = await both.append([trip(1), trip(2)]);
    await both.forget([one?.id ?? 0]);
    const alone = await it.reopen([]);
    assert.equal((await alone.stats()).waiting, { alarm: 0, telemetry: 1 }, 'what only it was owed is gone');
    assert.equal(await readAll(alone, 'telemetry'), [two], 'what the city is owed stays');
  });

  test('keeps records over a restart, and counts the next boot from 1', async ({ it }) => {
    const before = await it.outbox.append([trip(1), fault('f', 'begin')]);
    const again = await it.reopen();
    const after = await again.append([trip(2)]);
    assert.is.not(again.boot, it.outbox.boot, 'another boot');
    assert.is(after[0]?.seq, 1, 'its seqs begin at 1');
    assert.ok((after[0]?.id ?? 0) > (before[1]?.id ?? 0), 'ids go on');
    assert.equal(await readAll(again, 'telemetry'), [before[0], after[0]], 'telemetry of both boots');
    assert.equal(await readAll(again, 'alarm'), [before[1]], 'and the alarm');
  });

  test('does not use an id twice, even when everything was forgotten', async ({ it }) => {
    const before = await it.outbox.append([trip(1), trip(2)]);
    await it.outbox.forget(before.map(({ id }) => id));
    const after = await (await it.reopen()).append([trip(3)]);
    assert.ok((after[0]?.id ?? 0) > (before[1]?.id ?? 0), 'ids go on');
  });

  test('takes up open faults, also those whose records are forgotten', async ({ it }) => {
    const open = { ...fault('b', 'begin').body, subject: 'door' };
    const ofBox = { type: 'box-fault', phase: 'begin', id: 'c', fault: 'uplink-lost', beganMs: 1000, atMs: 1000 };
    const stored = await it.outbox.append([
      fault('a', 'begin'),
      { lane: 'alarm', lift: 'a', body: open },
      fault('a', 'end'),
      { lane: 'alarm', lift: null, body: ofBox },
    ]);
    await it.outbox.forget(stored.map(({ id }) => id));
    assert.equal(it.outbox.openFaults, [], 'those open when it was opened: none');
    const again = await it.reopen();
    assert.equal(
      again.openFaults,
      [
        { id: 'b', lift: 'a', fault: 'entrapment', subject: 'door', beganMs: 1000 },
        { id: 'c', lift: null, fault: 'uplink-lost', beganMs: 1000 },
      ],
      'the fault that has not ended, and the one of the box itself',
    );
    await again.append([{ lane: 'alarm', lift: null, body: { ...ofBox, phase: 'end' } }]);
    assert.equal(
      (await it.reopen()).openFaults.map(({ id }) => id),
      ['b'],
      'that one ended too',
    );
  });

  test('tells of new records, until told to stop', async ({ it: { outbox } }) => {
    const heard: StoredRecord[] = [];
    const stop = outbox.onAppended((records) => heard.push(...records));
    const stored = await outbox.append([trip(1), fault('f', 'begin')]);
    stop();
    await outbox.append([trip(2)]);
    assert.equal(heard, stored, 'both records of the first append');
  });

  test('gives and tells the very bodies that were handed in', async ({ it: { outbox } }) => {
    const told: StoredRecord[] = [];
    outbox.onAppended((records) => told.push(...records));
    const handed = [fault('f', 'begin'), trip(1)];
    const given = await outbox.append(handed);
    for (const records of [given, told]) {
      assert.is(records.length, 2, 'both');
      for (const [n, { body }] of handed.entries()) assert.ok(records[n]?.body === body, `record ${n}`);
    }
  });

  test('an empty append does nothing', async ({ it: { outbox } }) => {
    assert.equal(await outbox.append([]), [], 'no records');
    const [one] = await outbox.append([trip(1)]);
    assert.is(one?.seq, 1, 'no seq was used');
  });

  test('evicts the oldest telemetry, never an alarm for it, and says so in a gap record', async ({
    it: { outbox },
  }) => {
    await outbox.append([fault('f', 'begin')]);
    const heard: StoredRecord[] = [];
    outbox.onAppended((records) => heard.push(...records));
    for (let n = 1; n <= 800; n++) await outbox.append([trip(n, 2000)]);
    const stats = await outbox.stats();
    const alarms = await readAll(outbox, 'alarm');
    const telemetry = await readAll(outbox, 'telemetry');
    assert.ok(stats.evicted > 0, 'there was not room for all');
    assert.is(missing(alarms, outbox.boot), stats.evicted, 'every evicted record is in a gap record');
    assert.is(alarms.length, 2, 'the alarm, and one gap record that grew: nobody had read it');
    assert.is(telemetry.at(-1)?.body.n, 800, 'the newest is kept');
    const [first] = telemetry;
    const digests = telemetry.filter(({ body }) => body.type === 'digest');
    const summed = digests.reduce((sum, { body }) => sum + Number((body.of as { trip: number }).trip), 0);
    assert.is(first?.body.n, summed + 1, 'the oldest went, and are summed in what is left of them');
    assert.ok(digests.length <= 40, `which is little: ${digests.length} records for ${summed}`);
    const gaps = heard.filter(({ body }) => body.type === 'gap');
    assert.equal(
      gaps.map(({ id }) => id),
      [alarms[1]?.id],
      'and the gap record was told of',
    );
    const seqs = [...alarms, ...telemetry].map(({ seq }) => seq).sort((a, b) => a - b);
    assert.is(seqs.length + stats.evicted, seqs.at(-1), 'what is kept and what is missing are all seqs');
    assert.ok(stats.fileBytes <= stats.maxBytes, `the file, ${stats.fileBytes}, stays below ${stats.maxBytes}`);
  });

  test('a gap record that was read stays as it was', async ({ it: { outbox } }) => {
    let n = 0;
    const fill = async (until: number) => {
      while ((await outbox.stats()).evicted < until) await outbox.append([trip(++n, 4000)]);
    };
    await fill(1);
    const [before] = await readAll(outbox, 'alarm');
    await fill((await outbox.stats()).evicted + 1);
    const after = await readAll(outbox, 'alarm');
    assert.equal(after[0], before, 'the one that may have been sent');
    assert.is(after.length, 2, 'a second one tells of the rest');
    assert.is(missing(after, outbox.boot), (await outbox.stats()).evicted, 'together they tell of all');
  });

  test('alarms past their share go oldest first, with gap records', async ({ it: { outbox } }) => {
    for (let n = 1; n <= 100; n++) {
      await outbox.append([{ lane: 'alarm', lift: 'a', body: { type: 'mode', n, padding: 'x'.repeat(3000) } }]);
    }
    const alarms = await readAll(outbox, 'alarm');
    const { evicted } = await outbox.stats();
    assert.ok(evicted > 0, 'there was not room for all');
    assert.is(alarms.at(-1)?.body.n, 100, 'the newest is kept');
    assert.is(alarms.length + missing(alarms, outbox.boot), alarms.at(-1)?.seq, 'kept and missing are all seqs');
  });

  test('refuses what it cannot keep, and goes on', async ({ it: { outbox } }) => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const bad: NewRecord[] = [
      { lane: 'telemetry', lift: null, body: circle },
      { lane: 'alarm', lift: null, body: { type: 'gap' } },
    ];
    for (const record of bad) {
      const error = await refusal(outbox.append([trip(1), record]));
      assert.instance(error, GatewayError, 'refused with a GatewayError');
    }
    const [one] = await outbox.append([trip(2)]);
    assert.is(one?.seq, 1, 'nothing of the refused calls was stored');
  });

  test('refuses everything once closed', async ({ it: { outbox } }) => {
    await outbox.close();
    await outbox.close();
    for (const promise of [outbox.append([trip(1)]), outbox.read('alarm', 0, 1), outbox.forget([1])]) {
      assert.instance(await refusal(promise), GatewayError, 'with a GatewayError');
    }
  });

  test.run();
}
