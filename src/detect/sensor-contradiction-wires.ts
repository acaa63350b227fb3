import { held } from './held.ts';

/**
 * The two level switches are on each other's wire, as the count of landings has told by itself, without a controller
 * (src/sense/pair-order.ts). From then on the box reads the pair the other way round: what rests on it is right again, and
 * nothing is withheld. It stands all the same, beside whatever else is found of the pair, until the wires are changed and the
 * count has told that: somebody has to, for a box that starts anew takes some trips to learn it. Gap: held; a box that has
 * started does not know yet.
 */
export const wiresSwapped = {
  ...held({
    fault: 'sensor-contradiction',
    reads: ['pairOrder'],
    needs: [['input:levelUpper', 'input:levelLower', 'input:baseLanding', 'landings: uneven about the base']],
    when: ({ pairOrder }) => (pairOrder === null ? null : pairOrder === 'swapped'),
    limitMs: () => 0,
    gap: 'hold',
  }),
  subject: 'level-wires',
  detail: () => ({ sensor: 'levelUpper' as const, way: 'swapped' }),
};
