import type { FaultName } from '../lift/events.ts';
import type { Direction } from '../lift/signals.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';
import type { Detector, Watch } from './detector.ts';
import { type Answer, all, any } from './held.ts';

interface End extends Watch {
  /** the car has been level at this end landing, and not come back from it */
  readonly armed: boolean;
  /** the last direction in which the car was seen to move */
  readonly heading: Direction;
  /** the limit switch is on; `outward`: and the car was heading out when it acted, which on the way back it is not */
  readonly limit: 'off' | 'on' | 'outward';
}

const IDLE: End = { standing: false, dueMs: Number.POSITIVE_INFINITY, armed: false, heading: 'none', limit: 'off' };

/**
 * 冲顶, 蹲底: at an end landing the car leaves the level outward, or the limit switch acts with that direction, or the
 * position read is beyond the landing by more than the limit. Ends when level again. Gap: where nobody knows
 * landing or level any more the car may have gone and come back: only limit and position tell then.
 */
function overtravel(
  fault: FaultName,
  outward: 'up' | 'down',
  isEnd: (landing: number, facts: LiftFacts) => boolean,
): Detector<End> {
  return {
    fault,
    reads: ['atLevel', 'direction', 'endLimit', 'moving', 'landing', 'positionMm', 'inputs', 'miscount'],
    needs: [['landing', 'levelUpper', 'levelLower', 'direction'], ['positionMm'], ['endLimit', 'direction']],
    start: (standing) => ({ ...IDLE, standing }),
    step(watch, lift, { facts, muted }) {
      const { atLevel, direction } = lift;
      const heading = direction.value === null || direction.value === 'none' ? watch.heading : direction.value;
      const limit = limitOf(watch, lift.endLimit.value, heading === outward);
      if (watch.standing) {
        if (all(atLevel.value, limit === 'off')) return { ...IDLE, heading };
        return limit === watch.limit ? watch : { ...watch, limit };
      }
      const arrives = level(lift, facts, outward, isEnd, heading);
      const dark = lift.landing.value === null && atLevel.value === null;
      const armed = arrives === false || muted || dark ? false : arrives === true || watch.armed;
      // At rest the direction read may be that of the trip before, or an arrow left on: only a moving car leaves.
      const away = armed && lift.atLevel.value === false && lift.moving.value === true;
      const left = away && direction.value === outward;
      const turned = away && direction.value !== 'none' && direction.value !== null;
      if (!muted && (left || limit === 'outward' || beyond(lift, facts, outward) === true))
        return { ...IDLE, heading, limit, standing: true };
      // A car that sank off the level at rest is driven back to it, outward.
      const sank = lift.atLevel.value === false && lift.moving.value === false;
      const stays = armed && !turned && !sank;
      const same = stays === watch.armed && heading === watch.heading && limit === watch.limit;
      return same ? watch : { ...IDLE, armed: stays, heading, limit };
    },
  };
}

/** In the door zone of its landing a position read differs from its height by no more. */
const ZONE_MM = 200;

/**
 * Level at this end landing: true; at another landing: false; null where nobody can say, or between. A controller that has
 * just started may name any landing, and a position to go with it: the level count must not say another, and position or count
 * agree, or the car have come from inside the shaft. A count that was found wrong names no landing.
 */
function level(
  { landing, atLevel, positionMm, inputs, miscount }: LiftState,
  facts: LiftFacts,
  outward: 'up' | 'down',
  isEnd: (landing: number, facts: LiftFacts) => boolean,
  heading: Direction,
): Answer {
  if (landing.value === null || (miscount && landing.source === 'derived')) return null;
  if (!isEnd(landing.value, facts)) return false;
  if (atLevel.value !== true) return null;
  if (typeof inputs.landing === 'number' && inputs.landing !== landing.value) return null;
  if (positionMm.value !== null)
    return Math.abs(positionMm.value - (facts.landingHeightsMm[landing.value] ?? 0)) <= ZONE_MM;
  // A count that has come to the base landing without its switch has missed a vane.
  if (landing.source === 'derived' && landing.value === facts.baseLanding && inputs.baseLanding === false) return null;
  if (typeof inputs.landing === 'number') return true;
  return heading === outward;
}

function limitOf({ limit }: End, acted: Answer, outward: boolean): End['limit'] {
  if (acted === null) return limit;
  if (!acted) return 'off';
  return limit === 'off' ? (outward ? 'outward' : 'on') : limit;
}

function beyond({ positionMm }: LiftState, { landingHeightsMm, limits }: LiftFacts, outward: 'up' | 'down'): Answer {
  if (positionMm.value === null) return null;
  const top = landingHeightsMm.at(-1) ?? 0;
  return any(
    outward === 'up' && positionMm.value > top + limits.overtravelLimitMm,
    outward === 'down' && positionMm.value < -limits.overtravelLimitMm,
  );
}

export const overtravelTop = overtravel(
  'overtravel-top',
  'up',
  (landing, { landingHeightsMm }) => landing === landingHeightsMm.length - 1,
);
export const overtravelBottom = overtravel('overtravel-bottom', 'down', (landing) => landing === 0);
