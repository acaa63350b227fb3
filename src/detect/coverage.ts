/** Which faults a lift's wiring can tell, and what is missing for the others. */

import { FAULTS, type FaultName } from '../lift/events.ts';
import type { Need } from './detector.ts';
import { DETECTORS } from './detectors.ts';

export interface Coverage {
  readonly fault: FaultName;
  readonly subject?: string;
  /** nothing where the fault can be told; else what is missing, the shortest way first */
  readonly missing: readonly (readonly Need[])[];
}

/** In the order of the catalogue. `known`: all that this lift can know. */
export function coverageOf(known: ReadonlySet<Need>): Coverage[] {
  const rows = DETECTORS.map(({ fault, subject, needs }): Coverage => {
    const lacks = needs.map((all) => all.filter((need) => !known.has(need))).sort((a, b) => a.length - b.length);
    const told = lacks.some((lack) => lack.length === 0);
    return { fault, ...(subject === undefined ? {} : { subject }), missing: told ? [] : lacks };
  });
  return rows.sort((a, b) => FAULTS.indexOf(a.fault) - FAULTS.indexOf(b.fault));
}
