/**
 * Landings, direction and rest, told from the two level switches and the base switch alone.
 *
 * The switches sit about 5 cm apart on the car. Going up the upper one meets the vane of a landing first and leaves it
 * first. Both on: level. level, one, none, the other one, both: one landing further. Back on the same side: none.
 * The count is not valid until the base switch has been passed; it is corrected there, and a correction is a miscount.
 * A pair that was found to be swapped (pair-order.ts) is read the other way round.
 */

import { type MonoMs, plus } from '../clock.ts';
import type { Direction } from '../lift/signals.ts';
import type { LiftFacts } from '../lift/state.ts';
import {
  atBase,
  baseShows,
  cameLevel,
  leftLanding,
  PAIR_UNSEEN,
  type PairMemory,
  spoilt,
  stood,
} from './pair-order.ts';

/** Level for this long is rest: the vane passes a car at its slowest levelling speed (0.1 m/s) in 0.5 s. */
const REST_AT_LEVEL_MS = 1000;
/** What a car may take from landing to landing beyond the time at half its rated speed. */
const INTERVAL_MARGIN_MS = 8000;

const OPPOSITE = { up: 'down', down: 'up', none: 'none' } as const;

type Switches = 'both' | 'upper' | 'lower' | 'none';

export interface Floor {
  readonly switches: Switches | null;
  /** the switch that stayed on longest when the car left the last level */
  readonly left: 'upper' | 'lower' | null;
  /** the switch that came on first since the car was between landings */
  readonly met: 'upper' | 'lower' | null;
  readonly direction: Direction;
  readonly moving: boolean | null;
  readonly landing: number | null;
  /** when it was last level at a landing on its way, or null: from rest, or where the count left the shaft, no interval tells the speed */
  readonly passedMs: number | null;
  /** over the last interval between two landings passed; up is positive, 0 at rest; null where none was measured */
  readonly speedMmPerS: number | null;
  /** the count was found wrong; until the base switch next agrees */
  readonly miscount: boolean;
  readonly pair: PairMemory;
  readonly dueMs: number;
}

export const FLOOR_UNSEEN: Floor = {
  switches: null,
  left: null,
  met: null,
  direction: 'none',
  moving: null,
  landing: null,
  passedMs: null,
  speedMmPerS: null,
  miscount: false,
  pair: PAIR_UNSEEN,
  dueMs: Number.POSITIVE_INFINITY,
};

/** Between two landings, as far as the level switches tell. */
export function isOffLevel({ switches }: Floor): boolean {
  return switches === 'none';
}

/** A level switch cannot be read: what was learned of the wires stands, and nothing else. */
export function unseen({ pair }: Floor): Floor {
  return pair === PAIR_UNSEEN ? FLOOR_UNSEEN : { ...FLOOR_UNSEEN, pair: spoilt(pair) };
}

/** By the facts of a lift, which never change: asked at every edge of a level switch. */
const INTERVALS_MS = new WeakMap<LiftFacts, number>();

/** The longest that a healthy car is between two neighbouring landings. */
export function longestIntervalMs(facts: LiftFacts): number {
  const known = INTERVALS_MS.get(facts);
  if (known !== undefined) return known;
  const { landingHeightsMm, ratedSpeedMmPerS } = facts;
  const gaps = landingHeightsMm.slice(1).map((height, at) => height - (landingHeightsMm[at] ?? 0));
  const longestMs = (Math.max(...gaps) / (ratedSpeedMmPerS / 2)) * 1000 + INTERVAL_MARGIN_MS;
  INTERVALS_MS.set(facts, longestMs);
  return longestMs;
}

