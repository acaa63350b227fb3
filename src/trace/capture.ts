/**
 * A capture: everything that judgement was given, in the order it was given, with the times it was given.
 * On disk it is a pcapng file (see pcapng.ts): an interface per serial line with LINKTYPE_RTAC_SERIAL (250), one for
 * input edges (LINKTYPE_USER0, 147) and one for marks (LINKTYPE_USER1, 148).
 */

import type { ClockTrust, MonoMs, WallMs } from '../clock.ts';
import type { Edge, LineChunk } from '../sense/observation.ts';

export interface CaptureHead {
  /** wall time at monotonic zero, and how far it could be trusted when the capture began */
  readonly wallAtZeroMs: WallMs;
  readonly clockTrust: ClockTrust;
  readonly box: string;
  /** synthetic captures say so; shown in Wireshark as the comment of the file */
  readonly comment: string;
  readonly buses: readonly string[];
}

export type CaptureItem =
  | { readonly kind: 'chunk'; readonly chunk: LineChunk }
  | { readonly kind: 'edge'; readonly edge: Edge }
  /** the state of judgement at this moment (Room.snapshot): a capture that starts amid the run begins with one */
  | { readonly kind: 'checkpoint'; readonly atMs: MonoMs; readonly state: unknown }
  /** nothing more happened until this moment */
  | { readonly kind: 'end'; readonly atMs: MonoMs };
