/** Trips: each run of the car from rest to rest, as a record. */

import type { TripRecord } from '../lift/events.ts';
import type { Direction } from '../lift/signals.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';

/** A run no further than this is a relevelling; where no position is read, one that is shorter and stays at its landing. */
const RELEVEL_MM = 100;
const RELEVEL_MS = 3000;

export interface TripMemory {
  /** rest has been seen since the last gap: a run that begins is seen from its start */
  readonly rested: boolean;
  readonly running: {
    readonly startMs: number;
    readonly from: number | null;
    readonly fromMm: number | null;
    readonly direction: Direction;
    readonly topSpeedMmPerS: number | null;
    readonly passenger: boolean | null;
  } | null;
}

type Running = NonNullable<TripMemory['running']>;

export const TRIP_START: TripMemory = { rested: false, running: null };

const RESTED: TripMemory = { rested: true, running: null };

export function stepTrip(
  memory: TripMemory,
  lift: LiftState,
  facts: LiftFacts,
  atMs: number,
): { memory: TripMemory; record: TripRecord | null } {
  const { running } = memory;
  if (lift.moving.value === null)
    return { memory: memory.rested ? { ...memory, rested: false } : memory, record: null };
  if (lift.moving.value) return { memory: running ? seen(memory, lift) : begun(memory, lift, atMs), record: null };
  const record = running && !isRelevel(running, lift, atMs) ? recordOf(running, lift, facts, atMs) : null;
  return { memory: memory.rested && !running ? memory : RESTED, record };
}

function isRelevel({ from, fromMm, startMs }: Running, { landing, positionMm }: LiftState, atMs: number): boolean {
  if (from === null || from !== landing.value) return false;
  if (fromMm === null || positionMm.value === null) return atMs - startMs < RELEVEL_MS;
  return Math.abs(positionMm.value - fromMm) < RELEVEL_MM;
}

/** Amid a run nobody knows where it began. */
function begun({ rested }: TripMemory, lift: LiftState, atMs: number): TripMemory {
  const running = {
    startMs: atMs,
    from: rested ? lift.landing.value : null,
    fromMm: rested ? lift.positionMm.value : null,
    direction: 'none' as const,
    topSpeedMmPerS: null,
    passenger: lift.passenger.value,
  };
  return seen({ rested, running }, lift);
}

function seen(memory: TripMemory, lift: LiftState): TripMemory {
  const { running } = memory;
  if (!running) return memory;
  const speed = lift.speedMmPerS.value === null ? null : Math.abs(lift.speedMmPerS.value);
  const topSpeedMmPerS = speed === null ? running.topSpeedMmPerS : Math.max(speed, running.topSpeedMmPerS ?? 0);
  const direction = running.direction === 'none' ? (lift.direction.value ?? 'none') : running.direction;
  if (topSpeedMmPerS === running.topSpeedMmPerS && direction === running.direction) return memory;
  // Written out: this runs at every scan of a car that gathers speed.
  const { startMs, from, fromMm, passenger } = running;
  return { rested: memory.rested, running: { startMs, from, fromMm, direction, topSpeedMmPerS, passenger } };
}

function recordOf(running: Running, lift: LiftState, { id, landingHeightsMm }: LiftFacts, atMs: number): TripRecord {
  const to = lift.landing.value;
  const heightOf = (landing: number | null) => (landing === null ? null : (landingHeightsMm[landing] ?? null));
  const levelMm = heightOf(to);
  const stoppedMm = lift.positionMm.value;
  const end = stoppedMm ?? levelMm;
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
    levelErrorMm: stoppedMm === null || levelMm === null ? null : Math.round(stoppedMm - levelMm),
  };
}
