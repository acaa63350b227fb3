import type { LiftFacts, LiftState } from '../lift/state.ts';
import { AT_REST, type Doubt, doubted, left, type Unrest, unrest } from './doubt.ts';

/**
 * The level pair. A switch that is on where the controller is out of any zone is stuck on, or the zone is wrong; one that is
 * off at rest where the position read is that of the landing is missing. One that never changes while the other does is
 * stuck, whatever the controller says; and so is one that was off, and the other on, when the door opened, four times in a row.
 * Left and met upwards in the order of downwards: the two are swapped, until the count has found that out too and reads them the
 * other way round (sensor-contradiction-wires.ts). Gap: restarted.
 */
interface Seen {
  readonly upper: Unrest;
  readonly lower: Unrest;
  /** times the other switch came on, after a while off, since this one last changed */
  readonly upperStill: number;
  readonly lowerStill: number;
  /** the switch that stayed on when the car left a level, until both are off */
  readonly leaving: 'upper' | 'lower' | null;
  /** that level was left with the switches in the order of the other direction */
  readonly leftOpposite: boolean;
  /** times in a row that the next was then met so, too */
  readonly opposite: number;
  /** stops in a row at which the door opened with this switch off and the other on */
  readonly upperOff: number;
  readonly lowerOff: number;
  readonly doorClosed: boolean | null;
}

/** A car read this near to its landing has both switches on: they are on within 25 mm. */
const SURELY_LEVEL_MM = 15;
const RUNNING_CHANGES_PER_S = 6;
const RESTING_CHANGES_PER_S = 0.5;
const MOST_CHANGES = 10;
/** In a row: a vane passed makes one, and none after a while without. */
const MOST_FAST = 6;
const FAST_AGO_MS = 10_000;
const MOST_STILL = 12;
const LEAST_OFF_MS = 300;
const MOST_OPPOSITE = 2;
const MOST_OFF = 4;

export const levelContradiction = doubted<Seen>({
  subject: 'level',
  reads: ['controller', 'inputs', 'moving', 'doorClosed', 'restMm', 'pairOrder'],
  needs: [
    ['input:levelUpper', 'input:levelLower', 'controller:doorZone'],
    ['input:levelUpper', 'input:levelLower', 'controller:positionMm', 'controller:landing'],
    ['input:levelUpper', 'input:levelLower'],
  ],
  blank: {
    upper: AT_REST,
    lower: AT_REST,
    upperStill: 0,
    lowerStill: 0,
    leaving: null,
    leftOpposite: false,
    opposite: 0,
    upperOff: 0,
    lowerOff: 0,
    doorClosed: null,
  },
  follow(seen, lift, nowMs) {
    const { levelUpper, levelLower } = lift.inputs;
    const upper = unrest(seen.upper, levelUpper, perS(lift), nowMs);
    const lower = unrest(seen.lower, levelLower, perS(lift), nowMs);
    const doorClosed = lift.doorClosed.value;
    const level = levelUpper === true && levelLower === true && lift.moving.value === false;
    const clear = !level || (seen.upperOff === 0 && seen.lowerOff === 0);
    if (upper === seen.upper && lower === seen.lower && doorClosed === seen.doorClosed && clear) return seen;
    const { leaving, leftOpposite, opposite } = wayOf(seen, lift);
    const upperStill = upper === seen.upper ? seen.upperStill + cameOn(seen.lower, lower) : 0;
    const lowerStill = lower === seen.lower ? seen.lowerStill + cameOn(seen.upper, upper) : 0;
    const opens = seen.doorClosed === true && doorClosed === false;
    const upperOff = level ? 0 : !opens ? seen.upperOff : levelLower && !levelUpper ? seen.upperOff + 1 : 0;
    const lowerOff = level ? 0 : !opens ? seen.lowerOff : levelUpper && !levelLower ? seen.lowerOff + 1 : 0;
    return { upper, lower, upperStill, lowerStill, leaving, leftOpposite, opposite, upperOff, lowerOff, doorClosed };
  },
  find(seen, lift, facts, nowMs): Doubt | null {
    const { levelUpper, levelLower } = lift.inputs;
    if (typeof levelUpper !== 'boolean' || typeof levelLower !== 'boolean') return null;
    if (flickers(seen.upper, lift, nowMs)) return { sensor: 'levelUpper', way: 'flickers', limitMs: 0 };
    if (flickers(seen.lower, lift, nowMs)) return { sensor: 'levelLower', way: 'flickers', limitMs: 0 };
    if (lift.controller.doorZone === false && (levelUpper || levelLower)) {
      return { sensor: levelUpper ? 'levelUpper' : 'levelLower', way: 'stuck-on' };
    }
    if (isSurelyLevel(lift, facts) && !(levelUpper && levelLower)) {
      return { sensor: levelUpper ? 'levelLower' : 'levelUpper', way: 'missing' };
    }
    if (seen.upperOff >= MOST_OFF) return { sensor: 'levelUpper', way: 'missing', limitMs: 0 };
    if (seen.lowerOff >= MOST_OFF) return { sensor: 'levelLower', way: 'missing', limitMs: 0 };
    if (seen.upperStill >= MOST_STILL) return stuck('levelUpper', levelUpper);
    if (seen.lowerStill >= MOST_STILL) return stuck('levelLower', levelLower);
    const swapped = seen.opposite >= MOST_OPPOSITE && lift.pairOrder !== 'swapped';
    return swapped ? { sensor: 'levelUpper', way: 'swapped', limitMs: 0 } : null;
  },
  known: ({ inputs }) => typeof inputs.levelUpper === 'boolean' && typeof inputs.levelLower === 'boolean',
  clears({ sensor, way }, { inputs }) {
    if (way === 'stuck-on') return inputs[sensor] === false;
    return way === 'missing' ? inputs[sensor] === true : true;
  },
});

