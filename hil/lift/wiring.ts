/** The signals of the lift: what is true, what the inputs show, and what the controller says. */

import type { MonoMs, Stop } from '../../src/clock.ts';
import type { SignalName, SignalValues } from '../../src/lift/signals.ts';

export interface FlagEdge {
  readonly signal: SignalName;
  readonly on: boolean;
  readonly atMs: MonoMs;
}

export type FlagName = { [K in SignalName]: SignalValues[K] extends boolean ? K : never }[SignalName];

export class Wiring {
  readonly truth: SignalValues;
  readonly #now: () => MonoMs;
  readonly #listeners: ((edge: FlagEdge) => void)[] = [];
  /** inputs that do not show what is true, and what each showed last */
  readonly #defects = new Map<FlagName, { readonly of: (truth: SignalValues) => boolean; shows: boolean }>();
  /** how many landings the controller's count is off */
  landingsOff = 0;
  /** the controller does not answer */
  silent = false;

  constructor(landing: number, now: () => MonoMs) {
    this.#now = now;
    this.truth = {
      mode: 'normal',
      moving: false,
      direction: 'none',
      speedMmPerS: 0,
      positionMm: 0,
      landing,
      doorZone: true,
      levelUpper: true,
      levelLower: true,
      baseLanding: false,
      endLimit: false,
      doorClosed: true,
      doorOpen: false,
      passenger: false,
      alarmButton: false,
      endOfAlarm: false,
      inspection: false,
      machineRoomDoorOpen: false,
      safetyChainClosed: true,
      brakeReleased: false,
      callWaiting: false,
      callHere: false,
      mainsPresent: true,
      overload: false,
      faultCode: 0,
      loadPercent: 0,
    };
  }

  onEdge(listen: (edge: FlagEdge) => void): Stop {
    this.#listeners.push(listen);
    return () => {
      const place = this.#listeners.indexOf(listen);
      if (place >= 0) this.#listeners.splice(place, 1);
    };
  }

  set(flag: FlagName, on: boolean): void {
    if (this.truth[flag] === on) return;
    this.truth[flag] = on;
    if (!this.#defects.has(flag)) this.#tell(flag, on);
    if (this.#defects.size > 0) this.#refresh();
  }

  /** An input that shows something else than its own truth, until it is freed. */
  spoil(flag: FlagName, of: (truth: SignalValues) => boolean): void {
    const shows = this.#defects.get(flag)?.shows ?? this.truth[flag];
    this.#defects.set(flag, { of, shows });
    this.#refresh();
  }

  /** An input that shows one value whatever is true, until it is freed. */
  stick(flag: FlagName, on: boolean): void {
    this.spoil(flag, () => on);
  }

  free(flag: FlagName): void {
    const defect = this.#defects.get(flag);
    this.#defects.delete(flag);
    if (defect && defect.shows !== this.truth[flag]) this.#tell(flag, this.truth[flag]);
  }

  /** What the inputs show, given what is true. */
  shown(values: SignalValues): SignalValues {
    if (this.#defects.size === 0) return values;
    const shown = Object.fromEntries([...this.#defects].map(([flag, { shows }]) => [flag, shows]));
    return { ...values, ...shown };
  }

  #refresh(): void {
    for (const [flag, defect] of this.#defects) {
      const shows = defect.of(this.truth);
      if (shows === defect.shows) continue;
      defect.shows = shows;
      this.#tell(flag, shows);
    }
  }

  #tell(signal: FlagName, on: boolean): void {
    const edge = { signal, on, atMs: this.#now() };
    for (const listen of [...this.#listeners]) listen(edge);
  }
}

/** A copy to be changed; a literal, for the spread of so large an object takes twenty times as long. */
export function copyOf(values: SignalValues): SignalValues {
  return {
    mode: values.mode,
    moving: values.moving,
    direction: values.direction,
    speedMmPerS: values.speedMmPerS,
    positionMm: values.positionMm,
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
    loadPercent: values.loadPercent,
  };
}
