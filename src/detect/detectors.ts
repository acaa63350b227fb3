/** All detectors, in the order in which they look: contradictions first, for what they find is hidden from the others; then by rank. */

import { alarmButton } from './alarm-button.ts';
import { brakeFault } from './brake-fault.ts';
import { callButtonStuck } from './call-button-stuck.ts';
import { controllerFault } from './controller-fault.ts';
import { controllerSilent } from './controller-silent.ts';
import type { Detector } from './detector.ts';
import { doorCloseFailure } from './door-close-failure.ts';
import { doorHeldOpen } from './door-held-open.ts';
import { doorOpenFailure } from './door-open-failure.ts';
import { doorOpenWhileRunning, movingWithDoorOpen } from './door-open-while-running.ts';
import { driveFault } from './drive-fault.ts';
import { driveTemperature } from './drive-temperature.ts';
import { entrapment } from './entrapment.ts';
import { loadFault } from './load-fault.ts';
import { overspeed } from './overspeed.ts';
import { overtravelBottom, overtravelTop } from './overtravel.ts';
import { positionLost } from './position-lost.ts';
import { powerSupplyFault } from './power-supply-fault.ts';
import { restartPrevented } from './restart-prevented.ts';
import { runTimeLimit } from './run-time-limit.ts';
import { safetyChainOpen } from './safety-chain-open.ts';
import { baseContradiction } from './sensor-contradiction-base.ts';
import { doorContradiction } from './sensor-contradiction-door.ts';
import { levelContradiction } from './sensor-contradiction-level.ts';
import { passengerContradiction } from './sensor-contradiction-passenger.ts';
import { wiresSwapped } from './sensor-contradiction-wires.ts';
import { stoppedOutsideDoorZone } from './stopped-outside-door-zone.ts';
import { suddenStop } from './sudden-stop.ts';
import { unintendedCarMovement } from './unintended-car-movement.ts';

export const DETECTORS: readonly Detector[] = [
  doorContradiction,
  levelContradiction,
  wiresSwapped,
  baseContradiction,
  passengerContradiction,
  entrapment,
  alarmButton,
  unintendedCarMovement,
  overtravelTop,
  overtravelBottom,
  movingWithDoorOpen,
  doorOpenWhileRunning,
  overspeed,
  safetyChainOpen,
  suddenStop,
  brakeFault,
  stoppedOutsideDoorZone,
  runTimeLimit,
  restartPrevented,
  powerSupplyFault,
  driveFault,
  driveTemperature,
  controllerFault,
  loadFault,
  doorOpenFailure,
  doorCloseFailure,
  doorHeldOpen,
  callButtonStuck,
  positionLost,
  controllerSilent,
];
