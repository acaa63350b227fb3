import { held, not } from './held.ts';

/** The door is open longer than anybody needs. Ends when proven closed. Gap: held for 30 s; after a longer one the limit begins anew, for the door may have closed and opened for somebody else. */
export const doorHeldOpen = held({
  fault: 'door-held-open',
  reads: ['doorClosed'],
  needs: [['doorClosed']],
  when: ({ doorClosed }) => not(doorClosed.value),
  limitMs: ({ limits }) => limits.doorHeldOpenLimitMs,
  gap: 'hold',
  holdsForMs: 30_000,
});
