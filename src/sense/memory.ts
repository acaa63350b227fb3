/** All that is kept of one lift between two observations: plain data, so that it can be kept and restored. */

import type { MonoMs } from '../clock.ts';
import { blankState, blankValues } from '../lift/shapes.ts';
import type { SignalName } from '../lift/signals.ts';
import type { LiftState } from '../lift/state.ts';
import type { Decoded } from './decode.ts';
import { FLOOR_UNSEEN, type Floor } from './floor.ts';
import { CABIN_UNSEEN, type Cabin } from './passenger.ts';
import type { Contact } from './settle.ts';

export interface Memory {
  controller: { [K in SignalName]?: Decoded | undefined };
  /** the reads that were answered, by key, and until when what they told holds */
  fresh: { readonly key: number; untilMs: number }[];
  contacts: { [K in SignalName]?: Contact };
  floor: Floor;
  cabin: Cabin;
  /** the base switch was heeded since it came on: one that never goes off says it once */
  baseTold: boolean;
  link: LiftState['link'];
  /** the last reply, or the start */
  heardMs: MonoMs;
  /** without another reply by then the controller is silent */
  heardUntilMs: number;
  /** a lower bound of the next moment at which a signal goes stale */
  staleDueMs: number;
  state: LiftState;
}

/** Nothing was heard or seen yet. */
export function blankMemory(link: LiftState['link'], nowMs: MonoMs): Memory {
  return {
    controller: blankValues(),
    fresh: [],
    contacts: {},
    floor: FLOOR_UNSEEN,
    cabin: CABIN_UNSEEN,
    baseTold: false,
    link,
    heardMs: nowMs,
    heardUntilMs: Number.POSITIVE_INFINITY,
    staleDueMs: Number.POSITIVE_INFINITY,
    state: blankState(link, nowMs),
  };
}
