/** What judgement says of a lift. Plain data; times are the box's monotonic milliseconds, rounded to whole ones. */

import type { Direction, ServiceMode, SignalName, SignalValues } from './signals.ts';

/** Stable names, first in every queue first. The regions' numbers for them are in seeds/faults.yaml. */
export const FAULTS = [
  'entrapment',
  'alarm-button',
  'unintended-car-movement',
  'overtravel-top',
  'overtravel-bottom',
  'moving-with-door-open',
  'door-open-while-running',
  'overspeed',
  'safety-chain-open',
  'sudden-stop',
  'brake-fault',
  'stopped-outside-door-zone',
  'run-time-limit',
  'restart-prevented',
  'power-supply-fault',
  'drive-fault',
  'drive-temperature',
  'controller-fault',
  'load-fault',
  'door-open-failure',
  'door-close-failure',
  'door-held-open',
  'call-button-stuck',
  'position-lost',
  'sensor-contradiction',
  'controller-silent',
] as const;
export type FaultName = (typeof FAULTS)[number];

/** The known signals of a lift at one moment; what nobody can say is left out. */
export type Snapshot = { [K in SignalName]?: SignalValues[K] } & { atLevel?: boolean };

/** A fault begins or ends. Both carry one id; `beganMs` is the moment of the begin. */
export interface FaultEvent {
  readonly type: 'fault';
  readonly phase: 'begin' | 'end';
  /** `<lift>/<fault>[:<subject>]@<beganMs>`: one per episode within a boot of the machine */
  readonly id: string;
  readonly lift: string;
  readonly fault: FaultName;
  /** what a sensor-contradiction is about: `door`, `level`, `level-wires`, `base` or `passenger` */
  readonly subject?: string;
  /** of a sensor-contradiction: the sensor that is wrong, and how, where that can be told */
  readonly sensor?: SignalName;
  readonly way?: string;
  readonly atMs: number;
  readonly beganMs: number;
  /** the lift at this moment */
  readonly snapshot: Snapshot;
}

export interface ModeEvent {
  readonly type: 'mode';
  readonly lift: string;
  readonly atMs: number;
  readonly mode: ServiceMode;
  readonly was: ServiceMode | null;
  /** faults that are not raised while this mode lasts, because the people at work would raise them */
  readonly mutes: readonly FaultName[];
}

/** One run of the car from rest to rest. Landings and distance are null where nothing tells them. */
export interface TripRecord {
  readonly type: 'trip';
  readonly lift: string;
  /** the end of the trip */
  readonly atMs: number;
  readonly startMs: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly direction: Direction;
  readonly distanceMm: number | null;
  readonly topSpeedMmPerS: number | null;
  readonly passenger: boolean | null;
  /** where it came to rest above the landing `to`; null where no controller tells a position */
  readonly levelErrorMm: number | null;
}

/** One opening and closing of the car door. Opening and closing times are null where only the closed switch is wired. */
export interface DoorCycleRecord {
  readonly type: 'door-cycle';
  readonly lift: string;
  /** the door proven closed again */
  readonly atMs: number;
  readonly startMs: number;
  readonly landing: number | null;
  readonly openingMs: number | null;
  readonly closingMs: number | null;
  readonly reversals: number;
  /** short runs of the car while the door was open: it was brought back to the level */
  readonly relevels: number;
}

/**
 * One rescue, from the raising of an entrapment until the lift served again. Durations count from the raising, ms; null
 * where no signal told. A rescue amid which another entrapment was raised has no end of its own.
 */
export interface RescueRecord {
  readonly type: 'rescue';
  readonly lift: string;
  /** the id of the entrapment */
  readonly id: string;
  readonly atMs: number;
  readonly raisedMs: number;
  readonly technicianAfterMs: number | null;
  readonly technicianBy: 'inspection' | 'machine-room-door' | null;
  readonly doorsOpenAfterMs: number | null;
  readonly passengerOutAfterMs: number | null;
  readonly backInServiceAfterMs: number | null;
}

/** The automatic test of the alarm, by the same way as an alarm. */
export interface AlarmTestRecord {
  readonly type: 'alarm-test';
  readonly lift: string;
  readonly atMs: number;
  /** the button can be read, and is not down */
  readonly working: boolean;
}

/**
 * Stable names of the conditions: drifts, and landings that are not where the site file says. What they are called and what to
 * do next is in seeds/conditions.yaml.
 */
export const CONDITIONS = [
  'door-slowing',
  'run-slowing',
  'level-inaccuracy',
  'relevel-excess',
  'start-rate',
  'landing-height',
] as const;
export type ConditionName = (typeof CONDITIONS)[number];

/**
 * A drift away from what this lift learned to be its normal: no fault yet. Begin and end carry one id. `landing-height`: the
 * distance to the landing below is learned to be another (`now`) than the site file says (`normal`).
 */
export interface ConditionEvent {
  readonly type: 'condition';
  readonly phase: 'begin' | 'end';
  readonly id: string;
  readonly lift: string;
  readonly condition: ConditionName;
  /** of door-slowing: `opening` or `closing`; of landing-height: the marking of the landing */
  readonly subject?: string;
  /** of level-inaccuracy: the landing that shows it */
  readonly landing?: number;
  readonly atMs: number;
  readonly beganMs: number;
  /** the learned normal (or the configured one) and the present level, in `unit` */
  readonly normal: number;
  readonly now: number;
  readonly unit: string;
  readonly changePercent: number;
  /** values since the learning */
  readonly samples: number;
}

/**
 * The distance between two neighbouring landings as it was learned: once a start of the box, and again where it is another.
 * It stays on the box; what it says of the site file goes up as a condition.
 */
export interface LandingGap {
  readonly type: 'landing-gap';
  readonly lift: string;
  readonly atMs: number;
  /** the upper of the two, and its marking */
  readonly landing: number;
  readonly marking: string;
  readonly learnedMm: number;
  /** by the heights of the site file */
  readonly configuredMm: number;
  readonly samples: number;
  /** from positions that the controller told at rest, or from the time between levels at rated speed */
  readonly by: 'position' | 'time';
}

/** A lift's totals since the box first watched it, once a day. */
export interface TotalsRecord {
  readonly type: 'totals';
  readonly lift: string;
  readonly atMs: number;
  readonly trips: number;
  readonly doorCycles: number;
  readonly relevels: number;
  readonly ropeBends: number;
  readonly runningMs: number;
  readonly distanceMm: number;
  readonly watchedMs: number;
  /** share of the watched time in service without a fault that stops the lift, 0 to 1 */
  readonly availability: number | null;
  readonly meanTimeBetweenFaultsMs: number | null;
}

export type LiftEvent =
  | FaultEvent
  | ModeEvent
  | TripRecord
  | DoorCycleRecord
  | RescueRecord
  | AlarmTestRecord
  | ConditionEvent
  | LandingGap
  | TotalsRecord;

/** Alarms and faults are never displaced by telemetry. */
export type Lane = 'alarm' | 'telemetry';

const TELEMETRY: ReadonlySet<string> = new Set(['trip', 'door-cycle', 'totals']);

export function laneOf(event: { readonly type: string }): Lane {
  return TELEMETRY.has(event.type) ? 'telemetry' : 'alarm';
}
