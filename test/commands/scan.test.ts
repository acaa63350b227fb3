import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openPtyPair } from '../../hil/wire/pty.ts';
import { serveTcp } from '../../hil/wire/slave.ts';
import { readFrame } from '../../src/sense/frame.ts';
import { hoistway } from './cli.ts';
import { openSerialRoom, type SerialRoom } from './rig.ts';

const CHINESE = { LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8' };

let room: SerialRoom;
let port: string;
test.before(async () => {
  room = await openSerialRoom();
  port = /path: ([^,]+)/.exec(readFileSync(room.site, 'utf8'))?.[1] ?? '';
});
test.after(() => room.close());

/** What only a person knows, filled in. */
function filled(start: string): string {
  return start
    .replace('id: ""', 'id: box-1')
    .replace('registrationNumber: ""', 'registrationNumber: "1"')
    .replace('rescueLabelNumber: ""', 'rescueLabelNumber: "01234"')
    .replace('address: ""', 'address: 1 Nanjing Road')
    .replace('ratedSpeedMmPerS:', 'ratedSpeedMmPerS: 1000')
    .replace('landings: []', 'landings: [{ marking: "1", heightMm: 0 }, { marking: "2", heightMm: 3000 }]');
}

test('a slave on a serial line: found, recognised, and the start of a site file that check completes', async () => {
  const out = join(room.dir, 'start.yaml');
  const { code, out: said, err } = await hoistway(['scan', port, '--units', '1-3', '--bauds', '9600', '--out', out]);
  assert.is(code, 0, err);
  assert.match(said, /9600 8N1 \(8N2 would sound the same\): 1 slave answers\n {2}unit 1: /, 'where and which');
  assert.match(said, /generic, (likely|possible): its one read is answered/, 'what, how sure and why');
  assert.equal([...new Set(room.asked)].sort(), [3, 4], 'reads alone reached it');
  assert.match(err, /^next: fill in .*start\.yaml, then: hoistway check/m, 'what is next');
  assert.not.match(err, /left/, 'no progress where nobody looks on');

  const missing = await hoistway(['check', '--site', out]);
  assert.is(missing.code, 1, 'not yet a site');
  for (const path of ['box.id', 'registrationNumber', 'rescueLabelNumber', 'address', 'ratedSpeedMmPerS', 'landings']) {
    assert.match(missing.out, new RegExp(`${path}: `), `${path} is named`);
  }
  assert.not.match(missing.out, /buses\[0\]|controller/, 'what was found is right');
  const whole = join(room.dir, 'whole.yaml');
  writeFileSync(whole, filled(readFileSync(out, 'utf8')));
  const checked = await hoistway(['check', '--site', whole]);
  assert.is(checked.code, 0, checked.out);
  assert.match(checked.out, /9600 8N1/, 'its bus');
});

test('a file that is there is not written over, and is told of before anything is asked', async () => {
  const asked = room.asked.length;
  const { code, err } = await hoistway(['scan', port, '--out', room.site]);
  assert.is(code, 2, err);
  assert.match(err, /it is there already/, 'why');
  assert.is(room.asked.length, asked, 'nothing was asked');
});

test('in Chinese, the site file too', async () => {
  const out = join(room.dir, 'zh.yaml');
  const {
    code,
    out: said,
    err,
  } = await hoistway(['scan', port, '--units', '1', '--bauds', '19200', '--out', out], CHINESE);
  assert.is(code, 0, err);
  assert.match(said, /19200 8E1: 1 个从站应答\n {2}站号 1: 未提供设备标识/, said);
  assert.match(said, /generic, (很可能|可能): 点表仅有的 1 次读取有应答/, said);
  assert.match(readFileSync(out, 'utf8'), /# 设备注册代码/, 'what to fill in');
  rmSync(out);
});

test('another master on the line: not one byte is sent, what it asks is told, and the site file listens', async () => {
  const pty = await openPtyPair();
  const master = new SerialPort({ path: pty.b, baudRate: 9600 });
  let received = 0;
  master.on('data', (bytes: Buffer) => {
    received += bytes.length;
  });
  const frame = Buffer.from(readFrame({ unit: 5, table: 'holding', address: 0x10, count: 6 }));
  const polling = setInterval(() => master.write(frame), 200);
  const out = join(room.dir, 'listen.yaml');
  try {
    const { code, out: said } = await hoistway(['scan', pty.a, '--bauds', '9600', '--out', out]);
    assert.is(code, 3, said);
    assert.match(
      said,
      /another master asks on this line; nothing was sent\n {2}unit 5: holding 16…21, \d+ times\n/,
      said,
    );
    assert.match(said, /listen: true/, 'what can be done instead');
    assert.match(readFileSync(out, 'utf8'), /listen: true\n[\s\S]*unit: 5\n/, 'as written');
    assert.is(received, 0, 'nothing reached that master');
  } finally {
    clearInterval(polling);
    await new Promise((resolve) => master.close(resolve));
    await pty.close();
  }
});

test('Modbus TCP: the units behind an address, where a gateway says that nobody is there', async () => {
  const slave = await serveTcp((unit, _table, address, count) => {
    if (unit !== 2 && unit !== 4) return null;
    return unit === 4 || address > 20 ? { exception: 2 } : new Array<number>(count).fill(1);
  });
  try {
    const { code, out: said, err } = await hoistway(['scan', `127.0.0.1:${slave.port}`, '--units', '1-5', '--json']);
    assert.is(code, 0, err);
    const { end, settings, slaves, answering } = JSON.parse(said);
    assert.equal([end, settings, answering], ['whole', null, 2], 'a whole sweep of units');
    assert.equal(
      slaves.map(({ unit }: { unit: number }) => unit),
      [2, 4],
      "an exception counts, a gateway's does not",
    );
  } finally {
    await slave.close();
  }
});

test('a port that is not there, and an address where nobody listens: what and where and next', async () => {
  const [port, address] = await Promise.all([
    hoistway(['scan', '/dev/nowhere']),
    hoistway(['scan', '127.0.0.1:1', '--units', '1', '--out', join(room.dir, 'none.yaml')]),
  ]);
  assert.is(port.code, 1, port.out);
  assert.match(
    port.err,
    /opening the serial port failed at \/dev\/nowhere: .*\nnext: ls \/dev\/serial\/by-id/,
    port.err,
  );
  assert.is(address.code, 1, address.out);
  assert.match(address.err, /scanning failed at 127\.0\.0\.1:1: .+\nnext: /, address.err);
  assert.not.ok(existsSync(join(room.dir, 'none.yaml')), 'no file');
});

test.run();
