/** A site of one simulated lift on a serial line that is a pair of pseudo-terminals, and its directory. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimLift } from '../../hil/lift/lift.ts';
import { Random } from '../../hil/lift/random.ts';
import { Registers } from '../../hil/lift/registers.ts';
import { steady } from '../../hil/lift/traffic.ts';
import { openPtyPair } from '../../hil/wire/pty.ts';
import { serveSerial } from '../../hil/wire/slave.ts';
import { systemClock } from '../../src/clock.ts';
import { loadSite } from '../../src/config/load.ts';
import { wiringsOf } from '../../src/config/wiring.ts';

export function siteText(path: string, more = ''): string {
  return `version: 1
box: { id: box-1 }
buses:
  - { id: line-1, type: rtu, path: ${path}, baud: 115200 }
lifts:
  - id: east
    registrationNumber: '3010000001'
    rescueLabelNumber: '01234'
    address: 1 Nanjing Road
    ratedSpeedMmPerS: 1000
    landings:
      - { marking: '1', heightMm: 0 }
      - { marking: '2', heightMm: 3000 }
      - { marking: '3', heightMm: 6000 }
    controller: { profile: generic, bus: line-1, unit: 1, scanIntervalMs: 100 }
${more}`;
}

export interface SerialRoom {
  readonly dir: string;
  /** path of the site file */
  readonly site: string;
  readonly sim: SimLift;
  /** function codes asked of the slave */
  readonly asked: readonly number[];
  close(): Promise<void>;
}

/** `more`: further lines of the site file. */
export async function openSerialRoom(more = ''): Promise<SerialRoom> {
  const dir = await mkdtemp(join(tmpdir(), 'hoistway-room-'));
  const pty = await openPtyPair();
  const site = join(dir, 'site.yaml');
  await writeFile(site, siteText(pty.a, more));
  const loaded = await loadSite(site);
  const [wiring] = wiringsOf(loaded);
  const profile = loaded.profiles.get('generic');
  if (!wiring || !profile) throw new Error('the site has one lift of the generic profile');
  const startMs = systemClock.monoMs();
  const sim = new SimLift({ facts: wiring.facts, random: new Random(1), startMs, traffic: steady(200) });
  const registers = new Registers(profile);
  const slave = await serveSerial(
    pty.b,
    (unit, table, address, count) => {
      if (unit !== 1) return null;
      sim.advanceTo(systemClock.monoMs());
      registers.set(sim.values());
      return registers.read({ table, address, count }) ?? { exception: 2 };
    },
    { baud: 115_200 },
  );
  return {
    ...{ dir, site, sim, asked: slave.asked },
    async close() {
      await slave.close();
      await pty.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
