/**
 * What rests on a sensor in doubt is hidden from every other detector: they then see a gap, and say what it does. Where
 * another source tells the same fact, that one alone is shown.
 */

import { copyOf } from '../lift/shapes.ts';
import type { LiftState } from '../lift/state.ts';

type Hidden = Partial<LiftState>;

const UNKNOWN = { value: null, source: 'none' as const };

/** By key of the contradiction. */
const HIDES: { readonly [key: string]: (lift: LiftState) => Hidden } = {
  'sensor-contradiction:door': (lift) => ({
    doorClosed: { ...lift.doorClosed, ...UNKNOWN },
    doorOpen: { ...lift.doorOpen, ...UNKNOWN },
  }),
  'sensor-contradiction:level': (lift) => ({
    atLevel: { ...lift.atLevel, ...UNKNOWN },
    ...derived(lift),
  }),
  'sensor-contradiction:passenger': (lift) => {
    const { passenger } = lift.controller;
    const other = typeof passenger === 'boolean' ? { value: passenger, source: 'controller' as const } : UNKNOWN;
    return { passenger: { ...lift.passenger, ...other } };
  },
};
const DOUBTS = Object.keys(HIDES);

/** What was worked out from the level switches, where no controller tells it. */
function derived({ moving, direction, speedMmPerS, doorZone }: LiftState): Hidden {
  return {
    doorZone: doorZone.source === 'controller' ? doorZone : { ...doorZone, ...UNKNOWN },
    moving: moving.source === 'derived' ? { ...moving, ...UNKNOWN } : moving,
    direction: direction.source === 'derived' ? { ...direction, ...UNKNOWN } : direction,
    speedMmPerS: speedMmPerS.source === 'derived' ? { ...speedMmPerS, ...UNKNOWN } : speedMmPerS,
  };
}

/** The count of landings, which rests on the level pair and the base switch. */
function uncounted({ landing, inputs }: LiftState): Hidden {
  return {
    landing: landing.source === 'derived' ? { ...landing, ...UNKNOWN } : landing,
    inputs: { ...inputs, landing: null },
    miscount: false,
  };
}

/** With one of these open the count of landings may go wrong, and stays so until it is found right at rest. */
const MISCOUNTS = ['sensor-contradiction:level', 'sensor-contradiction:base'];

/** Whether the count of landings is in doubt now, where it was or was not before. */
export function countDoubted(was: boolean, lift: LiftState, open: { readonly [key: string]: unknown }): boolean {
  for (const key of MISCOUNTS) if (open[key] !== undefined) return true;
  return was && !isCountRight(lift);
}

function isCountRight({ controller, inputs, miscount, moving }: LiftState): boolean {
  if (miscount || moving.value !== false) return false;
  const { landing } = inputs;
  return typeof landing !== 'number' || typeof controller.landing !== 'number' || landing === controller.landing;
}

export class Mask {
  #of: LiftState | null = null;
  #hidden = '';
  #shown: LiftState | null = null;

  /** The lift as the detectors may see it while these faults are open. The same object for the same answer. */
  over(lift: LiftState, open: { readonly [key: string]: unknown }, uncertain: boolean): LiftState {
    let hidden = uncertain ? 'count' : '';
    for (const key of DOUBTS) if (open[key] !== undefined) hidden += key;
    if (hidden === '') return lift;
    if (this.#shown !== null && this.#of === lift && this.#hidden === hidden) return this.#shown;
    const shown = copyOf(lift);
    if (uncertain) Object.assign(shown, uncounted(lift));
    for (const key of DOUBTS) if (open[key] !== undefined) Object.assign(shown, HIDES[key]?.(shown));
    this.#of = lift;
    this.#hidden = hidden;
    this.#shown = shown;
    return shown;
  }
}
