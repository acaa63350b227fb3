/**
 * Whether a learned gap between two landings and that of the site file are two things. A position at rest is within a few
 * centimetres of the landing; a time is as far off as the car's speed is from the rated one of the site file.
 */

import type { LandingGap } from '../lift/events.ts';

type GapLearned = Pick<LandingGap, 'learnedMm' | 'configuredMm' | 'by'>;

const POSITION_OFF_MM = 100;
const TIME_OFF_SHARE = 0.15;

export function isFarOff({ learnedMm, configuredMm, by }: GapLearned): boolean {
  return Math.abs(learnedMm - configuredMm) > (by === 'position' ? POSITION_OFF_MM : TIME_OFF_SHARE * configuredMm);
}
