/** What a primary host says of itself: `{ "online": true, "timestamp": 1767225600000 }`, retained (Sparkplug 3.0.0, chapter 4: STATE). */

import * as v from 'valibot';

const stateSchema = v.looseObject({ online: v.boolean(), timestamp: v.number() });

export type HostState = v.InferOutput<typeof stateSchema>;

/** null where it is none, such as the bare ONLINE and OFFLINE of the versions before 3.0. */
export function readState(payload: Uint8Array): HostState | null {
  try {
    const result = v.safeParse(stateSchema, JSON.parse(Buffer.from(payload).toString('utf8')));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/**
 * Whether a word counts, after the last one that did in this session. An older one does not: it is the will of a connection that
 * the host has replaced.
 */
export function counts(state: HostState, last: HostState | null): boolean {
  return last === null || state.timestamp >= last.timestamp;
}
