/** Cases of what only a controller can say, of the alarm button, and of how the car is driven. */

import type { FaultName } from '../../src/lift/events.ts';
import type { SignalValues } from '../../src/lift/signals.ts';
import { pair, type Told } from './pair.ts';
import { type Step, type Story, story, trapped } from './story.ts';
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

/** Somebody turns the switch of the car top while it stands. */
const INSPECTED: Step = { atMs: 25_000, says: { mode: 'inspection' }, forMs: 90_000 };

/** A call waits at a parked car for 95 s; the safety chain is open for the first part of it. */
function parkedInTurn(seed: number, chainMs: number): Story {
  const chain: Says = { callWaiting: true, safetyChainClosed: false };
  const { steps, ...rest } = parked(seed, chain, chainMs, 110);
  const after: Step = { atMs: 5000 + chainMs, says: { callWaiting: true }, forMs: 95_000 - chainMs };
  return { ...rest, steps: chainMs < 95_000 ? [...steps, after] : steps };
}

const tries = (forMs: number): Step => ({ atMs: 45_000, says: { moving: true, brakeReleased: true }, forMs });

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
  ...pair(
    'brake-fault-running',
    'brake-fault',
    ['The brake contact says closed on the run, for 5 s', ridden(121, 15_000, { brakeReleased: false }, 5000)],
    ['For 2.5 s', ridden(121, 15_000, { brakeReleased: false }, 2500)],
  ),
  ...pair(
    'alarm-button-on-the-run',
    'alarm-button',
    [
      'Pressed for 2 s on the run; the car then stops between landings and does not open',
      story(
        122,
        60,
        { atMs: 2000, inject: trapped(20_000) },
        { atMs: 15_000, input: 'alarmButton', shows: true, forMs: 2000 },
      ),
    ],
    [
      'The car goes on to its landing and opens',
      story(122, 45, { atMs: 2000, ride: [1, 6] }, { atMs: 15_000, input: 'alarmButton', shows: true, forMs: 2000 }),
    ],
  ),
  ...pair(
    'alarm-button-end',
    'alarm-button',
    [
      'Stands until the end of alarm is given at the installation, though the door has opened',
      story(
        123,
        50,
        { atMs: 5000, input: 'alarmButton', shows: true, forMs: 1000 },
        { atMs: 12_000, call: 1 },
        { atMs: 40_000, input: 'endOfAlarm', shows: true, forMs: 500 },
      ),
    ],
    [
      'Pressed for 0.4 s of 0.5 s',
      story(123, 30, { atMs: 5000, input: 'alarmButton', shows: true, forMs: 400 }, { atMs: 12_000, call: 1 }),
    ],
  ),
  ...pair(
    'inspection-alarm-button',
    'entrapment',
    [
      'In inspection an entrapment is told by the alarm button alone',
      story(124, 110, { atMs: 2000, inject: trapped(75_000, 66_000) }, INSPECTED),
    ],
    ['Nobody presses it in 75 s', story(124, 110, { atMs: 2000, inject: trapped(75_000) }, INSPECTED)],
  ),
  ...pair(
    'fire-recall-door-held-open',
    'door-held-open',
    [
      'The door stands open in a fire recall, and for two minutes after it',
      story(
        125,
        200,
        { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 170_000 } },
        { atMs: 10_000, says: { mode: 'fire-recall' }, forMs: 40_000 },
      ),
    ],
    [
      'The recall lasts as long as the door stands open',
      story(
        125,
        180,
        { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 150_000 } },
        { atMs: 10_000, says: { mode: 'fire-recall' }, forMs: 168_000 },
      ),
    ],
  ),
  ...pair(
    'restart-prevented-after-chain',
    'restart-prevented',
    ['A call waits while the safety chain is open, and a minute after it has closed', parkedInTurn(126, 20_000)],
    ['The chain is open all the time: that says more', parkedInTurn(126, 95_000)],
  ),
  ...pair(
    'stopped-outside-tries',
    'stopped-outside-door-zone',
    [
      'The car tries to start for 2 s amid the 60 s',
      story(127, 100, { atMs: 2000, inject: { kind: 'stopped-outside-door-zone', heldMs: 70_000 } }, tries(2000)),
    ],
    [
      'It runs for 4 s, and its limit begins anew',
      story(127, 100, { atMs: 2000, inject: { kind: 'stopped-outside-door-zone', heldMs: 70_000 } }, tries(4000)),
    ],
  ),
  ...pair(
    'safety-chain-open-again',
    'safety-chain-open',
    [
      'It ends, and the chain opens again within the hold-off: told when that is over',
      story(
        128,
        30,
        { atMs: 5000, says: { safetyChainClosed: false }, forMs: 3000 },
        { atMs: 11_000, says: { safetyChainClosed: false }, forMs: 6000 },
      ),
    ],
    [
      'A contact on an input of this site chatters three times for 15 ms',
      story(
        128,
        20,
        ...[5000, 6000, 6500].map((atMs) => ({ atMs, input: 'safetyChainClosed', shows: false, forMs: 15 }) as const),
      ),
    ],
  ),
  ...pair(
    'drive-fault-entrapment',
    'entrapment',
    [
      'The drive fails on the run with somebody inside: two faults, each in its time',
      story(
        129,
        100,
        { atMs: 2000, inject: trapped(66_000) },
        { atMs: 16_000, says: { faultCode: 43 }, forMs: 60_000 },
      ),
    ],
    [
      'Let out after 50 s',
      story(129, 90, { atMs: 2000, inject: trapped(50_000) }, { atMs: 16_000, says: { faultCode: 43 }, forMs: 45_000 }),
    ],
  ),
];
