/** The Modbus modules of a site: the slaves that they are to a scan loop, and the inputs that they are to a lift. */

import type { SignalName } from '../lift/signals.ts';
import type { Slave } from '../loop.ts';
import { type Field, planReads } from '../sense/decode.ts';
import type { RemoteInput } from '../sense/remote-io.ts';
import type { ModuleInput, Site, SiteBus, SiteLift } from './schema.ts';

/** One read for each run of neighbours; 125 is what a read of registers may bring. */
const BLOCKS = { mergeGap: 0, maxRegisters: 125, maxBits: 2000, groupSize: 65_536, byteCount: 8, gapMs: 0 } as const;

interface Placed {
  readonly lift: string;
  readonly signal: SignalName;
  readonly input: ModuleInput;
}

function placedOf(lift: SiteLift): Placed[] {
  return Object.entries(lift.inputs).flatMap(([signal, input]) =>
    input?.bus === undefined ? [] : { lift: lift.id, signal: signal as SignalName, input },
  );
}

/** The modules of a line as slaves. One module may serve several lifts, and is read as often as the most eager input asks. */
export function modulesOf({ lifts }: Pick<Site, 'lifts'>, bus: Pick<SiteBus, 'id'>): Slave[] {
  const byUnit = new Map<number, Placed[]>();
  for (const placed of lifts.flatMap(placedOf)) {
    const { unit } = placed.input;
    if (placed.input.bus === bus.id) byUnit.set(unit, [...(byUnit.get(unit) ?? []), placed]);
  }
  return [...byUnit].map(([unit, placed]) => {
    const intervalMs = intervalOf(placed);
    return {
      lift: [...new Set(placed.map(({ lift }) => lift))].join(', '),
      ...{ unit, isModule: true, reads: planReads(placed.map(fieldOf), BLOCKS) },
      intervalMs: { fast: intervalMs, slow: intervalMs },
    };
  });
}

/** The inputs of a lift that are on modules. */
export function remoteOf(site: Pick<Site, 'lifts' | 'buses'>, lift: SiteLift): RemoteInput[] {
  const all = site.lifts.flatMap(placedOf);
  return placedOf(lift).map(({ signal, input }) => {
    const { bus, unit, table, address, bit = null, activeLow, staleAfterMs } = input;
    const intervalMs = intervalOf(all.filter((other) => other.input.bus === bus && other.input.unit === unit));
    const timeoutMs = site.buses.find(({ id }) => id === bus)?.responseTimeoutMs ?? 0;
    return {
      ...{ signal, bus, unit, table, address, bit, activeLow },
      staleAfterMs: staleAfterMs ?? 2 * intervalMs + timeoutMs,
    };
  });
}

function intervalOf(placed: readonly Placed[]): number {
  return Math.min(...placed.map(({ input }) => input.scanIntervalMs));
}

/** Only its place is asked for: what it says is told by remote-io. */
function fieldOf({ signal, input: { table, address } }: Placed): Field {
  return { signal, table, address, size: 1, group: 'fast', decode: () => null };
}
