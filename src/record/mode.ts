/** Changes of the service mode, as events. */

import type { ModeEvent } from '../lift/events.ts';
import type { ServiceMode } from '../lift/signals.ts';
import type { LiftState } from '../lift/state.ts';

export interface ModeMemory {
  readonly mode: ServiceMode | null;
}

export const MODE_START: ModeMemory = { mode: null };

/** The event, where the known mode changed. A gap is no change: the mode before it stands until another is read. */
export function stepMode(
  memory: ModeMemory,
  { mode }: LiftState,
  lift: string,
  atMs: number,
  mutesOf: (mode: ServiceMode) => ModeEvent['mutes'],
): { memory: ModeMemory; event: ModeEvent | null } {
  if (mode.value === null || mode.value === memory.mode) return { memory, event: null };
  const event: ModeEvent = { type: 'mode', lift, atMs, mode: mode.value, was: memory.mode, mutes: mutesOf(mode.value) };
  return { memory: { mode: mode.value }, event };
}
