/** Cases of sensors in doubt: stuck, missing, swapped, inverted, flickering. */

import { pair } from './pair.ts';
import { story } from './story.ts';
import type { Case } from './table.ts';

export const DOUBTS_CASES: readonly Case[] = [
  ...pair(
    'sensor-contradiction-door',
    'sensor-contradiction',
    [
      'The door contact stays closed while the door opens',
      story(20, 60, {
        atMs: 2000,
        inject: { kind: 'sensor-contradiction-door', shows: 'closed', heldMs: 2000 },
      }),
    ],
    [
      'It comes free after 2.7 s of 3 s',
      story(20, 50, {
        atMs: 2000,
        inject: { kind: 'sensor-contradiction-door', shows: 'closed', heldMs: -300 },
      }),
    ],
  ),
  ...pair(
    'sensor-contradiction-door-missing',
    'sensor-contradiction',
    [
      'The door contact does not make when the door has closed',
      story(21, 60, {
        atMs: 2000,
        inject: { kind: 'sensor-contradiction-door', shows: 'not-closed', heldMs: 2000 },
      }),
    ],
    [
      'It makes after 2 s of 3 s',
      story(21, 60, {
        atMs: 2000,
        inject: { kind: 'sensor-contradiction-door', shows: 'not-closed', heldMs: -1000 },
      }),
    ],
  ),
  ...pair(
    'sensor-contradiction-level',
    'sensor-contradiction',
    [
      'Both level switches show a level between landings',
      story(22, 100, { atMs: 2000, inject: { kind: 'sensor-contradiction-level', heldMs: 4000 } }),
    ],
    [
      'One level switch chatters for 2 s there',
      story(
        22,
        70,
        { atMs: 2000, inject: { kind: 'stopped-outside-door-zone', heldMs: 20_000 } },
        { atMs: 20_000, input: 'levelUpper', shows: true, forMs: 2000 },
      ),
    ],
  ),
  ...pair(
    'sensor-contradiction-swapped',
    'sensor-contradiction',
    [
      "The two level switches are on each other's wire",
      story(
        31,
        60,
        { atMs: 1000, breaks: { sensor: 'levelUpper', way: 'swapped' } },
        { atMs: 2000, ride: [1, 4] },
        { atMs: 30_000, ride: [4, 2] },
      ),
    ],
    [
      'The same rides with the wires right',
      story(31, 60, { atMs: 2000, ride: [1, 4] }, { atMs: 30_000, ride: [4, 2] }),
    ],
  ),
  ...pair(
    'sensor-contradiction-base',
    'sensor-contradiction',
    [
      'The base switch stays on when the car leaves the base landing',
      story(32, 60, { atMs: 1000, input: 'baseLanding', shows: true, forMs: 50_000 }, { atMs: 2000, ride: [1, 4] }),
    ],
    [
      'It shows a base landing at another one for 2.5 s of 3 s',
      story(32, 60, { atMs: 2000, ride: [1, 4] }, { atMs: 35_000, input: 'baseLanding', shows: true, forMs: 2500 }),
    ],
  ),
  ...pair(
    'sensor-contradiction-passenger',
    'sensor-contradiction',
    [
      'The passenger sensor stays on when everybody has left',
      story(33, 130, { atMs: 2000, ride: [1, 4] }, { atMs: 12_000, input: 'passenger', shows: true, forMs: 115_000 }),
    ],
    [
      'It holds on for 20 s behind closed doors, as a PIR may',
      story(33, 100, { atMs: 2000, ride: [1, 4] }, { atMs: 12_000, input: 'passenger', shows: true, forMs: 45_000 }),
    ],
  ),
];
