import { type Answer, all, any, held, not } from './held.ts';

/**
 * The safety chain opens while the car runs or is in normal service. Doors are not part of the chain that is read here.
 * Ends when closed, stable for 2 s. Gap: restarted; the default limit is 0, so nothing is lost by it.
 */
export const safetyChainOpen = held({
  fault: 'safety-chain-open',
  reads: ['safetyChainClosed', 'moving', 'mode'],
  needs: [['safetyChainClosed']],
  when: ({ safetyChainClosed, moving, mode }) =>
    all(not(safetyChainClosed.value), any(moving.value, inService(mode.value))),
  limitMs: ({ limits }) => limits.safetyChainOpenLimitMs,
  until: ({ safetyChainClosed }) => safetyChainClosed.value,
  endsAfterMs: 2000,
  gap: 'restart',
});

/** Where no mode is read the lift is taken to be in service. */
function inService(mode: string | null): Answer {
  return mode === null || mode === 'normal';
}
