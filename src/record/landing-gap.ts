/**
 * The distances between neighbouring landings, learned, so that a wrong site file is found.
 *
 * Where the controller tells a position: that of the car at rest, level at a landing; a gap is the difference of two. With the
 * level pair alone: the time from level to level at rated speed, of runs that began and will end so far away that a car which
 * gains its speed as slowly as any has it; and only where the count is right, and the order of the pair is known. So the gaps
 * next to the ends of a shaft are never learned by time, nor any of a house that is low for its speed.
 *
 * What is learned is the median of nine, then of the next nine: a few runs at inspection speed among them count for nothing.
 */

import type { LandingGap } from '../lift/events.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';

const BATCH = 9;
/** A car gains and loses its speed by as much or more; half a second goes to the jerk. */
const LEAST_ACCELERATION_MM_PER_S2 = 500;
const JERK_S = 0.5;
/** Told anew where it is learned to differ by more from what was told. */
const TOLD_ANEW_MM = 100;
const TOLD_ANEW_SHARE = 0.05;

interface Learned {
  /** of the batch that is going on */
  taken: number[];
  /** the median of the last whole batch; null: none yet */
  mm: number | null;
}

/** Plain data, changed in place: one entry a landing. */
export interface GapMemory {
  /** heights, by the position read */
  readonly heights: { [landing: number]: Learned };
  /** gaps by time, by the landing above */
  readonly gaps: { [above: number]: Learned };
  /** gaps that were told, by the landing above */
  readonly toldMm: { [above: number]: number };
  /** the car as it stands level at a landing, or stood before the run */
  rest: { landing: number; positionMm: number | null } | null;
  /** the landings met on this run, as the count tells them; null: none begun at a landing, or the count went wrong */
  met: { landing: number; atMs: number }[] | null;
}

export function newGaps(): GapMemory {
  return { heights: {}, gaps: {}, toldMm: {}, rest: null, met: null };
}

const NOTHING: readonly never[] = [];

/** One look: the gaps that were learned for the first time, or to be others than was told. */
export function stepGaps(memory: GapMemory, lift: LiftState, facts: LiftFacts, atMs: number): readonly LandingGap[] {
  const { moving, landing, positionMm, atLevel } = lift;
  const { rest, met } = memory;
  let learned = false;
  if (moving.value === true) {
    if (rest !== null && met === null) learned = began(memory, rest);
    if (memory.met !== null && rest !== null) follow(memory, memory.met, rest.landing, lift);
  } else {
    if (moving.value === false && rest !== null && met !== null) learned = takeTimes(memory, rest.landing, met, facts);
    const level = moving.value === false && atLevel.value === true && landing.value !== null;
    memory.rest = level ? { landing: landing.value ?? 0, positionMm: positionMm.value } : null;
    memory.met = null;
  }
  return learned ? told(memory, facts, atMs) : NOTHING;
}

/** A run begins: the position before it is that of its landing. */
function began(memory: GapMemory, { landing, positionMm }: NonNullable<GapMemory['rest']>): boolean {
  memory.met = [];
  return positionMm !== null && take(memory.heights, landing, positionMm);
}

/** One landing after the other, in one direction, or the run tells nothing. */
function follow(memory: GapMemory, met: NonNullable<GapMemory['met']>, from: number, lift: LiftState): void {
  const { landing, miscount, pairOrder } = lift;
  const at = met.at(-1)?.landing ?? from;
  if (landing.value === at) return;
  const step = (landing.value ?? Number.NaN) - at;
  const turned = met.length > 0 && Math.sign(step) !== Math.sign(at - from);
  if (landing.source !== 'derived' || pairOrder === null || miscount || Math.abs(step) !== 1 || turned) {
    memory.met = null;
    memory.rest = null;
    return;
  }
  met.push({ landing: at + step, atMs: landing.sinceMs });
}

/** The intervals at rated speed. True where something was learned. */
function takeTimes(memory: GapMemory, from: number, met: NonNullable<GapMemory['met']>, facts: LiftFacts): boolean {
  const { landingHeightsMm, ratedSpeedMmPerS } = facts;
  const awayMm = ratedSpeedMmPerS ** 2 / (2 * LEAST_ACCELERATION_MM_PER_S2) + ratedSpeedMmPerS * JERK_S;
  const between = (a: number, b: number) => Math.abs((landingHeightsMm[a] ?? 0) - (landingHeightsMm[b] ?? 0));
  const to = met.at(-1)?.landing ?? from;
  let learned = false;
  for (let at = 1; at < met.length; at++) {
    const [one, next] = [met[at - 1], met[at]];
    if (!one || !next || between(from, one.landing) < awayMm || between(next.landing, to) < awayMm) continue;
    const mm = ((next.atMs - one.atMs) / 1000) * ratedSpeedMmPerS;
    learned = take(memory.gaps, Math.max(one.landing, next.landing), mm) || learned;
  }
  return learned;
}

/** True where it completes a batch. */
function take(of: { [landing: number]: Learned }, landing: number, mm: number): boolean {
  const own = of[landing] ?? { taken: [], mm: null };
  of[landing] = own;
  own.taken.push(mm);
  if (own.taken.length < BATCH) return false;
  own.mm = own.taken.sort((a, b) => a - b)[(BATCH - 1) / 2] ?? null;
  own.taken = [];
  return true;
}

function told(memory: GapMemory, { id, landingHeightsMm, landingMarkings }: LiftFacts, atMs: number): LandingGap[] {
  return landingHeightsMm.slice(1).flatMap((heightMm, below): LandingGap[] => {
    const above = below + 1;
    const [low, high] = [memory.heights[below]?.mm ?? null, memory.heights[above]?.mm ?? null];
    const byPosition = low !== null && high !== null ? high - low : null;
    const learnedMm = Math.round(byPosition ?? memory.gaps[above]?.mm ?? Number.NaN);
    const was = memory.toldMm[above];
    const same = was !== undefined && Math.abs(learnedMm - was) <= Math.max(TOLD_ANEW_MM, TOLD_ANEW_SHARE * was);
    if (Number.isNaN(learnedMm) || same) return [];
    memory.toldMm[above] = learnedMm;
    return [
      {
        ...{ type: 'landing-gap', lift: id, atMs, landing: above, marking: landingMarkings[above] ?? String(above) },
        ...{ learnedMm, configuredMm: heightMm - (landingHeightsMm[below] ?? 0), samples: BATCH },
        by: byPosition === null ? 'time' : 'position',
      },
    ];
  });
}
