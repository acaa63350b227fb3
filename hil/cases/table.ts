/**
 * The cases, one row each, and beside most its quiet twin: the same story just below the limit, which must raise nothing.
 * A row without a story was captured in the field.
 */

import type { FaultName } from '../../src/lift/events.ts';
import type { Step, Story } from './play.ts';

export interface Case {
  /** of its folder; a quiet twin ends in -quiet */
  readonly name: string;
  /** what it raises, or what its quiet twin just misses; null where it is about none */
  readonly fault: FaultName | null;
  readonly shows: string;
  readonly story: Story | null;
}

/** Nothing is raised by these. */
export const isQuiet = ({ name, fault }: Case) => fault === null || name.endsWith('-quiet');

function story(seed: number, seconds: number, ...steps: Step[]): Story {
  return { seed, seconds, steps };
}

export const CASES: readonly Case[] = [
  {
    name: 'entrapment-off-level',
    fault: 'entrapment',
    shows: 'A passenger behind closed doors between landings',
    story: story(1, 92, { atMs: 2000, inject: { kind: 'entrapment-off-level', heldMs: 66_000, alarmAfterMs: null } }),
  },
  {
    name: 'entrapment-off-level-quiet',
    fault: 'entrapment',
    shows: 'Let out after 50 s of 60 s',
    story: story(1, 80, { atMs: 2000, inject: { kind: 'entrapment-off-level', heldMs: 50_000, alarmAfterMs: null } }),
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
    story: story(3, 60, { atMs: 2000, inject: { kind: 'entrapment-off-level', heldMs: 30_000, alarmAfterMs: 8000 } }),
  },
  {
    name: 'entrapment-alarm-button-quiet',
    fault: 'entrapment',
    shows: 'The button pressed in a running car, and brushed for 80 ms in a stopped one',
    story: story(
      3,
      60,
      { atMs: 2000, inject: { kind: 'entrapment-off-level', heldMs: 30_000, alarmAfterMs: null } },
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
  {
    name: 'position-lost',
    fault: 'position-lost',
    shows: 'The controller counts a landing too many',
    story: story(19, 75, { atMs: 2000, inject: { kind: 'position-lost' } }),
  },
  {
    name: 'position-lost-quiet',
    fault: 'position-lost',
    shows: 'The controller tells the landing 1.7 s after it stopped',
    story: story(19, 45, { atMs: 2000, ride: [1, 4] }, { atMs: 19_500, says: { landing: 3 }, forMs: 4400 }),
  },
  {
    name: 'sensor-contradiction-door',
    fault: 'sensor-contradiction',
    shows: 'The door contact stays closed while the door opens',
    story: story(20, 60, {
      atMs: 2000,
      inject: { kind: 'sensor-contradiction-door', shows: 'closed', heldMs: 2000 },
    }),
  },
  {
    name: 'sensor-contradiction-door-quiet',
    fault: 'sensor-contradiction',
    shows: 'It comes free after 2.7 s of 3 s',
    story: story(20, 50, {
      atMs: 2000,
      inject: { kind: 'sensor-contradiction-door', shows: 'closed', heldMs: -300 },
    }),
  },
  {
    name: 'sensor-contradiction-door-missing',
    fault: 'sensor-contradiction',
    shows: 'The door contact does not make when the door has closed',
    story: story(21, 60, {
      atMs: 2000,
      inject: { kind: 'sensor-contradiction-door', shows: 'not-closed', heldMs: 2000 },
    }),
  },
  {
    name: 'sensor-contradiction-door-missing-quiet',
    fault: 'sensor-contradiction',
    shows: 'It makes after 2 s of 3 s',
    story: story(21, 60, {
      atMs: 2000,
      inject: { kind: 'sensor-contradiction-door', shows: 'not-closed', heldMs: -1000 },
    }),
  },
  {
    name: 'sensor-contradiction-level',
    fault: 'sensor-contradiction',
    shows: 'Both level switches show a level between landings',
    story: story(22, 100, { atMs: 2000, inject: { kind: 'sensor-contradiction-level', heldMs: 4000 } }),
  },
  {
    name: 'sensor-contradiction-level-quiet',
    fault: 'sensor-contradiction',
    shows: 'One level switch chatters for 2 s there',
    story: story(
      22,
      70,
      { atMs: 2000, inject: { kind: 'stopped-outside-door-zone', heldMs: 20_000 } },
      { atMs: 20_000, input: 'levelUpper', shows: true, forMs: 2000 },
    ),
  },
  {
    name: 'controller-silent',
    fault: 'controller-silent',
    shows: 'The controller says nothing for 20 s',
    story: story(
      23,
      50,
      { atMs: 2000, ride: [1, 3] },
      { atMs: 22_000, inject: { kind: 'controller-silent', heldMs: 20_000 } },
    ),
  },
  {
    name: 'controller-silent-quiet',
    fault: 'controller-silent',
    shows: 'Nothing for 8 s of 10 s',
    story: story(
      23,
      45,
      { atMs: 2000, ride: [1, 3] },
      { atMs: 22_000, inject: { kind: 'controller-silent', heldMs: 8000 } },
    ),
  },
  {
    name: 'silent-amid-entrapment',
    fault: 'entrapment',
    shows: 'The controller is silent for 20 s amid the 60 s: they go on, and entrapment is in time',
    story: story(
      24,
      105,
      { atMs: 2000, inject: { kind: 'entrapment-off-level', heldMs: 66_000, alarmAfterMs: null } },
      { atMs: 40_000, silentMs: 20_000 },
    ),
  },
  {
    name: 'silent-past-door-held-open',
    fault: 'door-held-open',
    shows: 'The limit passes in the dark: raised when the controller is back and the door still open',
    story: story(
      25,
      160,
      { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 136_000 } },
      { atMs: 115_000, silentMs: 16_000 },
    ),
  },
  {
    name: 'inspection-visit',
    fault: null,
    shows: 'A technician works on the lift: nothing is raised',
    story: { ...story(3132, 160), livedMs: 6_921_000 },
  },
  {
    name: 'sensors-only-entrapment',
    fault: 'entrapment',
    shows: 'No controller: told by level pair, base, door and passenger alone',
    story: story(27, 120, { atMs: 2000, inject: { kind: 'entrapment-off-level', heldMs: 80_000, alarmAfterMs: null } }),
  },
  {
    name: 'sensors-only-entrapment-quiet',
    fault: 'entrapment',
    shows: 'Let out after 55 s',
    story: story(27, 100, { atMs: 2000, inject: { kind: 'entrapment-off-level', heldMs: 55_000, alarmAfterMs: null } }),
  },
  {
    name: 'nice3000-door-close-failure',
    fault: 'door-close-failure',
    shows: 'A NICE3000 map (16-bit byte count): the door jams half-way',
    story: story(28, 44, { atMs: 2000, inject: { kind: 'door-close-failure', way: 'jams', heldMs: 18_000 } }),
  },
  {
    name: 'nice3000-door-close-failure-quiet',
    fault: 'door-close-failure',
    shows: 'It is freed in time',
    story: story(28, 42, { atMs: 2000, inject: { kind: 'door-close-failure', way: 'jams', heldMs: 10_500 } }),
  },
  {
    name: 'two-lifts-one-dies',
    fault: 'controller-silent',
    shows: 'Two controllers on one line: one dies, the other is read on',
    story: story(
      29,
      50,
      { atMs: 2000, lift: 'west', ride: [0, 3] },
      { atMs: 12_000, lift: 'west', silentMs: 60_000 },
      { atMs: 14_000, lift: 'east', ride: [0, 4] },
    ),
  },
  {
    name: 'two-lifts-one-dies-quiet',
    fault: 'controller-silent',
    shows: 'It is back after 8 s of 10 s',
    story: story(
      29,
      45,
      { atMs: 2000, lift: 'west', ride: [0, 3] },
      { atMs: 12_000, lift: 'west', silentMs: 8000 },
      { atMs: 14_000, lift: 'east', ride: [0, 4] },
    ),
  },
  {
    name: 'late-replies',
    fault: null,
    shows: 'A slave answers after the time-out for 6 s: no late reply is taken for the answer to a later request',
    story: story(30, 45, { atMs: 2000, ride: [1, 3] }, { atMs: 13_000, answersAfterMs: 320, forMs: 6000 }),
  },
  {
    name: 'checkpoint-amid-entrapment',
    fault: 'entrapment',
    shows: 'Begins with a checkpoint amid the 60 s, as the capture of a flight recorder may',
    story: {
      ...story(1, 92, { atMs: 2000, inject: { kind: 'entrapment-off-level', heldMs: 66_000, alarmAfterMs: null } }),
      checkpointMs: 50_000,
    },
  },
];
