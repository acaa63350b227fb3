/** How `maxBytes` of disk is shared out, and how much may wait in memory. All in bytes, unless the name says pages. */

export const PAGE_BYTES = 4096;
/** Below this the shares are too small for the pages of a database. */
export const LEAST_BYTES = 1024 * 1024;

const MIB = 1024 * 1024;

export interface Budget {
  readonly maxBytes: number;
  /** the write-ahead log; it is emptied when it is half full. */
  readonly walBytes: number;
  /** pages in use of the main file */
  readonly pages: number;
  readonly alarmBytes: number;
  readonly telemetryBytes: number;
  readonly poisonBytes: number;
  /** one commit, and so also one call of append */
  readonly batchBytes: number;
  readonly batchRecords: number;
  /** what may wait in memory, for each lane */
  readonly queueBytes: number;
  readonly queueRecords: number;
}

/** What a lift of 1,000 trips a day fills in an hour: 84 records of about 330 bytes, the alarms' share and the pages' beside them. */
const LIFT_HOUR_BYTES = 40 * 1024;
/** The log, and the shares that do not grow with the hours. */
const FIXED_BYTES = 8 * MIB;

/** The disk that so many hours without a network take, at 1,000 trips a day and lift. */
export function bytesForOutage(hours: number, lifts: number): number {
  return FIXED_BYTES + hours * lifts * LIFT_HOUR_BYTES;
}

/** Pages are rarely filled to the last byte, and the tree above them takes its part. */
const USABLE_OF_A_PAGE = 0.94;
const FIXED_PAGES = 16;

export function budgetOf(maxBytes: number): Budget {
  const walBytes = Math.min(maxBytes / 4, 8 * MIB);
  const pages = Math.floor((maxBytes - walBytes) / PAGE_BYTES);
  const alarmBytes = Math.floor(maxBytes / 8);
  const poisonBytes = Math.floor(maxBytes / 32);
  const usable = (pages - FIXED_PAGES) * PAGE_BYTES * USABLE_OF_A_PAGE;
  const batchBytes = Math.min(Math.floor(maxBytes / 32), MIB);
  return {
    maxBytes,
    walBytes,
    pages,
    alarmBytes,
    poisonBytes,
    telemetryBytes: Math.floor(usable - alarmBytes - poisonBytes),
    batchBytes,
    batchRecords: 500,
    queueBytes: 2 * MIB,
    queueRecords: 2000,
  };
}

/** Pages that new rows may take at worst, a row of half a page each, and those touched beside them. */
export function pagesFor(bytes: number): number {
  return 8 + Math.ceil((bytes * 2) / PAGE_BYTES);
}
