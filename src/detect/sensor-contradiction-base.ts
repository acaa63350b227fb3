import { AT_REST, doubted, left, NO_RIDE, type Ride, ride, tripEnded, type Unrest, unrest } from './doubt.ts';

/**
 * The base switch. On between two landings, or at rest at one that the controller and the level count both call another: it
 * is stuck on. Off at rest where both call it the base landing: missing. A base landing that no trip out of sixty comes to,
 * where no controller tells landings, is one as well. Gap: restarted.
 */
interface Seen {
  readonly base: Unrest;
  readonly ride: Ride;
  /** trips that ended since the switch was last on */
  readonly trips: number;
}

const BETWEEN_LIMIT_MS = 1500;
const CHANGES_PER_S = 1;
const MOST_CHANGES = 10;
const MOST_TRIPS = 60;
const SURELY_LEVEL_MM = 15;

export const baseContradiction = doubted<Seen>({
  subject: 'base',
  reads: ['controller', 'inputs', 'moving', 'atLevel', 'restMm'],
  needs: [['input:baseLanding', 'input:levelUpper', 'input:levelLower']],
  blank: { base: AT_REST, ride: NO_RIDE, trips: 0 },
  follow(seen, lift, nowMs) {
    const { inputs } = lift;
    const base = unrest(seen.base, inputs.baseLanding, CHANGES_PER_S, nowMs);
    const now = ride(seen.ride, lift);
    if (base === seen.base && now === seen.ride) return seen;
    const ended = tripEnded(seen.ride, now);
    return { base, ride: now, trips: inputs.baseLanding === false ? seen.trips + ended : 0 };
  },
  find(seen, { controller, inputs, moving, positionMm }, { baseLanding, landingHeightsMm }, nowMs) {
    const { levelUpper, levelLower, landing: counted, baseLanding: on } = inputs;
    if (typeof on !== 'boolean') return null;
    if (left(seen.base, CHANGES_PER_S, nowMs) >= MOST_CHANGES) {
      return { sensor: 'baseLanding', way: 'flickers', limitMs: 0 };
    }
    if (on && levelUpper === false && levelLower === false) {
      return { sensor: 'baseLanding', way: 'stuck-on', limitMs: BETWEEN_LIMIT_MS };
    }
    const { landing } = controller;
    if (typeof landing !== 'number') {
      return seen.trips >= MOST_TRIPS ? { sensor: 'baseLanding', way: 'missing', limitMs: 0 } : null;
    }
    if (moving.value !== false || !levelUpper || !levelLower) return null;
    const offMm = positionMm.value === null ? 0 : positionMm.value - (landingHeightsMm[landing] ?? Number.NaN);
    if (!(Math.abs(offMm) <= SURELY_LEVEL_MM)) return null;
    if (on) return landing !== baseLanding && counted === landing ? { sensor: 'baseLanding', way: 'stuck-on' } : null;
    const here = landing === baseLanding && (counted ?? landing) === landing;
    return here ? { sensor: 'baseLanding', way: 'missing' } : null;
  },
  known: ({ inputs }) => typeof inputs.baseLanding === 'boolean',
  clears: ({ way }, { inputs }) =>
    way === 'flickers' || (way === 'stuck-on' ? inputs.baseLanding === false : inputs.baseLanding === true),
});
