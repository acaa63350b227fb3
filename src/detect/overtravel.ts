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
}

const IDLE: End = { standing: false, dueMs: Number.POSITIVE_INFINITY, armed: false, heading: 'none' };

/**
 * 冲顶, 蹲底: at an end landing the car leaves the level outward, or the limit switch acts with that direction, or the
 * position read is beyond the landing by more than the limit. Ends when level again. Gap: what was armed stands.
 */
function overtravel(
  fault: FaultName,
  outward: 'up' | 'down',
  isEnd: (landing: number, facts: LiftFacts) => boolean,
): Detector<End> {
  return {
    fault,
    start: (standing) => ({ ...IDLE, standing }),
    step(watch, lift, { facts, muted }) {
      const { atLevel, landing, direction } = lift;
      const heading = direction.value === null || direction.value === 'none' ? watch.heading : direction.value;
      const limit = lift.endLimit.value === true && heading === outward;
      if (watch.standing) return all(atLevel.value, !limit) ? { ...IDLE, heading } : watch;
      const atEnd = landing.value === null ? null : isEnd(landing.value, facts);
      const armed = atEnd === false || muted ? false : all(atEnd, atLevel.value) === true || watch.armed;
      // Only a direction seen since the car left the level tells which way it went.
      const left = armed && atLevel.value === false && direction.value === outward;
      const turned =
        armed &&
        atLevel.value === false &&
        direction.value !== outward &&
        direction.value !== 'none' &&
        direction.value !== null;
      if (!muted && (left || limit || beyond(lift, facts, outward) === true))
        return { ...IDLE, heading, standing: true };
      const stays = armed && !turned;
      return stays === watch.armed && heading === watch.heading ? watch : { ...IDLE, armed: stays, heading };
    },
  };
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
