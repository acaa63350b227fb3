/** How a serial line may be set, in the order in which controllers really are, and what that means in time. Pure. */

import { BAUDS } from '../config/schema.ts';
import { t } from '../language.ts';
import type { SerialForm } from '../sense/wire-time.ts';

export interface LineSettings extends SerialForm {
  readonly baud: (typeof BAUDS)[number];
}

const FRAMINGS = ['8N1', '8E1', '8N2', '8O1'] as const;
type Framing = (typeof FRAMINGS)[number];

/** What manuals of controllers and drives name as their default, or offer first. */
const LIKELY: readonly (readonly [baud: LineSettings['baud'], framing: Framing])[] = [
  [9600, '8N1'],
  [9600, '8E1'],
  [19_200, '8E1'],
  [19_200, '8N1'],
  [38_400, '8N1'],
  [115_200, '8N1'],
  [57_600, '8N1'],
  [4800, '8N1'],
  [9600, '8N2'],
  [9600, '8O1'],
  [19_200, '8N2'],
  [38_400, '8E1'],
  [115_200, '8E1'],
  [19_200, '8O1'],
  [57_600, '8E1'],
  [4800, '8E1'],
];

function settingsOf(baud: LineSettings['baud'], framing: Framing): LineSettings {
  const parity = framing.includes('E') ? 'even' : framing.includes('O') ? 'odd' : 'none';
  return { baud, parity, stopBits: framing.endsWith('2') ? 2 : 1 };
}

/** The likely settings; with `bauds` every framing at these, the likely ones first. */
export function sweepOrder(bauds: readonly number[] | null = null): LineSettings[] {
  const likely = LIKELY.map(([baud, framing]) => settingsOf(baud, framing));
  if (!bauds) return likely;
  const every = FRAMINGS.flatMap((framing) => BAUDS.map((baud) => settingsOf(baud, framing)));
  const rest = every.filter((settings) => !likely.some((each) => isSame(each, settings)));
  return [...likely, ...rest].filter(({ baud }) => bauds.includes(baud));
}

function isSame(a: LineSettings, b: LineSettings): boolean {
  return a.baud === b.baud && a.parity === b.parity && a.stopBits === b.stopBits;
}

/** `rest` with what is nearest to `at` first: the same baud, then by how many steps of baud apart; as it was otherwise. */
export function nearestFirst(rest: readonly LineSettings[], at: LineSettings): LineSettings[] {
  const steps = ({ baud }: LineSettings) => Math.abs(BAUDS.indexOf(baud) - BAUDS.indexOf(at.baud));
  return [...rest].sort((a, b) => steps(a) - steps(b));
}

/** A receiver set to one stop bit reads a line of two as well: which of the two it is, nobody hears. */
export function settingsDoubt({ parity, stopBits }: LineSettings): string | null {
  if (parity !== 'none' || stopBits !== 1) return null;
  return t('8N2 would sound the same', '8N2 听起来与此相同，无法区分');
}

/** The numbers of `1-16,20`, rising, each once; null where it is no such list or leaves `low` to `high`. */
export function numbersOf(said: string, low: number, high: number): number[] | null {
  const found = new Set<number>();
  for (const part of said.split(',')) {
    const [, from, to = from] = /^\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (from === undefined || first < low || last > high || first > last) return null;
    for (let number = first; number <= last; number++) found.add(number);
  }
  return [...found].sort((a, b) => a - b);
}
