/** The faults of the box itself through the whole gateway: from a broker that is away to the platform that hears of it. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startMosquitto } from '../../hil/wire/mosquitto.ts';
import { systemClock } from '../../src/clock.ts';
import { parseSite } from '../../src/config/load.ts';
import { startGateway } from '../../src/gateway.ts';
import type { InputLines } from '../../src/ports.ts';
import { decode } from '../../src/uplink/payload.ts';
import { WallTrust } from '../../src/wall.ts';
import { SITE } from '../config/site.ts';
import { endAll, hear, until } from '../uplink/live.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-box-'));
test.after(() => rmSync(dir, { recursive: true }));

const BOX = `box:
  id: box-1
  inputs: { powerPresent: { chip: c, offset: 4, settleMs: 0 } }
  limits: { powerLostLimitMs: 0, uplinkLostLimitMs: 1000, clockUntrustedLimitMs: 1000, holdOffMs: 0 }
`;

function siteOf(url: string) {
  const more = `uplink: { url: '${url}', retryMaxMs: 1000 }\npage: null\n`;
  const result = parseSite(`${SITE.replace('box: { id: box-1 }\n', BOX)}${more}`, 'site.yaml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.loaded;
}

test('cut off, unsynchronised, on battery: stored and shown, over a restart, told and ended once each is over', async () => {
  const broker = await startMosquitto({ persistence: true });
  const ear = await hear(broker.url, {
    ...{ clientId: 'ear', clean: false, reconnectPeriod: 100, resubscribe: false },
    properties: { sessionExpiryInterval: 600 },
  });
  await broker.pause();
  const mark = join(dir, 'synchronized');
  const remarks: string[] = [];
  let power = false;
  const quiet = () => undefined;
  let tellPower: (on: boolean) => void = quiet;
  const inputs: InputLines = {
    watch(_line, tell) {
      tellPower = (on) => tell({ on, atMs: systemClock.monoMs() });
      tellPower(power);
      return () => undefined;
    },
    close: () => Promise.resolve(),
  };
  const start = () =>
    startGateway({
      ...{ loaded: siteOf(broker.url), stateDir: dir, clock: systemClock, inputs },
      trust: new WallTrust(systemClock, mark),
      service: { watchdogMs: null, ready: quiet, status: quiet, alive: quiet, stopping: quiet },
      remark: (line) => remarks.push(line),
    });
  const first = await start();
  let gateway = first;
  const open = () => gateway.board().box.faults.map(({ fault }) => fault);
  const all = ['box-power-lost', 'uplink-lost', 'clock-untrusted'] as const;
  try {
    await until(() => open().length === 3, 'all three stand');
    assert.equal(open(), [...all], 'on the board');
    const journal = (fault: string) => remarks.some((line) => line.endsWith(` box-fault ${fault} begin`));
    await until(() => all.every(journal), 'each is on disk, and told to the journal');
    await first.stop();

    gateway = await start();
    assert.equal(open(), [...all], 'they stand after a restart');
    writeFileSync(mark, '');
    await until(() => !open().includes('clock-untrusted'), 'the clock is synchronised');
    await broker.restart();
    power = true;
    tellPower(power);
    await until(() => open().length === 0, 'each is over');
    const heard = () => ear.records.filter(({ topic }) => topic === 'hoistway/v1/box-1/box/box-fault');
    await until(() => heard().length >= 6, 'three begins and three ends');
    const faults = heard().map(({ topic, message }) => {
      const [decoded] = decode(topic, Buffer.from(JSON.stringify(message)));
      if (decoded?.kind !== 'box-fault') throw new Error(decoded?.kind);
      assert.is(decoded.lift, null, 'of no lift');
      return decoded.message;
    });
    for (const fault of all) {
      const [begin, end, ...more] = faults.filter((one) => one.fault === fault);
      assert.equal([begin?.phase, end?.phase, more.length], ['begin', 'end', 0], `${fault}: once each`);
      assert.is(end?.id, begin?.id, `${fault}: one id`);
      assert.is(begin?.clockTrust, 'rebased', `${fault}: begun before the clock was synchronised, and sent after it`);
      assert.is(end?.clockTrust, 'ntp', `${fault}: ended after it`);
      assert.not.equal(end?.boot, begin?.boot, `${fault}: begun before the restart, ended after it`);
    }
  } finally {
    await gateway.stop();
    await endAll();
    await broker.stop();
  }
});

test.run();
