/**
 * The cases, one row each, and beside most its quiet twin: the same story just below the limit, which must raise nothing.
 * A row without a story was captured in the field.
 */

import type { FaultName } from '../../src/lift/events.ts';
import type { Story } from './story.ts';
import { CAR_CASES } from './table-car.ts';
import { CONTROLLER_CASES } from './table-controller.ts';
import { DOOR_CASES } from './table-door.ts';
import { SENSORS_CASES } from './table-sensors.ts';
import { SIGNALS_CASES } from './table-signals.ts';

export interface Case {
  /** of its folder; a quiet twin ends in -quiet */
  readonly name: string;
  /** what it raises, or what its quiet twin just misses; null where it is about none */
  readonly fault: FaultName | null;
  readonly shows: string;
  readonly story: Story | null;
}

export const CASES: readonly Case[] = [
  ...CAR_CASES,
  ...DOOR_CASES,
  ...SENSORS_CASES,
  ...SIGNALS_CASES,
  ...CONTROLLER_CASES,
];

/** They do not raise what they are about. */
export const isQuiet = ({ name, fault }: Case) => fault === null || name.endsWith('-quiet');
