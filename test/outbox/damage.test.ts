import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import * as assert from 'uvu/assert';
import { GatewayError } from '../../src/errors.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';
import { fault, readAll, trip } from '../contract/outbox.ts';
import { type OnDisk, overwrite, suiteOnDisk } from './on-disk.ts';

const test = suiteOnDisk('outbox on a bad disk');

async function refusal(promise: Promise<unknown>): Promise<GatewayError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** Stores `count` trips and closes. */
async function filled(open: OnDisk['open'], count: number): Promise<void> {
  const outbox = await open();
  for (let n = 1; n <= count; n += 100) {
    await outbox.append(Array.from({ length: 100 }, (_, i) => trip(n + i, 200)));
  }
  await outbox.close();
}

test('a file that is no database is set aside, and a new one begun', async ({ path, open, troubles }) => {
  writeFileSync(path, 'not a database at all, but long enough to be looked at '.repeat(100));
  const outbox = await open();
  const [record] = await outbox.append([trip(1)]);
  assert.is(record?.seq, 1, 'the new one stores');
  await outbox.close();
  assert.is(troubles.length, 1, 'it is told');
  assert.match(
    troubles[0] ?? '',
    /outbox\.db\.damaged-1; nothing of it could be read/,
    'with the place it was moved to',
  );
  assert.match(readFileSync(`${path}.damaged-1`, 'utf8'), /^not a database/, 'nothing of it is lost');
});

test('a second damaged file does not replace the first', async ({ path, open }) => {
  for (const n of [1, 2]) {
    writeFileSync(path, `damaged ${n} `.repeat(1000));
    await (await open()).close();
    assert.match(readFileSync(`${path}.damaged-${n}`, 'utf8'), new RegExp(`^damaged ${n}`), `damaged-${n} is kept`);
  }
});

test('damage found while in use: set aside, and it goes on with a new boot', async ({ path, open, troubles }) => {
  await filled(open, 3000);
  overwrite(path, 20 * 4096, new Uint8Array(statSync(path).size - 60 * 4096).fill(0x5a));
  const outbox = await open();
  const { boot } = outbox;
  for (let at = 0; ; ) {
    const records = await outbox.read('telemetry', at, 100);
    at = records.at(-1)?.id ?? 0;
    if (at === 0) break;
  }
  const [record] = await outbox.append([trip(1)]);
  assert.is(record?.boot, outbox.boot, 'the record carries the boot now');
  assert.is.not(outbox.boot, boot, 'a new one');
  const left = await readAll(outbox, 'telemetry');
  assert.equal(left.pop(), record, 'the new store holds it');
  await outbox.close();
  assert.ok(left.length > 300, `and ${left.length} that could be read`);
  for (const { boot: made, seq, body } of left) {
    assert.is(made, `${boot.split('.')[0]}.1`, 'under the names that they had');
    assert.is(body.n, seq, 'and none is another');
  }
  assert.is(troubles.length, 1, 'it is told once');
  assert.match(
    troubles[0] ?? '',
    new RegExp(`; ${left.length} records were taken over, ${3000 - left.length} could`),
    'how many',
  );
  assert.ok(existsSync(`${path}.damaged-1`), 'the damaged file is kept');
});

test('damage after an unclean end is found at the start', async ({ path, open, troubles }) => {
  const outbox = await open();
  for (let n = 0; n < 20; n++) await outbox.append([trip(n, 3000)]);
  copyFileSync(`${path}-wal`, `${path}.log`);
  await outbox.close();
  overwrite(path, 4096 * 8, new Uint8Array(4096 * 4).fill(0x5a));
  copyFileSync(`${path}.log`, `${path}-wal`);
  truncateSync(`${path}-wal`, 100);
  const again = await open();
  assert.is(troubles.length, 1, 'it is told');
  assert.is(again.boot, outbox.boot.replace(/\.1$/, '.2'), 'the next boot');
  assert.is(statSync(`${path}.damaged-1-wal`).size, 100, 'the log went with the file');
  await again.close();
});

test('a cut log: what was written before the cut is kept, and no seq is used twice', async ({ folder, path, open }) => {
  const outbox = await open();
  for (let n = 1; n <= 50; n++) await outbox.append([trip(n)]);
  const copy = join(folder, 'copy.db');
  copyFileSync(path, copy);
  copyFileSync(`${path}-wal`, `${copy}-wal`);
  await outbox.close();
  truncateSync(`${copy}-wal`, Math.floor(statSync(`${copy}-wal`).size * 0.6));
  const again = await open(copy);
  const kept = await readAll(again, 'telemetry');
  assert.ok(kept.length > 20 && kept.length < 50, `${kept.length} of 50 were before the cut`);
  assert.equal(
    kept.map(({ seq }) => seq),
    Array.from({ length: kept.length }, (_, i) => i + 1),
    'the first ones, in order',
  );
  assert.is.not(again.boot, outbox.boot, 'the boot of the opening was folded into the file, so it is not used again');
  await again.close();
});

