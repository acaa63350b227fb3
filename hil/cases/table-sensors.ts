/** Cases of lifts without a controller, told by volt-free contacts alone. */

import { pair } from './pair.ts';
import { type Step, story, trapped } from './story.ts';
import type { Case } from './table.ts';

const blinks = [50, 58, 66].map((second) => {
  return { atMs: second * 1000, input: 'doorClosed', shows: false, forMs: 150 } as const;
});

/** Twice up from the base landing and back, and up once more. */
const TO_AND_FRO: readonly Step[] = [
  { atMs: 2000, ride: [0, 3] },
  { atMs: 38_000, ride: [3, 0] },
  { atMs: 72_000, ride: [0, 2] },
  { atMs: 102_000, ride: [2, 0] },
  { atMs: 136_000, ride: [0, 3] },
];

export const SENSORS_CASES: readonly Case[] = [
  ...pair(
    'sensors-only-entrapment',
    'entrapment',
    [
      'No controller: told by level pair, base, door and passenger alone',
      story(27, 120, { atMs: 2000, inject: trapped(80_000) }),
    ],
    ['Let out after 55 s', story(27, 100, { atMs: 2000, inject: trapped(55_000) })],
  ),
  ...pair(
    'sensors-only-still-passenger',
    'entrapment',
    [
      'The PIR sees who moves in the trapped car, and then loses who sits still: nobody vanishes behind closed doors',
      story(
        27,
        120,
        { atMs: 2000, inject: trapped(80_000) },
        { atMs: 20_000, input: 'passenger', shows: false, forMs: 4000 },
        { atMs: 26_000, input: 'passenger', shows: false, forMs: 80_000 },
      ),
    ],
    [
      'Let out after 55 s',
      story(
        27,
        100,
        { atMs: 2000, inject: trapped(55_000) },
        { atMs: 20_000, input: 'passenger', shows: false, forMs: 4000 },
        { atMs: 26_000, input: 'passenger', shows: false, forMs: 55_000 },
      ),
    ],
  ),
  ...pair(
    'sensors-only-alarm-button',
    'entrapment',
    [
      'The alarm button, 20 s after the car stopped: at once',
      story(27, 90, { atMs: 2000, inject: trapped(40_000, 20_000) }),
    ],
    [
      'Pressed on the run, for 2 s: the car goes on to its landing and opens',
      story(27, 50, { atMs: 2000, ride: [0, 3] }, { atMs: 17_000, input: 'alarmButton', shows: true, forMs: 2000 }),
    ],
  ),
  ...pair(
    'sensors-only-shut-in',
    'entrapment',
    [
      'Arrives and does not open for 100 s',
      story(41, 140, { atMs: 2000, inject: { kind: 'entrapment-at-landing', heldMs: 100_000, alarmAfterMs: null } }),
    ],
    [
      'Opens after 80 s',
      story(41, 120, { atMs: 2000, inject: { kind: 'entrapment-at-landing', heldMs: 80_000, alarmAfterMs: null } }),
    ],
  ),
  ...pair(
    'sensors-only-door-blinks',
    'entrapment',
    [
      'The door contact blinks for 150 ms three times amid the 60 s',
      story(27, 120, { atMs: 2000, inject: trapped(80_000) }, ...blinks),
    ],
    ['Let out after 55 s', story(27, 100, { atMs: 2000, inject: trapped(55_000) }, ...blinks)],
  ),
  ...pair(
    'sensors-only-stopped-outside',
    'stopped-outside-door-zone',
    [
      'An empty car stands between landings',
      story(42, 100, { atMs: 2000, inject: { kind: 'stopped-outside-door-zone', heldMs: 80_000 } }),
    ],
    [
      'Goes on after 55 s',
      story(42, 80, { atMs: 2000, inject: { kind: 'stopped-outside-door-zone', heldMs: 55_000 } }),
    ],
  ),
  ...pair(
    'sensors-only-door-held-open',
    'door-held-open',
    [
      'Something stands in the door',
      story(43, 150, { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 125_000 } }),
    ],
    [
      'Taken away after 100 s; closed within 120 s',
      story(43, 130, { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 100_000 } }),
    ],
  ),
  ...pair(
    'sensors-only-door-open-failure',
    'door-open-failure',
    [
      'Arrives with a passenger and opens after 15 s',
      story(44, 70, { atMs: 2000, inject: { kind: 'door-open-failure', heldMs: 15_000 } }),
    ],
    ['Opens after 8 s', story(44, 60, { atMs: 2000, inject: { kind: 'door-open-failure', heldMs: 8000 } })],
  ),
  ...pair(
    'sensors-only-door-reopens',
    'door-close-failure',
    [
      'Opens again five times in one stop, told by the closed contact alone',
      story(
        45,
        110,
        { atMs: 2000, inject: { kind: 'door-close-failure', way: 'reopens', heldMs: 0 } },
        { atMs: 85_000, ride: [0, 2] },
      ),
    ],
    [
      'Opens again four times',
      story(45, 90, ...[2, 18, 34, 50, 66].map((second) => ({ atMs: second * 1000, call: 0 }))),
    ],
  ),
  ...pair(
    'sensors-only-door-open-while-running',
    'door-open-while-running',
    [
      'The door leaves closed between landings',
      story(46, 35, { atMs: 2000, inject: { kind: 'door-open-while-running', stops: true, heldMs: 4000 } }),
    ],
    [
      'Its contact chatters for 18 ms there',
      story(
        46,
        60,
        { atMs: 2000, ride: [0, 4] },
        { atMs: 16_500, input: 'doorClosed', shows: false, forMs: 18 },
        { atMs: 16_600, input: 'doorClosed', shows: false, forMs: 9 },
      ),
    ],
  ),
  ...pair(
    'sensors-only-moving-with-door-open',
    'moving-with-door-open',
    [
      'Drifts away from the landing with an open door',
      story(47, 70, { atMs: 2000, inject: { kind: 'moving-with-door-open', heldMs: 8000 } }),
    ],
    [
      'Sinks by 40 mm with its door open and is brought back: one level switch stays on',
      story(47, 40, { atMs: 2000, ride: [0, 2] }, { atMs: 26_000, input: 'levelLower', shows: false, forMs: 1500 }),
    ],
  ),
  ...pair(
    'sensors-only-overtravel-top',
    'overtravel-top',
    [
      '150 mm beyond the top landing',
      story(48, 90, { atMs: 2000, inject: { kind: 'overtravel-top', overrunMm: 150, heldMs: 15_000 } }),
    ],
    [
      'Stops 20 mm above it, still level',
      story(48, 80, { atMs: 2000, inject: { kind: 'overtravel-top', overrunMm: 20, heldMs: 5000 } }),
    ],
  ),
  ...pair(
    'sensors-only-overtravel-bottom',
    'overtravel-bottom',
    [
      '120 mm below the bottom landing',
      story(49, 90, { atMs: 2000, inject: { kind: 'overtravel-bottom', overrunMm: 120, heldMs: 15_000 } }),
    ],
    [
      'Stops 20 mm below it, still level',
      story(49, 80, { atMs: 2000, inject: { kind: 'overtravel-bottom', overrunMm: 20, heldMs: 5000 } }),
    ],
  ),
  ...pair(
    'overtravel-end-limit',
    'overtravel-top',
    [
      'Nobody knows the landing since the box started; the end limit acts with the car going up',
      story(
        50,
        90,
        { atMs: 0, breaks: { sensor: 'baseLanding', way: 'stuck-off' } },
        { atMs: 2000, inject: { kind: 'overtravel-top', overrunMm: 150, heldMs: 15_000 } },
      ),
    ],
    [
      'Stops 20 mm short of the limit switch',
      story(
        50,
        90,
        { atMs: 0, breaks: { sensor: 'baseLanding', way: 'stuck-off' } },
        { atMs: 2000, inject: { kind: 'overtravel-top', overrunMm: 60, heldMs: 15_000 } },
      ),
    ],
  ),
  ...pair(
    'sensors-only-overspeed',
    'overspeed',
    [
      '1.3 m/s on a lift of 1 m/s, over two landing intervals',
      { ...story(51, 70, { atMs: 2000, ride: [0, 5] }), truly: { ratedSpeedMmPerS: 1300 } },
    ],
    ['1.15 m/s: within 120 %', { ...story(51, 70, { atMs: 2000, ride: [0, 5] }), truly: { ratedSpeedMmPerS: 1150 } }],
  ),
  ...pair(
    'sensors-only-safety-chain',
    'safety-chain-open',
    [
      'The chain opens on the run and closes again after 8 s',
      story(52, 70, { atMs: 2000, inject: { kind: 'safety-chain-open', running: true, heldMs: 8000 } }),
    ],
    [
      'Its contact chatters for 15 ms on the run',
      story(
        52,
        50,
        { atMs: 2000, ride: [0, 3] },
        { atMs: 17_000, input: 'safetyChainClosed', shows: false, forMs: 15 },
      ),
    ],
  ),
  ...pair(
    'sensors-only-position-lost',
    'position-lost',
    [
      'The lower switch misses one vane on the way down: the base switch finds the count wrong',
      story(
        53,
        140,
        { atMs: 2000, ride: [0, 3] },
        { atMs: 45_000, ride: [3, 0] },
        { atMs: 63_700, input: 'levelLower', shows: false, forMs: 400 },
        { atMs: 90_000, ride: [0, 1] },
        { atMs: 112_000, call: 0 },
      ),
    ],
    [
      'The switch chatters for 6 ms at that vane',
      story(
        53,
        90,
        { atMs: 2000, ride: [0, 3] },
        { atMs: 45_000, ride: [3, 0] },
        { atMs: 63_890, input: 'levelLower', shows: false, forMs: 6 },
      ),
    ],
  ),
  ...pair(
    'sensors-only-position-lost-upward',
    'position-lost',
    [
      'The lower switch misses one vane on the way up: the count ends below the lowest landing',
      story(
        53,
        140,
        { atMs: 2000, ride: [0, 3] },
        { atMs: 21_500, input: 'levelLower', shows: false, forMs: 400 },
        { atMs: 45_000, ride: [3, 0] },
        { atMs: 90_000, ride: [0, 1] },
        { atMs: 112_000, call: 0 },
      ),
    ],
    [
      'The switch chatters for 6 ms at that vane',
      story(
        53,
        90,
        { atMs: 2000, ride: [0, 3] },
        { atMs: 21_710, input: 'levelLower', shows: false, forMs: 6 },
        { atMs: 45_000, ride: [3, 0] },
      ),
    ],
  ),
  ...pair(
    'sensors-only-swapped',
    'sensor-contradiction',
    [
      "The two level switches are on each other's wire: learned at the second return to the base landing",
      story(34, 172, { atMs: 1000, breaks: { sensor: 'levelUpper', way: 'swapped' } }, ...TO_AND_FRO),
    ],
    ['The same rides with the wires right', story(34, 172, ...TO_AND_FRO)],
  ),
];
