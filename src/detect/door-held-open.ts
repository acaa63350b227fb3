import { held, not } from './held.ts';

/** The door is open longer than anybody needs. Ends when proven closed. Gap: held; an open door found open again was open. */
export const doorHeldOpen = held({
  fault: 'door-held-open',
  reads: ['doorClosed'],
  needs: [['doorClosed']],
  when: ({ doorClosed }) => not(doorClosed.value),
  limitMs: ({ limits }) => limits.doorHeldOpenLimitMs,
  gap: 'hold',
});
