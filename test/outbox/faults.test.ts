/**
 * Disks that fail, and files that go while they are in use. Real: file systems mounted read-only or too small, files deleted.
 * Not real: an I/O error and a slow sync are strace's answers in the kernel's place, to real calls of a real process.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../hil/lift/random.ts';
import { cut } from '../../hil/power/cuts.ts';
import { makePlaces } from '../../hil/power/places.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';
import type { Outbox } from '../../src/outbox/port.ts';
import { fault, readAll, trip } from '../contract/outbox.ts';
import { mountAt, remount, unmount } from './mount.ts';

const child = fileURLToPath(new URL('./slow.ts', import.meta.url));

interface Context {
  folder: string;
  path: string;
  troubles: string[];
  open(): Promise<Outbox>;
  opened: Outbox[];
  mounted: string[];
}
const test = suite<Context>('outbox on a failing disk');
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'hoistway-faults-'));
  context.path = join(context.folder, 'state/outbox.db');
  context.troubles = [];
  context.opened = [];
  context.mounted = [];
  context.open = async () => {
    const onTrouble = (why: string) => context.troubles.push(why);
    const outbox = await openOutbox({ path: context.path, maxBytes: 4 * 2 ** 20, onTrouble });
    context.opened.push(outbox);
    return outbox;
  };
});
test.after.each(async ({ folder, opened, mounted }) => {
  for (const outbox of opened) await outbox.close();
  for (const place of mounted) unmount(place);
  rmSync(folder, { recursive: true });
});

/** A file system of its own for the outbox's folder; false where there can be none. */
function mounted({ folder, mounted }: Context, size: string): boolean {
  const place = join(folder, 'state');
  if (!mountAt(place, size)) return false;
  mounted.push(place);
  return true;
}

/** As of the watchdog, which asks every few seconds. */
async function looked(outbox: Outbox): Promise<void> {
  await outbox.stats();
}

const gone: readonly (readonly [what: string, go: (path: string) => void])[] = [
  ['the file', (path) => unlinkSync(path)],
  ['the log', (path) => unlinkSync(`${path}-wal`)],
  [
    'file and log',
    (path) => {
      unlinkSync(path);
      unlinkSync(`${path}-wal`);
    },
  ],
  ['the whole folder', (path) => rmSync(join(path, '..'), { recursive: true })],
];
for (const [what, go] of gone) {
  test(`deleted under us: ${what}`, async ({ path, open, troubles }) => {
    const outbox = await open();
    const [first, alarm] = await outbox.append([trip(1), fault('f', 'begin')]);
    const { boot } = outbox;
    go(path);
    await looked(outbox);
    assert.match(troubles.join('\n'), /deleted or replaced|被删除或替换/, 'it is told at the next look');
    assert.is.not(outbox.boot, boot, 'a boot of its own');
    const [second] = await outbox.append([trip(2)]);
    await outbox.close();
    const again = await open();
    assert.equal(await readAll(again, 'telemetry'), [first, second], 'a start finds what was stored before, and since');
    assert.equal(await readAll(again, 'alarm'), [alarm], 'and the alarm');
    assert.equal(
      again.openFaults.map(({ id }) => id),
      ['f'],
      'which is still open',
    );
    assert.is(troubles.length, 1, 'it was told once');
  });
}

test('deleted under us, noticed by nobody before the next record', async ({ path, open, troubles }) => {
  const outbox = await open();
  const [first] = await outbox.append([trip(1)]);
  unlinkSync(path);
  const [second] = await outbox.append([trip(2)]);
  await outbox.close();
  assert.equal(await readAll(await open(), 'telemetry'), [first, second], 'that one goes into the new file too');
  assert.is(troubles.length, 1, 'told');
});

test('replaced by another file: that is set aside, and ours goes on', async ({ path, open, folder }) => {
  const outbox = await open();
  const [first] = await outbox.append([trip(1)]);
  renameSync(path, join(folder, 'moved.db'));
  writeFileSync(path, 'somebody put this here');
  await looked(outbox);
  await outbox.close();
  assert.equal(await readAll(await open(), 'telemetry'), [first], 'all is there');
  assert.ok(existsSync(`${path}.damaged-1`), 'and nothing of theirs is lost');
});

test('deleted while the disk is full: what waits is stored when there is room', async (context) => {
  if (!mounted(context, '3m')) return;
  const { path, open, troubles } = context;
  const outbox = await open();
  const stored = [];
  for (let n = 1; n <= 8; n++) stored.push(...(await outbox.append([trip(n, 100_000)])));
  unlinkSync(path);
  writeFileSync(join(path, '../ballast'), '');
  spawnSync('dd', ['if=/dev/zero', `of=${join(path, '../ballast')}`, 'bs=64k']);
  const waits = outbox.append([fault('f', 'begin')]);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.match(troubles.join('\n'), /the disk is full|磁盘已满/, 'it is told');
  assert.ok((await outbox.stats()).trouble, 'and shown');
  unlinkSync(join(path, '../ballast'));
  const [alarm] = await waits;
  await outbox.close();
  const again = await open();
  assert.equal(await readAll(again, 'telemetry'), stored, 'all that was stored before');
  assert.equal(await readAll(again, 'alarm'), [alarm], 'and what waited');
});

