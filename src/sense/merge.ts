/** Two sides of one lift, the controller and the inputs, made into one. */

import type { PartialValues, Reading, SignalName, Source } from '../lift/signals.ts';
import type { LiftFacts } from '../lift/state.ts';
import type { Decoded } from './decode.ts';
import type { Floor } from './floor.ts';
import type { Cabin } from './passenger.ts';
import type { Contact } from './settle.ts';

/** What the side of the inputs is made of. */
export interface Sides {
  readonly contacts: { readonly [K in SignalName]?: Contact };
  readonly floor: Floor;
  readonly cabin: Cabin;
}

type Values = { [K in SignalName]?: Decoded };

/** Two sources of one of these must agree; while they differ nobody knows. */
const MUST_AGREE: ReadonlySet<SignalName> = new Set(['doorClosed', 'doorOpen']);

/** What the inputs say, with what follows from the level pair; null = wired, but not known yet. */
export function inputValues({ contacts, floor, cabin }: Sides): PartialValues {
  const values: Values = {};
  for (const name in contacts) values[name as SignalName] = contacts[name as SignalName]?.level ?? null;
  if (values.passenger === false && cabin.latched) values.passenger = true;
  if (floor.switches !== null) {
    values.moving = floor.moving;
    values.direction = floor.direction;
    values.landing = floor.landing;
    values.speedMmPerS = floor.speedMmPerS;
  }
  return values as PartialValues;
}

const DERIVED: ReadonlySet<SignalName> = new Set(['moving', 'direction', 'landing', 'speedMmPerS']);

/** One signal from its two sides. */
export function merged(
  signal: SignalName,
  controller: Decoded | undefined,
  input: Decoded | undefined,
  { floor, contacts }: Sides,
  facts: LiftFacts,
): { value: Decoded; source: Source } {
  if (signal === 'landing' && typeof controller === 'number' && !(controller in facts.landingHeightsMm)) {
    return { value: null, source: 'none' };
  }
  if (signal === 'doorZone' && controller === undefined && input === undefined && floor.switches !== null) {
    return { value: floor.switches !== 'none', source: 'derived' };
  }
  // Whoever turned the switch is at work, whatever the controller says; without a controller the switch alone tells.
  if (signal === 'mode' && contacts.inspection) {
    if (contacts.inspection.level === true) return { value: 'inspection', source: 'input' };
    if (controller === undefined)
      return { value: contacts.inspection.level === null ? null : 'normal', source: 'input' };
  }
  if (signal === 'passenger' && (controller === true || input === true)) {
    return { value: true, source: input === true ? 'input' : 'controller' };
  }
  // Open wins: a bridged contact must not hide what the controller sees.
  if (signal === 'safetyChainClosed' && (controller === false || input === false)) {
    return { value: false, source: input === false ? 'input' : 'controller' };
  }
  if (MUST_AGREE.has(signal) && known(controller) && known(input) && controller !== input) {
    return { value: null, source: 'none' };
  }
  // The controller knows what it does; edges know when it happened. Travel is the controller's, contacts are the inputs'.
  const first = DERIVED.has(signal) ? controller : input;
  if (known(first)) return { value: first ?? null, source: DERIVED.has(signal) ? 'controller' : 'input' };
  const second = DERIVED.has(signal) ? input : controller;
  if (known(second)) return { value: second ?? null, source: DERIVED.has(signal) ? 'derived' : 'controller' };
  return { value: null, source: 'none' };
}

function known(value: Decoded | undefined): boolean {
  return value !== undefined && value !== null;
}

export function atLevelOf({ floor }: Sides, doorZone: Reading<boolean>): boolean | null {
  return floor.switches === null ? doorZone.value : floor.switches === 'both';
}
