/** `hoistway replay --respond`: the slaves of a capture on one end of a pair of ports, a master of the test on the other. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openPtyPair } from '../../hil/wire/pty.ts';
import { monoMs, sleep, systemClock } from '../../src/clock.ts';
import { readFrame, replyFrame, withCrc } from '../../src/sense/frame.ts';
import { bytesOf, chunk } from '../trace/samples.ts';
import { hoistway, startHoistway } from './cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-respond-'));
test.after(() => rmSync(dir, { recursive: true }));

const read = (address: number) => ({ unit: 1, table: 'holding', address, count: 1 }) as const;
const reply = (address: number, value: number) => replyFrame(read(address), [value]);
const write = withCrc([1, 6, 0, 3, 0, 9]);
const capture = join(dir, 'talk.pcapng');
writeFileSync(
  capture,
  bytesOf([
    ...[chunk('tx', 0, readFrame(read(1))), chunk('rx', 40, reply(1, 11))],
    ...[chunk('tx', 100, readFrame(read(2))), chunk('rx', 105, reply(2, 22))],
    ...[chunk('tx', 200, write), chunk('rx', 205, write)],
    ...[chunk('tx', 300, readFrame(read(1))), chunk('rx', 305, reply(1, 33))],
    { kind: 'end', atMs: monoMs(400) },
  ]),
);

async function bench(path: string) {
  const port = new SerialPort({ path, baudRate: 9600, autoOpen: false });
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  let heard: Buffer = Buffer.alloc(0);
  port.on('data', (bytes: Buffer) => {
    heard = Buffer.concat([heard, bytes]);
  });
  return {
    /** What comes within `limitMs`, as soon as it is as long as `want`. */
    async ask(frame: Uint8Array, want: Uint8Array, limitMs = 2000) {
      heard = Buffer.alloc(0);
      const fromMs = systemClock.monoMs();
      port.write(Buffer.from(frame));
      while (heard.length < want.length && systemClock.monoMs() - fromMs < limitMs) await sleep(systemClock, 2);
      return { hex: heard.toString('hex'), tookMs: systemClock.monoMs() - fromMs };
    },
    close: () => new Promise<void>((resolve) => port.close(() => resolve())),
  };
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('each request gets the reply of its next same one, at its pace; the first divergence is told, and exits 1', async () => {
  const pair = await openPtyPair();
  const served = startHoistway(['replay', capture, '--respond', '--port', pair.a]);
  await served.says('err', /serving 4 requests of line-1/);
  const master = await bench(pair.b);
  try {
    const first = await master.ask(readFrame(read(1)), reply(1, 11));
    assert.is(first.hex, hex(reply(1, 11)), 'the first time');
    assert.ok(first.tookMs >= 39, `as slow as the slave was: ${first.tookMs} ms`);
    assert.is((await master.ask(readFrame(read(2)), reply(2, 22))).hex, hex(reply(2, 22)), 'the second');
    assert.is((await master.ask(write, write)).hex, hex(write), 'a write of another master');
    assert.is((await master.ask(readFrame(read(1)), reply(1, 33))).hex, hex(reply(1, 33)), 'the same again, later');
    assert.is((await master.ask(readFrame(read(1)), reply(1, 11))).hex, hex(reply(1, 11)), 'and from the start');
    assert.is(served.said.out, '', 'no divergence so far');
    assert.is((await master.ask(readFrame(read(1)), reply(1, 33))).hex, hex(reply(1, 33)), 'the next same one');
    await served.says(
      'out',
      /first divergence, where request 2 \(0103000200\w+\) was due: heard 0103000100\w+; it is request 4/,
    );
    assert.is(
      (await master.ask(readFrame(read(9)), reply(9, 0), 300)).hex,
      '',
      'what it does not hold is not answered',
    );
  } finally {
    await master.close();
    served.signal('SIGINT');
    assert.is(await served.ended, 1, served.said.err);
    await pair.close();
  }
  assert.match(
    served.said.err,
    /7 requests heard, 6 answered, 1 of which the capture knows nothing/,
    'what it came to',
  );
  assert.is(served.said.out.trim().split('\n').length, 1, 'the first divergence alone');
});

test('a request in pieces is answered, and without a divergence it exits 0', async () => {
  const pair = await openPtyPair();
  const served = startHoistway(['replay', capture, '--respond', '--port', pair.a, '--bus', 'line-1']);
  await served.says('err', /serving/);
  const master = await bench(pair.b);
  try {
    const frame = readFrame(read(2));
    await master.ask(frame.subarray(0, 3), new Uint8Array(1), 30);
    assert.is(
      (await master.ask(frame.subarray(3), reply(2, 22))).hex,
      hex(reply(2, 22)),
      'taken up where the master begins',
    );
  } finally {
    await master.close();
    served.signal('SIGINT');
    assert.is(await served.ended, 0, served.said.err);
    await pair.close();
  }
});

for (const [why, words, code, said] of [
  ['no port', ['--respond'], 2, /reading --port failed/],
  ['a port that is not there', ['--respond', '--port', '/dev/nowhere'], 1, /failed at \/dev\/nowhere/],
  ['a line on which nobody asks', ['--respond', '--port', 'x', '--bus', 'line-2'], 1, /line line-2: nobody asks/],
  [
    'a baud rate that no port has',
    ['--respond', '--port', 'x', '--baud', '9601'],
    2,
    /--baud failed at 9601\nnext: 1200, /,
  ],
  ['neither a site nor --respond', [], 2, /reading --site failed/],
] as const) {
  test(`exit ${code}: ${why}`, async () => {
    const ran = await hoistway(['replay', capture, ...words]);
    assert.match(ran.err, said, 'what is off');
    assert.is(ran.code, code, ran.err);
  });
}

test.run();
