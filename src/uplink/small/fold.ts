/** Records into columns. Pure; the same records give the same batch. */

import { columnsOf, shapeOf } from './columns.ts';
import { BASE, type Entry, isOther, MOST_ADDED, placeOf, textsOf, widestOf } from './digits.ts';
import { entryFor, Memory } from './foretell.ts';
import { type Batch, type BatchRecord, type Column, type Shape, timeOf } from './form.ts';

type Run = Batch['runs'][number];
type Row = BatchRecord & { readonly kind: number };

/** Of the entries of a column, sorted: which are tried as its least. */
const SHARES = [0, 0.01, 0.02, 0.05, 0.1];
/** What an entry costs that stands among the others. */
const OTHER_DIGITS = 12;

/** Of bodies as JSON holds them. */
export function fold(box: string, records: readonly BatchRecord[]): Batch {
  const groups = groupsOf(records);
  const texts = textsOfShapes(records);
  // Sorted, so that the same kinds of records give the same text, which the dictionary has.
  const sorted = [...new Set(texts.values())].sort();
  const kinds = new Map(sorted.map((text, kind) => [text, kind]));
  const kindOf = (record: BatchRecord) => kinds.get(texts.get(record) ?? '') ?? 0;
  const shapes: readonly Shape[] = sorted.map((text) => JSON.parse(text));
  const columns = columnsOf(shapes);
  const rows = groups.flatMap(([, of]) => of.map((record) => ({ ...record, kind: kindOf(record) })));
  // At first every difference is taken, however large; then what is far from the others of its column stands alone.
  const least = entriesOf(rows, columns, null).entries.map(leastOf);
  const { entries, others } = entriesOf(rows, columns, least);
  return {
    ...{ batch: 1, shapes: [...shapes], columns, box },
    lifts: groups.map(([lift, of]) => [lift, of.length, placesOf(of.map((record) => kindOf(record).toString(BASE)))]),
    runs: runsOf(records),
    order: orderOf(
      records,
      groups.flatMap(([, of]) => of),
    ),
    least,
    values: valuesOf(entries.map((column, at) => textsOf(column, least[at] ?? 0))),
    others,
  };
}

/** The shape of each record as text. What has the same type and the same properties has the same. */
function textsOfShapes(records: readonly BatchRecord[]): Map<BatchRecord, string> {
  const known = new Map<string, string>();
  const textOf = ({ body }: BatchRecord) => {
    const key = `${typeof body.type} ${body.type}\n${Object.keys(body).join('\n')}`;
    const text = known.get(key) ?? JSON.stringify(shapeOf(body));
    known.set(key, text);
    return text;
  };
  return new Map(records.map((record) => [record, textOf(record)]));
}

/** By column. `least`: of each column, null while it is not known. */
function entriesOf(rows: readonly Row[], columns: readonly Column[], least: readonly number[] | null) {
  const memory = new Memory();
  const others: unknown[] = [];
  const entries = columns.map((): Entry[] => []);
  const numbered = columns.map((column, at) => ({ column, at }));
  const byKind = new Map(columns.map(({ of }) => [of, numbered.filter(({ column }) => column.of === of)]));
  for (const { kind, body } of rows)
    for (const { column, at } of byKind.get(kind) ?? []) {
      const foretold = memory.foretell(column);
      const value = body[column.name];
      const entry = within(entryFor(foretold, value), least?.[at], value);
      memory.take(column, foretold, entry);
      entries[at]?.push(entry);
      if ('is' in entry && isOther(entry)) others.push(entry.is);
    }
  return { entries, others };
}

function within(entry: Entry, least: number | undefined, value: unknown): Entry {
  if (least === undefined || 'is' in entry) return entry;
  return entry.add >= least && entry.add - least <= MOST_ADDED ? entry : { is: value };
}

/** What makes the digits of a column fewest, at the cost of those that are less. */
function leastOf(entries: readonly Entry[]): number {
  const adds = entries.flatMap((entry) => ('add' in entry ? entry.add : [])).sort((a, b) => a - b);
  const candidates = new Set(SHARES.map((share) => adds[Math.floor(share * adds.length)] ?? 0));
  const costOf = (least: number) => adds.reduce((sum, add) => sum + digitsFor(add - least), 0);
  return [...candidates].reduce((best, one) => (costOf(one) < costOf(best) ? one : best), adds[0] ?? 0);
}

function digitsFor(rest: number): number {
  if (rest < 0 || rest > MOST_ADDED) return OTHER_DIGITS;
  let digits = 0;
  for (let above = 1; above <= rest; above *= BASE) digits++;
  return digits;
}

/** Of each place, the highest first: its characters in each column. */
function valuesOf(columns: readonly (readonly string[])[]): string[][] {
  const width = widestOf(columns.flat());
  return Array.from({ length: width }, (_, at) => columns.map((texts) => placeOf(texts, width - 1 - at)));
}

function placesOf(texts: readonly string[]): string[] {
  return valuesOf([texts]).flat();
}

/** By lift, in the order in which they come first. */
function groupsOf(records: readonly BatchRecord[]): [string | null, BatchRecord[]][] {
  const groups = new Map<string | null, BatchRecord[]>();
  for (const record of records) {
    const group = groups.get(record.lift);
    if (group) group.push(record);
    else groups.set(record.lift, [record]);
  }
  return [...groups];
}

function runsOf(records: readonly BatchRecord[]): Run[] {
  const runs: Run[] = [];
  for (const { boot, seq } of records) {
    const last = runs.at(-1);
    if (last && last[0] === boot && last[1] + last[2] === seq) last[2]++;
    else runs.push([boot, seq, 1]);
  }
  return runs;
}

/** Rows stand by lift; sorted by time they are nearly in their order. */
function orderOf(records: readonly BatchRecord[], rows: readonly BatchRecord[]): number[] {
  const byTime = [...rows].sort((a, b) => timeOf(a.body) - timeOf(b.body));
  const places = new Map(byTime.map((record, place) => [record, place]));
  const order = records.map((record, at) => (places.get(record) ?? 0) - at);
  return order.slice(0, order.findLastIndex((away) => away !== 0) + 1);
}
