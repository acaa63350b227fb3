/** Trips: each run of the car from rest to rest, as a record. */

import type { TripRecord } from '../lift/events.ts';
import type { Direction } from '../lift/signals.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';

/** A run shorter than this, that stays at its landing, is a relevelling. */
const RELEVEL_MS = 3000;

export interface TripMemory {
  readonly running: {
    readonly startMs: number;
    readonly from: number | null;
    readonly fromMm: number | null;
    readonly direction: Direction;
    readonly topSpeedMmPerS: number | null;
    readonly passenger: boolean | null;
  } | null;
}

export const TRIP_START: TripMemory = { running: null };

export function stepTrip(
  memory: TripMemory,
  lift: LiftState,
  facts: LiftFacts,
  atMs: number,
): { memory: TripMemory; record: TripRecord | null } {
  const { running } = memory;
  if (lift.moving.value === true) return { memory: running ? seen(memory, lift) : begun(lift, atMs), record: null };
  if (!running || lift.moving.value === null) return { memory, record: null };
  const to = lift.landing.value;
  const relevelled = running.from === to && atMs - running.startMs < RELEVEL_MS;
  return { memory: TRIP_START, record: relevelled ? null : recordOf(running, lift, facts, atMs) };
}

function begun(lift: LiftState, atMs: number): TripMemory {
  return seen(
    {
      running: {
        startMs: atMs,
        from: lift.landing.value,
        fromMm: lift.positionMm.value,
        direction: 'none',
        topSpeedMmPerS: null,
        passenger: lift.passenger.value,
      },
    },
    lift,
  );
}

function seen(memory: TripMemory, lift: LiftState): TripMemory {
  const { running } = memory;
  if (!running) return memory;
  const speed = lift.speedMmPerS.value === null ? null : Math.abs(lift.speedMmPerS.value);
  const topSpeedMmPerS = speed === null ? running.topSpeedMmPerS : Math.max(speed, running.topSpeedMmPerS ?? 0);
  const direction = running.direction === 'none' ? (lift.direction.value ?? 'none') : running.direction;
  if (topSpeedMmPerS === running.topSpeedMmPerS && direction === running.direction) return memory;
  return { running: { ...running, topSpeedMmPerS, direction } };
}

function recordOf(
  running: NonNullable<TripMemory['running']>,
  lift: LiftState,
  { id, landingHeightsMm }: LiftFacts,
  atMs: number,
): TripRecord {
  const to = lift.landing.value;
  const heightOf = (landing: number | null) => (landing === null ? null : (landingHeightsMm[landing] ?? null));
  const end = lift.positionMm.value ?? heightOf(to);
  const start = running.fromMm ?? heightOf(running.from);
  return {
    type: 'trip',
    lift: id,
    atMs,
    startMs: Math.round(running.startMs),
    from: running.from,
    to,
    direction: running.direction,
    distanceMm: end === null || start === null ? null : Math.abs(Math.round(end - start)),
    topSpeedMmPerS: running.topSpeedMmPerS,
    passenger: running.passenger,
  };
}
