/** A car's motion through the machine room that runs live, scan by scan, as if a controller told it. */

import { join } from 'node:path';
import { monoMs } from '../../src/clock.ts';
import { loadSite } from '../../src/config/load.ts';
import { wiringsOf } from '../../src/config/wiring.ts';
import { loadCatalogue, mutesOf } from '../../src/detect/catalogue.ts';
import type { FaultName, TripRecord } from '../../src/lift/events.ts';
import type { SignalValues } from '../../src/lift/signals.ts';
import { packageRoot } from '../../src/package.ts';
import { Room } from '../../src/room.ts';
import { fieldsOf, planReads } from '../../src/sense/decode.ts';
import { Registers } from '../lift/registers.ts';
import { type Motion, RATE_HZ } from './motion.ts';

const loaded = await loadSite(join(packageRoot, 'hil/real/site.yaml'));
const mutes = mutesOf(loadCatalogue());

export interface Came {
  readonly trips: readonly TripRecord[];
  readonly faults: readonly FaultName[];
}

export function throughTheRoom(motion: Motion): Came {
  const trips: TripRecord[] = [];
  const faults: FaultName[] = [];
  const room = new Room(wiringsOf(loaded), mutes, monoMs(0), (event) => {
    if (event.type === 'trip') trips.push(event);
    if (event.type === 'fault' && event.phase === 'begin') faults.push(event.fault);
  });
  const [controller] = loaded.site.lifts.map((lift) => lift.controller);
  const profile = controller && loaded.profiles.get(controller.profile);
  if (!profile) throw new Error('the site of the recordings has a controller');
  const registers = new Registers(profile);
  const requests = planReads(fieldsOf(profile), profile.quirks);
  for (let step = 0; step < motion.steps; step++) {
    // The profile has no fields but these three.
    registers.set(toldAt(motion, step) as SignalValues);
    for (const request of requests) {
      if (request.table === 'holding' && motion.speeds === null) continue;
      const values = registers.read(request) ?? [];
      const atMs = monoMs(((step + 1) * 1000) / RATE_HZ);
      room.observe({ kind: 'exchange', bus: controller.bus, unit: controller.unit, ...request, values, atMs });
    }
  }
  return { trips, faults };
}

function toldAt({ speeds, runs }: Motion, step: number): Pick<SignalValues, 'moving' | 'direction' | 'speedMmPerS'> {
  const timeS = step / RATE_HZ;
  const run = runs.find(({ startS, endS }) => startS <= timeS && timeS < endS);
  return {
    moving: run !== undefined,
    direction: run?.direction ?? 'none',
    speedMmPerS: Math.round(Math.abs(speeds?.[step] ?? 0) * 1000),
  };
}
