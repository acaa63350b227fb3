/** What a damaged file still holds is taken over: bits rot at random places of real files. */

import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import * as assert from 'uvu/assert';
import { Random } from '../../hil/lift/random.ts';
import { systemClock } from '../../src/clock.ts';
import type { Outbox } from '../../src/outbox/port.ts';
import { fault, readAll, trip } from '../contract/outbox.ts';
import { overwrite, suiteOnDisk } from './on-disk.ts';

const test = suiteOnDisk('salvage');

/** A file of 400 alarms and 400 trips with open faults, closed, and what its names begin with. */
async function twoLanes(open: () => Promise<Outbox>): Promise<string> {
  const outbox = await open();
  for (let n = 1; n <= 400; n += 10) {
    await outbox.append(Array.from({ length: 10 }, (_, i) => fault(`f${n + i}`, 'begin')));
    await outbox.append(Array.from({ length: 10 }, (_, i) => trip(n + i, 300)));
  }
  await outbox.forget([1]);
  await outbox.poison(2, 'refused');
  await outbox.close();
  return outbox.boot.split('.')[0] ?? '';
}

/** The pages that the tables begin with. */
function rootsOf(path: string): unknown[] {
  const db = new Database(path, { readonly: true });
  const roots = db.prepare('SELECT rootpage FROM sqlite_master').pluck().all();
  db.close();
  return roots;
}

for (let run = 0; run < 12; run++) {
  const seed = Number(process.env.SEED ?? (systemClock.wallMs() + run) >>> 0);
  test(`bits that rot anywhere: what is whole comes out as it was, under its name (seed ${seed})`, async ({
    path,
    open,
    troubles,
  }) => {
    const random = new Random(seed);
    const store = await twoLanes(open);
    const pages = statSync(path).size / 4096;
    const roots = rootsOf(path);
    const rotten = random.whole(1, 6);
    for (let n = 0; n < rotten; n++) {
      // Without the first page and the ledger nothing can be read, and with a root goes all that hangs on it.
      const page = random.whole(2, pages);
      if (roots.includes(page)) continue;
      const at = 4096 * (page - 1) + random.whole(0, 4000);
      overwrite(
        path,
        at,
        Uint8Array.from({ length: random.whole(1, 64) }, () => random.whole(0, 255)),
      );
    }
    writeFileSync(`${path}-wal`, 'x');
    const again = await open();
    const [alarms, trips] = [await readAll(again, 'alarm'), await readAll(again, 'telemetry')];
    const { poisoned } = await again.stats();
    for (const { boot, seq, body } of [...alarms, ...trips]) {
      const block = Math.floor((seq - 1) / 20) * 10;
      const nth = block + ((seq - 1) % 10) + 1;
      assert.is(boot, `${store}.1`, 'the boot that it had');
      assert.equal(body.type === 'trip' ? body.n : body.id, body.type === 'trip' ? nth : `f${nth}`, `seq ${seq}`);
    }
    const lost = 798 - alarms.length - trips.length;
    assert.ok(lost <= rotten * 60, `${lost} records of 798 are lost to ${rotten} rotten places`);
    if (lost > 0) assert.ok(troubles.length + poisoned > 1, `it is told: ${troubles}, ${poisoned} set aside`);
    const [next] = await again.append([trip(1)]);
    assert.is(next?.seq, 1, 'and it goes on');
    assert.is.not(next?.boot, `${store}.1`, 'in a boot of its own');
    await again.close();
  });
}

test('a power cut while a damaged file is read out: the next start does it again', async ({ path, open, troubles }) => {
  await twoLanes(open);
  renameSync(path, `${path}.damaged-1`);
  writeFileSync(`${path}.salvage`, '');
  writeFileSync(`${path}.new`, 'half of it');
  const outbox = await open();
  assert.is((await readAll(outbox, 'alarm')).length, 398, 'all that it holds');
  assert.is(outbox.openFaults.length, 400, 'and the faults that are open');
  await outbox.close();
  assert.match(troubles[0] ?? '', /798 records were taken over, 0 could not be read/, 'it is told');
  assert.ok(existsSync(`${path}.damaged-1`), 'the damaged file is kept');
  await (await open()).close();
  assert.is(troubles.length, 1, 'once');
});

test('a power cut before the damaged file was moved: the mark alone changes nothing', async ({
  path,
  open,
  troubles,
}) => {
  await twoLanes(open);
  writeFileSync(`${path}.salvage`, '');
  const outbox = await open();
  assert.is((await readAll(outbox, 'alarm')).length, 398, 'as it was');
  await outbox.close();
  assert.equal(troubles, [], 'and nothing to tell');
});

test.run();
