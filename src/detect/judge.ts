/**
 * Judgement on one lift: its detectors and recorders over each new state, and the events they make. Pure; all memory is the
 * plain object `memory`, so it can be kept and restored.
 */

import { type MonoMs, plus } from '../clock.ts';
import { FAULTS, type FaultEvent, type FaultName, type LiftEvent, type Snapshot } from '../lift/events.ts';
import { type ServiceMode, SIGNAL_NAMES, type SignalName } from '../lift/signals.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';
import { DOOR_START, type DoorMemory, stepDoor } from '../record/door-cycle.ts';
import { MODE_START, type ModeMemory, stepMode } from '../record/mode.ts';
import { stepTrip, TRIP_START, type TripMemory } from '../record/trip.ts';
import type { Detector, Watch } from './detector.ts';
import { DETECTORS } from './detectors.ts';

/** Service modes in which a fault does not begin, from the catalogue. */
export type Mutes = { readonly [F in FaultName]: readonly ServiceMode[] };

/** An episode of a fault that has begun and not ended. */
export interface Episode {
  readonly id: string;
  readonly beganMs: number;
}

interface Memory {
  watches: Watch[];
  /** by fault, or fault:subject */
  open: { [key: string]: Episode };
  /** faults that ended a moment ago, and when they may begin again */
  heldOff: { [key: string]: number };
  mode: ModeMemory;
  trip: TripMemory;
  door: DoorMemory;
}

const RANK = new Map(FAULTS.map((fault, rank) => [fault, rank]));

/** What a standing contradiction hides from the other detectors. */
const HIDDEN_BY: { readonly [subject: string]: readonly (SignalName | 'atLevel')[] } = {
  door: ['doorClosed', 'doorOpen'],
  level: ['atLevel', 'doorZone'],
};

export class Judge {
  readonly #facts: LiftFacts;
  readonly #mutes: Mutes;
  #seen: LiftState | null = null;
  #masked: { of: LiftState; hidden: string; state: LiftState } | null = null;
  memory: Memory = {
    watches: DETECTORS.map((detector) => detector.start(false)),
    open: {},
    heldOff: {},
    mode: MODE_START,
    trip: TRIP_START,
    door: DOOR_START,
  };

  constructor(facts: LiftFacts, mutes: Mutes) {
    this.#facts = facts;
    this.#mutes = mutes;
  }

