/** The doctor's report: all that the process knows of itself, in one answer of bounded size. Pure. */

import type { Board } from '../interface/board.ts';
import type { Check } from './self-test.ts';

const REPORT_LIMIT_BYTES = 48 * 1024;

export interface Report {
  readonly checks: readonly Check[];
  readonly box: Board['box'];
  readonly lifts: readonly { readonly id: string; readonly link: string; readonly faults: readonly string[] }[];
  readonly buses: Board['buses'];
  readonly outbox: Board['outbox'];
  readonly uplinks: readonly (Board['uplink'] | null)[];
  readonly recent: Board['recent'];
  readonly configuration: unknown;
  /** oldest first; the oldest are left out where the report would become too large */
  readonly journal: readonly string[];
}

export function reportOf(
  board: Board,
  rest: { readonly checks: readonly Check[]; readonly configuration: unknown; readonly journal: readonly string[] },
): Report {
  const lifts = board.lifts.map(({ id, link, faults }) => ({ id, link, faults: faults.map(({ fault }) => fault) }));
  const { box, buses, outbox, uplink, maintainerUplink, recent } = board;
  const whole: Report = { ...rest, box, lifts, buses, outbox, uplinks: [uplink, maintainerUplink], recent };
  const journal = [...rest.journal];
  let bytes = Buffer.byteLength(JSON.stringify(whole));
  while (bytes > REPORT_LIMIT_BYTES) {
    const line = journal.shift();
    if (line === undefined) break;
    bytes -= Buffer.byteLength(JSON.stringify(line)) + 1;
  }
  return { ...whole, journal };
}
