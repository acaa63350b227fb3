/** All that requests can reach of the box: functions that read. There is none that writes to a lift, a record or the site file. */

import type { ClockTrust } from '../clock.ts';
import type { Board } from '../interface/board.ts';
import type { Lane } from '../lift/events.ts';
import type { StoredRecord } from '../outbox/port.ts';
import type { CaptureFailure, CaptureFile } from '../trace/captures.ts';

export interface RequestSources {
  /** the text of the keys' file, as it is now */
  keys(): Promise<string>;
  clockTrust(): ClockTrust;
  board(): Board;
  facts(): Promise<BoxFacts>;
  /** the oldest records of a lane with an id above `afterId` that this uplink has not sent, or has not had acknowledged */
  records(lane: Lane, afterId: number, limit: number): Promise<readonly StoredRecord[]>;
  evidence(of: EvidenceOf): Promise<CaptureFile | CaptureFailure>;
  /** the site file in short, without secrets */
  configuration(): unknown;
  /** the last lines that the process told the journal, oldest first */
  journal(): readonly string[];
}

/** What the box finds when it looks at itself. */
export interface BoxFacts {
  readonly clockTrust: ClockTrust;
  readonly wallMs: number;
  /** a small file beside the outbox was written, synced and removed in so many ms; or why not */
  readonly disk: { readonly wroteInMs: number } | { readonly why: string };
  readonly freeDiskBytes: number | null;
  readonly outbox: { readonly trouble: string | null } | null;
  readonly freeMemoryBytes: number;
  readonly processBytes: number;
  /** volt-free inputs and those of modules, and whether their level is known now */
  readonly inputs: readonly { readonly lift: string; readonly input: string; readonly known: boolean }[];
  readonly versions: { readonly [name: string]: string };
}

/** By the id of the fault, or by the name that its record gives (`capture`). */
export type EvidenceOf = { readonly event: string } | { readonly capture: string };