test('a read-only file system: the box starts, alarms wait in memory, and are stored when it can be written', async (context) => {
  if (!mounted(context, '3m')) return;
  const { folder, open, troubles } = context;
  const before = await open();
  const [first] = await before.append([trip(1)]);
  await before.close();
  const place = join(folder, 'state');
  remount(place, 'ro');
  const outbox = await open();
  assert.match(troubles.join('\n'), /read-only|只读/, 'it is told');
  const waits = outbox.append([fault('f', 'begin')]);
  assert.match((await outbox.stats()).trouble ?? '', /read-only|只读/, 'and shown');
  remount(place, 'rw');
  const [alarm] = await waits;
  assert.is(alarm?.boot, outbox.boot, 'stored under the boot that it has now');
  assert.equal(await readAll(outbox, 'telemetry'), [first], 'what was there before is whole');
  assert.equal(await readAll(outbox, 'alarm'), [alarm], 'and the alarm is there');
  assert.is((await outbox.stats()).trouble, null, 'over');
});

test('bit rot at random: it starts, says what it cannot keep, and stores alarms', async ({ path, open, troubles }) => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  const random = new Random(`rot ${seed}`);
  const first = await open();
  const stored = [];
  for (let n = 0; n < 20; n++)
    stored.push(...(await first.append(Array.from({ length: 20 }, (_, i) => trip(n * 20 + i, 150)))));
  await first.close();
  const sound = readFileSync(path);
  for (let round = 0; round < 12; round++) {
    const rotten = Buffer.from(sound);
    const bits = random.whole(1, 6);
    for (let bit = 0; bit < bits; bit++) {
      const at = random.whole(0, rotten.length - 1);
      rotten.writeUInt8(rotten.readUInt8(at) ^ (1 << random.whole(0, 7)), at);
    }
    rmSync(`${path}-wal`, { force: true });
    writeFileSync(path, rotten);
    troubles.length = 0;
    const outbox = await open();
    const kept = await readAll(outbox, 'telemetry');
    const [alarm] = await outbox.append([fault('f', 'begin')]);
    const { poisoned, trouble } = await outbox.stats();
    assert.equal((await readAll(outbox, 'alarm')).at(-1), alarm, `SEED=${seed} ${round}: an alarm is stored`);
    assert.is(trouble, null, `SEED=${seed} ${round}: and nothing is in its way`);
    // A bit within a record may change or hide that one, and SQLite sees nothing amiss; more are not lost in silence.
    const isTold = poisoned > 0 || troubles.length > 0;
    assert.ok(
      isTold || kept.length >= stored.length - bits,
      `SEED=${seed} ${round}: ${kept.length} kept, and not told`,
    );
    await outbox.close();
  }
});

/** Runs the child under strace with these faults of its syncs; what it printed. */
function under(path: string, fault: string, seconds: number): Record<string, unknown> {
  const strace = ['-f', '-qq', '--seccomp-bpf', '-o', '/dev/null', '-e', 'trace=fsync', '-e', `inject=fsync:${fault}`];
  const words = [...strace, process.execPath, '--import', 'tsx', child, path, String(seconds)];
  const { status, stdout, stderr } = spawnSync('strace', words, { encoding: 'utf8' });
  assert.is(status, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

test('a sync that takes five seconds: nobody else waits, it is told, and no alarm is lost or waits for it', ({
  path,
}) => {
  const { troubles, trouble, stillMs, slowestMs, handedIn, kept } = under(path, 'delay_enter=5000000:when=25', 6);
  assert.match(String(troubles), /takes seconds|数秒/, 'told');
  assert.is(trouble, null, 'and over');
  assert.ok(
    Number(slowestMs) > 1900 && Number(slowestMs) < 4000,
    `an alarm waited for ${slowestMs} ms, and was told from memory`,
  );
  assert.ok(Number(stillMs) < 2500, `the thread that detects stood still for ${stillMs} ms at most`);
  assert.is(kept, handedIn, 'every alarm is stored');
});

test('I/O errors of the sync: told, tried again, and no alarm is lost', ({ path }) => {
  const { troubles, trouble, handedIn, kept } = under(path, 'error=EIO:when=25..27', 2);
  assert.match(String(troubles), /the disk reports an error|磁盘报错/, 'told');
  assert.is(trouble, null, 'and over');
  assert.is(kept, handedIn, 'every alarm is stored, once');
});

test('power cuts after I/O errors: what a failed sync did not write is written again', async () => {
  const places = makePlaces();
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  try {
    const faults = ['fsync:error=EIO:when=30..31', 'pwrite64:error=EIO:when=150..151'];
    const { problems, troubles } = await cut({ places, seed, cuts: 100, faults });
    assert.equal(problems, [], `SEED=${seed}`);
    assert.match([...troubles].join('\n'), /the disk reports an error|磁盘报错/, 'the errors were met');
  } finally {
    places.remove();
  }
});

test.run();
