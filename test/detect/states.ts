/** What the senses make of an hour in which a dozen things go wrong: each state once, with the moment at which it came to be. */

import { type MonoMs, monoMs } from '../../src/clock.ts';
import type { LiftState } from '../../src/lift/state.ts';
import { LiftSense } from '../../src/sense/lift.ts';
import { observationsOf, simulatedHour, wirings } from '../simulated.ts';

export interface Moment {
  readonly state: LiftState;
  readonly atMs: MonoMs;
}

export function statesOf(seed: number): Moment[] {
  const [wiring] = wirings;
  if (!wiring) throw new Error('the simulated site has a lift');
  const sense = new LiftSense(wiring, monoMs(0));
  const states: Moment[] = [];
  for (const observation of observationsOf(simulatedHour(seed).items)) {
    while (sense.dueMs <= observation.atMs) sense.advance(monoMs(sense.dueMs));
    if (observation.kind === 'edge') sense.edge(observation);
    else sense.exchange(observation);
    if (sense.state !== states.at(-1)?.state) states.push({ state: sense.state, atMs: observation.atMs });
  }
  return states;
}
