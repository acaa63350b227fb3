/**
 * What can be made to go wrong with the simulated lift. Each injection waits for its moment (and brings a passenger when
 * nobody comes), takes the car from the controller if it must, and is ended by a person after `heldMs`.
 */

import type { MonoMs } from '../../src/clock.ts';
import type { SaidFault } from '../../src/lift/state.ts';
import type { Car } from './car.ts';
import { doorClosesNever, doorHeldOpen, doorOpensNever, doorOpensRunning, leavesWithDoorOpen } from './faults-door.ts';
import {
  chainOpensAtRest,
  chainOpensRunning,
  overtravels,
  slips,
  stopsOffLevel,
  trapsAtLanding,
} from './faults-motion.ts';
import { brakeSticks, driftsOff, mainsGo, says } from './faults-said.ts';
import { controllerGoesSilent, doorInputSticks, levelInputsStick, losesPosition } from './faults-sensor.ts';
import { buttonSticks, mainsGoRunning, runsTooFast, startsNot } from './faults-service.ts';
import type { Random } from './random.ts';
import type { Task } from './task.ts';

/** `heldMs`: how long it lasts, from standstill where the car is stopped. */
export type Injection =
  /** Stops between landings with somebody in the car. `alarmAfterMs`: the alarm button, from standstill. */
  | { readonly kind: 'entrapment-off-level'; readonly heldMs: number; readonly alarmAfterMs: number | null }
  /** Arrives with somebody in the car and does not open. */
  | { readonly kind: 'entrapment-at-landing'; readonly heldMs: number; readonly alarmAfterMs: number | null }
  /** An empty car stops between landings. */
  | { readonly kind: 'stopped-outside-door-zone'; readonly heldMs: number }
  /** Something stands in the door. */
  | { readonly kind: 'door-held-open'; readonly heldMs: number }
  /** The door jams half-way, reopens five times in one stop, or turns back three times in 15 s. */
  | {
      readonly kind: 'door-close-failure';
      readonly way: 'jams' | 'reopens' | 'reverses';
      /** of `jams` only */
      readonly heldMs: number;
    }
  /** Arrives with somebody in the car and opens late. */
  | { readonly kind: 'door-open-failure'; readonly heldMs: number }
  /** The chain opens: an emergency stop, or a parked car that cannot start. */
  | { readonly kind: 'safety-chain-open'; readonly running: boolean; readonly heldMs: number }
  /** Runs past the level of the end landing by `overrunMm`. */
  | {
      readonly kind: 'overtravel-top' | 'overtravel-bottom';
      readonly overrunMm: number;
      readonly heldMs: number;
    }
  /** The door leaves closed in mid-travel; the car stops at once, or runs on. */
  | { readonly kind: 'door-open-while-running'; readonly stops: boolean; readonly heldMs: number }
  /** Leaves the landing with its door open. */
  | { readonly kind: 'moving-with-door-open'; readonly heldMs: number }
  /** The machine turns and the car does not get on, for `heldMs` longer than the limit. */
  | { readonly kind: 'run-time-limit'; readonly heldMs: number }
  /** The controller miscounts a landing; put right at the base landing. */
  | { readonly kind: 'position-lost' }
  /** The door input sticks; `shows` is what it says. Lasts `heldMs` longer than the limit. */
  | { readonly kind: 'sensor-contradiction-door'; readonly shows: 'closed' | 'not-closed'; readonly heldMs: number }
  /** Both level switches stick on while the car stands between landings. Lasts `heldMs` longer than the limit. */
  | { readonly kind: 'sensor-contradiction-level'; readonly heldMs: number }
  /** The controller shows its own number for a fault, or one that its profile does not list. */
  | {
      readonly kind: 'controller-says';
      readonly fault: SaidFault;
      readonly unlisted: boolean;
      readonly heldMs: number;
    }
  /** The brake contact of a parked car says released. */
  | { readonly kind: 'brake-fault'; readonly heldMs: number }
  /** Mains go while the car is parked. */
  | { readonly kind: 'power-supply-fault'; readonly heldMs: number }
  /** The car sinks out of the zone with its door open, the machine at rest. */
  | { readonly kind: 'unintended-car-movement'; readonly heldMs: number }
  /** Mains go on the run: the car stops where it is. */
  | { readonly kind: 'mains-cut'; readonly heldMs: number }
  /** A run faster than the limit. */
  | { readonly kind: 'overspeed' }
  /** A call waits, and the car does not start. */
  | { readonly kind: 'restart-prevented'; readonly heldMs: number }
  /** A landing button that is down. */
  | { readonly kind: 'call-button-stuck' }
  /** The controller stops answering. */
  | { readonly kind: 'controller-silent'; readonly heldMs: number };
