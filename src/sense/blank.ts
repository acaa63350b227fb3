/**
 * The shapes of what is known of a lift, written out: an object that is made by one literal keeps its fields in fixed places,
 * and judgement reads hundreds of them at every change.
 */

import type { MonoMs } from '../clock.ts';
import type { SignalName } from '../lift/signals.ts';
import type { LiftState } from '../lift/state.ts';
import type { Decoded } from './decode.ts';

/** Nothing is known yet. */
export function blankState(link: LiftState['link'], nowMs: MonoMs): LiftState {
  const blank = { value: null, sinceMs: nowMs, source: 'none' as const };
  return {
    mode: blank,
    moving: blank,
    direction: blank,
    speedMmPerS: blank,
    positionMm: blank,
    landing: blank,
    doorZone: blank,
    levelUpper: blank,
    levelLower: blank,
    baseLanding: blank,
    endLimit: blank,
    doorClosed: blank,
    doorOpen: blank,
    passenger: blank,
    alarmButton: blank,
    endOfAlarm: blank,
    inspection: blank,
    machineRoomDoorOpen: blank,
    safetyChainClosed: blank,
    brakeReleased: blank,
    callWaiting: blank,
    callHere: blank,
    mainsPresent: blank,
    overload: blank,
    faultCode: blank,
    loadPercent: blank,
    atLevel: blank,
    controller: {},
    inputs: {},
    link,
    silentSinceMs: link === 'waiting' ? nowMs : null,
    miscount: false,
  };
}

/** Nothing was read yet. */
export function blankValues(): { [K in SignalName]?: Decoded | undefined } {
  return {
    mode: undefined,
    moving: undefined,
    direction: undefined,
    speedMmPerS: undefined,
    positionMm: undefined,
    landing: undefined,
    doorZone: undefined,
    levelUpper: undefined,
    levelLower: undefined,
    baseLanding: undefined,
    endLimit: undefined,
    doorClosed: undefined,
    doorOpen: undefined,
    passenger: undefined,
    alarmButton: undefined,
    endOfAlarm: undefined,
    inspection: undefined,
    machineRoomDoorOpen: undefined,
    safetyChainClosed: undefined,
    brakeReleased: undefined,
    callWaiting: undefined,
    callHere: undefined,
    mainsPresent: undefined,
    overload: undefined,
    faultCode: undefined,
    loadPercent: undefined,
  };
}
