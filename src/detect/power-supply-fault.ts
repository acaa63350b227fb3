import { any, held, not } from './held.ts';
import { said } from './said.ts';

/**
 * Mains absent for longer than the limit, or the controller says so. Never muted: a lift without supply is told also while
 * people work on it. Ends when mains are back and the controller agrees. Gap: held; a cut that is there again was one cut.
 */
export const powerSupplyFault = held({
  fault: 'power-supply-fault',
  reads: ['mainsPresent', 'faultCode'],
  needs: [['mainsPresent'], ['faultCode']],
  when: (lift, facts) => any(not(lift.mainsPresent.value), said('power-supply-fault', lift, facts)),
  limitMs: ({ limits }, { mainsPresent }) => (mainsPresent.value === false ? limits.powerLossLimitMs : 0),
  until: (lift, facts) => ended(lift.mainsPresent.value, said('power-supply-fault', lift, facts)),
  gap: 'hold',
});

/** What is not read at all cannot keep the fault open. */
function ended(mains: boolean | null, stillSaid: boolean | null): boolean | null {
  if (mains === null && stillSaid === null) return null;
  return mains !== false && stillSaid !== true;
}
