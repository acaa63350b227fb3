/** The form of a batch inside its zlib: JSON, records in columns. README.md beside this file tells it in words. */

import * as v from 'valibot';

const text = v.string();
const whole = v.pipe(v.number(), v.integer());
const count = v.pipe(whole, v.minValue(0));
/** Of a whole number in base 36. */
const MOST_PLACES = 11;

/** Records with the same properties in the same order. */
const shape = v.object({
  /** properties whose value never changes */
  same: v.record(text, v.unknown()),
  keys: v.array(text),
});

/** One property of one shape. */
const column = v.object({
  /** number of the shape */
  of: count,
  name: text,
  /** properties whose present values are added to each entry */
  add: v.optional(v.array(text)),
  /** what is added besides: the entry, as it came out, of the last row in which these properties had the values that they have now */
  like: v.optional(v.array(text)),
  /** the same, but for their order: there or back */
  either: v.optional(v.array(text)),
});

export const batchSchema = v.object({
  batch: v.literal(1),
  shapes: v.array(shape),
  /** of all shapes, in the order in which they are worked out */
  columns: v.array(column),
  box: text,
  /** lift, rows, and the number of the shape of each row: the characters of each place, the highest first */
  lifts: v.array(v.strictTuple([v.nullable(text), count, v.pipe(v.array(text), v.maxLength(MOST_PLACES))])),
  /** names of the records in their order: boot, first seq, how many on from it */
  runs: v.array(v.strictTuple([text, count, count])),
  /** how far from its place by time each record stands; what is missing at the end is 0 */
  order: v.array(whole),
  /** of each column: what is added to every entry */
  least: v.array(whole),
  /** the characters of each place of a number, the highest first; in it of each column */
  values: v.pipe(v.array(v.array(text)), v.maxLength(MOST_PLACES)),
  /** values that no character stands for, in the order in which they are met */
  others: v.array(v.unknown()),
});

export type Column = v.InferOutput<typeof column>;
export type Shape = v.InferOutput<typeof shape>;
export type Batch = v.InferOutput<typeof batchSchema>;

/** What a batch carries of a record. */
export interface BatchRecord {
  readonly lift: string | null;
  readonly boot: string;
  readonly seq: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Whole numbers that every language holds exactly. Only these are added. */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** The moment that rows are sorted by. */
export function timeOf({ atMs }: BatchRecord['body']): number {
  return isWhole(atMs) ? atMs : 0;
}
