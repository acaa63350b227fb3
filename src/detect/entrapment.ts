import type { LiftState } from '../lift/state.ts';
import { all, any, held, not } from './held.ts';

/**
 * 困人: a passenger behind closed doors of a car that does not move. At a landing 90 s, off level 60 s; the alarm button
 * in a stopped car with closed doors: at once, also during maintenance (EN 81-28), and also where the controller is silent
 * or the door doubtful: who presses it then is taken at his word. Ends when the doors have stood open at a landing for 2 s.
 * A second's try to start, or a door that rattles, does not begin the limit anew; a run out of the door zone does.
 *
 * Gap: held. Somebody may still be inside: when the signals come back and say so, the time in the dark counts. After more
 * than 20 s of it that must stand for 5 s: a car about to start is no trap, though one also stood so before.
 */
export const entrapment = held({
  fault: 'entrapment',
  reads: ['passenger', 'doorClosed', 'moving', 'doorZone', 'atLevel', 'alarmButton'],
  needs: [['passenger', 'doorClosed', 'moving'], ['alarmButton']],
  when: (lift) => any(pressed(lift), all(lift.passenger.value, lift.doorClosed.value, not(lift.moving.value))),
  limitMs: ({ limits }, lift) => {
    if (pressed(lift)) return 0;
    // Where the controller is silent the level switches still tell that it stands between landings.
    return (lift.doorZone.value ?? lift.atLevel.value) === false
      ? limits.entrapmentOffLevelLimitMs
      : limits.entrapmentAtLandingLimitMs;
  },
  until: ({ doorClosed, doorZone, moving }) =>
    all(not(doorClosed.value), doorZone.value === null ? not(moving.value) : doorZone.value),
  endsAfterMs: 2000,
  forgetsAfterMs: 3000,
  forgetsWith: ({ moving, doorZone }, brokenMs) =>
    moving.value === true && doorZone.value === false && doorZone.sinceMs >= brokenMs,
  gap: 'hold',
  confirmsMs: 5000,
  noHoldOff: true,
  evenMuted: pressed,
});

/** A press that is older than the closing of the door is a stuck button: somebody inside presses behind closed doors. */
function pressed({ alarmButton, doorClosed, moving }: LiftState): boolean {
  if (alarmButton.value !== true || moving.value === true || doorClosed.value === false) return false;
  return doorClosed.value === null || alarmButton.sinceMs >= doorClosed.sinceMs;
}
