/** What goes when there is no room: telemetry before alarms, the oldest first, down to the shares of the budget. */

import type { Lane } from '../lift/events.ts';
import { type Budget, pagesFor } from './budget.ts';
import { addDigested, type Digests } from './digest.ts';
import { addEvicted, limitSpans, type Spans } from './gaps.ts';
import { type Ledger, spend } from './ledger.ts';
import { parsed, type Row } from './record.ts';
import type { Tables } from './tables.ts';

/** What a gap record takes, and how many rows are evicted at a time. */
const GAP_COST_BYTES = 200;
const EVICT_ROWS = 128;
/** Evicting goes on for this part of a lane's share, so that it is not done again at every commit. */
const EVICT_PART = 32;

/** What is to be written down of those that went: their numbers, and their sums. */
export interface Evicted {
  readonly spans: Spans;
  readonly digests: Digests;
}

export class Eviction {
  readonly #parts: { readonly tables: Tables; readonly budget: Budget; readonly bootName: (n: number) => string };

  constructor(parts: { tables: Tables; budget: Budget; bootName: (n: number) => string }) {
    this.#parts = parts;
  }

  /** Evicts what is in the way of `rows`. */
  makeRoom(ledger: Ledger, rows: readonly Row[], evicted: Evicted): void {
    const { spans } = evicted;
    const need = { alarm: 0, telemetry: 0 };
    for (const row of rows) need[row.lane] += row.cost;
    const { alarmBytes, telemetryBytes } = this.#parts.budget;
    const over = ledger.telemetryBytes + need.telemetry - telemetryBytes;
    if (over > 0) this.#evict(ledger, 'telemetry', over + telemetryBytes / EVICT_PART, evicted);
    for (let gone = 0; ledger.alarmCount > 0; ) {
      const overAlarm = ledger.alarmBytes + need.alarm + spans.size * GAP_COST_BYTES - alarmBytes;
      if (overAlarm <= 0) break;
      gone += this.#evict(ledger, 'alarm', overAlarm + alarmBytes / EVICT_PART, evicted);
      limitSpans(spans, gone);
    }
    // The shares reckon with well filled pages. Odd sizes fill them worse, so the pages themselves have the last word.
    while (this.#parts.tables.pages().used + pagesFor(need.alarm + need.telemetry) > this.#parts.budget.pages) {
      if (ledger.telemetryCount > 0) this.#evict(ledger, 'telemetry', telemetryBytes / EVICT_PART, evicted);
      else if (ledger.alarmCount > 0) this.#evict(ledger, 'alarm', alarmBytes / EVICT_PART, evicted);
      else return;
    }
  }

  /** Evicts the oldest records of a lane until `bytes` are free or none is left. Returns how many went. */
  #evict(ledger: Ledger, lane: Lane, bytes: number, { spans, digests }: Evicted): number {
    let freed = 0;
    let gone = 0;
    while (freed < bytes) {
      const rows = this.#parts.tables.after(lane, 0, EVICT_ROWS);
      let lastId = 0;
      for (const row of rows) {
        const body = parsed(row.body);
        if (lane === 'telemetry') addDigested(digests, row.lift, body);
        addEvicted(spans, { boot: this.#parts.bootName(row.boot), seq: row.seq, body });
        spend(ledger, lane, -1, -row.cost);
        freed += row.cost;
        lastId = row.id;
        gone++;
        if (freed >= bytes) break;
      }
      if (rows.length === 0) break;
      this.#parts.tables.removeUpTo(lane, lastId);
    }
    ledger.evicted += gone;
    return gone;
  }
}
