import { held } from './held.ts';
import { said } from './said.ts';

/** The load measurement has a fault: the controller says so. Ends when it says so no more. Gap: held; the number found again stood. */
export const loadFault = held({
  fault: 'load-fault',
  reads: ['faultCode'],
  needs: [['faultCode']],
  when: (lift, facts) => said('load-fault', lift, facts),
  limitMs: () => 0,
  gap: 'hold',
});
