import { type Answer, all, any, held, not } from './held.ts';

/**
 * 困人: a passenger behind closed doors of a car that does not move. At a landing 90 s, off level 60 s; the alarm button
 * in a stopped car with closed doors: at once, also during maintenance (EN 81-28). Ends when the doors open at a landing.
 *
 * Gap: held. Somebody may still be inside: when the signals come back and say so, the time in the dark counts.
 */
export const entrapment = held({
  fault: 'entrapment',
  when: ({ passenger, doorClosed, moving, alarmButton }) =>
    all(any(passenger.value, pressed(alarmButton.value)), doorClosed.value, not(moving.value)),
  limitMs: ({ limits }, { doorZone, alarmButton }) => {
    if (alarmButton.value) return 0;
    return doorZone.value === false ? limits.entrapmentOffLevelLimitMs : limits.entrapmentAtLandingLimitMs;
  },
  until: ({ doorClosed, doorZone }) => all(not(doorClosed.value), doorZone.value),
  gap: 'hold',
  noHoldOff: true,
  evenMuted: ({ alarmButton }) => alarmButton.value === true,
});

/** Most lifts have no button wired: not knowing of it is not doubt about the passenger. */
function pressed(button: Answer): Answer {
  return button === true;
}
