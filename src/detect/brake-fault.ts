import type { LiftState } from '../lift/state.ts';
import { type Answer, all, any, held, neither, not } from './held.ts';
import { said } from './said.ts';

/**
 * The brake signal contradicts the movement of the car: it runs on a closed brake, or stands on a released one; or the
 * controller says so. Ends when brake and car agree, and the controller says nothing of it. Gap: restarted.
 */
export const brakeFault = held({
  fault: 'brake-fault',
  reads: ['brakeReleased', 'moving', 'faultCode'],
  needs: [['brakeReleased', 'moving'], ['faultCode']],
  when: (lift, facts) => any(contradicts(lift), said('brake-fault', lift, facts)),
  limitMs: ({ limits, faultCodes }, { faultCode }) =>
    faultCodes[faultCode.value ?? 0]?.fault === 'brake-fault' ? 0 : limits.brakeLimitMs,
  until: (lift, facts) => neither(contradicts(lift), said('brake-fault', lift, facts)),
  gap: 'restart',
});

function contradicts({ brakeReleased, moving }: LiftState): Answer {
  return any(all(moving.value, not(brakeReleased.value)), all(not(moving.value), brakeReleased.value));
}
