import { all, held, not } from './held.ts';

/**
 * Running with no landing passed: ropes slip, or the count of landings stands still. The limit is the site file's, or the
 * shorter of 45 s and full travel + 10 s, at least 20 s. Ends at rest at a landing. Gap: restarted, for a landing may have
 * been passed in it.
 */
export const runTimeLimit = held({
  fault: 'run-time-limit',
  reads: ['moving', 'landing', 'doorZone'],
  needs: [['controller:moving', 'landing']],
  // Told by level switches alone, a car between two landings runs until it must have come to one: that is no run of it.
  when: ({ moving }) => (moving.source === 'derived' ? null : moving.value),
  limitMs: ({ limits }) => limits.runTimeLimitMs,
  anewWith: ({ landing }) => landing.value ?? -1,
  until: ({ moving, doorZone }) => all(not(moving.value), doorZone.value !== false),
  gap: 'restart',
});
