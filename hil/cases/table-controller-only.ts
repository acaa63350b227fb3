/** Cases of lifts without contacts, told by their controller alone. */

import { pair } from './pair.ts';
import { story, trapped } from './story.ts';
import type { Case } from './table.ts';

export const CONTROLLER_ONLY_CASES: readonly Case[] = [
  ...pair(
    'nice3000-door-close-failure',
    'door-close-failure',
    [
      'A NICE3000 map (16-bit byte count): the door jams half-way',
      story(28, 44, { atMs: 2000, inject: { kind: 'door-close-failure', way: 'jams', heldMs: 18_000 } }),
    ],
    [
      'It is freed in time',
      story(28, 42, { atMs: 2000, inject: { kind: 'door-close-failure', way: 'jams', heldMs: 10_500 } }),
    ],
  ),
  ...pair(
    'controller-only-entrapment',
    'entrapment',
    [
      'The controller alone tells of a passenger between landings',
      story(91, 95, { atMs: 2000, inject: trapped(66_000) }),
    ],
    ['Let out after 50 s', story(91, 85, { atMs: 2000, inject: trapped(50_000) })],
  ),
  ...pair(
    'controller-only-door-held-open',
    'door-held-open',
    [
      'Something stands in the door, read every half second',
      story(92, 150, { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 125_000 } }),
    ],
    [
      'Taken away after 100 s; closed within 120 s',
      story(92, 130, { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 100_000 } }),
    ],
  ),
  ...pair(
    'controller-only-door-close-failure',
    'door-close-failure',
    [
      'Turns back three times within 15 s',
      story(
        93,
        60,
        { atMs: 2000, inject: { kind: 'door-close-failure', way: 'reverses', heldMs: 0 } },
        { atMs: 45_000, ride: [4, 2] },
      ),
    ],
    ['Turns back twice', story(93, 40, { atMs: 2000, call: 1 }, { atMs: 10_500, call: 1 }, { atMs: 15_500, call: 1 })],
  ),
  ...pair(
    'controller-only-overtravel',
    'overtravel-bottom',
    [
      'The position read is 150 mm below the bottom landing',
      story(94, 60, { atMs: 2000, inject: { kind: 'overtravel-bottom', overrunMm: 150, heldMs: 5000 } }),
    ],
    [
      'It stops 20 mm below it',
      story(94, 50, { atMs: 2000, inject: { kind: 'overtravel-bottom', overrunMm: 20, heldMs: 5000 } }),
    ],
  ),
  ...pair(
    'controller-only-door-open-while-running',
    'door-open-while-running',
    [
      'The door leaves closed between landings and the car runs on',
      story(95, 45, { atMs: 2000, inject: { kind: 'door-open-while-running', stops: true, heldMs: 3000 } }),
    ],
    [
      'It opens while the car still levels, in the zone',
      story(95, 45, { atMs: 2000, ride: [1, 4] }, { atMs: 21_900, says: { doorClosed: false }, forMs: 1500 }),
    ],
  ),
];