function stuck(sensor: Doubt['sensor'], on: boolean): Doubt {
  return { sensor, way: on ? 'stuck-on' : 'missing', limitMs: 0 };
}

function flickers(unrest: Unrest, lift: LiftState, nowMs: number): boolean {
  return left(unrest, perS(lift), nowMs) >= MOST_CHANGES || (unrest.fast >= MOST_FAST && !isOld(unrest, nowMs));
}

function isOld({ atMs }: Unrest, nowMs: number): boolean {
  return nowMs - atMs > FAST_AGO_MS;
}

/** At 6 m/s a landing of 3 m passes twice a second; a car at rest passes none. */
function perS({ moving }: LiftState): number {
  return moving.value === false ? RESTING_CHANGES_PER_S : RUNNING_CHANGES_PER_S;
}

/** 1 where it came on after a while off, else 0: a flickering switch says nothing of the other. */
function cameOn(was: Unrest, now: Unrest): 0 | 1 {
  return was.on === false && now.on === true && now.atMs - was.atMs >= LEAST_OFF_MS ? 1 : 0;
}

/** Both, one, none, one, both: the one that goes last and comes first tells the direction, and the controller tells it too. */
function wayOf(seen: Seen, lift: LiftState): Pick<Seen, 'leaving' | 'leftOpposite' | 'opposite'> {
  const { leaving, leftOpposite, opposite } = seen;
  const { levelUpper, levelLower } = lift.inputs;
  const was = { both: seen.upper.on && seen.lower.on, none: seen.upper.on === false && seen.lower.on === false };
  if (levelUpper && levelLower) return { leaving: null, leftOpposite: false, opposite };
  const one = levelUpper ? 'upper' : levelLower ? 'lower' : null;
  if (one === null)
    return { leaving: null, leftOpposite: leaving !== null && against(lift, leaving === 'lower'), opposite };
  if (was.none)
    return {
      leaving,
      leftOpposite: false,
      opposite: leftOpposite && against(lift, one === 'upper') ? opposite + 1 : 0,
    };
  return { leaving: was.both ? one : leaving, leftOpposite, opposite };
}

/** The controller names the other direction of travel than this one. */
function against({ controller, moving }: LiftState, up: boolean): boolean {
  return moving.value === true && controller.direction === (up ? 'down' : 'up');
}

function isSurelyLevel({ controller, moving, positionMm }: LiftState, { landingHeightsMm }: LiftFacts): boolean {
  const { landing, doorZone } = controller;
  if (moving.value !== false || doorZone === false) return false;
  if (positionMm.value === null || typeof landing !== 'number') return false;
  return Math.abs(positionMm.value - (landingHeightsMm[landing] ?? Number.NaN)) <= SURELY_LEVEL_MM;
}
