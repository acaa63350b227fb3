import { held } from './held.ts';
import { said } from './said.ts';

/** The drive or motor has a fault: the controller says so. Ends when it says so no more. Gap: held; the number found again stood. */
export const driveFault = held({
  fault: 'drive-fault',
  reads: ['faultCode'],
  needs: [['faultCode']],
  when: (lift, facts) => said('drive-fault', lift, facts),
  limitMs: () => 0,
  gap: 'hold',
});
