/**
 * The machine room: everything pure between an observation and an event, for all lifts of a box. The live gateway, replays
 * and simulations run this same object; it has no clock, only the times it is told.
 */

import { type MonoMs, monoMs, plus } from './clock.ts';
import { Judge, type Mutes } from './detect/judge.ts';
import type { LiftEvent } from './lift/events.ts';
import type { LiftState } from './lift/state.ts';
import { LiftSense, type Wiring } from './sense/lift.ts';
import type { Exchange, Observation } from './sense/observation.ts';
import { RemoteInputs, type RemoteMemory } from './sense/remote-io.ts';

/** Raised when the memory of sense or judgement changes its shape: an older checkpoint is then refused, not misread. */
const SNAPSHOT_FORM = 8;

interface WatchedLift {
  readonly id: string;
  readonly wiring: Wiring;
  readonly sense: LiftSense;
  readonly judge: Judge;
  /** null where it has no input on a Modbus module */
  readonly remote: RemoteInputs | null;
  dueMs: number;
}

export class Room {
  readonly #lifts: readonly WatchedLift[];
  readonly #onEvent: (event: LiftEvent) => void;
  #nowMs: MonoMs;

  constructor(wirings: readonly Wiring[], mutes: Mutes, startMs: MonoMs, onEvent: (event: LiftEvent) => void) {
    this.#nowMs = startMs;
    this.#onEvent = onEvent;
    this.#lifts = wirings.map((wiring) => ({
      id: wiring.facts.id,
      wiring,
      sense: new LiftSense(wiring, startMs),
      judge: new Judge(wiring.facts, mutes),
      remote: wiring.remote ? new RemoteInputs(wiring.facts.id, wiring.remote) : null,
      dueMs: Number.POSITIVE_INFINITY,
    }));
    for (const lift of this.#lifts) this.#judge(lift);
  }

  /** Judgement has come to this moment; nothing earlier can still change it. */
  get nowMs(): MonoMs {
    return this.#nowMs;
  }

  /** The next moment at which time alone may change something; Infinity where nothing waits. */
  get dueMs(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const lift of this.#lifts) if (lift.dueMs < due) due = lift.dueMs;
    return due;
  }

  lift(id: string): { state: LiftState; open: Judge['open'] } | undefined {
    const lift = this.#lifts.find((one) => one.id === id);
    return lift && { state: lift.sense.state, open: lift.judge.open };
  }

  /** Takes up a fault that was open when the box stopped. */
  resume(lift: string, key: string, episode: { id: string; beganMs: number }): void {
    this.#lifts.find((one) => one.id === lift)?.judge.resume(key, episode);
  }

  /** Something was read or an input changed. Deadlines before it are judged first; a time in the past counts as now. */
  observe(observation: Observation): void {
    this.advanceTo(observation.atMs);
    const atMs = this.#nowMs;
    if (observation.kind === 'edge') {
      const lift = this.#lifts.find((one) => one.id === observation.lift);
      if (!lift) return;
      lift.sense.edge({ ...observation, atMs });
      this.#judge(lift);
      return;
    }
    for (const lift of this.#lifts) {
      if (lift.remote) this.#readModule(lift, lift.remote, { ...observation, atMs });
      const { controller } = lift.wiring;
      if (controller?.unit !== observation.unit || controller.bus !== observation.bus) continue;
      lift.sense.exchange(atMs === observation.atMs ? observation : { ...observation, atMs });
      this.#judge(lift);
    }
  }

  /** Time has come to `atMs`: every deadline up to it is judged at its own moment, in order over all lifts. */
  advanceTo(atMs: MonoMs): void {
    for (let due = this.#nextDue(atMs); due; due = this.#nextDue(atMs)) {
      if (due.dueMs > this.#nowMs) this.#nowMs = monoMs(due.dueMs);
      due.sense.advance(this.#nowMs);
      for (const edge of due.remote?.advance(this.#nowMs) ?? []) due.sense.edge(edge);
      this.#judge(due);
      // A deadline must move on when it is met. One that does not would hold the whole room at this moment for ever.
      if (due.dueMs <= this.#nowMs) due.dueMs = plus(this.#nowMs, 1);
    }
    if (atMs > this.#nowMs) this.#nowMs = atMs;
  }

  /** All memory of judgement, as plain data. */
  snapshot(): unknown {
    const lifts = this.#lifts.map(({ id, sense, judge, remote }) => ({
      ...{ id, sense: sense.memory, judge: judge.memory },
      ...(remote && { remote: remote.memory }),
    }));
    return structuredClone({ form: SNAPSHOT_FORM, nowMs: this.#nowMs, lifts });
  }

  /** Goes on from a snapshot of a room with the same lifts. Throws a TypeError where it is not one. */
  restore(snapshot: unknown): void {
    const { form, nowMs, lifts } = structuredClone(snapshot) as {
      form: number;
      nowMs: MonoMs;
      lifts: { id: string; sense: LiftSense['memory']; judge: Judge['memory']; remote?: RemoteMemory }[];
    };
    if (form !== SNAPSHOT_FORM) throw new TypeError(`a snapshot of form ${form}, not ${SNAPSHOT_FORM}`);
    for (const lift of this.#lifts) {
      const kept = lifts.find(({ id }) => id === lift.id);
      if (!kept) continue;
      lift.sense.memory = kept.sense;
      lift.judge.memory = kept.judge;
      if (lift.remote) lift.remote.memory = kept.remote ?? {};
      lift.dueMs = dueOf(lift);
    }
    this.#nowMs = nowMs;
  }

  #nextDue(byMs: MonoMs): WatchedLift | null {
    let first: WatchedLift | null = null;
    for (const lift of this.#lifts) if (lift.dueMs <= byMs && (!first || lift.dueMs < first.dueMs)) first = lift;
    return first;
  }

  #judge(lift: WatchedLift): void {
    const events = lift.judge.step(lift.sense.state, this.#nowMs);
    for (let at = 0; at < events.length; at++) this.#onEvent(events[at] as LiftEvent);
    lift.dueMs = dueOf(lift);
  }

  #readModule(lift: WatchedLift, remote: RemoteInputs, exchange: Exchange): void {
    const edges = remote.exchange(exchange);
    for (const edge of edges) lift.sense.edge(edge);
    if (edges.length > 0) this.#judge(lift);
    else lift.dueMs = dueOf(lift);
  }
}

function dueOf({ sense, judge, remote }: WatchedLift): number {
  return Math.min(sense.dueMs, judge.dueMs, remote?.dueMs ?? Number.POSITIVE_INFINITY);
}
