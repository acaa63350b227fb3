import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openOneWire } from '../../../drivers/thermometer/one-wire.ts';
import { VirtualClock } from '../../../src/clock.ts';

const DEVICE = '28-0316a2795f3e';
const devices = mkdtempSync(join(tmpdir(), 'hoistway-w1-'));
const folder = join(devices, DEVICE);
const remarks: string[] = [];
const clock = new VirtualClock();

test.before.each(() => {
  mkdirSync(folder, { recursive: true });
  remarks.length = 0;
});
test.after.each(() => rmSync(folder, { recursive: true, force: true }));
test.after(() => rmSync(devices, { recursive: true }));

/** What it says after each of these texts stood in the file, 30 s apart. */
async function said(file: string, texts: readonly (string | null)[]): Promise<(number | null)[]> {
  const found: (number | null)[] = [];
  const place = (text: string | null) =>
    text === null ? rmSync(join(folder, file), { force: true }) : writeFileSync(join(folder, file), text);
  place(texts[0] ?? null);
  const thermometer = openOneWire({ clock, device: DEVICE, devices, remark: (line) => remarks.push(line) });
  for (const [n, text] of texts.entries()) {
    place(text);
    if (n > 0) await clock.advance(30_000);
    // The file is read by the threads of Node, in real time.
    await wait(30);
    await clock.advance(0);
    found.push(thermometer.celsius);
  }
  await thermometer.close();
  return found;
}

test('thousandths of a degree, as newer kernels say it', async () => {
  assert.equal(await said('temperature', ['23187\n', '-1062\n']), [23.187, -1.062], 'warm, and frost');
  assert.equal(remarks, [], 'nothing to tell');
});

test('with its checksum judged, as older kernels say it', async () => {
  const sound = '72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n';
  const spoilt = sound.replace('YES', 'NO');
  assert.equal(
    await said('w1_slave', [sound, spoilt, sound]),
    [23.125, null, 23.125],
    'a wrong checksum is no reading',
  );
  assert.match(remarks[0] ?? '', /28-0316a2795f3e: the checksum is wrong; is it wired/, 'and is told');
});

test('what is no temperature is none, told once until it changes', async () => {
  const found = await said('temperature', ['85000\n', '85000\n', '\n', '250000\n', '21000\n']);
  assert.equal(found, [null, null, null, null, 21], 'power-up, nothing, beyond the sensor; then it is well again');
  assert.is(remarks.length, 3, 'each trouble once');
});

test('a sensor that is not there is told, and found when it comes', async () => {
  assert.equal(await said('temperature', [null, '20000\n']), [null, 20], 'it comes back');
  assert.match(remarks[0] ?? '', /no such file.*dtoverlay=w1-gpio/i, 'with what to do');
});

test.run();
