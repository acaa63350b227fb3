/**
 * The inputs of a lift on Modbus modules: replies into edges. Pure; the room folds each exchange through it, live and in a
 * replay alike. An input that is not heard of for `staleAfterMs` is unknown, as a wire that is lost.
 */

import type { MonoMs } from '../clock.ts';
import type { SignalName } from '../lift/signals.ts';
import type { Edge, Exchange, ReadRequest } from './observation.ts';

/** Where an input is read: on a bit table `bit` is null; on a register null means that any bit is on. */
export interface RemoteInput extends Pick<ReadRequest, 'unit' | 'table' | 'address'> {
  readonly signal: SignalName;
  readonly bus: string;
  readonly bit: number | null;
  /** on where the module says 0 */
  readonly activeLow: boolean;
  readonly staleAfterMs: number;
}

/** By signal, what was last read, and until when it counts; absent: not known. */
export type RemoteMemory = { [K in SignalName]?: { on: boolean; untilMs: number } };

export class RemoteInputs {
  /** plain data, so that it can be kept and restored */
  memory: RemoteMemory = {};
  readonly #lift: string;
  readonly #inputs: readonly RemoteInput[];

  constructor(lift: string, inputs: readonly RemoteInput[]) {
    this.#lift = lift;
    this.#inputs = inputs;
  }

  /** The next moment at which an input may become unknown; Infinity where none is known. */
  get dueMs(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const { signal } of this.#inputs) due = Math.min(due, this.memory[signal]?.untilMs ?? due);
    return due;
  }

  /** What a reply changes. */
  exchange({ bus, unit, table, address, values, atMs }: Exchange): Edge[] {
    const edges: Edge[] = [];
    for (const input of this.#inputs) {
      if (input.unit !== unit || input.bus !== bus || input.table !== table) continue;
      const word = values[input.address - address];
      if (word === undefined) continue;
      const bits = input.bit === null ? word : (word >> input.bit) & 1;
      const on = (bits !== 0) !== input.activeLow;
      const was = this.memory[input.signal];
      this.memory[input.signal] = { on, untilMs: atMs + input.staleAfterMs };
      if (was?.on !== on) edges.push(this.#edge(input.signal, on, atMs));
    }
    return edges;
  }

  /** Time has come to `nowMs`: what was not heard of for too long. */
  advance(nowMs: MonoMs): Edge[] {
    const gone = this.#inputs.filter(({ signal }) => (this.memory[signal]?.untilMs ?? Infinity) <= nowMs);
    for (const { signal } of gone) delete this.memory[signal];
    return gone.map(({ signal }) => this.#edge(signal, null, nowMs));
  }

  #edge(signal: SignalName, on: boolean | null, atMs: MonoMs): Edge {
    return { kind: 'edge', lift: this.#lift, signal, on, atMs };
  }
}
