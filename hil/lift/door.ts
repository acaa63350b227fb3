/** The car door with its two limit switches. It moves at constant speed and may be turned round or held anywhere. */

import { type MonoMs, plus, type Stop } from '../../src/clock.ts';
import type { Agenda } from './agenda.ts';
import type { Point } from './task.ts';
import type { Wiring } from './wiring.ts';

export class Door {
  readonly #agenda: Agenda;
  readonly #wiring: Wiring;
  readonly #reach: (point: Point) => void;
  /** 0 closed, 1 open, as of #sinceMs; then moving by #perMs */
  #share = 0;
  #perMs = 0;
  #sinceMs: MonoMs;
  #stopEnd: Stop = () => {};
  /** when it last left the closed limit */
  leftClosedMs: MonoMs;

  constructor(agenda: Agenda, wiring: Wiring, reach: (point: Point) => void) {
    this.#agenda = agenda;
    this.#wiring = wiring;
    this.#reach = reach;
    this.#sinceMs = agenda.nowMs;
    this.leftClosedMs = agenda.nowMs;
  }

  get closed(): boolean {
    return this.#wiring.truth.doorClosed;
  }

  get open(): boolean {
    return this.#wiring.truth.doorOpen;
  }

  /** Moves towards open, at the speed that opens a closed door in `fullMs`. */
  opening(fullMs: number): void {
    if (this.open) return;
    const wasClosed = this.closed;
    this.#move(1 / fullMs);
    if (!wasClosed) return;
    this.leftClosedMs = this.#agenda.nowMs;
    this.#wiring.set('doorClosed', false);
    this.#reach('door-left-closed');
  }

  closing(fullMs: number): void {
    if (this.closed) return;
    this.#move(-1 / fullMs);
    this.#wiring.set('doorOpen', false);
    this.#reach('door-closing');
  }

  /** Stays where it is. */
  halt(): void {
    this.#move(0);
  }

  #move(perMs: number): void {
    const nowMs = this.#agenda.nowMs;
    this.#share = Math.min(1, Math.max(0, this.#share + this.#perMs * (nowMs - this.#sinceMs)));
    this.#perMs = perMs;
    this.#sinceMs = nowMs;
    this.#stopEnd();
    this.#stopEnd = () => {};
    if (perMs > 0) this.#stopEnd = this.#agenda.at(plus(nowMs, (1 - this.#share) / perMs), () => this.#end(1));
    if (perMs < 0) this.#stopEnd = this.#agenda.at(plus(nowMs, this.#share / -perMs), () => this.#end(0));
  }

  #end(share: 0 | 1): void {
    this.#move(0);
    this.#share = share;
    this.#wiring.set(share === 0 ? 'doorClosed' : 'doorOpen', true);
    this.#reach(share === 0 ? 'door-closed' : 'door-open');
  }
}
