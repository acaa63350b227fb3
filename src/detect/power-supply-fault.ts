import { any, held, neither, not } from './held.ts';
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
  until: (lift, facts) => neither(not(lift.mainsPresent.value), said('power-supply-fault', lift, facts)),
  gap: 'hold',
});
