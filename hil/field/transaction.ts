/** What a master of others asked on a line, and what came of it, as that master itself tells. */

export interface Transaction {
  readonly unit: number;
  readonly functionCode: number;
  /** 0-based; of reads and of writes 5, 6, 15 and 16, as are `count` and `written` */
  readonly address?: number;
  readonly count?: number;
  readonly written?: readonly number[];
  /** a word per register, or 0/1 per bit */
  readonly values?: readonly number[];
  readonly exception?: number;
  /** no reply came, or none was to be */
  readonly nothing?: true;
  /** it was answered, by no values of a read */
  readonly done?: true;
}

/** A line of JSON for each. */
export function transactionsIn(lines: string): Transaction[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Transaction);
}
