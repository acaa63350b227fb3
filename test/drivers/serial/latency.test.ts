import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KeptSerial } from '../../../drivers/serial/kept.ts';
import { latencyRemark } from '../../../drivers/serial/latency.ts';
import type { SerialEvents } from '../../../drivers/serial/port.ts';
import { VirtualClock } from '../../../src/clock.ts';

/** A /dev with one adapter and its by-id link, and the /sys that belongs to it. `timer`: what the kernel says, null for no such file. */
function withAdapter(
  timer: string | null,
  look: (at: { byId: string; device: string; sysRoot: string }) => void,
): void {
  const root = mkdtempSync(join(tmpdir(), 'hoistway-latency-'));
  const [device, byId, sysRoot] = [join(root, 'ttyUSB3'), join(root, 'usb-FTDI_FT232R-port0'), join(root, 'sys')];
  writeFileSync(device, '');
  symlinkSync(device, byId);
  const attributes = join(sysRoot, 'class/tty/ttyUSB3/device');
  mkdirSync(attributes, { recursive: true });
  if (timer !== null) writeFileSync(join(attributes, 'latency_timer'), timer);
  try {
    look({ byId, device, sysRoot });
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('an adapter that keeps bytes back is told with the remedy, by its own name and by its by-id link', () => {
  withAdapter('16\n', ({ byId, device, sysRoot }) => {
    for (const path of [byId, device]) {
      const line = latencyRemark(path, sysRoot) ?? '';
      assert.ok(line.startsWith(`${path}: `), 'names the port as the site does');
      assert.match(line, /16 ms/, 'how long');
      assert.match(line, /systemd\/99-hoistway\.rules/, 'the remedy');
    }
  });
});

test('nothing is told of one that was set, of a driver without such a timer, and of a port that is not there', () => {
  for (const timer of ['1\n', '0\n', null, 'what\n']) {
    withAdapter(timer, ({ byId, sysRoot }) => assert.is(latencyRemark(byId, sysRoot), null, String(timer)));
  }
  assert.is(latencyRemark('/dev/hoistway-no-such-port'), null, 'no such port');
});

test('it is told once, at the first opening', () => {
  const clock = new VirtualClock();
  const remarks: string[] = [];
  let end: SerialEvents | undefined;
  withAdapter('16\n', ({ byId, sysRoot }) => {
    new KeptSerial({
      ...{ settings: { path: byId, baud: 9600, parity: 'none', stopBits: 1 }, clock, bus: 'line-1', sysRoot },
      open: (_settings, events) => {
        end = events;
        return { write: () => undefined, close: async () => undefined };
      },
      remark: (line) => remarks.push(line),
      up: () => undefined,
      down: () => undefined,
      chunk: () => undefined,
    });
    assert.equal(remarks, [], 'not before it is open');
    for (let times = 0; times < 3; times++) end?.opened();
    assert.is(remarks.length, 1, 'once');
  });
});

test.run();
