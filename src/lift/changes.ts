/** What changed of a lift from one state to the next, so that only those look whom it concerns. */

import type { LiftState } from './state.ts';

/**
 * What a detector may read of a lift. `link` stands for silentSinceMs as well. `restMm`: the position of a car that is not known
 * to move; of one on its way it changes at every scan, and that concerns few.
 */
export const PARTS = [
  'mode',
  'moving',
  'direction',
  'speedMmPerS',
  'positionMm',
  'landing',
  'doorZone',
  'levelUpper',
  'levelLower',
  'baseLanding',
  'endLimit',
  'doorClosed',
  'doorOpen',
  'passenger',
  'alarmButton',
  'endOfAlarm',
  'inspection',
  'machineRoomDoorOpen',
  'safetyChainClosed',
  'brakeReleased',
  'callWaiting',
  'callHere',
  'mainsPresent',
  'faultCode',
  'atLevel',
  'controller',
  'inputs',
  'link',
  'miscount',
  'restMm',
  'pairOrder',
] as const satisfies readonly (keyof LiftState | 'restMm')[];
export type Part = (typeof PARTS)[number];

/** A bit for each part. */
export function bitsOf(parts: readonly Part[]): number {
  return parts.reduce((bits, part) => bits | (1 << PARTS.indexOf(part)), 0);
}

/** Which parts of a lift differ, as bits. Written out: it runs at every change of every lift. */
export function changesBetween(was: LiftState, now: LiftState): number {
  let bits = 0;
  if (was.mode !== now.mode) bits |= 1 << 0;
  if (was.moving !== now.moving) bits |= 1 << 1;
  if (was.direction !== now.direction) bits |= 1 << 2;
  if (was.speedMmPerS !== now.speedMmPerS) bits |= 1 << 3;
  if (was.positionMm !== now.positionMm) bits |= now.moving.value === true ? 1 << 4 : (1 << 4) | (1 << 29);
  if (was.landing !== now.landing) bits |= 1 << 5;
  if (was.doorZone !== now.doorZone) bits |= 1 << 6;
  if (was.levelUpper !== now.levelUpper) bits |= 1 << 7;
  if (was.levelLower !== now.levelLower) bits |= 1 << 8;
  if (was.baseLanding !== now.baseLanding) bits |= 1 << 9;
  if (was.endLimit !== now.endLimit) bits |= 1 << 10;
  if (was.doorClosed !== now.doorClosed) bits |= 1 << 11;
  if (was.doorOpen !== now.doorOpen) bits |= 1 << 12;
  if (was.passenger !== now.passenger) bits |= 1 << 13;
  if (was.alarmButton !== now.alarmButton) bits |= 1 << 14;
  if (was.endOfAlarm !== now.endOfAlarm) bits |= 1 << 15;
  if (was.inspection !== now.inspection) bits |= 1 << 16;
  if (was.machineRoomDoorOpen !== now.machineRoomDoorOpen) bits |= 1 << 17;
  if (was.safetyChainClosed !== now.safetyChainClosed) bits |= 1 << 18;
  if (was.brakeReleased !== now.brakeReleased) bits |= 1 << 19;
  if (was.callWaiting !== now.callWaiting) bits |= 1 << 20;
  if (was.callHere !== now.callHere) bits |= 1 << 21;
  if (was.mainsPresent !== now.mainsPresent) bits |= 1 << 22;
  if (was.faultCode !== now.faultCode) bits |= 1 << 23;
  if (was.atLevel !== now.atLevel) bits |= 1 << 24;
  if (was.controller !== now.controller) bits |= 1 << 25;
  if (was.inputs !== now.inputs) bits |= 1 << 26;
  if (was.link !== now.link || was.silentSinceMs !== now.silentSinceMs) bits |= 1 << 27;
  if (was.miscount !== now.miscount) bits |= 1 << 28;
  if (was.pairOrder !== now.pairOrder) bits |= 1 << 30;
  return bits;
}