  /** The next moment at which a detector looks even if nothing changes. */
  get dueMs(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const watch of this.memory.watches) if (watch.dueMs < due) due = watch.dueMs;
    for (const key in this.memory.heldOff) due = Math.min(due, this.memory.heldOff[key] ?? due);
    return due;
  }

  get open(): { readonly [key: string]: Episode } {
    return this.memory.open;
  }

  /** Takes up a fault that was open when the box stopped: it ends under the same id, or stands on. */
  resume(key: string, episode: Episode): void {
    const at = DETECTORS.findIndex((detector) => keyOf(detector) === key);
    const detector = DETECTORS[at];
    if (!detector) return;
    this.memory.open[key] = episode;
    this.memory.watches[at] = detector.start(true);
  }

  /** One look, at `nowMs`: the events it makes, modes first, then faults by rank, then records. */
  step(lift: LiftState, nowMs: MonoMs): LiftEvent[] {
    const { memory } = this;
    const changed = lift !== this.#seen;
    this.#seen = lift;
    const atMs = Math.round(nowMs);
    const mode = stepMode(memory.mode, lift, this.#facts.id, atMs, (now) => this.#mutedIn(now));
    memory.mode = mode.memory;
    const faults = this.#look(lift, nowMs, this.#released(nowMs) || changed);
    if (!changed) return faults;
    const events: LiftEvent[] = mode.event ? [mode.event, ...faults] : faults;
    const trip = stepTrip(memory.trip, lift, this.#facts, atMs);
    memory.trip = trip.memory;
    if (trip.record) events.push(trip.record);
    const door = stepDoor(memory.door, lift, this.#facts.id, atMs);
    memory.door = door.memory;
    if (door.record) events.push(door.record);
    return events;
  }

  #mutedIn(mode: ServiceMode): FaultName[] {
    return FAULTS.filter((fault) => this.#mutes[fault].includes(mode));
  }

  #look(lift: LiftState, nowMs: MonoMs, changed: boolean): FaultEvent[] {
    const { watches } = this.memory;
    const events: FaultEvent[] = [];
    let looked = changed;
    let shown = this.#show(lift);
    for (let at = 0; at < DETECTORS.length; at++) {
      const detector = DETECTORS[at];
      const watch = watches[at];
      if (!detector || !watch || (!looked && nowMs < watch.dueMs)) continue;
      // What a contradiction hides from the others it must see itself.
      const state = detector.fault === 'sensor-contradiction' ? lift : shown;
      const next = detector.step(watch, state, { facts: this.#facts, nowMs, muted: this.#isMuted(detector) });
      watches[at] = next;
      if (next.standing === watch.standing) continue;
      // What one detector finds may be hidden from the later ones, or outrank them: they look too.
      looked = true;
      events.push(next.standing ? this.#begin(detector, lift, nowMs) : this.#end(detector, lift, nowMs));
      shown = this.#show(lift);
    }
    return events.length > 1 ? events.sort((a, b) => (RANK.get(a.fault) ?? 0) - (RANK.get(b.fault) ?? 0)) : events;
  }

  /** By the last known mode: people who switch the controller off while they work are at work all the same. */
  #isMuted(detector: Detector): boolean {
    const { heldOff, mode, open } = this.memory;
    if (mode.mode !== null && this.#mutes[detector.fault].includes(mode.mode)) return true;
    if (keyOf(detector) in heldOff) return true;
    return detector.outrankedBy?.some((graver) => graver in open) ?? false;
  }

  /** True when a hold-off is over: its detector looks again. */
  #released(nowMs: MonoMs): boolean {
    const { heldOff } = this.memory;
    let released = false;
    for (const key in heldOff) {
      if ((heldOff[key] ?? 0) > nowMs) continue;
      delete heldOff[key];
      released = true;
    }
    return released;
  }

  /** The lift as the detectors may see it: without the signals that a standing contradiction is about. */
  #show(lift: LiftState): LiftState {
    const { open } = this.memory;
    if (!('sensor-contradiction:door' in open || 'sensor-contradiction:level' in open)) return lift;
    const hidden = Object.keys(HIDDEN_BY).filter((subject) => `sensor-contradiction:${subject}` in open);
    const key = hidden.join(' ');
    if (this.#masked?.of === lift && this.#masked.hidden === key) return this.#masked.state;
    const masked: Partial<Record<SignalName | 'atLevel', unknown>> = {};
    for (const subject of hidden) {
      for (const signal of HIDDEN_BY[subject] ?? []) masked[signal] = { ...lift[signal], value: null, source: 'none' };
    }
    this.#masked = { of: lift, hidden: key, state: { ...lift, ...masked } as LiftState };
    return this.#masked.state;
  }

  #begin(detector: Detector, lift: LiftState, nowMs: MonoMs): FaultEvent {
    const beganMs = Math.round(nowMs);
    const key = keyOf(detector);
    const episode = { id: `${this.#facts.id}/${key}@${beganMs}`, beganMs };
    this.memory.open[key] = episode;
    return this.#event('begin', detector, episode, lift, beganMs);
  }

  #end(detector: Detector, lift: LiftState, nowMs: MonoMs): FaultEvent {
    const key = keyOf(detector);
    const atMs = Math.round(nowMs);
    const episode = this.memory.open[key] ?? { id: `${this.#facts.id}/${key}@${atMs}`, beganMs: atMs };
    delete this.memory.open[key];
    if (!detector.noHoldOff) this.memory.heldOff[key] = plus(nowMs, this.#facts.limits.holdOffMs);
    return this.#event('end', detector, episode, lift, atMs);
  }

  #event(phase: 'begin' | 'end', detector: Detector, episode: Episode, lift: LiftState, atMs: number): FaultEvent {
    return {
      type: 'fault',
      phase,
      id: episode.id,
      lift: this.#facts.id,
      fault: detector.fault,
      ...(detector.subject === undefined ? {} : { subject: detector.subject }),
      atMs,
      beganMs: episode.beganMs,
      snapshot: snapshotOf(lift),
    };
  }
}

export function keyOf({ fault, subject }: { fault: string; subject?: string }): string {
  return subject === undefined ? fault : `${fault}:${subject}`;
}

/** The known signals of a lift; what nobody can say is left out. */
export function snapshotOf(lift: LiftState): Snapshot {
  const known: Partial<Record<SignalName | 'atLevel', unknown>> = {};
  for (const signal of SIGNAL_NAMES) if (lift[signal].value !== null) known[signal] = lift[signal].value;
  if (lift.atLevel.value !== null) known.atLevel = lift.atLevel.value;
  return known as Snapshot;
}
