/**
 * The shapes of what is known of a lift, written out: an object that is made by one literal keeps its fields in fixed places,
 * and judgement reads hundreds of them at every change.
 */

import type { MonoMs } from '../clock.ts';
import type { PartialValues, SideValues, SignalName, SignalValues } from './signals.ts';
import type { LiftState } from './state.ts';

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
    pairOrder: null,
  };
}

/** Nothing was read yet. */
export function blankValues(): { [K in SignalName]?: SignalValues[SignalName] | null | undefined } {
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

/** The same once more, to be changed: a literal, for the spread of so large an object takes twenty times as long. */
export function copyOf(state: LiftState): { -readonly [K in keyof LiftState]: LiftState[K] } {
  return {
    mode: state.mode,
    moving: state.moving,
    direction: state.direction,
    speedMmPerS: state.speedMmPerS,
    positionMm: state.positionMm,
    landing: state.landing,
    doorZone: state.doorZone,
    levelUpper: state.levelUpper,
    levelLower: state.levelLower,
    baseLanding: state.baseLanding,
    endLimit: state.endLimit,
    doorClosed: state.doorClosed,
    doorOpen: state.doorOpen,
    passenger: state.passenger,
    alarmButton: state.alarmButton,
    endOfAlarm: state.endOfAlarm,
    inspection: state.inspection,
    machineRoomDoorOpen: state.machineRoomDoorOpen,
    safetyChainClosed: state.safetyChainClosed,
    brakeReleased: state.brakeReleased,
    callWaiting: state.callWaiting,
    callHere: state.callHere,
    mainsPresent: state.mainsPresent,
    overload: state.overload,
    faultCode: state.faultCode,
    loadPercent: state.loadPercent,
    atLevel: state.atLevel,
    controller: state.controller,
    inputs: state.inputs,
    link: state.link,
    silentSinceMs: state.silentSinceMs,
    miscount: state.miscount,
    pairOrder: state.pairOrder,
  };
}

/** What the controller says of itself, without what is only measured. */
export function sideOf(values: PartialValues): SideValues {
  return {
    mode: values.mode,
    moving: values.moving,
    direction: values.direction,
    landing: values.landing,
    doorZone: values.doorZone,
    levelUpper: values.levelUpper,
    levelLower: values.levelLower,
    baseLanding: values.baseLanding,
    endLimit: values.endLimit,
    doorClosed: values.doorClosed,
    doorOpen: values.doorOpen,
    passenger: values.passenger,
    alarmButton: values.alarmButton,
    endOfAlarm: values.endOfAlarm,
    inspection: values.inspection,
    machineRoomDoorOpen: values.machineRoomDoorOpen,
    safetyChainClosed: values.safetyChainClosed,
    brakeReleased: values.brakeReleased,
    callWaiting: values.callWaiting,
    callHere: values.callHere,
    mainsPresent: values.mainsPresent,
    overload: values.overload,
    faultCode: values.faultCode,
  };
}
