/** What is done to the lifts of a case, and when. */

import type { SignalName, SignalValues } from '../../src/lift/signals.ts';
import type { LiftFacts } from '../../src/lift/state.ts';
import type { Defect } from '../lift/defects.ts';
import type { Injection } from '../lift/faults.ts';

/** `atMs` counts from the beginning of the capture; landings from 0. `lift`: the first of the site where left out. */
export type Step = { readonly atMs: number; readonly lift?: string } & (
  | { readonly inject: Injection }
  | { readonly ride: readonly [from: number, to: number] }
  | { readonly call: number }
  /** an input shows this for so long, whatever is true: chatter, a finger, a stuck switch */
  | { readonly input: SignalName; readonly shows: boolean; readonly forMs: number }
  /** a sensor goes wrong from here on */
  | { readonly breaks: Defect }
  /** the controller says this for so long, whatever is true */
  | { readonly says: Partial<SignalValues>; readonly forMs: number }
  /** the controller does not answer for so long */
  | { readonly silentMs: number }
  /** the controller takes so long to answer, for so long */
  | { readonly answersAfterMs: number; readonly forMs: number }
  /** for so long, bytes of nobody go before each of its answers, or one bit within each is turned over */
  | { readonly noise: 'before' | 'within'; readonly forMs: number }
);

export interface Story {
  readonly seed: number;
  readonly seconds: number;
  readonly steps: readonly Step[];
  /** technicians visit, as chance has it; the lift has lived for so long when the capture begins */
  readonly livedMs?: number;
  /** the capture begins so late, with a checkpoint, as that of a flight recorder does */
  readonly checkpointMs?: number;
  /** what is true of the lifts, where it differs from the site file */
  readonly truly?: Partial<LiftFacts>;
}

export function story(seed: number, seconds: number, ...steps: Step[]): Story {
  return { seed, seconds, steps };
}

/** Somebody is in a car that stops between landings; `alarmAfterMs` from standstill they press the alarm button. */
export function trapped(heldMs: number, alarmAfterMs: number | null = null): Injection {
  return { kind: 'entrapment-off-level', heldMs, alarmAfterMs };
}
