import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sleep, systemClock } from '../../src/clock.ts';
import { type LoadedSite, loadSite } from '../../src/config/load.ts';
import { startGateway } from '../../src/gateway.ts';
import { packageRoot } from '../../src/package.ts';
import { mountAt, remount, unmount } from './mount.ts';

const LIMIT_MS = 30_000;

async function until(what: string, look: () => boolean): Promise<void> {
  const untilMs = systemClock.monoMs() + LIMIT_MS;
  while (!look()) {
    if (systemClock.monoMs() > untilMs) throw new Error(`never: ${what}`);
    await sleep(systemClock, 50);
  }
}

/** The demo's site without page and platform, and with nobody at the port of its controllers. */
async function deadSite(): Promise<LoadedSite> {
  const loaded = await loadSite(join(packageRoot, 'seeds/sites/demo.yaml'));
  const { site } = loaded;
  const lifts = site.lifts.map((lift) => ({ ...lift, limits: { ...lift.limits, controllerSilentLimitMs: 1000 } }));
  const buses = site.buses.map((bus) => (bus.type === 'tcp' ? { ...bus, port: 9 } : bus));
  const alone = { ...site, lifts, buses, page: null };
  delete alone.uplink;
  return { ...loaded, site: alone };
}

test('a box whose disk is read-only starts, detects and shows, and stores when it can', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hoistway-box-'));
  const stateDir = join(folder, 'state');
  if (!mountAt(stateDir, '4m')) return;
  remount(stateDir, 'ro');
  const remarks: string[] = [];
  const nothing = () => undefined;
  try {
    const gateway = await startGateway({
      ...{ loaded: await deadSite(), stateDir, clock: systemClock },
      inputs: { watch: () => nothing, close: async () => undefined },
      service: { watchdogMs: null, ready: nothing, status: nothing, alive: nothing, stopping: nothing },
      remark: (line) => remarks.push(line),
    });
    try {
      assert.match(remarks.join('\n'), /the file system is read-only|文件系统为只读/, 'it says why nothing is stored');
      await until('the fault is shown', () => JSON.stringify(gateway.board()).includes('controller-silent'));
      assert.not.match(remarks.join('\n'), /^stored/m, 'nothing is said to be on disk');
      remount(stateDir, 'rw');
      await until('the fault is stored', () => /^stored \S+ \d+ .*controller-silent/m.test(remarks.join('\n')));
    } finally {
      await gateway.stop();
    }
  } finally {
    unmount(stateDir);
    rmSync(folder, { recursive: true });
  }
});

test.run();
