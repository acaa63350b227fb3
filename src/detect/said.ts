/** Faults that the controller says itself, by its own fault number. */

import type { LiftFacts, LiftState, SaidFault } from '../lift/state.ts';
import type { Answer } from './held.ts';

/**
 * Whether the controller's fault number means this fault. A number that its profile does not list is a controller-fault:
 * better said without its name than not at all.
 */
export function said(fault: SaidFault, { faultCode }: LiftState, { faultCodes }: LiftFacts): Answer {
  const code = faultCode.value;
  if (code === null) return null;
  if (code === 0) return false;
  const known = faultCodes[code];
  return known ? known.fault === fault : fault === 'controller-fault';
}
