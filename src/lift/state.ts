/** The lift as it is known at one moment. A new object only when something about it changed. */

import type { MonoMs } from '../clock.ts';
import type { FaultName } from './events.ts';
import type { Readings, SideValues } from './signals.ts';

/** The two level switches as they are wired: each on its own wire, or each on the other's. */
export type PairOrder = 'right' | 'swapped';

/** The link to the lift's controller: `none` where the site file names no controller. */
export type ControllerLink = 'none' | 'waiting' | 'live' | 'silent';

export interface LiftState extends Readings {
  /** both level switches on, or the controller's door zone where no level pair is wired */
  readonly atLevel: Readings['doorZone'];
  /** what each side says of itself, before the two were merged; null = known once, stale now */
  readonly controller: SideValues;
  readonly inputs: SideValues;
  readonly link: ControllerLink;
  /** of a silent controller: its last reply, or the start where it never replied */
  readonly silentSinceMs: MonoMs | null;
  /** the level count was found wrong at the base switch, or left the shaft; until the base switch next agrees */
  readonly miscount: boolean;
  /** how the level pair is wired, as the count tells; swapped, it is read the other way round; null: not told, or not yet */
  readonly pairOrder: PairOrder | null;
}

/** The fixed facts of a lift that judgement needs, from the site file. */
export interface LiftFacts {
  readonly id: string;
  /** heights of the landings above the lowest, ascending, mm */
  readonly landingHeightsMm: readonly number[];
  readonly landingMarkings: readonly string[];
  readonly baseLanding: number;
  readonly ratedSpeedMmPerS: number;
  readonly emptyCarParksClosed: boolean;
  /** what the controller's own fault numbers say, from its profile; a number that is not listed is a controller-fault */
  readonly faultCodes: { readonly [code: string]: FaultCode };
  readonly limits: Limits;
}

/** Faults that only the controller can say, by its fault number. */
export const SAID_FAULTS = [
  'brake-fault',
  'power-supply-fault',
  'drive-fault',
  'drive-temperature',
  'controller-fault',
  'load-fault',
] as const satisfies readonly FaultName[];
export type SaidFault = (typeof SAID_FAULTS)[number];

/** One fault number of a controller. `fault` is null where Hoistway judges the thing itself, from its signals. */
export interface FaultCode {
  readonly fault: SaidFault | null;
  readonly en: string;
  readonly zh: string;
}

/** Limits of judgement, per lift. Defaults and their sources are in the site schema. */
export interface Limits {
  readonly safetyChainOpenLimitMs: number;
  readonly doorCloseLimitMs: number;
  readonly doorOpenLimitMs: number;
  readonly doorHeldOpenLimitMs: number;
  readonly stoppedOutsideDoorZoneLimitMs: number;
  readonly entrapmentAtLandingLimitMs: number;
  readonly entrapmentOffLevelLimitMs: number;
  readonly runTimeLimitMs: number;
  readonly doorOpenWhileRunningLimitMs: number;
  readonly contradictionLimitMs: number;
  readonly controllerSilentLimitMs: number;
  readonly positionLostLimitMs: number;
  readonly overtravelLimitMm: number;
  readonly alarmPressLimitMs: number;
  readonly restartLimitMs: number;
  readonly overspeedLimitPercent: number;
  readonly brakeLimitMs: number;
  readonly powerLossLimitMs: number;
  readonly holdOffMs: number;
}
