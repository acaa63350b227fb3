/**
 * Recordings of a line between masters and slaves that are all of others: the log of `socat -x`, and beside it, as the master tells
 * them, the transactions that are on it.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { sleep, systemClock } from '../../src/clock.ts';
import { packageRoot } from '../../src/package.ts';
import { readSocat } from '../../src/trace/import/socat.ts';
import { Random } from '../lift/random.ts';
import { openPtyPair } from '../wire/pty.ts';
import { type Asked, mbpoll } from './mbpoll.ts';
import { type Transaction, transactionsIn } from './transaction.ts';

const BAUD = 9600;
/** of the masters, before they ask again */
const TIMEOUT_MS = 2000;
/** nobody answers for it */
const DEAD_UNIT = 9;
const REGISTERS = 64;
const PYTHON = '/usr/bin/python3';
const script = (name: string) => join(packageRoot, 'hil/field', name);

interface Talk {
  readonly name: string;
  /** the slave's script, and its units */
  readonly slave: string;
  readonly units: readonly number[];
  master(path: string, units: readonly number[], random: Random): Promise<Transaction[]>;
}

export const TALKS: readonly Talk[] = [
  { name: 'mbpoll-pymodbus', slave: 'slave.py', units: [1, 2, 5], master: polled },
  { name: 'pymodbus-pymodbus', slave: 'slave.py', units: [1, 16], master: pymodbus },
  { name: 'pymodbus-libmodbus', slave: 'libmodbus.py', units: [3], master: pymodbus },
];

/** Writes NAME.socat and NAME.jsonl; gives how many transactions are in them. */
export async function record({ name, slave, units, master }: Talk, folder: string, seed: number): Promise<number> {
  const random = new Random(seed).fork(name);
  const log = join(folder, `${name}.socat`);
  const pty = await openPtyPair({ log });
  const serving = spawn(PYTHON, [script(slave), pty.b, `${BAUD}`, ...units.map(String)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await new Promise((resolve, reject) => {
    serving.stdout.once('data', resolve);
    serving.once('exit', (code) => reject(new Error(`${slave} ended with ${code}`)));
  });
  const stop = changing(serving, units, random);
  const transactions = await master(pty.a, units, random);
  await sleep(systemClock, 100);
  stop();
  serving.stdin.end();
  await pty.close();
  const { pieces } = readSocat(await readFile(log), log);
  const sides = [0, 1].map((side) => pieces.filter((piece) => piece.side === side).length);
  const told = [transactions.length, transactions.filter(({ nothing }) => !nothing).length];
  if (`${sides}` !== `${told}`) {
    throw new Error(`${name}: ${told} requests and replies told, ${sides} on the line: the machine is too slow now`);
  }
  await writeFile(join(folder, `${name}.jsonl`), transactions.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return transactions.length;
}

/** What the slaves measure is never the same; often it is what a bus that floats looks like. */
function changing({ stdin }: ChildProcess, units: readonly number[], random: Random): () => void {
  const word = () => random.pick([0, 1, 0x00fe, 0xfe00, 0xfefe, 0xffff, random.whole(0, 0xffff)]);
  const change = () => {
    for (const unit of units) {
      for (const functionCode of [1, 2, 3, 4]) {
        const words = Array.from({ length: REGISTERS }, () => (functionCode < 3 ? random.whole(0, 1) : word()));
        stdin?.write(`${unit} ${functionCode} 0 ${words.join(' ')}\n`);
      }
    }
  };
  change();
  const timer = setInterval(change, 50);
  return () => clearInterval(timer);
}

async function pymodbus(path: string, units: readonly number[], random: Random): Promise<Transaction[]> {
  const asked = [...units, ...units, ...units, DEAD_UNIT].map(String);
  const words = [path, `${BAUD}`, `${TIMEOUT_MS / 1000}`, '160', `${random.whole(0, 999_999)}`, ...asked];
  const child = spawn(PYTHON, [script('master.py'), ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  return transactionsIn(await text(child.stdout));
}

async function polled(path: string, units: readonly number[], random: Random): Promise<Transaction[]> {
  const [one = 1, two = 2, last = 5] = units;
  const place = { address: 3, count: 1, rounds: 1 };
  const registers = (count: number) => Array.from({ length: count }, () => random.whole(0, 0xffff));
  const write = (unit: number, functionCode: number, written: readonly number[]): Asked => ({
    ...{ ...place, units: [unit], functionCode, written },
  });
  const read = (functionCode: number, count: number, rounds: number, ...asked: number[]): Asked => ({
    ...{ units: asked, functionCode, address: 0, count, rounds },
  });
  const asked: readonly Asked[] = [
    read(3, 10, 5, ...units),
    write(one, 6, registers(1)),
    read(4, 5, 3, one, DEAD_UNIT, two),
    write(two, 16, registers(12)),
    read(1, 17, 4, two, last),
    write(last, 5, [1]),
    read(2, 9, 4, one, last),
    write(one, 15, [1, 0, 1, 1, 0, 0, 1, 1, 1]),
    { ...place, units: [two], functionCode: 17 },
    read(3, 64, 2, one, two),
    { ...read(4, 10, 2, one, two), address: 60 },
    write(DEAD_UNIT, 6, [77]),
    write(DEAD_UNIT, 6, [77]),
    write(DEAD_UNIT, 16, registers(2)),
    read(3, 1, 6, one),
    { ...write(two, 6, [1]), address: 64 },
    write(two, 5, [0]),
    read(4, 2, 6, ...units),
  ];
  const found: Transaction[] = [];
  for (const one of asked) found.push(...(await mbpoll(path, BAUD, TIMEOUT_MS, one)));
  return found;
}
