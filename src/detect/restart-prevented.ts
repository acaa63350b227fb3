import { all, held, not } from './held.ts';

/**
 * A call or a start command waits, the door is closed, and the car does not start within its limit. What is known to keep
 * it there says more and outranks it. Ends with a run. Gap: held; a car found standing for 5 s has stood.
 */
export const restartPrevented = held({
  fault: 'restart-prevented',
  reads: ['callWaiting', 'moving', 'doorClosed'],
  needs: [['callWaiting', 'moving', 'doorClosed']],
  outrankedBy: ['entrapment', 'safety-chain-open', 'stopped-outside-door-zone', 'door-open-failure'],
  when: ({ callWaiting, moving, doorClosed }) => all(callWaiting.value, not(moving.value), doorClosed.value),
  limitMs: ({ limits }) => limits.restartLimitMs,
  until: ({ moving }) => moving.value,
  gap: 'hold',
  confirmsMs: 5000,
});
