import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BoxWatch } from '../../src/box/watch.ts';
import { VirtualClock } from '../../src/clock.ts';
import { parseSite } from '../../src/config/load.ts';
import type { InputLines, Level } from '../../src/ports.ts';
import { WallTrust } from '../../src/wall.ts';
import { SITE } from '../config/site.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-box-'));
test.after(() => rmSync(dir, { recursive: true }));

function boxOf(text: string) {
  const result = parseSite(SITE.replace('box: { id: box-1 }', `box: { id: box-1${text} }`), 'site.yaml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.loaded.site.box;
}

const INPUTS = ', inputs: { powerPresent: { chip: c, offset: 4 }, batteryOk: { chip: c, offset: 5, settleMs: 500 } }';

function rig(text = INPUTS, mark = '') {
  const clock = new VirtualClock(0, Date.UTC(2026, 4, 1));
  const lines = new Map<number, { tell(level: Level): void; fail(why: string): void }>();
  const inputs: InputLines = {
    watch({ offset }, tell, fail) {
      lines.set(offset, { tell, fail });
      return () => lines.delete(offset);
    },
    close: () => Promise.resolve(),
  };
  const told: string[] = [];
  const remarks: string[] = [];
  const box = new BoxWatch({
    ...{ box: boxOf(text), clock, inputs, trust: new WallTrust(clock, join(dir, mark || 'none')) },
    tell: ({ phase, fault, atMs }) => told.push(`${atMs / 1000} ${phase} ${fault}`),
    remark: (line) => remarks.push(line),
  });
  const set = (offset: number, on: boolean | null) => lines.get(offset)?.tell({ on, atMs: clock.monoMs() });
  const pass = async (ms: number, online?: boolean) => {
    for (let at = 0; at < ms; at += 200) {
      await clock.advance(200);
      box.look(online);
    }
  };
  return { box, lines, told, remarks, set, pass };
}

test('its supply is read by its own inputs, settled as the site file says', async () => {
  const { box, told, set, pass } = rig();
  set(4, true);
  set(5, true);
  await pass(2000);
  set(4, false);
  set(5, false);
  await pass(200);
  set(5, true);
  await pass(800);
  assert.equal(told, [], 'not yet: 1 s, counted from when it had settled');
  await pass(400);
  assert.equal(told, ['3.2 begin box-power-lost'], 'the battery only flickered');
  assert.equal(Object.keys(box.open), ['box-power-lost'], 'it stands');
  set(4, true);
  await pass(400);
  assert.equal(told.slice(1), ['3.6 end box-power-lost'], 'it is back');
  assert.equal(box.open, {}, 'nothing stands');
});

test('a line that is lost tells nothing, and its trouble is told to the journal', async () => {
  const { lines, told, remarks, set, pass } = rig();
  set(4, false);
  await pass(600);
  set(4, null);
  lines.get(4)?.fail('no such chip');
  await pass(5000);
  assert.equal(told, [], 'nobody knows');
  assert.equal(remarks, ['box-1 powerPresent: no such chip'], 'why');
});

test('its session and its clock: limits of the site file; what it is not given is no fault', async () => {
  const { told, pass } = rig(', limits: { uplinkLostLimitMs: 2000, clockUntrustedLimitMs: 4000 }', 'mark');
  await pass(3000, false);
  await pass(3000, true);
  writeFileSync(join(dir, 'mark'), '');
  await pass(1000, undefined);
  assert.equal(
    told,
    ['2.2 begin uplink-lost', '3.2 end uplink-lost', '4.2 begin clock-untrusted', '6.2 end clock-untrusted'],
    'ended by the session, and by the mark of a synchronisation',
  );
});

test('stop() lets go of the inputs', () => {
  const { box, lines } = rig();
  assert.equal([...lines.keys()], [4, 5], 'both are watched');
  box.stop();
  assert.is(lines.size, 0, 'none is');
});

test.run();
