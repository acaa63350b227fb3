import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../hil/lift/random.ts';
import { Disk, type Promises } from '../../hil/power/disk.ts';
import { type Call, type Step, stepsOf } from '../../hil/power/strace.ts';

const ROOT = '/r';
const FILE = '/r/f';

function call(name: string, args: readonly (Buffer | string)[], result = 0): Step[] {
  const made: Call = { name, args, result };
  return [
    { at: 'begin', call: { ...made, result: null } },
    { at: 'end', call: made },
  ];
}

const open = (path = FILE, descriptor = 3) =>
  call('openat', ['AT_FDCWD', Buffer.from(path), 'O_RDWR|O_CREAT'], descriptor);
const write = (fill: string, at: number, length: number) =>
  call('pwrite64', ['3', Buffer.alloc(length, fill), String(length), String(at)], length);
const sync = (descriptor = 3, result = 0) => call('fsync', [String(descriptor)], result);

/** What 200 cuts at the end of these steps leave of the file; null where it has no name. */
function left(steps: readonly Step[][], promises: Promises = 'any', at = FILE): (string | null)[] {
  const disk = new Disk(ROOT, new Map());
  for (const step of steps.flat()) disk.take(step);
  const random = new Random('cuts');
  return Array.from({ length: 200 }, () => disk.cut(random, promises).get(at)?.toString() ?? null);
}

const named = [open('/r', 4), sync(4)];

test('what was synced is there after every cut', () => {
  const kinds = new Set(left([open(), ...named, write('a', 0, 1024), sync()]));
  assert.equal([...kinds], ['a'.repeat(1024)], 'as it was written');
});

test('of what was not synced anything may be there, by sectors', () => {
  const kinds = new Set(left([open(), ...named, write('a', 0, 1024), sync(), write('b', 0, 1024)]));
  const [a, b] = ['a'.repeat(512), 'b'.repeat(512)];
  assert.equal([...kinds].sort(), [a + a, a + b, b + a, b + b].sort(), 'old and new, whole and torn');
});

test('a later write may have reached the disk without an earlier one', () => {
  const kinds = new Set(
    left([open(), ...named, write('a', 0, 1024), sync(), write('b', 0, 512), write('c', 512, 512)]),
  );
  assert.ok(kinds.has('a'.repeat(512) + 'c'.repeat(512)), 'the second alone');
});

test('a length that was not synced may be the old one', () => {
  const kinds = new Set(left([open(), ...named, write('a', 0, 1024), sync(), call('ftruncate', ['3', '0'])]));
  assert.equal([...kinds].sort(), ['', 'a'.repeat(1024)], 'cut off or not');
});

test('names: any sync makes them last where they are ordered, else that of their folder', () => {
  const kinds = (promises: Promises) =>
    new Set(left([open(), write('a', 0, 4), sync()], promises).map((text) => text !== null));
  assert.equal([...kinds('ordered')], [true], 'ordered: always there');
  assert.is(kinds('any').size, 2, 'any: there or not');
});

test('an unlinked file may come back, with what was synced of it', () => {
  const kinds = new Set(left([open(), ...named, write('a', 0, 4), sync(), call('unlink', [Buffer.from(FILE)])]));
  assert.equal([...kinds].sort(), ['aaaa', null].sort(), 'gone or not');
});

test('after a sync that failed, the next one proves nothing of what that should have written', () => {
  const steps = [open(), ...named, write('a', 0, 512), sync(), write('b', 0, 512), sync(3, -1), sync()];
  assert.is(new Set(left(steps)).size, 2, 'old or new');
  assert.is(new Set(left([...steps, write('c', 0, 512), sync()])).size, 1, 'until it is written again');
});

test('a sync that the disk only says it did', () => {
  const disk = new Disk(ROOT, new Map(), (path) => path !== FILE);
  for (const step of [open(), ...named, write('a', 0, 512), sync()].flat()) disk.take(step);
  const random = new Random('lies');
  const kinds = new Set(Array.from({ length: 100 }, () => disk.cut(random, 'any').get(FILE)?.length));
  assert.equal([...kinds].sort(), [0, 512], 'does not make it last');
});

test('a call that it does not know is refused where it is about a followed file, else let be', () => {
  const disk = new Disk(ROOT, new Map());
  for (const step of open()) disk.take(step);
  const strange = (descriptor: string) => () =>
    call('fallocate', [descriptor, '0', '0', '512']).map((step) => disk.take(step));
  assert.throws(strange('3'), /fallocate on \/r\/f/, 'rather than a wrong picture');
  assert.not.throws(strange('9'), 'of another file');
});

test('strace: threads that interrupt each other, in the order of beginnings and ends', () => {
  const trace = [
    String.raw`7 openat(AT_FDCWD, "\x2f\x72\x2f\x66", O_RDWR|O_CREAT, 0644) = 3`,
    String.raw`7 pwrite64(3, "\x61\x62", 2, 4096 <unfinished ...>`,
    '8 fsync(5 <unfinished ...>',
    '7 <... pwrite64 resumed>) = 2',
    '8 <... fsync resumed>) = -1 EIO (Input/output error) (INJECTED)',
    '--- SIGCHLD ---',
    '8 +++ exited with 0 +++',
  ].join('\n');
  const steps = [...stepsOf(trace)].map(({ at, call: { name, args, result } }) => [at, name, args.map(String), result]);
  assert.equal(
    steps.slice(2),
    [
      ['begin', 'pwrite64', ['3', 'ab', '2', '4096'], null],
      ['begin', 'fsync', ['5'], null],
      ['end', 'pwrite64', ['3', 'ab', '2', '4096'], 2],
      ['end', 'fsync', ['5'], -1],
    ],
    'with their bytes',
  );
  assert.equal(steps[1], ['end', 'openat', ['AT_FDCWD', '/r/f', 'O_RDWR|O_CREAT', '0644'], 3], 'and paths');
});

test.run();