export type InjectionKind = Injection['kind'];

/** What came of an injection. Moments are null until they come. */
export interface Episode {
  readonly id: string;
  readonly injection: Injection;
  /** its precondition was met */
  readonly beganMs: MonoMs | null;
  /** from here the limit of its rule counts */
  readonly fromMs: MonoMs | null;
  readonly alarmMs: MonoMs | null;
  /** beyond an end landing the limit switch acts: where no level pair tells that the level was left, this does */
  readonly limitMs: MonoMs | null;
  /** a stop so sudden that it is a fault of its own, out of any door zone: when it was done */
  readonly suddenMs: MonoMs | null;
  /** it was so sudden by a moment: scans may see it or not */
  readonly maybeSudden: boolean;
  /** from here on nobody can find out any more: a car that was stopped moves again, or opens its door; one that ran stands */
  readonly restsUntilMs: MonoMs | null;
  /** somebody is behind closed doors of a car that something else has stopped; until the door is open */
  readonly trapped: Trapped | null;
  /** the condition ended */
  readonly endsMs: MonoMs | null;
  /** it is over: the lift serves again. With beganMs null: its moment never came. */
  readonly doneMs: MonoMs | null;
}
/** Behind closed doors of a car at rest: from when, and until the door is open. */
export interface Trapped {
  readonly fromMs: MonoMs;
  readonly offZone: boolean;
  readonly releasedMs: MonoMs | null;
}
/** An episode while it is being written. */
export type OpenEpisode = { -readonly [K in keyof Episode]: Episode[K] };

/** The simulated controller's own fault numbers, by kind: 11 and up; 0 is none. */
const KINDS: readonly InjectionKind[] = [
  'entrapment-off-level',
  'entrapment-at-landing',
  'stopped-outside-door-zone',
  'door-held-open',
  'door-close-failure',
  'door-open-failure',
  'safety-chain-open',
  'overtravel-top',
  'overtravel-bottom',
  'door-open-while-running',
  'moving-with-door-open',
  'run-time-limit',
  'position-lost',
  'sensor-contradiction-door',
  'sensor-contradiction-level',
  'controller-silent',
  'controller-says',
  'brake-fault',
  'power-supply-fault',
  'unintended-car-movement',
  'mains-cut',
  'overspeed',
  'restart-prevented',
  'call-button-stuck',
];

/** What an injection works with. */
export interface Stage<I extends Injection = Injection> {
  readonly car: Car;
  readonly injection: I;
  readonly episode: OpenEpisode;
  readonly random: Random;
  /** the controller's fault number for it */
  readonly code: number;
}

export function inject(car: Car, episode: OpenEpisode, random: Random): Task {
  const { injection } = episode;
  const stage = { car, episode, random, code: 11 + KINDS.indexOf(injection.kind) };
  switch (injection.kind) {
    case 'entrapment-off-level':
    case 'stopped-outside-door-zone':
      return stopsOffLevel({ ...stage, injection });
    case 'entrapment-at-landing':
      return trapsAtLanding({ ...stage, injection });
    case 'door-held-open':
      return doorHeldOpen({ ...stage, injection });
    case 'door-close-failure':
      return doorClosesNever({ ...stage, injection });
    case 'door-open-failure':
      return doorOpensNever({ ...stage, injection });
    case 'safety-chain-open':
      return injection.running ? chainOpensRunning({ ...stage, injection }) : chainOpensAtRest({ ...stage, injection });
    case 'overtravel-top':
    case 'overtravel-bottom':
      return overtravels({ ...stage, injection });
    case 'door-open-while-running':
      return doorOpensRunning({ ...stage, injection });
    case 'moving-with-door-open':
      return leavesWithDoorOpen({ ...stage, injection });
    case 'run-time-limit':
      return slips({ ...stage, injection });
    case 'position-lost':
      return losesPosition({ ...stage, injection });
    case 'sensor-contradiction-door':
      return doorInputSticks({ ...stage, injection });
    case 'sensor-contradiction-level':
      return levelInputsStick({ ...stage, injection });
    case 'controller-says':
      return says({ ...stage, injection });
    case 'brake-fault':
      return brakeSticks({ ...stage, injection });
    case 'power-supply-fault':
      return mainsGo({ ...stage, injection });
    case 'unintended-car-movement':
      return driftsOff({ ...stage, injection });
    case 'mains-cut':
      return mainsGoRunning({ ...stage, injection });
    case 'overspeed':
      return runsTooFast({ ...stage, injection });
    case 'restart-prevented':
      return startsNot({ ...stage, injection });
    case 'call-button-stuck':
      return buttonSticks({ ...stage, injection });
    case 'controller-silent':
      return controllerGoesSilent({ ...stage, injection });
  }
}