/** What the level pair shows changed (or was seen for the first time) at `atMs`. */
export function levels(floor: Floor, upper: boolean, lower: boolean, atMs: MonoMs, facts: LiftFacts): Floor {
  const switches = floor.pair.reversed ? switchesOf(lower, upper) : switchesOf(upper, lower);
  if (switches === floor.switches) return floor;
  const was = floor.switches;
  const next = { ...floor, switches };
  switch (switches) {
    case 'both':
      return arrive(next, atMs, facts);
    case 'upper':
    case 'lower': {
      const entering = was === 'none';
      const direction = (switches === 'upper') === entering ? 'up' : 'down';
      const seen = entering ? { met: switches } : {};
      // Found on one switch: whether it moves is told by what comes, or by nothing coming.
      if (was === null) return { ...next, dueMs: plus(atMs, longestIntervalMs(facts)) };
      return { ...next, ...seen, direction, moving: true, dueMs: plus(atMs, longestIntervalMs(facts)) };
    }
    case 'none': {
      const left = was === 'upper' || was === 'lower' ? was : null;
      const moving = was === null ? null : true;
      // Having met a vane and lost it again on the same side, the car turned back: what it left stands.
      return {
        ...next,
        left: floor.met ? floor.left : left,
        met: null,
        moving,
        pair: leftLanding(floor.pair),
        dueMs: plus(atMs, longestIntervalMs(facts)),
      };
    }
  }
}

function switchesOf(upper: boolean, lower: boolean): Switches {
  return upper ? (lower ? 'both' : 'upper') : lower ? 'lower' : 'none';
}

function arrive(floor: Floor, atMs: MonoMs, facts: LiftFacts): Floor {
  const { left, met, landing } = floor;
  const further = left && met && left !== met ? (met === 'upper' ? 1 : -1) : 0;
  const counted = landing === null ? null : landing + further;
  const top = facts.landingHeightsMm.length - 1;
  const to = counted === null ? null : Math.min(top, Math.max(0, counted));
  const outside = counted !== null && (counted < 0 || counted > top);
  return {
    ...floor,
    left: null,
    met: null,
    landing: to,
    passedMs: outside ? null : atMs,
    speedMmPerS: speedOf(floor, to, further, atMs, facts),
    miscount: floor.miscount || outside,
    pair: cameLevel(floor.pair, further),
    dueMs: plus(atMs, REST_AT_LEVEL_MS),
  };
}

/** The height between the two landings over the time from level to level. */
function speedOf({ landing, passedMs }: Floor, to: number | null, further: number, atMs: MonoMs, facts: LiftFacts) {
  if (passedMs === null || landing === null || to === null || further === 0 || to === landing) return null;
  const heightMm = (facts.landingHeightsMm[to] ?? 0) - (facts.landingHeightsMm[landing] ?? 0);
  return Math.round((heightMm / (atMs - passedMs)) * 1000);
}

/** The base switch shows this now, wherever the car is. */
export function reference(floor: Floor, on: boolean): Floor {
  const pair = baseShows(floor.pair, on, floor.moving === false);
  return pair === floor.pair ? floor : { ...floor, pair };
}

/**
 * The base switch came on: the count is what the site file says, or was wrong. One that just left the shaft agrees with nothing;
 * of one that ran the wrong way round it is known why.
 */
export function base(floor: Floor, facts: LiftFacts): Floor {
  const pair = atBase(floor.pair, facts);
  const turned = pair.reversed !== floor.pair.reversed;
  const left = floor.miscount && floor.moving === true && floor.passedMs === null;
  const right = floor.landing === facts.baseLanding;
  const miscount = !turned && (left || (!right && floor.landing !== null));
  if (right && pair === floor.pair && miscount === floor.miscount) return floor;
  const told = { landing: facts.baseLanding, pair, miscount };
  return turned
    ? { ...floor, ...told, direction: OPPOSITE[floor.direction], speedMmPerS: null }
    : { ...floor, ...told };
}

/** Time alone: at level long enough is rest, and so is being between landings longer than any healthy run. */
export function rest(floor: Floor, nowMs: MonoMs): Floor {
  if (nowMs < floor.dueMs) return floor;
  const { pair, switches } = floor;
  return {
    ...floor,
    pair: switches === 'none' ? pair : stood(pair, switches === 'both'),
    moving: false,
    direction: 'none',
    passedMs: null,
    speedMmPerS: 0,
    dueMs: Number.POSITIVE_INFINITY,
  };
}