test('a folder that is a file is refused, and says what to do', async ({ folder, open }) => {
  writeFileSync(join(folder, 'state'), '');
  const error = await refusal(open(join(folder, 'state', 'outbox.db')));
  assert.is(error.code, 'outbox-failed', 'by its code');
  assert.match(error.message, /cannot be opened|无法打开/, 'why');
  assert.match(error.hint, /stateDir/, 'what to do');
});

test('a limit below 1 MiB is refused', async ({ path }) => {
  const error = await refusal(openOutbox({ path, maxBytes: 1000 }));
  assert.match(error.hint, /1 MiB/, 'and says the least');
});

test('opened twice: refused in the same process and in another', async ({ path, open }) => {
  const outbox = await open();
  await outbox.append([trip(1)]);
  const error = await refusal(open());
  assert.match(error.message, /another process|另一进程/, 'in the same process');
  const child = fileURLToPath(new URL('./appender.ts', import.meta.url));
  const other = spawnSync(process.execPath, ['--import', 'tsx', child, path], { encoding: 'utf8' });
  assert.is(other.status, 1, 'another process ends');
  assert.match(other.stderr, /another process|另一进程/, 'and says why');
  const [record] = await outbox.append([trip(2)]);
  assert.is(record?.seq, 2, 'the first goes on');
  await outbox.close();
});

test('a newer schema is refused and left alone', async ({ path, open }) => {
  await filled(open, 100);
  const db = new Database(path);
  db.pragma('user_version = 99');
  db.close();
  assert.match((await refusal(open())).message, /newer|更新版本/, 'it says so');
  assert.not.ok(existsSync(`${path}.damaged-1`), 'nothing is moved');
});

/** Lets this process write files up to `bytes` only, as a full disk would; null: as long as they come. */
function limitFiles(bytes: number | null): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes ?? 'unlimited'}:`]);
}

test('a disk that takes no more: alarms wait, trouble is told, and it recovers', async ({ path, open, troubles }) => {
  const outbox = await open();
  await outbox.append([trip(0)]);
  let n = 0;
  let alarm: Promise<unknown>;
  try {
    limitFiles(statSync(`${path}-wal`).size + 16_384);
    while ((await outbox.stats()).trouble === null && n < 1000) {
      const waits = outbox.append([trip(++n, 2000)]);
      await Promise.race([waits, new Promise((resolve) => setTimeout(resolve, 20))]);
    }
    alarm = outbox.append([fault('f', 'begin')]);
    assert.ok((await outbox.stats()).trouble, 'the trouble is in the stats');
    assert.is(troubles.length, 1, 'and was told once');
    assert.ok((await readAll(outbox, 'telemetry')).length >= 1, 'what is stored can still be read');
  } finally {
    limitFiles(null);
  }
  await alarm;
  const stats = await outbox.stats();
  assert.is(stats.trouble, null, 'over');
  assert.is(stats.waiting.telemetry, n + 1, 'nothing was lost');
  assert.is(stats.waiting.alarm, 1, 'nor the alarm');
  await outbox.close();
});

test('the thread ends: what was under way is rejected, and it opens again', async ({ open, troubles }) => {
  let ending = false;
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, ...message: Parameters<typeof postMessage>) {
    // A thread that dies has not heard what was said last.
    if (ending) void this.terminate();
    else postMessage.apply(this, message);
  };
  try {
    const outbox = await open();
    const [first] = await outbox.append([trip(1)]);
    ending = true;
    const reading = outbox.read('telemetry', 0, 1);
    ending = false;
    await refusal(reading);
    const [second] = await outbox.append([trip(2)]);
    assert.is(second?.boot, outbox.boot, 'stored by the next thread');
    assert.is.not(second?.boot, first?.boot, 'in a boot of its own');
    assert.equal(await readAll(outbox, 'telemetry'), [first, second], 'both are there');
    assert.ok(troubles.length >= 1, 'and it was told');
    assert.is((await outbox.stats()).trouble, null, 'the trouble is over');
    await outbox.close();
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
});

test.run();
