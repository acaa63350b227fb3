/** Which signals of a lift come from where, and which from nowhere: what the person who wired it wants to see. */

import { SIGNAL_NAMES, type SignalName } from '../lift/signals.ts';
import { fieldsOf } from '../sense/decode.ts';
import type { Profile } from './profile.ts';
import type { SiteLift } from './schema.ts';

export interface SignalSources {
  readonly controller: readonly SignalName[];
  readonly inputs: readonly SignalName[];
  /** worked out from the level switches, where nothing else tells */
  readonly derived: readonly SignalName[];
  readonly nowhere: readonly SignalName[];
}

const FROM_LEVELS: readonly SignalName[] = ['moving', 'direction', 'speedMmPerS', 'landing', 'doorZone'];

export function sourcesOf(lift: SiteLift, profile: Profile | undefined): SignalSources {
  const told = new Set((profile ? fieldsOf(profile) : []).map(({ signal }) => signal));
  const controller = SIGNAL_NAMES.filter((name) => told.has(name));
  const inputs = SIGNAL_NAMES.filter((name) => Object.hasOwn(lift.inputs, name));
  const direct = new Set([...controller, ...inputs]);
  const levels = inputs.includes('levelUpper') && inputs.includes('levelLower');
  const derived = levels ? FROM_LEVELS.filter((name) => !direct.has(name)) : [];
  const nowhere = SIGNAL_NAMES.filter((name) => !direct.has(name) && !derived.includes(name));
  return { controller, inputs, derived, nowhere };
}
