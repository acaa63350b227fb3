/** A batch back into its records. README.md beside this file tells the form; decode.py is the same in Python. */

import * as v from 'valibot';
import { t } from '../../language.ts';
import { entryOf } from './digits.ts';
import { Memory } from './foretell.ts';
import { type Batch, type BatchRecord, batchSchema, type Column, type Shape, timeOf } from './form.ts';

/** A few bytes may claim many rows: no box sends so many values at once. */
const MOST_VALUES = 4_000_000;

/** Throws an Error that says what is wrong with the form. */
export function unfold(json: unknown): { readonly box: string; readonly records: BatchRecord[] } {
  const result = v.safeParse(batchSchema, json);
  if (!result.success) {
    const [issue] = result.issues;
    throw new Error(`${v.getDotPath(issue) ?? t('the batch', '批次')}: ${issue.message}`);
  }
  const batch = result.output;
  const rows = rowsOf(batch).sort((a, b) => timeOf(a.body) - timeOf(b.body));
  const names = batch.runs.flatMap(([boot, first, count]) =>
    Array.from({ length: Math.min(count, rows.length + 1) }, (_, on) => ({ boot, seq: first + on })),
  );
  if (names.length !== rows.length) throw new Error(t('names and rows differ in number', '编号与行数不一致'));
  const records = names.map((name, at) => ({ ...rows[at + (batch.order[at] ?? 0)], ...name }) as BatchRecord);
  if (records.some(({ body }) => body === undefined)) throw new Error(t('a row is out of place', '行的位置有误'));
  return { box: batch.box, records };
}

type Row = Pick<BatchRecord, 'lift' | 'body'>;

function rowsOf({ lifts, shapes, columns, least, values, others }: Batch): Row[] {
  const count = lifts.reduce((sum, [, rows]) => sum + rows, 0);
  if (count * widthOf(shapes, columns) > MOST_VALUES)
    throw new Error(t(`${count} rows are more than is read`, `${count} 行超过读取上限`));
  const memory = new Memory();
  const left = others[Symbol.iterator]();
  const other = () => {
    const next = left.next();
    if (next.done) throw new Error(t('others: fewer than are asked for', 'others：少于所需'));
    return next.value;
  };
  const read = shapes.map(() => 0);
  const placesOf = columns.map((_, at) => values.map((place) => place[at]));
  const rowOf = (kind: number): Row['body'] => {
    const shape = shapes[kind];
    const row = read[kind];
    if (!shape || row === undefined) throw new Error(t(`there is no shape ${kind}`, `没有第 ${kind} 种记录`));
    read[kind] = row + 1;
    const told = new Map(Object.entries(shape.same));
    columns.forEach((column, at) => {
      if (column.of !== kind) return;
      const entry = entryOf(placesOf[at] ?? [], row, least[at] ?? 0, other);
      told.set(column.name, memory.take(column, memory.foretell(column), entry));
    });
    return Object.fromEntries(shape.keys.map((key) => [key, told.get(key)]));
  };
  return lifts.flatMap(([lift, length, kinds]) =>
    Array.from({ length }, (_, at) => ({ lift, body: rowOf(kindOf(kinds, at)) })),
  );
}

/** What a row may take at most: its properties, its columns and what they look at. */
function widthOf(shapes: readonly Shape[], columns: readonly Column[]): number {
  const widest = shapes.reduce((most, { keys }) => Math.max(most, keys.length), 1);
  return columns.reduce(
    (sum, { add = [], like = [], either = [] }) => sum + 1 + add.length + like.length + either.length,
    widest,
  );
}

/** The number of a row's shape. */
function kindOf(places: readonly string[], row: number): number {
  const entry = entryOf(places, row, 0, () => undefined);
  return 'add' in entry ? entry.add : Number.NaN;
}
