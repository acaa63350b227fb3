import type { LiftFacts, LiftState } from '../lift/state.ts';
import { type Answer, all, any, held, not } from './held.ts';

/**
 * The landing is not known any more: at rest and level, the level count and the controller name different landings; or
 * the count was found wrong at the base switch; or the controller's landing and its position contradict each other, or
 * the landing does not exist. Ends at rest and level, when all agree again. Gap: held.
 */
export const positionLost = held({
  fault: 'position-lost',
  reads: ['controller', 'inputs', 'moving', 'restMm', 'atLevel', 'miscount'],
  needs: [
    ['controller:landing', 'input:levelUpper', 'input:levelLower', 'input:baseLanding'],
    ['controller:landing', 'controller:positionMm'],
    ['input:levelUpper', 'input:levelLower', 'input:baseLanding'],
  ],
  when: (lift, facts) => any(disagree(lift, facts), lift.miscount),
  limitMs: ({ limits }) => limits.positionLostLimitMs,
  until: (lift, facts) =>
    all(not(lift.moving.value), lift.atLevel.value !== false, not(disagree(lift, facts)), !lift.miscount),
  gap: 'hold',
});

function disagree(
  { controller, inputs, moving, positionMm, atLevel }: LiftState,
  { landingHeightsMm }: LiftFacts,
): Answer {
  const { landing } = controller;
  if (landing === undefined || landing === null) return landing === undefined ? false : null;
  const height = landingHeightsMm[landing];
  if (height === undefined) return true;
  const rest = all(not(moving.value), atLevel.value !== false);
  if (rest !== true) return rest === null ? null : false;
  if (inputs.landing !== undefined && inputs.landing !== null) return inputs.landing !== landing;
  return positionMm.value !== null && nearest(landingHeightsMm, positionMm.value) !== landing;
}

function nearest(heightsMm: readonly number[], positionMm: number): number {
  const away = heightsMm.map((height) => Math.abs(height - positionMm));
  return away.indexOf(Math.min(...away));
}
