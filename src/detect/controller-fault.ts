import { held } from './held.ts';
import { said } from './said.ts';

/** The controller has a fault of its own, or one whose number its profile does not list: the controller says so. Ends when it says so no more. Gap: held; the number found again stood. */
export const controllerFault = held({
  fault: 'controller-fault',
  reads: ['faultCode'],
  needs: [['faultCode']],
  when: (lift, facts) => said('controller-fault', lift, facts),
  limitMs: () => 0,
  gap: 'hold',
});
