/** A master of libmodbus: Debian's command `mbpoll`, asked for one thing, and what it says came of it. */

import { spawn } from 'node:child_process';
import type { Transaction } from './transaction.ts';

/** `functionCode`: 1 to 4 read, of each unit in turn; 5, 6, 15 and 16 write; 17 asks who the unit is. */
export interface Asked {
  readonly units: readonly number[];
  readonly functionCode: number;
  readonly address: number;
  readonly count: number;
  readonly written?: readonly number[];
  /** of reads: how often all units are asked */
  readonly rounds: number;
}

/** How it calls the tables. */
const TYPE_OF: { readonly [functionCode: number]: number } = { 1: 0, 2: 1, 3: 4, 4: 3, 5: 0, 6: 4, 15: 0, 16: 4 };
/** The words of libmodbus for the exceptions, by their numbers. */
const EXCEPTIONS = [
  '',
  'Illegal function',
  'Illegal data address',
  'Illegal data value',
  'Slave device or server failure',
];
/** It sleeps for as long between two rounds: time to end it on a quiet line. */
const POLL_MS = 200;

export async function mbpoll(path: string, baud: number, timeoutMs: number, asked: Asked): Promise<Transaction[]> {
  const { units, functionCode, address, count, written = [], rounds } = asked;
  const line = ['-m', 'rtu', '-b', `${baud}`, '-P', 'none', '-o', `${timeoutMs / 1000}`, '-l', `${POLL_MS}`];
  const what = functionCode === 17 ? ['-u'] : ['-t', `${TYPE_OF[functionCode]}`, '-r', `${address + 1}`];
  const many = written.length > 0 || functionCode === 17 ? [] : ['-c', `${count}`];
  const words = [...line, '-a', units.join(','), ...what, ...many, path, ...written.map(String)];
  // Its values and its errors are told in two streams; in one, and line by line, they stay in order.
  const child = spawn('sh', ['-c', 'exec stdbuf -oL mbpoll "$@" 2>&1', 'sh', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const piece of child.stdout) {
    said += piece;
    const reads = written.length === 0 && functionCode !== 17;
    if (reads && transactionsOf(said, asked).length >= rounds * units.length) child.kill('SIGINT');
  }
  return transactionsOf(said, asked).slice(0, rounds * units.length);
}

/** Those that are over in what it said. */
export function transactionsOf(said: string, { units, functionCode, address, count, written }: Asked): Transaction[] {
  const found: Transaction[] = [];
  const place = functionCode === 17 ? {} : { address, ...(written ? { written } : { count }) };
  let unit = units[0] ?? 0;
  let values: number[] = [];
  for (const line of said.split('\n').slice(0, -1)) {
    const polled = /^-- Polling slave (\d+)/.exec(line);
    const value = /^\[\d+\]: \t(\d+)/.exec(line);
    const failed = / failed: (.+)$/.exec(line);
    if (polled) {
      unit = Number(polled[1]);
      values = [];
    }
    if (value) values.push(Number(value[1]));
    const head = { unit, functionCode, ...place };
    if (value && values.length === count) found.push({ ...head, values });
    if (/^(Written|Length:) /.test(line)) found.push({ ...head, done: true });
    if (!failed?.[1]) continue;
    const exception = EXCEPTIONS.indexOf(failed[1]);
    if (exception < 1 && failed[1] !== 'Connection timed out') throw new Error(`mbpoll: ${line}`);
    found.push({ ...head, ...(exception < 1 ? { nothing: true } : { exception }) });
  }
  return found;
}
