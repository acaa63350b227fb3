/** Two sides of one lift, the controller and the inputs, made into one. */

import { type PartialValues, type Reading, SIGNAL_NAMES, type SignalName, type Source } from '../lift/signals.ts';
import type { LiftFacts } from '../lift/state.ts';
import type { Decoded } from './decode.ts';
import { type Floor, isOffLevel } from './floor.ts';
import { type Cabin, occupied } from './passenger.ts';
import type { Contact } from './settle.ts';

/** What the side of the inputs is made of. */
export interface Sides {
  readonly contacts: { readonly [K in SignalName]?: Contact };
  readonly floor: Floor;
  readonly cabin: Cabin;
}

type Values = { [K in SignalName]?: Decoded };

/** What the inputs say, with what follows from the level pair; null = wired, but not known yet. */
export function inputValues({ contacts, floor }: Sides): PartialValues {
  const values: Values = {};
  for (const name in contacts) values[name as SignalName] = contacts[name as SignalName]?.level ?? null;
  if (floor.switches !== null) {
    values.moving = floor.moving;
    values.direction = floor.direction;
    values.landing = floor.landing;
    values.speedMmPerS = floor.speedMmPerS;
  }
  return values as PartialValues;
}

export function sameValues(was: PartialValues, now: PartialValues): boolean {
  for (const signal of SIGNAL_NAMES) if (was[signal] !== now[signal]) return false;
  return true;
}

/** The answer of a merge, written into one object that the caller keeps. */
export interface Told {
  value: Decoded;
  source: Source;
}

function tell(told: Told, value: Decoded | undefined, source: Source): Told {
  told.value = value ?? null;
  told.source = source;
  return told;
}

/** One signal from its two sides. */
export function merged(
  signal: SignalName,
  controller: Decoded | undefined,
  input: Decoded | undefined,
  { floor, contacts, cabin }: Sides,
  facts: LiftFacts,
  told: Told,
): Told {
  switch (signal) {
    case 'landing':
      if (typeof controller === 'number' && !(controller in facts.landingHeightsMm)) return tell(told, null, 'none');
      break;
    case 'doorZone':
      if (controller === undefined && input === undefined && floor.switches !== null) {
        return tell(told, floor.switches !== 'none', 'derived');
      }
      break;
    case 'mode':
      // Whoever turned the switch is at work, whatever the controller says; without a controller the switch alone tells.
      if (contacts.inspection?.level === true) return tell(told, 'inspection', 'input');
      if (contacts.inspection && controller === undefined) {
        return tell(told, contacts.inspection.level === null ? null : 'normal', 'input');
      }
      break;
    case 'passenger':
      if (controller === true) return tell(told, true, 'controller');
      if (input !== undefined)
        return believed(told, controller, occupied(cabin, input as boolean | null, isOffLevel(floor)));
      break;
    case 'safetyChainClosed':
      // Open wins: a bridged contact must not hide what the controller sees.
      if (controller === false || input === false) return tell(told, false, input === false ? 'input' : 'controller');
      break;
    case 'doorClosed':
    case 'doorOpen':
      // Two sources of one fact must agree; while they differ nobody knows.
      if (known(controller) && known(input) && controller !== input) return tell(told, null, 'none');
      break;
    case 'moving':
    case 'direction':
    case 'speedMmPerS':
      return byController(told, controller, input);
  }
  if (signal === 'landing') return byController(told, controller, input);
  // The controller knows what it does; edges know when it happened. Contacts are the inputs'.
  if (known(input)) return tell(told, input, 'input');
  return tell(told, controller, known(controller) ? 'controller' : 'none');
}

/** What the PIR is believed of, or the controller where it is not. */
function believed(told: Told, controller: Decoded | undefined, seen: boolean | null): Told {
  if (seen !== null) return tell(told, seen, 'input');
  return tell(told, controller, known(controller) ? 'controller' : 'none');
}

/** Travel is the controller's, and worked out from the level switches where it does not tell. */
function byController(told: Told, controller: Decoded | undefined, input: Decoded | undefined): Told {
  if (known(controller)) return tell(told, controller, 'controller');
  return tell(told, input, known(input) ? 'derived' : 'none');
}

function known(value: Decoded | undefined): boolean {
  return value !== undefined && value !== null;
}

export function atLevelOf({ floor }: Sides, doorZone: Reading<boolean>): boolean | null {
  return floor.switches === null ? doorZone.value : floor.switches === 'both';
}
