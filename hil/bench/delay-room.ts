/** The machine room of the delay bench: eight lifts of the simulated site, each behind a Modbus TCP line of its own. */

import { join } from 'node:path';
import { type MonoMs, monoMs } from '../../src/clock.ts';
import { liftFacts } from '../../src/config/facts.ts';
import { type LoadedSite, loadSite } from '../../src/config/load.ts';
import type { SignalValues } from '../../src/lift/signals.ts';
import { packageRoot } from '../../src/package.ts';
import { SimLift } from '../lift/lift.ts';
import { Random } from '../lift/random.ts';
import { type DecidingEdge, edgesOf } from './edges.ts';

export const LIFTS = 8;
export const SCAN_MS = 20;

/** What happens in a round, and when: the same in both processes. */
export interface Course {
  readonly seed: string;
  readonly startMs: MonoMs;
  readonly forMs: number;
}

const simulated = await loadSite(join(packageRoot, 'seeds/sites/simulated.yaml'));
const { lift, controller, profile } = simulatedLift();

function simulatedLift() {
  const [first] = simulated.site.lifts;
  const its = simulated.profiles.get(first?.controller?.profile ?? '');
  if (!first?.controller || !its) throw new Error('the simulated site has a lift with a controller');
  return { lift: first, controller: first.controller, profile: its };
}

export { profile };

/** Every limit and hold-off by default; no inputs. */
export function siteOf(ports: readonly number[]): LoadedSite {
  const tcp = { type: 'tcp', host: '127.0.0.1', responseTimeoutMs: 300, lateReplyWindowMs: 1000 } as const;
  const lifts = ports.map((_, at) => {
    const read = { ...controller, bus: `line-${at}`, unit: 1, scanIntervalMs: SCAN_MS };
    return { ...lift, id: `lift-${at}`, inputs: {}, controller: read };
  });
  const buses = ports.map((port, at) => ({ ...tcp, id: `line-${at}`, port }));
  return { ...simulated, site: { ...simulated.site, buses, lifts } };
}

/** The signals of a lift that stands at a landing in normal service. */
export function atRest(): SignalValues {
  const facts = liftFacts(lift, profile);
  return new SimLift({ facts, random: new Random(1), startMs: monoMs(0), traffic: null }).values();
}

/** Of each lift, its edges. */
export function edgesOfAll({ seed, startMs, forMs }: Course): DecidingEdge[][] {
  return Array.from({ length: LIFTS }, (_, at) => edgesOf(new Random(seed).fork(`lift-${at}`), startMs, forMs));
}
