import type { FaultName } from '../../src/lift/events.ts';
import type { Story } from './story.ts';
import type { Case } from './table.ts';

/** What a case shows, and its story. */
export type Told = readonly [shows: string, story: Story];

/** A case and its quiet twin. */
export function pair(name: string, fault: FaultName, loud: Told, quiet: Told): Case[] {
  return [
    { name, fault, shows: loud[0], story: loud[1] },
    { name: `${name}-quiet`, fault, shows: quiet[0], story: quiet[1] },
  ];
}
