/**
 * The car with its door, its passengers and its calls: what the controller (serve.ts), a technician (visit.ts) and the
 * injections (faults.ts) work on. One of them has it at a time.
 */

import { type MonoMs, plus } from '../../src/clock.ts';
import type { LiftFacts } from '../../src/lift/state.ts';
import type { Agenda } from './agenda.ts';
import { type Build, CLOSING_MS, type Entrance, OPENING_MS } from './build.ts';
import { Door } from './door.ts';
import { type Drive, Motion } from './motion.ts';
import type { Random } from './random.ts';
import { serve } from './serve.ts';
import { LEVEL_MM, Shaft } from './shaft.ts';
import { type Point, Runner } from './task.ts';
import { otherLanding, type Person } from './traffic.ts';
import { planTravel } from './travel.ts';
import { Wiring } from './wiring.ts';

export const ACCELERATION_MM_PER_S2 = 1000;
export const JERK_MM_PER_S3 = 1200;
const LEVELLING = { speedMmPerS: 100, distanceMm: 60 };
const MOST_LOAD_PERCENT = 100;

export class Car {
  readonly facts: LiftFacts;
  readonly build: Build;
  readonly agenda: Agenda;
  readonly shaft: Shaft;
  readonly wiring: Wiring;
  readonly motion: Motion;
  readonly door: Door;
  /** draws of the service: dwell, door times, stopping error */
  readonly random: Random;
  /** the controller's work */
  readonly controller: Runner;
  /** an injection's or a technician's work, which may take the car from the controller */
  readonly script: Runner;
  readonly calls = new Set<number>();
  inside: readonly Person[] = [];
  waiting: readonly Person[] = [];
  /** nobody comes to this landing for now */
  shunned: number | null = null;
  /** where the present or last run goes */
  target: number;
  /** times the door opened again after closing, since the car last started */
  reopenings = 0;
  /** times somebody turned the closing door back, since the car last started */
  reversals = 0;
  #openedThisStop = false;
  #headedUp = true;

  constructor(facts: LiftFacts, build: Build, agenda: Agenda, random: Random, onScriptDone: () => void) {
    const reach = (point: Point) => this.reach(point);
    this.facts = facts;
    this.build = build;
    this.agenda = agenda;
    this.random = random;
    this.shaft = new Shaft(facts);
    this.target = facts.baseLanding;
    this.wiring = new Wiring(facts.baseLanding, () => agenda.nowMs);
    this.motion = new Motion(agenda, this.shaft, this.wiring, facts.baseLanding, reach);
    this.door = new Door(agenda, this.wiring, reach);
    this.controller = new Runner(agenda);
    this.script = new Runner(agenda, onScriptDone);
    this.controller.start(serve(this));
  }

  get nowMs(): MonoMs {
    return this.agenda.nowMs;
  }

  /** the nearest landing, as it truly is */
  get landing(): number {
    return this.wiring.truth.landing;
  }

  get level(): boolean {
    return Math.abs(this.shaft.offLevelMm(this.motion.positionMm)) <= LEVEL_MM;
  }

  /** somebody wants the door open here */
  get calledHere(): boolean {
    return this.calls.has(this.landing);
  }

  /** parked: nobody about, nothing to do */
  get quiet(): boolean {
    const { moving, mode } = this.wiring.truth;
    const nobody = this.inside.length === 0 && this.waiting.length === 0 && this.calls.size === 0;
    return nobody && !moving && mode === 'normal' && this.door.closed && this.level;
  }

