/** What reaches judgement from outside: words read from a controller, and edges of inputs. */

import type { MonoMs } from '../clock.ts';
import type { SignalName } from '../lift/signals.ts';

/** The four tables of Modbus. Hoistway only ever reads them. */
export const TABLES = ['coil', 'discrete', 'holding', 'input'] as const;
export type Table = (typeof TABLES)[number];

/** The only function codes that can be sent. None of them writes. */
export const FUNCTION_OF: { readonly [T in Table]: 1 | 2 | 3 | 4 } = { coil: 1, discrete: 2, holding: 3, input: 4 };
export const TABLE_OF: { readonly [code: number]: Table | undefined } = {
  1: 'coil',
  2: 'discrete',
  3: 'holding',
  4: 'input',
};

/** A read of `count` registers (or bits) from the 0-based wire address `address`. */
export interface ReadRequest {
  readonly unit: number;
  readonly table: Table;
  readonly address: number;
  readonly count: number;
}

/** What is read, as people are told it: `input 4+3`. */
export function registersOf({ table, address, count }: Omit<ReadRequest, 'unit'>): string {
  return `${table} ${address}+${count}`;
}

/** A completed read. `values`: one 16-bit word per register, or 0/1 per bit. `atMs`: the arrival of its last byte. */
export interface Exchange extends ReadRequest {
  readonly kind: 'exchange';
  readonly bus: string;
  readonly values: readonly number[];
  readonly atMs: MonoMs;
}

/** An input changed. Raw: settling happens in sense, not in the driver. */
export interface Edge {
  readonly kind: 'edge';
  readonly lift: string;
  readonly signal: SignalName;
  /** null: the input cannot be read any more */
  readonly on: boolean | null;
  readonly atMs: MonoMs;
}

export type Observation = Exchange | Edge;

/** Bytes seen on a line. `tx`: sent by the master of that line; `rx`: everything else. `atMs`: when the last byte was seen. */
export interface LineChunk {
  readonly bus: string;
  readonly dir: 'tx' | 'rx';
  readonly bytes: Uint8Array;
  readonly atMs: MonoMs;
}
