/**
 * Rescues: what happened from an entrapment until the lift was back in service, as one record of durations. This is what the
 * statistics of a rescue line are made of, so nothing is guessed: what no signal told is null.
 */

import type { FaultEvent, RescueRecord } from '../lift/events.ts';
import type { LiftState } from '../lift/state.ts';

export interface RescueMemory {
  readonly rescue: Open | null;
}

/** Moments of the rescue that is going on, monotonic ms; null until they come. */
interface Open {
  readonly id: string;
  readonly raisedMs: number;
  readonly endedMs: number | null;
  readonly technicianMs: number | null;
  readonly technicianBy: RescueRecord['technicianBy'];
  readonly doorsOpenMs: number | null;
  readonly passengerOutMs: number | null;
  /** the technician's signs as they stood when it was raised are no arrival */
  readonly before: { readonly inspection: boolean; readonly machineRoomDoor: boolean };
}

export const RESCUE_START: RescueMemory = { rescue: null };

/** `faults`: what was judged at this look. The record comes when the lift is back in service, or is trapped again before. */
export function stepRescue(
  memory: RescueMemory,
  lift: LiftState,
  faults: readonly FaultEvent[],
  id: string,
  atMs: number,
): { memory: RescueMemory; record: RescueRecord | null } {
  const begun = faults.find(({ fault, phase }) => fault === 'entrapment' && phase === 'begin');
  const { rescue } = memory;
  if (begun) return { memory: { rescue: opened(begun, lift) }, record: rescue && recordOf(rescue, id, null, atMs) };
  if (!rescue) return { memory, record: null };
  const ended = faults.some((event) => event.id === rescue.id && event.phase === 'end');
  const seen = followed(ended ? { ...rescue, endedMs: atMs } : rescue, lift, atMs);
  if (seen.endedMs !== null && servesAgain(lift))
    return { memory: RESCUE_START, record: recordOf(seen, id, atMs, atMs) };
  return { memory: seen === rescue ? memory : { rescue: seen }, record: null };
}

/** An entrapment that was open when the box stopped: its begin is known, and the lift is looked at from now on. */
export function resumedRescue(id: string, raisedMs: number): RescueMemory {
  return { rescue: { ...BLANK, id, raisedMs } };
}

const BLANK: Omit<Open, 'id' | 'raisedMs'> = {
  endedMs: null,
  technicianMs: null,
  technicianBy: null,
  doorsOpenMs: null,
  passengerOutMs: null,
  before: { inspection: false, machineRoomDoor: false },
};

function opened({ id, atMs }: FaultEvent, lift: LiftState): Open {
  const before = { inspection: inspects(lift), machineRoomDoor: lift.machineRoomDoorOpen.value === true };
  return { ...BLANK, id, raisedMs: atMs, before };
}

function inspects({ mode, inspection }: LiftState): boolean {
  return mode.value === 'inspection' || inspection.value === true;
}

function followed(rescue: Open, lift: LiftState, atMs: number): Open {
  let next = rescue;
  const by = next.technicianMs === null ? technicianBy(next, lift) : null;
  if (by) next = { ...next, technicianMs: atMs, technicianBy: by };
  const open = lift.doorClosed.value === false && lift.doorZone.value !== false;
  if (open && next.doorsOpenMs === null) next = { ...next, doorsOpenMs: atMs };
  // A door that closed again before the entrapment ended let nobody out.
  const shut = lift.doorClosed.value === true && next.doorsOpenMs !== null && next.endedMs === null;
  if (shut) next = { ...next, doorsOpenMs: null, passengerOutMs: null };
  const out = lift.passenger.value === false && next.doorsOpenMs !== null && next.passengerOutMs === null;
  return out ? { ...next, passengerOutMs: atMs } : next;
}

function technicianBy({ before }: Open, lift: LiftState): RescueRecord['technicianBy'] {
  if (!before.inspection && inspects(lift)) return 'inspection';
  return !before.machineRoomDoor && lift.machineRoomDoorOpen.value === true ? 'machine-room-door' : null;
}

/** It runs with its door proven closed, and nobody is at work on it. */
function servesAgain({ moving, doorClosed, mode, inspection }: LiftState): boolean {
  const service = (mode.value === null || mode.value === 'normal') && inspection.value !== true;
  return service && moving.value === true && doorClosed.value !== false;
}

function recordOf(rescue: Open, lift: string, backMs: number | null, atMs: number): RescueRecord {
  const after = (ms: number | null) => (ms === null ? null : Math.max(0, Math.round(ms - rescue.raisedMs)));
  return {
    type: 'rescue',
    lift,
    id: rescue.id,
    atMs,
    raisedMs: Math.round(rescue.raisedMs),
    technicianAfterMs: after(rescue.technicianMs),
    technicianBy: rescue.technicianBy,
    doorsOpenAfterMs: after(rescue.doorsOpenMs),
    passengerOutAfterMs: after(rescue.passengerOutMs),
    backInServiceAfterMs: after(backMs),
  };
}
