/** Cases of what tells of the lift: sensors, controllers, lines, captures; and of people at work on it. */

import { story } from './story.ts';
import type { Case } from './table.ts';

export const SIGNALS_CASES: readonly Case[] = [
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
    name: 'sensor-contradiction-swapped',
    fault: 'sensor-contradiction',
    shows: "The two level switches are on each other's wire",
    story: story(
      31,
      60,
      { atMs: 1000, breaks: { sensor: 'levelUpper', way: 'swapped' } },
      { atMs: 2000, ride: [1, 4] },
      { atMs: 30_000, ride: [4, 2] },
    ),
  },
  {
    name: 'sensor-contradiction-swapped-quiet',
    fault: 'sensor-contradiction',
    shows: 'The same rides with the wires right',
    story: story(31, 60, { atMs: 2000, ride: [1, 4] }, { atMs: 30_000, ride: [4, 2] }),
  },
  {
    name: 'sensor-contradiction-base',
    fault: 'sensor-contradiction',
    shows: 'The base switch stays on when the car leaves the base landing',
    story: story(
      32,
      60,
      { atMs: 1000, input: 'baseLanding', shows: true, forMs: 50_000 },
      { atMs: 2000, ride: [1, 4] },
    ),
  },
  {
    name: 'sensor-contradiction-base-quiet',
    fault: 'sensor-contradiction',
    shows: 'It shows a base landing at another one for 2.5 s of 3 s',
    story: story(
      32,
      60,
      { atMs: 2000, ride: [1, 4] },
      { atMs: 35_000, input: 'baseLanding', shows: true, forMs: 2500 },
    ),
  },
  {
    name: 'sensor-contradiction-passenger',
    fault: 'sensor-contradiction',
    shows: 'The passenger sensor stays on when everybody has left',
    story: story(
      33,
      130,
      { atMs: 2000, ride: [1, 4] },
      { atMs: 12_000, input: 'passenger', shows: true, forMs: 115_000 },
    ),
  },
  {
    name: 'sensor-contradiction-passenger-quiet',
    fault: 'sensor-contradiction',
    shows: 'It holds on for 20 s behind closed doors, as a PIR may',
    story: story(
      33,
      100,
      { atMs: 2000, ride: [1, 4] },
      { atMs: 12_000, input: 'passenger', shows: true, forMs: 45_000 },
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
