/** Cases of what only a controller can say, of the alarm button, and of how the car is driven. */

import type { FaultName } from '../../src/lift/events.ts';
import type { SignalValues } from '../../src/lift/signals.ts';
import { pair, type Told } from './pair.ts';
import { type Story, story } from './story.ts';
import type { Case } from './table.ts';

type Says = Partial<SignalValues>;

/** A parked car whose controller says something for a while. */
function parked(seed: number, says: Says, forMs: number, seconds = 15): Story {
  return story(seed, seconds, { atMs: 5000, says, forMs });
}

/** Somebody rides from 1 to 7; the controller says something for a while on the way or at the open door. */
function ridden(seed: number, atMs: number, says: Says, forMs: number): Story {
  return story(seed, 45, { atMs: 2000, ride: [1, 7] }, { atMs, says, forMs });
}

/** A landing call that is pressed again and again, each time as soon as it was served. */
function pressed(seed: number, times: number): Story {
  const steps = Array.from({ length: times }, (_, at) => {
    return { atMs: 5000 + at * 1600, says: { callHere: true }, forMs: 1000 };
  });
  return story(seed, 20, ...steps);
}

/** The controller's own number for each, as the generic profile lists them. */
function said(fault: FaultName, seed: number, faultCode: number, shows: string): Case[] {
  const quiet: Told = ['A number that says what Hoistway judges itself', parked(seed, { faultCode: 14 }, 5000)];
  return pair(fault, fault, [shows, parked(seed, { faultCode }, 5000)], quiet);
}

const STOP = { kind: 'stopped-outside-door-zone', heldMs: 20_000 } as const;

export const CONTROLLER_CASES: readonly Case[] = [
  ...pair(
    'alarm-button',
    'alarm-button',
    ['Pressed for 2 s in a stopped car with its door closed', parked(61, { alarmButton: true }, 2000)],
    ['Pressed for 2 s with the door open at a landing', ridden(61, 5000, { alarmButton: true }, 2000)],
  ),
  ...pair(
    'unintended-car-movement',
    'unintended-car-movement',
    ['Out of the zone with its door open, the machine at rest', ridden(62, 5000, { doorZone: false }, 1500)],
    [
      'The same with the machine running: it was started',
      ridden(62, 5000, { doorZone: false, moving: true, brakeReleased: true }, 1500),
    ],
  ),
  ...pair(
    'overspeed',
    'overspeed',
    ['2.2 m/s read for 2 s on a lift of 1.75 m/s', ridden(63, 15_000, { speedMmPerS: 2200 }, 2000)],
    ['2.05 m/s: within 120 %', ridden(63, 15_000, { speedMmPerS: 2050 }, 2000)],
  ),
  ...pair(
    'sudden-stop',
    'sudden-stop',
    ['Braked from rated speed to rest between landings', story(12, 60, { atMs: 2000, inject: STOP })],
    ['Slowed from rated speed to a landing', story(12, 45, { atMs: 2000, ride: [1, 7] })],
  ),
  ...pair(
    'brake-fault',
    'brake-fault',
    ['The brake contact says released on a parked car, for 5 s', parked(65, { brakeReleased: true }, 5000)],
    ['For 2.5 s', parked(65, { brakeReleased: true }, 2500)],
  ),
  ...pair(
    'restart-prevented',
    'restart-prevented',
    ['A call waits for 65 s and the car does not start', parked(66, { callWaiting: true }, 65_000, 80)],
    ['For 55 s', parked(66, { callWaiting: true }, 55_000, 70)],
  ),
  ...pair(
    'power-supply-fault',
    'power-supply-fault',
    ['Mains absent for 5 s', parked(67, { mainsPresent: false }, 5000)],
    ['Mains absent for 0.6 s', parked(67, { mainsPresent: false }, 600)],
  ),
  ...said('drive-fault', 68, 43, "The controller's number for over-current of the drive"),
  ...said('drive-temperature', 69, 44, "The controller's number for a hot drive"),
  ...said('controller-fault', 70, 99, 'A number that the profile does not list'),
  ...said('load-fault', 71, 46, "The controller's number for its load cell"),
  ...pair(
    'call-button-stuck',
    'call-button-stuck',
    ['A landing call that returns at once five times', pressed(72, 6)],
    ['Four times', pressed(72, 5)],
  ),
];
