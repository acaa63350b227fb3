/**
 * The controllers of the delay bench, in a process of their own: each a Modbus TCP server of modbus-serial's. What a read
 * is told is worked out at the moment of the answer, so an edge stands to the microsecond. Ends with its parent.
 */

import { systemClock } from '../../src/clock.ts';
import type { SignalValues } from '../../src/lift/signals.ts';
import { Registers } from '../lift/registers.ts';
import { serveTcp } from '../wire/slave.ts';
import { atRest, type Course, edgesOfAll, LIFTS, profile } from './delay-room.ts';
import type { DecidingEdge } from './edges.ts';
import { Waits } from './waits.ts';

/** Said once, when all are served. `nowMs`: by the clock of this process. */
export interface Serving {
  readonly ports: readonly number[];
  readonly nowMs: number;
}

const waits = new Waits();

class Controller {
  readonly #registers = new Registers(profile);
  #values: SignalValues = atRest();
  /** still to come, the first of all first */
  #edges: DecidingEdge[] = [];

  /** From rest, these edges. */
  play(edges: DecidingEdge[]): void {
    this.#values = atRest();
    this.#edges = edges;
  }

  read(request: Parameters<Registers['read']>[0]): readonly number[] | { exception: number } {
    waits.note();
    const nowMs = systemClock.monoMs();
    for (let next = this.#edges[0]; next && next.atMs <= nowMs; next = this.#edges[0]) {
      this.#values = { ...this.#values, [next.signal]: next.value };
      this.#edges.shift();
    }
    this.#registers.set(this.#values);
    return this.#registers.read(request) ?? { exception: 2 };
  }
}

const controllers = Array.from({ length: LIFTS }, () => new Controller());
process.on('message', (asked: Course | 'waits') => {
  if (asked === 'waits') return void process.send?.(waits.samples);
  waits.samples = [];
  for (const [at, edges] of edgesOfAll(asked).entries()) controllers[at]?.play(edges);
});
process.on('disconnect', () => process.exit(0));
const slaves = await Promise.all(
  controllers.map((one) => serveTcp((_unit, table, address, count) => one.read({ table, address, count }))),
);
process.send?.({ ports: slaves.map(({ port }) => port), nowMs: systemClock.monoMs() } satisfies Serving);
