/**
 * The cases, one row each, and beside each its quiet twin: the same story just below the limit, which must not raise it.
 * A row without a story was captured in the field.
 */

import type { FaultName } from '../../src/lift/events.ts';
import type { Story } from './story.ts';
import { CAR_CASES } from './table-car.ts';
import { CONTROLLER_CASES } from './table-controller.ts';
import { CONTROLLER_ONLY_CASES } from './table-controller-only.ts';
import { DOOR_CASES } from './table-door.ts';
import { DOUBTS_CASES } from './table-doubts.ts';
import { LINE_CASES } from './table-line.ts';
import { SENSORS_CASES } from './table-sensors.ts';

export interface Case {
  /** of its folder; a quiet twin ends in -quiet */
  readonly name: string;
  /** what it raises, or what its quiet twin just misses */
  readonly fault: FaultName;
  readonly shows: string;
  readonly story: Story | null;
  /** its quiet twin, where that is the twin of another case as well; NAME-quiet where left out */
  readonly twin?: string;
}

export const CASES: readonly Case[] = [
  ...CAR_CASES,
  ...DOOR_CASES,
  ...SENSORS_CASES,
  ...DOUBTS_CASES,
  ...LINE_CASES,
  ...CONTROLLER_CASES,
  ...CONTROLLER_ONLY_CASES,
];

/** They do not raise what they are about. */
export const isQuiet = ({ name }: Case) => name.endsWith('-quiet');

export const twinOf = ({ name, twin }: Case) => twin ?? `${name}-quiet`;
