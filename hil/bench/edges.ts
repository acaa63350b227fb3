/** What the controllers of the delay bench do: edges at moments drawn from a seed, each of which decides one event. */

import { type MonoMs, plus } from '../../src/clock.ts';
import type { Random } from '../lift/random.ts';

/** An edge of one controller, and the event that it decides. */
export interface DecidingEdge {
  readonly atMs: MonoMs;
  readonly signal: 'safetyChainClosed' | 'faultCode';
  readonly value: boolean | number;
  readonly fault: string;
  readonly phase: 'begin' | 'end';
  /** the rule's own: what must stand for so long before the event, ms */
  readonly limitMs: number;
}

/** Something that happened, named so that the same thing is found again where it is told. */
export interface Moment {
  readonly key: string;
  readonly atMs: number;
}

/** Fault numbers of the generic profile in turn: each returns after the default hold-off of 2 s, and some margin. */
const CODES = [
  [41, 'brake-fault'],
  [42, 'power-supply-fault'],
  [43, 'drive-fault'],
  [44, 'drive-temperature'],
  [45, 'controller-fault'],
  [46, 'load-fault'],
] as const;
const CODE_FOR_MS = [440, 520] as const;
const CHAIN_OPEN_FOR_MS = [300, 700] as const;
/** Closed for 2 s it ends the fault, which is then held off for 2 s. */
const CHAIN_END_LIMIT_MS = 2000;
const CHAIN_CLOSED_FOR_MS = [4300, 5100] as const;

/** The edges of one controller, in order: its fault number changes all the time, and its safety chain opens and closes. */
export function edgesOf(random: Random, startMs: MonoMs, forMs: number): DecidingEdge[] {
  const endMs = plus(startMs, forMs);
  const edges: DecidingEdge[] = [];
  let turn = 0;
  for (let atMs = after(startMs, random, [0, CODE_FOR_MS[1]]); atMs < endMs; atMs = after(atMs, random, CODE_FOR_MS)) {
    const [value, fault] = CODES[turn++ % CODES.length] ?? CODES[0];
    edges.push({ atMs, signal: 'faultCode', value, fault, phase: 'begin', limitMs: 0 });
  }
  const chain = { signal: 'safetyChainClosed', fault: 'safety-chain-open' } as const;
  for (let atMs = after(startMs, random, [0, CHAIN_CLOSED_FOR_MS[1]]); atMs < endMs; ) {
    const closedMs = after(atMs, random, CHAIN_OPEN_FOR_MS);
    edges.push({ ...chain, atMs, value: false, phase: 'begin', limitMs: 0 });
    edges.push({ ...chain, atMs: closedMs, value: true, phase: 'end', limitMs: CHAIN_END_LIMIT_MS });
    atMs = after(closedMs, random, CHAIN_CLOSED_FOR_MS);
  }
  return edges.sort((a, b) => a.atMs - b.atMs);
}

function after(atMs: MonoMs, random: Random, [least, most]: readonly [number, number]): MonoMs {
  return plus(atMs, random.between(least, most));
}

/** Of each due moment, how much later it was told, ms; Infinity where it was not told before it was due again. */
export function delaysOf(due: readonly Moment[], told: readonly Moment[]): number[] {
  return due.map(({ key, atMs }) => {
    const later = (moments: readonly Moment[], leastMs: number) =>
      moments.reduce(
        (first, one) => (one.key === key && one.atMs >= leastMs ? Math.min(first, one.atMs) : first),
        Number.POSITIVE_INFINITY,
      );
    const toldMs = later(told, atMs);
    const againMs = later(due, atMs + 0.001);
    return (toldMs < againMs ? toldMs : Number.POSITIVE_INFINITY) - atMs;
  });
}

/** The least value that `share` of all do not exceed (the nearest rank); NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
