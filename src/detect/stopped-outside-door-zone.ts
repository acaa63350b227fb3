import { all, held, not } from './held.ts';

/**
 * Stopped out of the door zone. Where somebody is inside, entrapment says more and outranks it. Ends in a door zone.
 * Gap: held; a car found where it was has stood there.
 */
export const stoppedOutsideDoorZone = held({
  fault: 'stopped-outside-door-zone',
  reads: ['moving', 'doorZone'],
  needs: [['moving', 'doorZone']],
  outrankedBy: ['entrapment'],
  when: ({ moving, doorZone }) => all(not(moving.value), not(doorZone.value)),
  limitMs: ({ limits }) => limits.stoppedOutsideDoorZoneLimitMs,
  until: ({ doorZone }) => doorZone.value,
  // A second's try to start is no run.
  forgetsAfterMs: 3000,
  gap: 'hold',
});
