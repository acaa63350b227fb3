/** One hour of the simulated lift with something wrong every few minutes, and what judgement was given and said. */

import { join } from 'node:path';
import { planScenario } from '../hil/lift/scenario.ts';
import { simulate } from '../hil/simulate.ts';
import { monoMs } from '../src/clock.ts';
import { type LoadedSite, loadSite } from '../src/config/load.ts';
import { quirksOf, wiringsOf } from '../src/config/wiring.ts';
import { loadCatalogue, mutesOf } from '../src/detect/catalogue.ts';
import type { LiftEvent } from '../src/lift/events.ts';
import { packageRoot } from '../src/package.ts';
import type { Observation } from '../src/sense/observation.ts';
import { RtuReader } from '../src/sense/rtu.ts';
import type { CaptureItem } from '../src/trace/capture.ts';

export const loaded: LoadedSite = await loadSite(join(packageRoot, 'seeds/sites/simulated.yaml'));
export const mutes = mutesOf(loadCatalogue());
export const wirings = wiringsOf(loaded);

const EVERY_MS = 4 * 60_000;
const MOST = 12;

export interface SimulatedHour {
  readonly items: readonly CaptureItem[];
  readonly events: readonly LiftEvent[];
}

/** What goes wrong is drawn from the seed's own plan, brought closer together. */
export function simulatedHour(seed: number, hours = 1): SimulatedHour {
  const items: CaptureItem[] = [];
  const events: LiftEvent[] = [];
  simulate({
    ...{ loaded, mutes, seed, hours },
    script: (lift) => {
      const facts = factsOf(lift.id);
      const plan = planScenario(seed, 40, facts).slice(0, MOST);
      lift.play(plan.map(({ injection }, at) => ({ injection, notBeforeMs: monoMs(60_000 + at * EVERY_MS) })));
    },
    capture: (item) => items.push(item),
    onEvent: (event) => events.push(event),
  });
  return { items, events };
}

function factsOf(id: string) {
  const found = wirings.find(({ facts }) => facts.id === id);
  if (!found) throw new Error(`the site has no lift ${id}`);
  return found.facts;
}

/** A reader for a line of the site, as the live line has one. */
export function readerOf(bus: string): RtuReader {
  const responseTimeoutMs = loaded.site.buses.find(({ id }) => id === bus)?.responseTimeoutMs ?? 300;
  return new RtuReader({ bus, responseTimeoutMs, byteCountBitsOf: quirksOf(loaded, bus).byteCountBitsOf });
}

/** What a capture tells judgement, without its bytes. */
export function observationsOf(items: readonly CaptureItem[]): Observation[] {
  const readers = new Map(loaded.site.buses.map(({ id }) => [id, readerOf(id)]));
  return items.flatMap((item): Observation[] => {
    if (item.kind === 'edge') return [item.edge];
    if (item.kind !== 'chunk') return [];
    const reply = readers.get(item.chunk.bus)?.chunk(item.chunk);
    return reply?.kind === 'values' ? [reply.exchange] : [];
  });
}

/** One line an event: what two runs are compared by, to the byte. */
export const linesOf = (events: readonly LiftEvent[]): string[] => events.map((event) => JSON.stringify(event));
