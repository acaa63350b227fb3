/** What a standing contradiction is about is hidden from every other detector: they then see a gap, and say what it does. */

import type { SignalName } from '../lift/signals.ts';
import type { LiftState } from '../lift/state.ts';

/** By key of the contradiction: the signals that rest on the doubtful sensor. */
const HIDDEN_BY: { readonly [key: string]: readonly (SignalName | 'atLevel')[] } = {
  'sensor-contradiction:door': ['doorClosed', 'doorOpen'],
  'sensor-contradiction:level': ['atLevel', 'doorZone'],
};
const CONTRADICTIONS = Object.keys(HIDDEN_BY);

export class Mask {
  #of: LiftState | null = null;
  #hidden = '';
  #shown: LiftState | null = null;

  /** The lift as the detectors may see it while these faults are open. The same object for the same answer. */
  over(lift: LiftState, open: { readonly [key: string]: unknown }): LiftState {
    let hidden = '';
    for (const key of CONTRADICTIONS) if (open[key] !== undefined) hidden += key;
    if (hidden === '') return lift;
    if (this.#shown !== null && this.#of === lift && this.#hidden === hidden) return this.#shown;
    const masked: Partial<Record<SignalName | 'atLevel', unknown>> = {};
    for (const key of CONTRADICTIONS) {
      if (open[key] === undefined) continue;
      for (const signal of HIDDEN_BY[key] ?? []) masked[signal] = { ...lift[signal], value: null, source: 'none' };
    }
    this.#of = lift;
    this.#hidden = hidden;
    this.#shown = { ...lift, ...masked } as LiftState;
    return this.#shown;
  }
}
