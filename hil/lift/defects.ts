/** Sensors that go wrong and stay so: what a lift's inputs show from then on. The controller goes on telling the truth. */

import { plus } from '../../src/clock.ts';
import type { Agenda } from './agenda.ts';
import type { Random } from './random.ts';
import type { FlagName, Wiring } from './wiring.ts';

export type DefectWay = 'stuck-on' | 'stuck-off' | 'inverted' | 'swapped' | 'flickers';

export interface Defect {
  readonly sensor: FlagName;
  /** `swapped`: the two level switches, each on the wire of the other */
  readonly way: DefectWay;
}

/** A PIR flickers by its nature, and a pair alone can be swapped. */
const WAYS: readonly (readonly [FlagName, readonly [DefectWay, ...DefectWay[]]])[] = [
  ['levelUpper', ['stuck-on', 'stuck-off', 'inverted', 'flickers', 'swapped']],
  ['levelLower', ['stuck-on', 'stuck-off', 'inverted', 'flickers']],
  ['baseLanding', ['stuck-on', 'stuck-off', 'inverted', 'flickers']],
  ['doorClosed', ['stuck-on', 'stuck-off', 'inverted', 'flickers']],
  ['passenger', ['stuck-on', 'stuck-off', 'inverted']],
];

/** One of the inputs that are wired goes wrong in one of its ways; null where none is. */
export function drawDefect(wired: readonly string[], random: Random): Defect | null {
  const [first, ...others] = WAYS.filter(([sensor]) => wired.includes(sensor));
  if (!first) return null;
  const [sensor, ways] = random.pick([first, ...others]);
  return { sensor, way: random.pick(ways) };
}

export function applyDefect({ sensor, way }: Defect, wiring: Wiring, agenda: Agenda, random: Random): void {
  switch (way) {
    case 'stuck-on':
    case 'stuck-off':
      wiring.stick(sensor, way === 'stuck-on');
      return;
    case 'inverted':
      wiring.spoil(sensor, (truth) => !truth[sensor]);
      return;
    case 'swapped':
      wiring.spoil('levelUpper', (truth) => truth.levelLower);
      wiring.spoil('levelLower', (truth) => truth.levelUpper);
      return;
    case 'flickers':
      flicker(sensor, wiring, agenda, random);
  }
}

/** A loose wire: every few minutes it opens and closes for some seconds, and shows the truth in between. */
function flicker(sensor: FlagName, wiring: Wiring, agenda: Agenda, random: Random): void {
  const meanMs = random.between(20, 250);
  const burst = (untilMs: number, on: boolean) => {
    if (agenda.nowMs >= untilMs) {
      wiring.free(sensor);
      agenda.at(plus(agenda.nowMs, random.exponential(5 * 60_000)), begin);
      return;
    }
    wiring.stick(sensor, on);
    agenda.at(plus(agenda.nowMs, random.exponential(meanMs)), () => burst(untilMs, !on));
  };
  const begin = () => burst(agenda.nowMs + random.between(4000, 15_000), !wiring.truth[sensor]);
  begin();
}
