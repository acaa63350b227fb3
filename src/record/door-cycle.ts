/** Door cycles: each opening and closing of the car door, as a record. */

import type { DoorCycleRecord } from '../lift/events.ts';
import type { LiftState } from '../lift/state.ts';

export interface DoorMemory {
  /** closed has been seen; a cycle whose opening was missed is not recorded */
  readonly closed: boolean;
  /** since when nobody can say, or null */
  readonly unknownMs: number | null;
  readonly cycle: {
    readonly startMs: number;
    readonly landing: number | null;
    readonly openedMs: number | null;
    /** since when it is closing, after having been fully open */
    readonly closingMs: number | null;
    readonly reversals: number;
    readonly relevels: number;
    readonly moving: boolean;
  } | null;
}

type Cycle = NonNullable<DoorMemory['cycle']>;

export const DOOR_START: DoorMemory = { closed: false, unknownMs: null, cycle: null };

/** Two sources of the door differ for up to a scan at each movement; what is unknown for longer is a gap. */
const GAP_MS = 1500;

const CLOSED: DoorMemory = { closed: true, unknownMs: null, cycle: null };

export function stepDoor(
  memory: DoorMemory,
  lift: LiftState,
  id: string,
  atMs: number,
): { memory: DoorMemory; record: DoorCycleRecord | null } {
  const { doorClosed, landing } = lift;
  if (doorClosed.value === null) {
    return { memory: memory.unknownMs === null ? { ...memory, unknownMs: atMs } : memory, record: null };
  }
  const known = afterGap(memory, atMs);
  if (doorClosed.value) {
    const still = known.closed && !known.cycle;
    return { memory: still ? known : CLOSED, record: known.cycle && recordOf(known.cycle, id, atMs) };
  }
  if (!known.closed) return { memory: known, record: null };
  const begun = {
    startMs: atMs,
    landing: landing.value,
    openedMs: null,
    closingMs: null,
    reversals: 0,
    relevels: 0,
    moving: false,
  };
  const cycle = known.cycle ? moved(relevelled(known.cycle, lift), lift.doorOpen.value, atMs) : begun;
  return { memory: cycle === known.cycle ? known : { ...known, cycle }, record: null };
}

/** A gap loses the times of the cycle in it; cycles are recorded again from the next closed door on. */
function afterGap(memory: DoorMemory, atMs: number): DoorMemory {
  if (memory.unknownMs === null) return memory;
  return atMs - memory.unknownMs > GAP_MS ? DOOR_START : { ...memory, unknownMs: null };
}

/** Each start of the car with its door open. */
function relevelled(cycle: Cycle, { moving }: LiftState): Cycle {
  if (moving.value === null || moving.value === cycle.moving) return cycle;
  return { ...cycle, moving: moving.value, relevels: cycle.relevels + (moving.value ? 1 : 0) };
}

function moved(cycle: Cycle, open: boolean | null, atMs: number): Cycle {
  if (open === true && (cycle.openedMs === null || cycle.closingMs !== null)) {
    const reversals = cycle.reversals + (cycle.closingMs === null ? 0 : 1);
    return { ...cycle, openedMs: cycle.openedMs ?? atMs, closingMs: null, reversals };
  }
  return open === false && cycle.openedMs !== null && cycle.closingMs === null ? { ...cycle, closingMs: atMs } : cycle;
}

function recordOf(cycle: Cycle, lift: string, atMs: number): DoorCycleRecord {
  return {
    type: 'door-cycle',
    lift,
    atMs,
    startMs: Math.round(cycle.startMs),
    landing: cycle.landing,
    openingMs: cycle.openedMs === null ? null : Math.round(cycle.openedMs - cycle.startMs),
    closingMs: cycle.closingMs === null ? null : Math.round(atMs - cycle.closingMs),
    reversals: cycle.reversals,
    relevels: cycle.relevels,
  };
}
