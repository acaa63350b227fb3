import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startMosquitto } from '../../hil/wire/mosquitto.ts';
import { sleep, systemClock } from '../../src/clock.ts';
import { type LoadedSite, loadSite } from '../../src/config/load.ts';
import { startGateway } from '../../src/gateway.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';
import { packageRoot } from '../../src/package.ts';
import { readAll } from '../contract/outbox.ts';
import { endAll, hear } from '../uplink/live.ts';
import { uplinkSettings } from '../uplink/rig.ts';
import { mountAt, remount, unmount } from './mount.ts';

const LIMIT_MS = 30_000;

async function until(what: string, look: () => boolean): Promise<void> {
  const untilMs = systemClock.monoMs() + LIMIT_MS;
  while (!look()) {
    if (systemClock.monoMs() > untilMs) throw new Error(`never: ${what}`);
    await sleep(systemClock, 50);
  }
}

/** The demo's site without page, and with nobody at the port of its controllers. */
async function deadSite(broker: string): Promise<LoadedSite> {
  const loaded = await loadSite(join(packageRoot, 'seeds/sites/demo.yaml'));
  const { site } = loaded;
  const lifts = site.lifts.map((lift) => ({ ...lift, limits: { ...lift.limits, controllerSilentLimitMs: 1000 } }));
  const buses = site.buses.map((bus) => (bus.type === 'tcp' ? { ...bus, port: 9 } : bus));
  return { ...loaded, site: { ...site, lifts, buses, page: null, uplink: { ...uplinkSettings, url: broker } } };
}

test('a box whose disk is read-only starts, detects, shows and alarms, and stores when it can', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hoistway-box-'));
  const stateDir = join(folder, 'state');
  if (!mountAt(stateDir, '4m')) return;
  remount(stateDir, 'ro');
  const broker = await startMosquitto();
  const ear = await hear(broker.url);
  const heard = () => ear.records.map(({ message }) => JSON.stringify(message));
  const remarks: string[] = [];
  const nothing = () => undefined;
  try {
    const gateway = await startGateway({
      ...{ loaded: await deadSite(broker.url), stateDir, clock: systemClock },
      inputs: { watch: () => nothing, close: async () => undefined },
      service: { watchdogMs: null, ready: nothing, status: nothing, alive: nothing, stopping: nothing },
      remark: (line) => remarks.push(line),
    });
    try {
      assert.match(remarks.join('\n'), /the file system is read-only|文件系统为只读/, 'it says why nothing is stored');
      await until('the fault is shown', () => JSON.stringify(gateway.board()).includes('controller-silent'));
      assert.not.match(remarks.join('\n'), /^stored/m, 'nothing is said to be on disk');
      await until('the platform has it', () => heard().some((text) => /controller-silent.*"unstored":true/.test(text)));
      remount(stateDir, 'rw');
      await until(
        'the disk takes it',
        () => gateway.board().outbox.trouble === null && gateway.board().outbox.fileBytes > 0,
      );
    } finally {
      await gateway.stop();
    }
    const faults = heard().filter((text) => text.includes('"type":"fault"'));
    const names = faults.map((text) => JSON.parse(text)).map(({ id, phase }) => `${id} ${phase}`);
    assert.is(new Set(names).size, names.length, `nothing came twice: ${names}`);
    const outbox = await openOutbox({ path: join(stateDir, 'outbox.db'), maxBytes: 2 ** 21 });
    const silent = outbox.openFaults.filter(({ fault }) => fault === 'controller-silent');
    const left = await readAll(outbox, 'alarm');
    await outbox.close();
    assert.ok(silent.length > 0, 'the faults are known to the next start');
    assert.equal(left, [], 'and what the platform has is not kept for it');
  } finally {
    await endAll();
    await broker.stop();
    unmount(stateDir);
    rmSync(folder, { recursive: true });
  }
});

test.run();
