/** Cases of the door. */

import { story } from './story.ts';
import type { Case } from './table.ts';

export const DOOR_CASES: readonly Case[] = [
  {
    name: 'door-open-failure',
    fault: 'door-open-failure',
    shows: 'Arrives with a passenger and opens after 15 s',
    story: story(14, 60, { atMs: 2000, inject: { kind: 'door-open-failure', heldMs: 15_000 } }),
  },
  {
    name: 'door-open-failure-quiet',
    fault: 'door-open-failure',
    shows: 'Opens after 8 s of 10 s',
    story: story(14, 55, { atMs: 2000, inject: { kind: 'door-open-failure', heldMs: 8000 } }),
  },
  {
    name: 'door-close-failure-jams',
    fault: 'door-close-failure',
    shows: 'The door jams half-way',
    story: story(15, 75, { atMs: 2000, inject: { kind: 'door-close-failure', way: 'jams', heldMs: 18_000 } }),
  },
  {
    name: 'door-close-failure-jams-quiet',
    fault: 'door-close-failure',
    shows: 'It is freed in time: closed within 15 s',
    story: story(15, 65, { atMs: 2000, inject: { kind: 'door-close-failure', way: 'jams', heldMs: 10_500 } }),
  },
  {
    name: 'door-close-failure-reopens',
    fault: 'door-close-failure',
    shows: 'Opens again five times in one stop',
    story: story(
      16,
      95,
      { atMs: 2000, inject: { kind: 'door-close-failure', way: 'reopens', heldMs: 0 } },
      { atMs: 80_000, ride: [4, 2] },
    ),
  },
  {
    name: 'door-close-failure-reopens-quiet',
    fault: 'door-close-failure',
    shows: 'Opens again four times',
    story: story(16, 90, ...[2, 18, 34, 50, 66].map((second) => ({ atMs: second * 1000, call: 1 }))),
  },
  {
    name: 'door-close-failure-reverses',
    fault: 'door-close-failure',
    shows: 'Turns back three times within 15 s',
    story: story(
      17,
      75,
      { atMs: 2000, inject: { kind: 'door-close-failure', way: 'reverses', heldMs: 0 } },
      { atMs: 52_000, ride: [7, 4] },
    ),
  },
  {
    name: 'door-close-failure-reverses-quiet',
    fault: 'door-close-failure',
    shows: 'Turns back twice',
    story: story(17, 45, { atMs: 2000, call: 1 }, { atMs: 10_500, call: 1 }, { atMs: 15_500, call: 1 }),
  },
  {
    name: 'door-held-open',
    fault: 'door-held-open',
    shows: 'Something stands in the door',
    story: story(18, 150, { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 125_000 } }),
  },
  {
    name: 'door-held-open-quiet',
    fault: 'door-held-open',
    shows: 'Taken away after 100 s; closed within 120 s',
    story: story(18, 125, { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 100_000 } }),
  },
];
