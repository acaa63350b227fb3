import { held } from './held.ts';
import { said } from './said.ts';

/** Drive or motor is too hot: the controller says so. Ends when it says so no more. Gap: held; the number found again stood. */
export const driveTemperature = held({
  fault: 'drive-temperature',
  reads: ['faultCode'],
  needs: [['faultCode']],
  when: (lift, facts) => said('drive-temperature', lift, facts),
  limitMs: () => 0,
  gap: 'hold',
});
