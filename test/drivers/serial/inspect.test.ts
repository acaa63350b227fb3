import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { InspectParser } from '../../../drivers/serial/inspect.ts';
import { monoMs, sleep, systemClock, VirtualClock } from '../../../src/clock.ts';
import type { LineChunk } from '../../../src/sense/observation.ts';

test('each chunk is told with its time and direction, before it is passed on unchanged', async () => {
  const clock = new VirtualClock(1000);
  const order: string[] = [];
  const parser = new InspectParser({
    clock,
    bus: 'line-1',
    dir: 'tx',
    onChunk: ({ bus, dir, bytes, atMs }) => order.push(`told ${bus} ${dir} ${[...bytes]} @${atMs}`),
  });
  parser.on('data', (bytes: Buffer) => order.push(`passed ${[...bytes]}`));
  parser.write(Buffer.of(1, 2, 3));
  await clock.advance(0.125);
  parser.write(Buffer.of(4));
  parser.end();
  await once(parser, 'end');
  const expected = ['told line-1 tx 1,2,3 @1000', 'passed 1,2,3', 'told line-1 tx 4 @1000.125', 'passed 4'];
  assert.equal(order, expected, 'told, then passed');
});

test('a slow reader holds the stream back, and nothing is lost', async () => {
  const told: LineChunk[] = [];
  const parser = new InspectParser({
    clock: new VirtualClock(),
    bus: 'line-1',
    dir: 'rx',
    onChunk: (chunk) => told.push(chunk),
  });
  const sent = Array.from({ length: 100 }, (_, at) => Buffer.alloc(1000, at));
  assert.is(
    sent.reduce((more, bytes) => parser.write(bytes) && more, true),
    false,
    'back-pressure is passed on',
  );
  parser.end();
  const heard: Buffer[] = [];
  for await (const bytes of parser) heard.push(bytes);
  assert.equal(Buffer.concat(heard), Buffer.concat(sent), 'all bytes');
  assert.equal(Buffer.concat(told.map(({ bytes }) => bytes)), Buffer.concat(sent), 'all told');
});

test('it stands behind a real serial port', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-inspect-'));
  const [near, far] = [join(dir, 'near'), join(dir, 'far')];
  const socat = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`]);
  const gone = once(socat, 'exit');
  const ports: SerialPort[] = [];
  try {
    while (!(existsSync(near) && existsSync(far))) await sleep(systemClock, 10);
    for (const path of [near, far]) {
      const port = new SerialPort({ path, baudRate: 9600, autoOpen: false });
      await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
      ports.push(port);
    }
    const [listening, sending] = ports;
    assert.ok(listening && sending, 'both ends are open');
    const told: LineChunk[] = [];
    const startMs = systemClock.monoMs();
    const parser = listening.pipe(
      new InspectParser({ clock: systemClock, bus: 'line-1', dir: 'rx', onChunk: (chunk) => told.push(chunk) }),
    );
    const heard: number[] = [];
    const all = new Promise<void>((resolve) => {
      parser.on('data', (bytes: Buffer) => {
        heard.push(...bytes);
        if (heard.length === 256) resolve();
      });
    });
    const sent = Array.from({ length: 256 }, (_, byte) => byte);
    sending.write(Buffer.from(sent));
    await all;
    assert.equal(heard, sent, 'every byte value passes');
    assert.equal(
      told.flatMap(({ bytes }) => [...bytes]),
      sent,
      'and is told',
    );
    for (const { atMs } of told) {
      assert.ok(atMs >= startMs && atMs <= systemClock.monoMs(), 'stamped as it passed');
      assert.is(atMs, monoMs(atMs), 'in whole microseconds');
    }
  } finally {
    for (const port of ports) await new Promise((resolve) => port.close(resolve));
    socat.kill();
    await gone;
    rmSync(dir, { recursive: true });
  }
});

test.run();
