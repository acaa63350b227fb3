/** One slave that answered: who it says it is, and the planned reads of every profile, each made once. */

import type { Profile } from '../config/profile.ts';
import type { ReadRequest } from '../sense/observation.ts';
import type { Answer, Asker, IdentityObjects } from './asker.ts';
import { plannedReads, type Recognised, recognise, type Taken } from './recognise.ts';

/** Slaves may take this long in an answer that matters; late ones are known by then. */
const PATIENT_MS = 600;
export const ILLEGAL_ADDRESS = 2;

export interface Slave {
  readonly unit: number;
  /** it answers later than first asked */
  readonly late: boolean;
  readonly identity: IdentityObjects;
  /** the profiles that fit, the best first */
  readonly profiles: readonly Recognised[];
}

/** `refuses`: it has answered that it has no such register. */
export interface FoundUnit {
  readonly unit: number;
  readonly late: boolean;
  readonly refuses: boolean;
}

/** Null: another master was heard, or the port was lost; nothing more was sent. */
export async function examine(asker: Asker, found: FoundUnit, profiles: readonly Profile[]): Promise<Slave | null> {
  const { unit } = found;
  const identity = await asker.identify(unit, PATIENT_MS);
  const takenOf = new Map<Profile, Taken[]>();
  let refuses = found.refuses;
  for (const profile of profiles) {
    const taken: Taken[] = [];
    for (const read of plannedReads(profile)) {
      const answer = await askTwice(asker, { unit, ...read }, profile.quirks.gapMs);
      if (answer.kind === 'master' || answer.kind === 'lost') return null;
      if (answer.kind === 'exception' && answer.code === ILLEGAL_ADDRESS) refuses = true;
      taken.push({ read, answer });
      // The rest would only cost the line time.
      if (answer.kind === 'silence' || answer.kind === 'exception') break;
    }
    takenOf.set(profile, [...taken, ...plannedReads(profile).slice(taken.length).map(unasked)]);
  }
  return { unit, late: found.late, identity, profiles: recognise(takenOf, refuses, identity) };
}

/** A reply that got lost is asked for once more. */
async function askTwice(asker: Asker, request: ReadRequest, pauseMs: number): Promise<Answer> {
  const answer = await asker.ask(request, PATIENT_MS, pauseMs);
  return answer.kind === 'silence' ? asker.ask(request, PATIENT_MS, pauseMs) : answer;
}

function unasked(read: Taken['read']): Taken {
  return { read, answer: { kind: 'silence', noiseBytes: 0 } };
}
