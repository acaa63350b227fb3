/** What a detector is: a fold over lift states that says whether its fault stands, and when it next needs to look. */

import type { MonoMs } from '../clock.ts';
import type { Part } from '../lift/changes.ts';
import type { FaultName } from '../lift/events.ts';
import type { SignalName } from '../lift/signals.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';

/** The memory of a detector. Plain data, never changed in place: a step returns the same object or a new one. */
export interface Watch {
  /** the fault stands now; the judge makes begin and end of the change */
  readonly standing: boolean;
  /** look again at this moment even if nothing changes; Infinity where nothing waits */
  readonly dueMs: number;
}

/** What a step may look at beside the lift. */
export interface Surroundings {
  readonly facts: LiftFacts;
  readonly nowMs: MonoMs;
  /** nothing new may begin: people are at work, a graver fault that covers this one stands, or it ended a moment ago */
  readonly muted: boolean;
}

/**
 * What a detector must be able to know, as alternatives: one of the lists, whole. A signal from anywhere, or from one side
 * alone where the side matters; or a setting of the site file.
 */
export type Need =
  | SignalName
  | `controller:${SignalName | 'any'}`
  | `input:${SignalName}`
  | 'emptyCarParksClosed: false'
  | 'landings: uneven about the base';

export interface Detector<W extends Watch = Watch> {
  readonly fault: FaultName;
  /** all of the lift that a step reads: while none of it changes and no deadline is met, it does not look */
  readonly reads: readonly Part[];
  readonly needs: readonly (readonly Need[])[];
  /** tells two detectors of one fault apart */
  readonly subject?: string;
  /** while one of these stands, this fault does not begin */
  readonly outrankedBy?: readonly FaultName[];
  /** may begin again at once after an end; all others wait for the hold-off */
  readonly noHoldOff?: boolean;
  /** what the event names beside the fault: the sensor that is wrong, and in which way */
  detail?(watch: W): { readonly sensor: SignalName; readonly way: string } | null;
  /** `standing`: the fault was open when the box stopped, and is taken up again */
  start(standing: boolean): W;
  /** No clock, no input, no throw, no chance: the same states give the same answer. */
  step(watch: W, lift: LiftState, around: Surroundings): W;
}
