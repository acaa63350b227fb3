import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCapture } from '../../src/trace/file.ts';
import { hoistway, startHoistway } from './cli.ts';
import { openSerialRoom, type SerialRoom } from './rig.ts';

let room: SerialRoom;
test.before(async () => {
  room = await openSerialRoom();
});
test.after(() => room.close());

test('three seconds of a line: a capture that Wireshark names Modbus in, and that replays', async () => {
  const out = join(room.dir, 'three.pcapng');
  room.sim.ride(0, 2);
  const { code, out: printed, err } = await hoistway(['record', '--site', room.site, '--out', out, '--for', '3']);
  assert.is(code, 0, err);
  assert.is(printed, '', 'nothing on standard output');
  assert.match(err, /^\d\d:\d\d:\d\d\.\d{3} {2}east +mode +\? -> normal$/m, 'the events are shown meanwhile');
  const { items, truncated, head } = parseCapture(readFileSync(out), out);
  assert.is(truncated, null, 'whole');
  assert.is(head.box, 'box-1', 'whose it is');
  const sentMs = items.flatMap((item) => (item.kind === 'chunk' && item.chunk.dir === 'tx' ? [item.chunk.atMs] : []));
  const sent = sentMs.length;
  // The first comes when the line is open, which takes its time on a busy machine; from then on they keep their beat.
  const gapsMs = sentMs.slice(1).map((atMs, at) => atMs - (sentMs[at] ?? 0));
  const halfMs = gapsMs.sort((a, b) => a - b)[gapsMs.length >> 1] ?? 0;
  assert.ok(sent >= 10 && sent <= 31, `${sent} requests in at most three seconds`);
  assert.ok(Math.abs(halfMs - 100) < 10, `one each 100 ms: half of them within ${halfMs} ms`);
  assert.is(items[0]?.kind, 'checkpoint', 'the state of judgement first');
  assert.equal([...new Set(room.asked)], [4], 'only reads of input registers went out');

  const shark = execFileSync(
    'tshark',
    ['-r', out, '-d', 'rtacser.data,mbrtu', '-Y', 'mbrtu', '-T', 'fields', '-e', '_ws.col.Info'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const named = (what: string) =>
    shark.split('\n').filter((line) => new RegExp(`^\\s*${what}:.*Unit:\\s+1, Func:\\s+4: Read Input`).test(line));
  assert.is(named('Query').length, sent, `every request is one to Wireshark:\n${shark.slice(0, 300)}`);
  assert.ok(named('Response').length >= sent - 3, `and so are the replies:\n${shark.slice(0, 300)}`);

  const replay = await hoistway(['replay', out, '--site', room.site]);
  assert.is(replay.code, 0, replay.err);
  const live = err.split('\n').filter((line) => /^\d\d:\d\d:\d\d\.\d{3} {2}east/.test(line));
  assert.equal(replay.out.trim().split('\n'), live, 'the replay says what was said live, to the millisecond');
});

test('without --for it records until it is told to stop, and the file is whole', async () => {
  const out = join(room.dir, 'stopped.pcapng');
  const { says, signal, ended, said } = startHoistway(['record', '--site', room.site, '--out', out]);
  await says('err', /mode .*normal/);
  signal('SIGTERM');
  assert.is(await ended, 0, said.err);
  const { truncated, items } = parseCapture(readFileSync(out), out);
  assert.is(truncated, null, 'whole');
  assert.ok(items.length > 3, `${items.length} items`);
});

test('a --for of a month records, and does not end at once', async () => {
  const out = join(room.dir, 'month.pcapng');
  const { says, signal, ended, said } = startHoistway([
    ...['record', '--site', room.site, '--out', out],
    ...['--for', String(30 * 86_400)],
  ]);
  await says('err', /mode .*normal/);
  signal('SIGINT');
  assert.is(await ended, 0, said.err);
});

for (const [why, words, code, said] of [
  ['a --for in words', ['--for', 'long'], 2, /reading --for failed at long\nnext: a number, 0.1 or more/],
  ['a --for of nothing', ['--for', '0'], 2, /reading --for failed at 0/],
] as const) {
  test(`exit ${code}: ${why}`, async () => {
    const out = join(room.dir, 'never.pcapng');
    const ran = await hoistway(['record', '--site', room.site, '--out', out, ...words]);
    assert.match(ran.err, said, 'what is off');
    assert.is(ran.code, code, 'exit code');
    assert.not.ok(existsSync(out), 'no file is made');
  });
}

test('exit 1: a file that cannot be written is told, and nothing goes on', async () => {
  const out = '/nowhere/at/all.pcapng';
  const { code, err } = await hoistway(['record', '--site', room.site, '--out', out, '--for', '1']);
  assert.match(
    err,
    /writing a capture failed at \/nowhere\/at\/all\.pcapng: ENOENT.*\nnext: give --out a path/,
    'told',
  );
  assert.is(code, 1, 'exit code');
});

test.run();
