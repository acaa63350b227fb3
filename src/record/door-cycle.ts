/** Door cycles: each opening and closing of the car door, as a record. */

import type { DoorCycleRecord } from '../lift/events.ts';
import type { LiftState } from '../lift/state.ts';

export interface DoorMemory {
  /** closed has been seen; a cycle whose opening was missed is not recorded */
  readonly closed: boolean;
  readonly cycle: {
    readonly startMs: number;
    readonly landing: number | null;
    readonly openedMs: number | null;
    /** since when it is closing, after having been fully open */
    readonly closingMs: number | null;
    readonly reversals: number;
  } | null;
}

export const DOOR_START: DoorMemory = { closed: false, cycle: null };

export function stepDoor(
  memory: DoorMemory,
  lift: LiftState,
  id: string,
  atMs: number,
): { memory: DoorMemory; record: DoorCycleRecord | null } {
  const { doorClosed, doorOpen, landing } = lift;
  const { cycle } = memory;
  // A gap loses the times of this cycle; it is recorded again from the next closed door on.
  if (doorClosed.value === null) return { memory, record: null };
  if (doorClosed.value) {
    return {
      memory: cycle || !memory.closed ? { closed: true, cycle: null } : memory,
      record: cycle && recordOf(cycle, id, atMs),
    };
  }
  if (!cycle) {
    if (!memory.closed) return { memory, record: null };
    return {
      memory: {
        closed: true,
        cycle: { startMs: atMs, landing: landing.value, openedMs: null, closingMs: null, reversals: 0 },
      },
      record: null,
    };
  }
  if (doorOpen.value === true && (cycle.openedMs === null || cycle.closingMs !== null)) {
    const reversals = cycle.reversals + (cycle.closingMs === null ? 0 : 1);
    return {
      memory: { closed: true, cycle: { ...cycle, openedMs: cycle.openedMs ?? atMs, closingMs: null, reversals } },
      record: null,
    };
  }
  if (doorOpen.value === false && cycle.openedMs !== null && cycle.closingMs === null) {
    return { memory: { closed: true, cycle: { ...cycle, closingMs: atMs } }, record: null };
  }
  return { memory, record: null };
}

function recordOf(cycle: NonNullable<DoorMemory['cycle']>, lift: string, atMs: number): DoorCycleRecord {
  return {
    type: 'door-cycle',
    lift,
    atMs,
    startMs: Math.round(cycle.startMs),
    landing: cycle.landing,
    openingMs: cycle.openedMs === null ? null : Math.round(cycle.openedMs - cycle.startMs),
    closingMs: cycle.closingMs === null ? null : Math.round(atMs - cycle.closingMs),
    reversals: cycle.reversals,
  };
}
