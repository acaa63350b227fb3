/** The car in the shaft: where it is, and the switches it meets, each at its exact moment. */

import { type MonoMs, plus, type Stop } from '../../src/clock.ts';
import type { Agenda } from './agenda.ts';
import type { Mark, Shaft } from './shaft.ts';
import type { Point } from './task.ts';
import { planStop, type Travel } from './travel.ts';
import type { Wiring } from './wiring.ts';

/**
 * How the car comes to move. `driven`: by the machine. `sagging`: the ropes give under the load, the machine at rest.
 * `slipping`: as driven, but at the end of the way the machine turns on while the car stays.
 */
export type Drive = 'driven' | 'sagging' | 'slipping';

export class Motion {
  readonly #agenda: Agenda;
  readonly #shaft: Shaft;
  readonly #wiring: Wiring;
  readonly #reach: (point: Point) => void;
  #restMm: number;
  #travel: Travel | null = null;
  #drive: Drive = 'driven';
  #startMs: MonoMs;
  /** the next mark to be met, going up; the one below it is the next going down */
  #markAbove: number;
  #stopNext: Stop = () => {};

  constructor(agenda: Agenda, shaft: Shaft, wiring: Wiring, landing: number, reach: (point: Point) => void) {
    this.#agenda = agenda;
    this.#shaft = shaft;
    this.#wiring = wiring;
    this.#reach = reach;
    this.#restMm = shaft.heightMm(landing);
    this.#startMs = agenda.nowMs;
    this.#markAbove = shaft.marks.filter((mark) => mark.mm <= this.#restMm).length;
    for (const mark of shaft.marks) {
      if (mark.flag !== null && mark.mm <= this.#restMm) wiring.set(mark.flag, mark.above);
    }
  }

  get positionMm(): number {
    return this.#travel ? this.#travel.positionMm(this.#agenda.nowMs - this.#startMs) : this.#restMm;
  }

  get speedMmPerS(): number {
    return this.#travel ? this.#travel.speedMmPerS(this.#agenda.nowMs - this.#startMs) : 0;
  }

  /** The speed of the present travel so long ago; 0 before it began. */
  speedBefore(ms: number): number {
    const afterMs = this.#agenda.nowMs - this.#startMs - ms;
    return this.#travel && afterMs >= 0 ? this.#travel.speedMmPerS(afterMs) : 0;
  }

  get travel(): Travel | null {
    return this.#travel;
  }

  start(travel: Travel, drive: Drive = 'driven'): void {
    this.#begin(travel, drive);
    if (drive === 'sagging') return;
    this.#wiring.truth.direction = travel.up ? 'up' : 'down';
    this.#wiring.set('moving', true);
    this.#wiring.set('brakeReleased', true);
    this.#reach('moving');
  }

  /** Brakes at once, from whatever it is doing. */
  emergencyStop(): void {
    this.#begin(planStop(this.positionMm, this.speedMmPerS), 'driven');
  }

  /** Ends the turning of the machine after `slipping`. */
  settle(): void {
    this.#wiring.set('moving', false);
    this.#wiring.set('brakeReleased', false);
    this.#wiring.truth.direction = 'none';
    this.#reach('standstill');
  }

  #begin(travel: Travel, drive: Drive): void {
    this.#stopNext();
    this.#travel = travel;
    this.#drive = drive;
    this.#startMs = this.#agenda.nowMs;
    this.#planNext();
  }

  #planNext(): void {
    const { travel } = this;
    if (!travel) return;
    const mark = this.#shaft.marks[travel.up ? this.#markAbove : this.#markAbove - 1];
    const crossingMs = mark === undefined ? null : travel.crossingMs(mark.mm);
    const dueMs = plus(this.#startMs, crossingMs ?? travel.lengthMs);
    this.#stopNext = this.#agenda.at(
      dueMs,
      mark === undefined || crossingMs === null ? () => this.#end(travel) : () => this.#pass(travel, mark),
    );
  }

  #pass(travel: Travel, mark: Mark): void {
    this.#markAbove += travel.up ? 1 : -1;
    this.#planNext();
    if (mark.flag === null) this.#wiring.truth.landing = travel.up ? mark.above : mark.below;
    else this.#wiring.set(mark.flag, travel.up ? mark.above : !mark.above);
  }

  #end(travel: Travel): void {
    this.#restMm = travel.toMm;
    this.#travel = null;
    this.#stopNext = () => {};
    if (this.#drive === 'sagging') this.#reach('standstill');
    else if (this.#drive === 'driven') this.settle();
  }
}