  reach(point: Point): void {
    if (point === 'door-left-closed') {
      if (this.#openedThisStop) this.reopenings++;
      this.#openedThisStop = true;
    }
    if (point === 'moving' && this.door.closed) {
      this.reopenings = 0;
      this.reversals = 0;
      this.#openedThisStop = false;
    }
    this.script.reach(point);
    this.controller.reach(point);
  }

  /** The controller does nothing more until `handBack`. */
  takeOver(): void {
    this.controller.drop();
  }

  /** The controller goes on from however the car stands: off level it first runs to the nearest landing and opens. */
  handBack(): void {
    this.wiring.truth.faultCode = 0;
    for (const { to } of this.inside) this.calls.add(to);
    for (const { from } of this.waiting) this.calls.add(from);
    this.controller.start(serve(this));
  }

  drive(toMm: number, speedMmPerS: number, drive: Drive = 'driven'): void {
    const levelling = drive === 'driven' ? { levelling: LEVELLING } : {};
    const limits = { speedMmPerS, accelerationMmPerS2: ACCELERATION_MM_PER_S2, jerkMmPerS3: JERK_MM_PER_S3 };
    this.motion.start(planTravel(this.motion.positionMm, toMm, { ...limits, ...levelling }), drive);
  }

  /** A run to a landing, stopping within a few millimetres of it. */
  depart(landing: number): void {
    this.target = landing;
    this.drive(this.shaft.heightMm(landing) + this.random.between(-8, 8), this.facts.ratedSpeedMmPerS);
    this.reach('departed');
  }

  openDoor(): void {
    this.door.opening(this.random.between(...OPENING_MS[this.#entrance]));
  }

  closeDoor(): void {
    this.door.closing(this.random.between(...CLOSING_MS[this.#entrance]));
  }

  get #entrance(): Entrance {
    return this.build.entrances[this.landing] ?? 'front';
  }

  call(landing: number): void {
    this.calls.add(landing);
    this.reach('call');
  }

  /** Somebody comes to a landing. While the lift is out of normal service they take the stairs. */
  arrive(person: Person): void {
    if (this.wiring.truth.mode !== 'normal' || person.from === this.shunned) return;
    this.waiting = [...this.waiting, person];
    this.agenda.at(plus(this.nowMs, this.random.between(90_000, 240_000)), () => {
      this.waiting = this.waiting.filter((other) => other !== person);
    });
    this.call(person.from);
  }

  /** Anybody, from one landing to another. */
  bring(from: number, to: number): void {
    this.arrive({ from, to, loadPercent: 12, lingers: null });
  }

  bringAnybody(random: Random): void {
    const from = random.whole(0, this.shaft.topLanding);
    this.bring(from, otherLanding(from, this.facts, random));
  }

  fits(person: Person): boolean {
    return this.wiring.truth.loadPercent + person.loadPercent <= MOST_LOAD_PERCENT;
  }

  /** Whoever has no room does not get to choose a landing. */
  board(person: Person): void {
    const fits = this.fits(person);
    this.#throughTheDoor();
    this.waiting = this.waiting.filter((other) => other !== person);
    this.#fill([...this.inside, person]);
    if (!fits) return;
    if (person.lingers !== 'in-the-car') this.call(person.to);
    else this.agenda.at(plus(this.nowMs, this.lingerMs), () => this.inside.includes(person) && this.call(person.to));
  }

  alight(person: Person): void {
    this.#throughTheDoor();
    this.#fill(this.inside.filter((other) => other !== person));
  }

  /** Whoever is inside wants nothing but out, at the nearest landing. */
  evacuate(): void {
    const to = this.landing;
    this.inside = this.inside.map((person) => ({ ...person, to }));
    this.calls.clear();
  }

  /** The door is still kept open for late comers: for a minute at most. */
  get doorKeeps(): boolean {
    const keepMs = Math.min(60_000, 0.5 * this.facts.limits.doorHeldOpenLimitMs);
    return this.nowMs - this.door.leftClosedMs < keepMs;
  }

  /** 40 s, or less where the limits of this lift are so short that it would pass for a fault. */
  get lingerMs(): number {
    const { doorHeldOpenLimitMs, entrapmentAtLandingLimitMs } = this.facts.limits;
    return Math.min(40_000, 0.4 * doorHeldOpenLimitMs, 0.4 * entrapmentAtLandingLimitMs);
  }

  /** The next landing with a call, on in the present direction first. The landing it stands at does not count. */
  nextTarget(): number | null {
    const rising = [...this.calls].filter((landing) => landing !== this.landing).sort((a, b) => a - b);
    const above = rising.find((landing) => landing > this.landing);
    const below = rising.findLast((landing) => landing < this.landing);
    if (above === undefined && below === undefined) return null;
    if (this.#headedUp ? above === undefined : below !== undefined) this.#headedUp = false;
    else this.#headedUp = true;
    return (this.#headedUp ? above : below) ?? null;
  }

  #fill(inside: readonly Person[]): void {
    this.inside = inside;
    const { truth } = this.wiring;
    truth.loadPercent = inside.reduce((sum, { loadPercent }) => sum + loadPercent, 0);
    this.wiring.set('passenger', inside.length > 0);
    this.wiring.set('overload', truth.loadPercent > MOST_LOAD_PERCENT);
  }

  #throughTheDoor(): void {
    if (!this.door.open) throw new Error(`simulated lift ${this.facts.id}: somebody went through a closed door`);
  }
}
