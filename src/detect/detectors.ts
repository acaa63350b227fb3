/** All detectors, in the order in which they look: contradictions first, for what they find is hidden from the others; then by rank. */

import { controllerSilent } from './controller-silent.ts';
import type { Detector } from './detector.ts';
import { doorCloseFailure } from './door-close-failure.ts';
import { doorHeldOpen } from './door-held-open.ts';
import { doorOpenFailure } from './door-open-failure.ts';
import { doorOpenWhileRunning, movingWithDoorOpen } from './door-open-while-running.ts';
import { entrapment } from './entrapment.ts';
import { overtravelBottom, overtravelTop } from './overtravel.ts';
import { positionLost } from './position-lost.ts';
import { runTimeLimit } from './run-time-limit.ts';
import { safetyChainOpen } from './safety-chain-open.ts';
import { doorContradiction, levelContradiction } from './sensor-contradiction.ts';
import { stoppedOutsideDoorZone } from './stopped-outside-door-zone.ts';

export const DETECTORS: readonly Detector[] = [
  doorContradiction,
  levelContradiction,
  entrapment,
  overtravelTop,
  overtravelBottom,
  movingWithDoorOpen,
  doorOpenWhileRunning,
  safetyChainOpen,
  stoppedOutsideDoorZone,
  runTimeLimit,
  doorOpenFailure,
  doorCloseFailure,
  doorHeldOpen,
  positionLost,
  controllerSilent,
];
