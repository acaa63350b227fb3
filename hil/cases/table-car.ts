/** Cases of the car: people in it, where it stops, how it moves. */

import { story, trapped } from './story.ts';
import type { Case } from './table.ts';

export const CAR_CASES: readonly Case[] = [
  {
    name: 'entrapment-off-level',
    fault: 'entrapment',
    shows: 'A passenger behind closed doors between landings',
    story: story(1, 92, { atMs: 2000, inject: trapped(66_000) }),
  },
  {
    name: 'entrapment-off-level-quiet',
    fault: 'entrapment',
    shows: 'Let out after 50 s of 60 s',
    story: story(1, 80, { atMs: 2000, inject: trapped(50_000) }),
  },
  {
    name: 'entrapment-at-landing',
    fault: 'entrapment',
    shows: 'A passenger who sits behind closed doors at a landing',
    story: story(3, 122, { atMs: 2000, ride: [1, 1] }, { atMs: 108_000, call: 1 }),
  },
  {
    name: 'entrapment-at-landing-quiet',
    fault: 'entrapment',
    shows: 'Lets themselves out after 80 s of 90 s',
    story: story(3, 106, { atMs: 2000, ride: [1, 1] }, { atMs: 92_000, call: 1 }),
  },
  {
    name: 'entrapment-alarm-button',
    fault: 'entrapment',
    shows: 'The alarm button in a stopped car: at once',
    story: story(3, 60, { atMs: 2000, inject: trapped(30_000, 8000) }),
  },
  {
    name: 'entrapment-alarm-button-quiet',
    fault: 'entrapment',
    shows: 'The button pressed in a running car, and brushed for 80 ms in a stopped one',
    story: story(
      3,
      60,
      { atMs: 2000, inject: trapped(30_000) },
      { atMs: 14_000, input: 'alarmButton', shows: true, forMs: 1500 },
      { atMs: 30_000, input: 'alarmButton', shows: true, forMs: 80 },
    ),
  },
  {
    name: 'shut-in-at-landing',
    fault: 'entrapment',
    shows: 'Arrives and never opens: first door-open-failure, then entrapment',
    story: story(4, 125, { atMs: 2000, inject: { kind: 'entrapment-at-landing', heldMs: 96_000, alarmAfterMs: null } }),
  },
  {
    name: 'shut-in-at-landing-quiet',
    fault: 'entrapment',
    shows: 'Opens after 80 s: a door failure, and no entrapment',
    story: story(4, 110, { atMs: 2000, inject: { kind: 'entrapment-at-landing', heldMs: 80_000, alarmAfterMs: null } }),
  },
  {
    name: 'overtravel-top',
    fault: 'overtravel-top',
    shows: '150 mm beyond the top landing',
    story: story(5, 70, { atMs: 2000, inject: { kind: 'overtravel-top', overrunMm: 150, heldMs: 15_000 } }),
  },
  {
    name: 'overtravel-top-quiet',
    fault: 'overtravel-top',
    shows: 'An arrival at the top landing',
    story: story(5, 45, { atMs: 2000, ride: [1, 7] }),
  },
  {
    name: 'overtravel-bottom',
    fault: 'overtravel-bottom',
    shows: '110 mm below the bottom landing',
    story: story(6, 70, { atMs: 2000, inject: { kind: 'overtravel-bottom', overrunMm: 110, heldMs: 15_000 } }),
  },
  {
    name: 'overtravel-bottom-quiet',
    fault: 'overtravel-bottom',
    shows: 'An arrival at the bottom landing',
    story: story(6, 40, { atMs: 2000, ride: [1, 0] }),
  },
  {
    name: 'moving-with-door-open',
    fault: 'moving-with-door-open',
    shows: 'Drifts out of the door zone with an open door',
    story: story(7, 60, { atMs: 2000, inject: { kind: 'moving-with-door-open', heldMs: 8000 } }),
  },
  {
    name: 'moving-with-door-open-quiet',
    fault: 'moving-with-door-open',
    shows: 'Relevels with an open door',
    story: story(4, 45, { atMs: 2000, ride: [1, 4] }),
  },
  {
    name: 'door-open-while-running',
    fault: 'door-open-while-running',
    shows: 'The door leaves closed in mid-travel, and the car stops',
    story: story(9, 60, { atMs: 2000, inject: { kind: 'door-open-while-running', stops: true, heldMs: 6000 } }),
  },
  {
    name: 'door-open-while-running-quiet',
    fault: 'door-open-while-running',
    shows: 'The door contact chatters for 18 ms on the run',
    story: story(
      9,
      45,
      { atMs: 2000, ride: [1, 6] },
      { atMs: 19_000, input: 'doorClosed', shows: false, forMs: 18 },
      { atMs: 20_500, input: 'doorClosed', shows: false, forMs: 9 },
    ),
  },
  {
    name: 'safety-chain-open-running',
    fault: 'safety-chain-open',
    shows: 'The chain opens on the run: an emergency stop',
    story: story(10, 60, { atMs: 2000, inject: { kind: 'safety-chain-open', running: true, heldMs: 12_000 } }),
  },
  {
    name: 'safety-chain-open-running-quiet',
    fault: 'safety-chain-open',
    shows: 'Its contact chatters for 15 ms on the run',
    story: story(
      10,
      45,
      { atMs: 2000, ride: [1, 5] },
      { atMs: 18_000, input: 'safetyChainClosed', shows: false, forMs: 15 },
    ),
  },
  {
    name: 'safety-chain-open-at-rest',
    fault: 'safety-chain-open',
    shows: 'The chain of a parked lift is open for 6 s; this site allows 3 s',
    story: story(11, 20, { atMs: 4000, inject: { kind: 'safety-chain-open', running: false, heldMs: 6000 } }),
  },
  {
    name: 'safety-chain-open-at-rest-quiet',
    fault: 'safety-chain-open',
    shows: 'Open for 2.5 s of 3 s',
    story: story(11, 20, { atMs: 4000, inject: { kind: 'safety-chain-open', running: false, heldMs: 2500 } }),
  },
  {
    name: 'stopped-outside-door-zone',
    fault: 'stopped-outside-door-zone',
    shows: 'An empty car stands between landings',
    story: story(12, 100, { atMs: 2000, inject: { kind: 'stopped-outside-door-zone', heldMs: 68_000 } }),
  },
  {
    name: 'stopped-outside-door-zone-quiet',
    fault: 'stopped-outside-door-zone',
    shows: 'Goes on after 50 s of 60 s',
    story: story(12, 85, { atMs: 2000, inject: { kind: 'stopped-outside-door-zone', heldMs: 50_000 } }),
  },
  {
    name: 'run-time-limit',
    fault: 'run-time-limit',
    shows: 'The ropes slip: the machine turns, the car stays',
    story: story(13, 75, { atMs: 2000, inject: { kind: 'run-time-limit', heldMs: 4000 } }),
  },
  {
    name: 'run-time-limit-quiet',
    fault: 'run-time-limit',
    shows: 'It turns for 3 s less than the limit',
    story: story(13, 70, { atMs: 2000, inject: { kind: 'run-time-limit', heldMs: -3000 } }),
  },
];
