/**
 * The simulated lift. Time is what it is told: `advanceTo` runs everything due on the way, each at its own moment, so a
 * jump of an hour and 3.6 million steps of a millisecond give the same edges.
 */

import { type MonoMs, plus, type Stop } from '../../src/clock.ts';
import type { SignalValues } from '../../src/lift/signals.ts';
import type { LiftFacts } from '../../src/lift/state.ts';
import { Agenda } from './agenda.ts';
import { type Build, PLAIN } from './build.ts';
import { Car } from './car.ts';
import { applyDefect, type Defect } from './defects.ts';
import { type Episode, type Injection, inject, type OpenEpisode } from './faults.ts';
import type { Random } from './random.ts';
import type { PlannedInjection } from './scenario.ts';
import type { Task } from './task.ts';
import { drawPerson, nextArrivalMs, type TrafficProfile } from './traffic.ts';
import { type Expected, expectedOf } from './truth.ts';
import { visit } from './visit.ts';
import { copyOf, type FlagEdge } from './wiring.ts';

/** The mean time between two visits for maintenance, and the rest between two disturbances where none is given. */
const VISIT_MEAN_MS = 60 * 3_600_000;
const REST_MS = 60_000;

export interface SimLiftOptions {
  readonly facts: LiftFacts;
  readonly random: Random;
  readonly startMs: MonoMs;
  /** null: nobody comes but by `call` and injections, and no technician either */
  readonly traffic: TrafficProfile | null;
  readonly build?: Build;
  /** between the end of one disturbance and the next */
  readonly restMs?: number;
}

/** Begins parked and empty at its base landing, in normal service. */
export class SimLift {
  readonly id: string;
  readonly #facts: LiftFacts;
  readonly #agenda: Agenda;
  readonly #car: Car;
  readonly #faults: Random;
  readonly #episodes: OpenEpisode[] = [];
  /** disturbances that wait for their turn */
  readonly #queue: (() => Task)[] = [];
  #open: OpenEpisode | null = null;
  readonly #restMs: number;
  #restUntilMs: MonoMs;

  constructor({ facts, random, startMs, traffic, build = PLAIN, restMs = REST_MS }: SimLiftOptions) {
    this.#restMs = restMs;
    this.id = facts.id;
    this.#facts = facts;
    this.#agenda = new Agenda(startMs);
    this.#faults = random.fork('faults');
    this.#restUntilMs = startMs;
    this.#car = new Car(facts, build, this.#agenda, random.fork('service'), () => this.#done());
    if (!traffic) return;
    this.#planArrival(traffic, random.fork('people'));
    this.#planVisit(random.fork('visits'));
  }

  get nowMs(): MonoMs {
    return this.#agenda.nowMs;
  }

  /** No flag, mode, direction, landing or fault number changes before this moment. Infinity: nothing is planned. */
  nextChangeMs(): MonoMs {
    return this.#agenda.nextMs;
  }

  advanceTo(ms: MonoMs): void {
    this.#agenda.advanceTo(ms);
  }

  /** What is physically true now, with the landing as the car truly stands. */
  values(): SignalValues {
    const { motion, wiring, calls, calledHere } = this.#car;
    const callHere = calledHere && wiring.truth.doorZone && !wiring.truth.moving;
    const values = copyOf(wiring.truth);
    values.callWaiting = calls.size > (callHere ? 1 : 0);
    values.callHere = callHere;
    values.positionMm = motion.positionMm;
    values.speedMmPerS = motion.speedMmPerS;
    return values;
  }

