/** Which signals of a lift come from where, and which from nowhere: what the person who wired it wants to see. */

import type { Need } from '../detect/detector.ts';
import { SIGNAL_NAMES, type SignalName } from '../lift/signals.ts';
import { fieldsOf } from '../sense/decode.ts';
import { orderCanBeTold } from '../sense/pair-order.ts';
import { liftFacts } from './facts.ts';
import type { Profile } from './profile.ts';
import type { SiteLift } from './schema.ts';

export interface SignalSources {
  readonly controller: readonly SignalName[];
  readonly inputs: readonly SignalName[];
  /** worked out from the level switches (or the inspection switch), where nothing else tells */
  readonly derived: readonly SignalName[];
  readonly nowhere: readonly SignalName[];
}

const FROM_LEVELS: readonly SignalName[] = ['moving', 'direction', 'speedMmPerS', 'landing', 'doorZone'];

/** Of these, what a valid count of landings is needed for. */
const FROM_COUNT: ReadonlySet<SignalName> = new Set(['speedMmPerS', 'landing']);

export function sourcesOf(lift: SiteLift, profile: Profile | undefined): SignalSources {
  const told = new Set((profile ? fieldsOf(profile) : []).map(({ signal }) => signal));
  const controller = SIGNAL_NAMES.filter((name) => told.has(name));
  const inputs = SIGNAL_NAMES.filter((name) => Object.hasOwn(lift.inputs, name));
  const direct = new Set([...controller, ...inputs]);
  const levels = inputs.includes('levelUpper') && inputs.includes('levelLower');
  // Landings are counted from the base switch on; without it the count never becomes valid.
  const fromLevels = FROM_LEVELS.filter((name) => !FROM_COUNT.has(name) || inputs.includes('baseLanding'));
  const derivable = [...(levels ? fromLevels : []), ...(inputs.includes('inspection') ? (['mode'] as const) : [])];
  const derived = derivable.filter((name) => !direct.has(name));
  const nowhere = SIGNAL_NAMES.filter((name) => !direct.has(name) && !derived.includes(name));
  return { controller, inputs, derived, nowhere };
}

/** All that a lift can know, as the detectors ask for it. */
export function knownOf(lift: SiteLift, { controller, inputs, derived }: SignalSources): ReadonlySet<Need> {
  const known = new Set<Need>([...controller, ...inputs, ...derived]);
  for (const name of controller) known.add(`controller:${name}`).add('controller:any');
  for (const name of inputs) known.add(`input:${name}`);
  if (orderCanBeTold(liftFacts(lift))) known.add('landings: uneven about the base');
  return lift.emptyCarParksClosed ? known : known.add('emptyCarParksClosed: false');
}
