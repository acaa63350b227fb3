/** Cases of sensors in doubt: stuck, missing, swapped, inverted, flickering. */

import { pair } from './pair.ts';
import { type Step, story } from './story.ts';
import type { Case } from './table.ts';

type Input = Extract<Step, { input: unknown }>['input'];

/** A contact that drops out again and again, each time for `forMs`. */
function pulses(input: Input, shows: boolean, fromMs: number, times: number, everyMs: number, forMs: number): Step[] {
  return Array.from({ length: times }, (_, at) => ({ atMs: fromMs + at * everyMs, input, shows, forMs }));
}

/** Somebody rides up one landing, the next one down again, and so on. */
function shuttle(times: number, everyMs: number): Step[] {
  return Array.from({ length: times }, (_, at) => {
    return { atMs: 2000 + at * everyMs, ride: at % 2 === 0 ? [0, 1] : [1, 0] } as const;
  });
}

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
  ...pair(
    'sensor-contradiction-door-inverted',
    'sensor-contradiction',
    [
      'The door contact is wired the wrong way round',
      story(101, 40, { atMs: 5000, breaks: { sensor: 'doorClosed', way: 'inverted' } }, { atMs: 12_000, ride: [1, 2] }),
    ],
    [
      'For 2.5 s, until somebody turns it round',
      story(101, 15, { atMs: 5000, input: 'doorClosed', shows: false, forMs: 2500 }),
    ],
  ),
  ...pair(
    'sensor-contradiction-door-both-ends',
    'sensor-contradiction',
    [
      'The switch of the fully open door goes on beside that of the closed one, for 5 s',
      story(102, 45, { atMs: 5000, input: 'doorOpen', shows: true, forMs: 5000 }, { atMs: 16_000, ride: [0, 1] }),
    ],
    [
      'For 2.5 s',
      story(102, 45, { atMs: 5000, input: 'doorOpen', shows: true, forMs: 2500 }, { atMs: 16_000, ride: [0, 1] }),
    ],
  ),
  ...pair(
    'sensors-only-door-bounces',
    'sensor-contradiction',
    [
      'The door contact bounces seven times at closing',
      story(103, 60, { atMs: 2000, call: 0 }, ...pulses('doorClosed', false, 14_000, 7, 150, 60)),
    ],
    [
      'It bounces three times',
      story(103, 40, { atMs: 2000, call: 0 }, ...pulses('doorClosed', false, 14_000, 3, 150, 60)),
    ],
  ),
  ...pair(
    'sensors-only-door-stuck',
    'sensor-contradiction',
    [
      'The door contact has shown closed over four trips',
      story(104, 140, { atMs: 1000, input: 'doorClosed', shows: true, forMs: 110_000 }, ...shuttle(5, 24_000)),
    ],
    [
      'Over three trips',
      story(104, 110, { atMs: 1000, input: 'doorClosed', shows: true, forMs: 67_000 }, ...shuttle(4, 24_000)),
    ],
  ),
  ...pair(
    'sensors-only-door-missing',
    'sensor-contradiction',
    [
      'The door contact shows open as the car leaves, three times in a row',
      story(105, 110, { atMs: 3000, input: 'doorClosed', shows: false, forMs: 90_000 }, ...shuttle(4, 24_000)),
    ],
    ['Twice', story(105, 90, { atMs: 3000, input: 'doorClosed', shows: false, forMs: 48_000 }, ...shuttle(3, 24_000))],
  ),
  ...pair(
    'sensor-contradiction-level-missing',
    'sensor-contradiction',
    [
      'A level switch goes off while the car stands level, for 5 s',
      story(106, 30, { atMs: 5000, input: 'levelLower', shows: false, forMs: 5000 }),
    ],
    ['For 2.5 s', story(106, 20, { atMs: 5000, input: 'levelLower', shows: false, forMs: 2500 })],
  ),
  ...pair(
    'sensor-contradiction-level-inverted',
    'sensor-contradiction',
    [
      'The upper level switch is wired the wrong way round',
      story(107, 45, { atMs: 1000, breaks: { sensor: 'levelUpper', way: 'inverted' } }, { atMs: 8000, ride: [1, 3] }),
    ],
    [
      'For 2.5 s, until somebody turns it round',
      story(107, 40, { atMs: 1000, input: 'levelUpper', shows: false, forMs: 2500 }, { atMs: 8000, ride: [1, 3] }),
    ],
  ),
  ...pair(
    'sensors-only-level-flickers',
    'sensor-contradiction',
    [
      'A level switch drops out ten times within a second, at rest',
      story(108, 60, ...pulses('levelUpper', false, 5000, 10, 100, 50), { atMs: 25_000, ride: [0, 2] }),
    ],
    ['Three times', story(108, 60, ...pulses('levelUpper', false, 5000, 3, 100, 50), { atMs: 25_000, ride: [0, 2] })],
  ),
  ...pair(
    'sensors-only-level-stuck',
    'sensor-contradiction',
    [
      'The lower level switch has been off while the other met a dozen vanes',
      story(
        109,
        150,
        { atMs: 20_500, input: 'levelLower', shows: false, forMs: 110_000 },
        { atMs: 2000, ride: [0, 5] },
        { atMs: 45_000, ride: [5, 0] },
        { atMs: 90_000, ride: [0, 5] },
      ),
    ],
    [
      'While it met ten',
      story(
        109,
        110,
        { atMs: 20_500, input: 'levelLower', shows: false, forMs: 64_000 },
        { atMs: 2000, ride: [0, 5] },
        { atMs: 45_000, ride: [5, 0] },
      ),
    ],
  ),
  ...pair(
    'sensor-contradiction-base-missing',
    'sensor-contradiction',
    [
      'The base switch goes off while the car stands at its base landing, for 5 s',
      story(110, 30, { atMs: 5000, input: 'baseLanding', shows: false, forMs: 5000 }),
    ],
    ['For 2.5 s', story(110, 20, { atMs: 5000, input: 'baseLanding', shows: false, forMs: 2500 })],
  ),
  ...pair(
    'sensors-only-base-flickers',
    'sensor-contradiction',
    ['The base switch drops out seven times', story(111, 40, ...pulses('baseLanding', false, 5000, 7, 400, 100))],
    ['Four times', story(111, 30, ...pulses('baseLanding', false, 5000, 4, 400, 100), { atMs: 12_000, call: 0 })],
  ),
  ...pair(
    'sensor-contradiction-passenger-missing',
    'sensor-contradiction',
    [
      'The passenger sensor misses somebody on three trips, whom the controller knows of',
      story(
        112,
        130,
        { atMs: 1000, input: 'passenger', shows: false, forMs: 110_000 },
        { atMs: 2000, ride: [1, 2] },
        { atMs: 38_000, ride: [2, 1] },
        { atMs: 74_000, ride: [1, 2] },
      ),
    ],
    [
      'On two trips',
      story(
        112,
        80,
        { atMs: 1000, input: 'passenger', shows: false, forMs: 70_000 },
        { atMs: 2000, ride: [1, 2] },
        { atMs: 38_000, ride: [2, 1] },
      ),
    ],
  ),
  ...pair(
    'sensors-only-passenger-missing',
    'sensor-contradiction',
    [
      'The passenger sensor has seen nobody over twenty trips',
      story(113, 522, { atMs: 1000, input: 'passenger', shows: false, forMs: 502_000 }, ...shuttle(21, 24_000)),
    ],
    [
      'Over nineteen trips',
      story(113, 522, { atMs: 1000, input: 'passenger', shows: false, forMs: 458_000 }, ...shuttle(21, 24_000)),
    ],
  ),
  ...pair(
    'sensors-only-passenger-stuck',
    'sensor-contradiction',
    [
      'The passenger sensor stays on in the parked car when everybody has left: no entrapment, and in doubt after ten minutes',
      story(114, 690, { atMs: 2000, ride: [0, 2] }, { atMs: 14_000, input: 'passenger', shows: true, forMs: 645_000 }),
    ],
    [
      'It goes off after nine minutes',
      story(114, 640, { atMs: 2000, ride: [0, 2] }, { atMs: 14_000, input: 'passenger', shows: true, forMs: 556_000 }),
    ],
  ),
];
