/**
 * What a lift, a passenger or a technician does in turn, written as a generator that yields what it waits for. Virtual
 * time only: a task is woken by the agenda, or by a point of the lift's life being reached.
 */

import { plus, type Stop } from '../../src/clock.ts';
import type { Agenda } from './agenda.ts';

/**
 * Points of the lift's life. `departed`: a passenger run has just begun; `arrived`: it has ended at its landing, before
 * the door opens; `idle`: nothing left to do; `moving`, `standstill`: of every driven motion, relevelling as well.
 */
export type Point =
  | 'call'
  | 'idle'
  | 'departed'
  | 'arrived'
  | 'moving'
  | 'standstill'
  | 'door-left-closed'
  | 'door-open'
  | 'door-closing'
  | 'door-closed';

/** Wakes at one of `points` for which `when` holds, or after `ms`, whichever comes first. */
export interface Wait {
  readonly points?: readonly Point[];
  readonly when?: (point: Point) => boolean;
  readonly ms?: number;
}
export type Task = Generator<Wait, void, Point | 'time'>;
/** A part of a task that comes to a result. */
export type Part<T> = Generator<Wait, T, Point | 'time'>;

export class Runner {
  readonly #agenda: Agenda;
  #task: Task | null = null;
  #wait: Wait | null = null;
  #stopTimer: Stop = () => {};
  readonly #onDone: () => void;

  constructor(agenda: Agenda, onDone: () => void = () => {}) {
    this.#agenda = agenda;
    this.#onDone = onDone;
  }

  get busy(): boolean {
    return this.#task !== null;
  }

  /** Drops what ran before. */
  start(task: Task): void {
    this.drop();
    this.#task = task;
    this.#resume(task, 'time');
  }

  /** The task is not woken again. One that drops itself from within ends at its next wait. */
  drop(): void {
    this.#stopTimer();
    this.#task = null;
    this.#wait = null;
  }

  reach(point: Point): void {
    const { points, when } = this.#wait ?? {};
    if (!this.#task || !points?.includes(point)) return;
    if (when && !when(point)) return;
    this.#resume(this.#task, point);
  }

  #resume(task: Task, woken: Point | 'time'): void {
    this.#stopTimer();
    this.#wait = null;
    const { done, value } = task.next(woken);
    if (this.#task !== task) return;
    if (done) {
      this.#task = null;
      this.#onDone();
      return;
    }
    this.#wait = value;
    if (value.ms === undefined) this.#stopTimer = () => {};
    else this.#stopTimer = this.#agenda.at(plus(this.#agenda.nowMs, value.ms), () => this.#resume(task, 'time'));
  }
}