  /** What the controller answers with; null where it does not answer. */
  controllerValues(): SignalValues | null {
    const { landingsOff, silent } = this.#car.wiring;
    if (silent) return null;
    const values = this.values();
    values.landing = Math.min(this.#car.shaft.topLanding, Math.max(0, values.landing + landingsOff));
    return values;
  }

  /** What the volt-free inputs show. */
  inputValues(): SignalValues {
    return this.#car.wiring.shown(this.values());
  }

  /** Every change of a flag as the inputs show it, at its exact moment, in order. */
  onEdge(listen: (edge: FlagEdge) => void): Stop {
    return this.#car.wiring.onEdge(listen);
  }

  /** A button pressed, at a landing or in the car: the lift comes, opens and closes. */
  call(landing: number): void {
    this.#car.call(landing);
  }

  /** Somebody comes to a landing, and rides to another. */
  ride(from: number, to: number): void {
    this.#car.bring(from, to);
  }

  /** Happens as soon as its precondition is met, after what is queued before it. */
  inject(injection: Injection, notBeforeMs: MonoMs = this.nowMs): Episode {
    const episode: OpenEpisode = {
      id: `${this.id}/${this.#episodes.length}/${injection.kind}`,
      injection,
      beganMs: null,
      fromMs: null,
      alarmMs: null,
      limitMs: null,
      endsMs: null,
      doneMs: null,
      suddenMs: null,
      maybeSudden: false,
      restsUntilMs: null,
      trapped: null,
    };
    this.#episodes.push(episode);
    const random = this.#faults.fork(episode.id);
    this.#agenda.at(notBeforeMs, () =>
      this.#enqueue(() => {
        this.#open = episode;
        return inject(this.#car, episode, random);
      }),
    );
    return episode;
  }

  play(plan: readonly PlannedInjection[]): void {
    for (const { injection, notBeforeMs } of plan) this.inject(injection, notBeforeMs);
  }

  /** A sensor goes wrong at this moment, and stays so. */
  breakSensor(defect: Defect, atMs: MonoMs): void {
    const random = this.#faults.fork(`${defect.sensor}/${defect.way}`);
    this.#agenda.at(atMs, () => applyDefect(defect, this.#car.wiring, this.#agenda, random));
  }

  /** For the demo: stops between landings with somebody in the car, who is let out after `heldMs`. */
  trap(heldMs: number): Episode {
    return this.inject({ kind: 'entrapment-off-level', heldMs, alarmAfterMs: null });
  }

  /** For the demo: something stands in the door for `heldMs`. */
  holdDoor(heldMs: number): Episode {
    return this.inject({ kind: 'door-held-open', heldMs });
  }

  /** All injections so far, in the order they were asked for. */
  get episodes(): readonly Episode[] {
    return this.#episodes;
  }

  /** The faults that the injections that are over must have raised; one still going on is not in it. In order of their due times. `levelPair`: the level switches are wired. */
  expected(levelPair = true): Expected[] {
    return this.#episodes
      .flatMap((episode) => expectedOf(episode, this.#facts, levelPair))
      .sort((a, b) => a.dueMs - b.dueMs);
  }

  #enqueue(begin: () => Task): void {
    this.#queue.push(begin);
    this.#next();
  }

  #next(): void {
    if (this.#car.script.busy) return;
    if (this.nowMs < this.#restUntilMs) return;
    const begin = this.#queue.shift();
    if (begin) this.#car.script.start(begin());
  }

  #done(): void {
    if (this.#open) this.#open.doneMs = this.nowMs;
    this.#open = null;
    this.#restUntilMs = plus(this.nowMs, this.#restMs);
    this.#agenda.at(this.#restUntilMs, () => this.#next());
  }

  #planArrival(traffic: TrafficProfile, random: Random): void {
    const dueMs = nextArrivalMs(traffic, this.nowMs, random);
    if (!Number.isFinite(dueMs)) return;
    this.#agenda.at(dueMs, () => {
      this.#car.arrive(drawPerson(traffic, dueMs, this.#facts, random));
      this.#planArrival(traffic, random);
    });
  }

  #planVisit(random: Random): void {
    this.#agenda.at(plus(this.nowMs, random.exponential(VISIT_MEAN_MS)), () => {
      this.#enqueue(() => visit(this.#car, random));
      this.#planVisit(random);
    });
  }
}
