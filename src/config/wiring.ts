/** From a loaded site to what sense and scan are built of. */

import type { Slave } from '../loop.ts';
import { fieldsOf, payloadNeeds, planReads } from '../sense/decode.ts';
import type { Wiring } from '../sense/lift.ts';
import { PushReader } from '../sense/push.ts';
import { type ListeningReader, TapReader } from '../sense/tap.ts';
import { liftFacts } from './facts.ts';
import type { LoadedSite } from './load.ts';
import { modulesOf, remoteOf } from './modules.ts';
import type { Profile } from './profile.ts';
import type { SiteBus } from './schema.ts';

/** Of every lift: its facts, its controller's fields, its inputs. */
export function wiringsOf({ site, profiles }: LoadedSite): Wiring[] {
  return site.lifts.map((lift) => {
    const { controller } = lift;
    const profile = controller && profiles.get(controller.profile);
    const timeoutMs = site.buses.find(({ id }) => id === controller?.bus)?.responseTimeoutMs ?? 0;
    const remote = remoteOf(site, lift);
    return {
      facts: liftFacts(lift, profile),
      ...(remote.length > 0 && { remote }),
      inputs: Object.fromEntries(
        Object.entries(lift.inputs).map(([signal, line]) => [signal, { settleMs: line?.settleMs }]),
      ),
      controller:
        controller && profile
          ? {
              bus: controller.bus,
              unit: controller.unit,
              fields: fieldsOf(profile),
              // Two turns missed and a time-out: one lost reply is not silence, the second is seen within its scan.
              staleAfterMs: {
                fast: controller.staleAfterMs ?? 2 * controller.scanIntervalMs + timeoutMs,
                slow: 2 * controller.slowIntervalMs + timeoutMs,
              },
            }
          : null,
    };
  });
}

/** The slaves of a line: controllers, each with the reads of its profile, and then modules. */
export function slavesOf({ site, profiles }: LoadedSite, bus: SiteBus): Slave[] {
  const controllers = site.lifts.flatMap((lift): Slave[] => {
    const { controller } = lift;
    const profile = controller && profiles.get(controller.profile);
    if (!profile || controller.bus !== bus.id) return [];
    const intervalMs = { fast: controller.scanIntervalMs, slow: controller.slowIntervalMs };
    // What is pushed is not asked for.
    const reads = profile.frames ? [] : planReads(fieldsOf(profile), profile.quirks);
    return [{ lift: lift.id, unit: controller.unit, reads, intervalMs }];
  });
  return [...controllers, ...modulesOf(site, bus)];
}

/** The reader of a line that is listened to: of pushed frames where its profile describes them, else of Modbus. */
export function listenerOf({ site, profiles }: LoadedSite, { id: bus, responseTimeoutMs }: SiteBus): ListeningReader {
  for (const { controller } of site.lifts) {
    const profile = controller?.bus === bus ? profiles.get(controller.profile) : undefined;
    if (!controller || !profile?.frames) continue;
    return new PushReader({ bus, frames: profile.frames, unit: controller.unit, needs: payloadNeeds(profile) });
  }
  return new TapReader({ bus, responseTimeoutMs });
}

export interface LineQuirks {
  byteCountBitsOf(unit: number): 8 | 16;
  gapMsOf(unit: number): number;
}

/** The quirks of the slaves on a line, by unit. */
export function quirksOf({ site, profiles }: LoadedSite, bus: string): LineQuirks {
  const quirks = new Map<number, Profile['quirks']>();
  for (const { controller } of site.lifts) {
    const profile = controller?.bus === bus ? profiles.get(controller.profile) : undefined;
    if (controller && profile) quirks.set(controller.unit, profile.quirks);
  }
  return {
    byteCountBitsOf: (unit) => quirks.get(unit)?.byteCount ?? 8,
    gapMsOf: (unit) => quirks.get(unit)?.gapMs ?? 0,
  };
}
