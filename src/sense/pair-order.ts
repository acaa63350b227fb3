/**
 * Which switch of the level pair is on which wire, told without a controller. Swapped, a count runs the wrong way: from the
 * base switch it leaves the shaft, where its mirror image about the base landing stays inside.
 *
 * Evidence is one loop: from the base switch back to the base switch, with a count that comes out even, and the landings at
 * which the car stood level on its way. A loop that the shaft has room for mirrored, and as it was read not even with the
 * base landing or an end of the site file one landing off, speaks against this order; one that it has room for as read and
 * not mirrored speaks for it. Two in a row decide. A switch that is stuck, inverted or loose does not make such loops: its
 * count does not come out even, the car does not stand with both switches on, or the base switch is seen where it cannot be;
 * that spoils the loop, and all evidence so far.
 *
 * Where the base landing has as many landings above as below it, nothing is told: a mirror image is as good. With one more
 * on one side than on the other, as in a house of two, the right order can be told and the wrong one cannot. A site file
 * that names the far end of the shaft as the base landing looks like swapped switches.
 */

import type { LiftFacts, PairOrder } from '../lift/state.ts';

/** Loops in a row. */
const DECIDED_AFTER = 2;
/** A base landing or a top that is one off in the site file must not pass for swapped switches. */
const SITE_OFF = 1;

/** Landings from the base switch, up positive, in the order that is read now. */
interface Loop {
  readonly at: number;
  /** the lowest and the highest at which the car stood level */
  readonly low: number;
  readonly high: number;
}

export interface PairMemory {
  /** the switches are read as if each were on the other's wire */
  readonly reversed: boolean;
  /** how they are wired; null: not told yet */
  readonly order: PairOrder | null;
  /** null: none begun, or spoilt */
  readonly loop: Loop | null;
  /** loops in a row that speak for the order that is read, and against it */
  readonly agree: number;
  readonly oppose: number;
  readonly baseOn: boolean;
  /** times that the base switch came on since the car last left a landing */
  readonly baseCame: number;
}

export const PAIR_UNSEEN: PairMemory = {
  reversed: false,
  order: null,
  loop: null,
  agree: 0,
  oppose: 0,
  baseOn: false,
  baseCame: 0,
};

/** Whether swapped switches can be told in this shaft. */
export function orderCanBeTold({ baseLanding, landingHeightsMm }: Pick<LiftFacts, 'baseLanding' | 'landingHeightsMm'>) {
  return Math.abs(landingHeightsMm.length - 1 - 2 * baseLanding) > SITE_OFF;
}

const BEGUN: Loop = { at: 0, low: 0, high: 0 };

/** What was seen so far is not to be relied on. */
export function spoilt(pair: PairMemory): PairMemory {
  if (pair.loop === null && pair.agree === 0 && pair.oppose === 0) return pair;
  return { ...pair, loop: null, agree: 0, oppose: 0 };
}

/** The base switch shows this now. It comes on once at a landing, and while the car comes to it. */
export function baseShows(pair: PairMemory, on: boolean, resting: boolean): PairMemory {
  if (on === pair.baseOn) return pair;
  if (!on) return { ...pair, baseOn: false };
  const came = { ...pair, baseOn: true, baseCame: pair.baseCame + 1 };
  return resting || came.baseCame > 1 ? spoilt(came) : came;
}

/** Both switches went off: the car has left a landing. */
export function leftLanding(pair: PairMemory): PairMemory {
  return pair.baseCame === 0 ? pair : { ...pair, baseCame: 0 };
}

/** Level, so many landings further. A base switch that has been on since another landing is not one. */
export function cameLevel(pair: PairMemory, further: number): PairMemory {
  if (further === 0) return pair;
  if (pair.baseOn && pair.baseCame === 0) return spoilt(pair);
  return pair.loop === null ? pair : { ...pair, loop: { ...pair.loop, at: pair.loop.at + further } };
}

/** At rest: level, or on one switch alone, as no car stands for long. */
export function stood(pair: PairMemory, level: boolean): PairMemory {
  if (!level) return spoilt(pair);
  const { loop } = pair;
  if (loop === null || (loop.low <= loop.at && loop.at <= loop.high)) return pair;
  return { ...pair, loop: { ...loop, low: Math.min(loop.low, loop.at), high: Math.max(loop.high, loop.at) } };
}

/** Level with the base switch on: a loop is closed, and the next begins. */
export function atBase(pair: PairMemory, facts: LiftFacts): PairMemory {
  const { loop } = pair;
  if (loop === null || loop.at !== 0) return { ...spoilt(pair), loop: BEGUN };
  if (loop.low === 0 && loop.high === 0) return pair;
  const next = { ...pair, loop: BEGUN };
  const asRead = hasRoom(loop.low, loop.high, 0, facts);
  const mirrored = hasRoom(-loop.high, -loop.low, 0, facts);
  if (asRead === mirrored) return asRead ? next : { ...next, agree: 0, oppose: 0 };
  if (asRead) {
    const agree = Math.min(DECIDED_AFTER, pair.agree + 1);
    return { ...next, agree, oppose: 0, order: agree < DECIDED_AFTER ? pair.order : orderOf(pair.reversed) };
  }
  if (hasRoom(loop.low, loop.high, SITE_OFF, facts)) return next;
  const oppose = pair.oppose + 1;
  if (oppose < DECIDED_AFTER) return { ...next, agree: 0, oppose };
  return { ...next, agree: 0, oppose: 0, reversed: !pair.reversed, order: orderOf(!pair.reversed) };
}

function orderOf(reversed: boolean): PairOrder {
  return reversed ? 'swapped' : 'right';
}

/** The shaft has these landings, counted from the base landing; `offBy`: or would, with so many more at either end. */
function hasRoom(low: number, high: number, offBy: number, { baseLanding, landingHeightsMm }: LiftFacts): boolean {
  return low >= -baseLanding - offBy && high <= landingHeightsMm.length - 1 - baseLanding + offBy;
}
