/** Recordings of a phone's accelerometer in a lift, as phyphox exports them, and what their names say of the run. */

import type { Direction } from '../../src/lift/signals.ts';

export const AXES = ['x', 'y', 'z'] as const;
export type Axis = (typeof AXES)[number];

/** Acceleration without gravity, m/s², along the axes of the phone. */
export interface Recording {
  readonly timesS: readonly number[];
  readonly accelerations: { readonly [A in Axis]: readonly number[] };
}

const COLUMN = /^linear acceleration ([xyz]) \(m\/s\^2\)$/i;
const LEAST_ROWS = 100;

/** Null where the columns are not there, or too few rows. Rows that are not all numbers are left out. */
export function parseRecording(csv: string): Recording | null {
  const [head = '', ...lines] = csv.split(/\r?\n/);
  const names = cells(head);
  const timeAt = names.findIndex((name) => /^time \(s\)$/i.test(name));
  const at = AXES.map((axis) => names.findIndex((name) => COLUMN.exec(name)?.[1]?.toLowerCase() === axis));
  if (timeAt < 0 || at.some((column) => column < 0)) return null;
  const rows = lines
    .map(cells)
    .filter((row) => row.length >= names.length)
    .map((row) => [timeAt, ...at].map((column) => Number(row[column] || Number.NaN)))
    .filter((row) => row.every(Number.isFinite));
  if (rows.length < LEAST_ROWS) return null;
  const column = (n: number) => rows.map((row) => row[n] ?? 0);
  return { timesS: column(0), accelerations: { x: column(1), y: column(2), z: column(3) } };
}

function cells(line: string): string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

/** In the order in which they are asked: `up_to_down` is down. */
const NAMED: readonly (readonly [RegExp, Direction])[] = [
  [/(bot(tom)?|low(est)?|down)[_ ]*to[_ ]*(up|top)|bot(tom)?[_ ]top/, 'up'],
  [/(top|up)[_ ]*to[_ ]*(bot(tom)?|low(est)?|down)|top[_ ]bot(tom)?/, 'down'],
  [/(^|[^a-z]|accel|e)(up|upward)(data)?([^a-z]|\d|$)/, 'up'],
  [/(^|[^a-z]|accel|e)(down|dn|downward)(data)?([^a-z]|\d|$)/, 'down'],
];

/** Which way the lift went, by the name of the file, or else of its folder; null where neither tells. */
export function directionNamed(path: string): 'up' | 'down' | null {
  for (const part of path.toLowerCase().split('/').reverse()) {
    const found = NAMED.find(([pattern]) => pattern.test(part));
    if (found) return found[1] === 'up' ? 'up' : 'down';
  }
  return null;
}
