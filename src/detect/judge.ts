/**
 * Judgement on one lift: its detectors and recorders over each new state, and the events they make. Pure; all memory is the
 * plain object `memory`, so it can be kept and restored.
 */

import { type MonoMs, plus } from '../clock.ts';
import { bitsOf, changesBetween } from '../lift/changes.ts';
import {
  FAULTS,
  type FaultEvent,
  type FaultName,
  type LiftEvent,
  type ModeEvent,
  type Snapshot,
} from '../lift/events.ts';
import { SERVICE_MODES, type ServiceMode, SIGNAL_NAMES, type SignalName } from '../lift/signals.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';
import { DOOR_START, type DoorMemory, stepDoor } from '../record/door-cycle.ts';
import { type GapMemory, newGaps, stepGaps } from '../record/landing-gap.ts';
import { MODE_START, type ModeMemory, stepMode } from '../record/mode.ts';
import { RESCUE_START, type RescueMemory, resumedRescue, stepRescue } from '../record/rescue.ts';
import { stepTrip, TRIP_START, type TripMemory } from '../record/trip.ts';
import type { Detector, Surroundings, Watch } from './detector.ts';
import { DETECTORS } from './detectors.ts';
import { countDoubted, Mask } from './mask.ts';

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
  rescue: RescueMemory;
  gaps: GapMemory;
  /** the count of landings is in doubt, after a sensor that it rests on */
  uncertain: boolean;
}

const RANK = new Map(FAULTS.map((fault, rank) => [fault, rank]));
const KEYS = DETECTORS.map(keyOf);
const READS = Int32Array.from(DETECTORS, ({ reads }) => bitsOf(reads));
const TRIP_READS = bitsOf(['moving', 'direction', 'speedMmPerS']);
const DOOR_READS = bitsOf(['doorClosed', 'doorOpen', 'moving']);
const GAP_READS = bitsOf(['moving', 'landing', 'restMm']);
const ALL = -1;
const NEVER = Number.POSITIVE_INFINITY;
const NOTHING: readonly never[] = [];

export class Judge {
  readonly #facts: LiftFacts;
  readonly #mutes: Mutes;
  /** by the last known mode, for each detector: nothing begins in it */
  readonly #mutedIn: { readonly [M in ServiceMode]: readonly boolean[] };
  readonly #mask = new Mask();
  /** one for all looks: a look that finds nothing allocates nothing */
  readonly #around: { -readonly [K in keyof Surroundings]: Surroundings[K] };
  #seen: LiftState | null = null;
  /** something began or ended at the last look: at the next change all look, for it may concern any of them */
  #stirred = true;
  /** a fault is open or held off, or the count of landings is in doubt: what is shown and what is muted is to be worked out */
  #eventful = false;
  /** by detector, when it next looks even if nothing changes; and the first of all */
  readonly #duesMs = new Float64Array(DETECTORS.length).fill(NEVER);
  #dueMs = NEVER;
  #memory: Memory = {
    watches: DETECTORS.map((detector) => detector.start(false)),
    open: {},
    heldOff: {},
    mode: MODE_START,
    trip: TRIP_START,
    door: DOOR_START,
    rescue: RESCUE_START,
    gaps: newGaps(),
    uncertain: false,
  };

  constructor(facts: LiftFacts, mutes: Mutes) {
    this.#facts = facts;
    this.#mutes = mutes;
    this.#around = { facts, nowMs: 0 as MonoMs, muted: false };
    const rowOf = (mode: ServiceMode) => DETECTORS.map(({ fault }) => mutes[fault].includes(mode));
    this.#mutedIn = Object.fromEntries(SERVICE_MODES.map((mode) => [mode, rowOf(mode)])) as {
      [M in ServiceMode]: boolean[];
    };
  }

  get memory(): Memory {
    return this.#memory;
  }

  set memory(memory: Memory) {
    this.#memory = memory;
    this.#seen = null;
    memory.watches.forEach(({ dueMs }, at) => {
      this.#duesMs[at] = dueMs;
    });
    this.#settle();
  }

  /** The next moment at which a detector looks even if nothing changes. */
  get dueMs(): number {
    return this.#dueMs;
  }

  get open(): { readonly [key: string]: Episode } {
    return this.#memory.open;
  }

  /** Takes up a fault that was open when the box stopped: it ends under the same id, or stands on. */
  resume(key: string, episode: Episode): void {
    const at = DETECTORS.findIndex((detector) => keyOf(detector) === key);
    const detector = DETECTORS[at];
    if (!detector) return;
    this.#memory.open[key] = episode;
    const watch = detector.start(true);
    this.#memory.watches[at] = watch;
    this.#duesMs[at] = watch.dueMs;
    this.#eventful = true;
    if (key === 'entrapment') this.#memory.rescue = resumedRescue(episode.id, episode.beganMs);
    this.#seen = null;
  }

  /** One look, at `nowMs`: the events it makes, modes first, then faults by rank, then records. */
  step(lift: LiftState, nowMs: MonoMs): readonly LiftEvent[] {
    const changed = lift !== this.#seen;
    if (!changed && nowMs < this.#dueMs) return NOTHING;
    const changes = !changed ? 0 : this.#seen === null || this.#stirred ? ALL : changesBetween(this.#seen, lift);
    if (changed) this.#stirred = false;
    this.#seen = lift;
    const mode = changed ? this.#stepMode(lift, nowMs) : null;
    const faults = this.#look(lift, nowMs, this.#released(nowMs) || mode ? ALL : changes);
    if (nowMs >= this.#dueMs || faults !== NOTHING || this.#eventful) this.#settle();
    const records = this.#record(lift, faults, changes, Math.round(nowMs));
    if (!mode && records === NOTHING) return faults;
    return mode ? [mode, ...faults, ...records] : [...faults, ...records];
  }

  /** Rescues, trips, door cycles and learned gaps, each where something changed that concerns it. */
  #record(lift: LiftState, faults: readonly FaultEvent[], changes: number, atMs: number): readonly LiftEvent[] {
    const memory = this.#memory;
    let records: LiftEvent[] | null = null;
    if (memory.rescue.rescue !== null || faults.length > 0) {
      const rescue = stepRescue(memory.rescue, lift, faults, this.#facts.id, atMs);
      memory.rescue = rescue.memory;
      if (rescue.record) records = [rescue.record];
    }
    if ((changes & TRIP_READS) !== 0) {
      const trip = stepTrip(memory.trip, lift, this.#facts, atMs);
      memory.trip = trip.memory;
      if (trip.record) records = [...(records ?? []), trip.record];
    }
    if ((changes & DOOR_READS) !== 0) {
      const door = stepDoor(memory.door, lift, this.#facts.id, atMs);
      memory.door = door.memory;
      if (door.record) records = [...(records ?? []), door.record];
    }
    if ((changes & GAP_READS) !== 0) {
      const gaps = stepGaps(memory.gaps, lift, this.#facts, atMs);
      if (gaps.length > 0) records = [...(records ?? []), ...gaps];
    }
    return records ?? NOTHING;
  }

  #stepMode(lift: LiftState, nowMs: MonoMs): ModeEvent | null {
    if (lift.mode.value === null || lift.mode.value === this.#memory.mode.mode) return null;
    const mutesOf = (mode: ServiceMode) => FAULTS.filter((fault) => this.#mutes[fault].includes(mode));
    const { memory, event } = stepMode(this.#memory.mode, lift, this.#facts.id, Math.round(nowMs), mutesOf);
    this.#memory.mode = memory;
    return event;
  }

  #look(lift: LiftState, nowMs: MonoMs, changes: number): readonly FaultEvent[] {
    const { watches } = this.#memory;
    let events: FaultEvent[] | null = null;
    let shown = this.#eventful ? this.#shown(lift) : lift;
    // What is shown in place of a doubtful signal changes with other parts than its own.
    let concerns = shown !== lift && changes !== 0 ? ALL : changes;
    this.#around.nowMs = nowMs;
    for (let at = 0; at < DETECTORS.length; at++) {
      const dueMs = this.#duesMs[at] ?? NEVER;
      if (((READS[at] ?? 0) & concerns) === 0 && nowMs < dueMs) continue;
      const detector = DETECTORS[at];
      const watch = watches[at];
      if (!detector || !watch) continue;
      this.#around.muted = this.#isMuted(detector, at);
      // What a contradiction hides from the others it must see itself.
      const state = detector.fault === 'sensor-contradiction' ? lift : shown;
      const next = detector.step(watch, state, this.#around);
      if (next === watch) continue;
      watches[at] = next;
      this.#duesMs[at] = next.dueMs;
      if (next.dueMs < this.#dueMs) this.#dueMs = next.dueMs;
      if (next.standing === watch.standing) continue;
      // What one detector finds may be hidden from the later ones, or outrank them: they look too.
      concerns = ALL;
      this.#stirred = true;
      this.#eventful = true;
      events ??= [];
      events.push(next.standing ? this.#begin(detector, next, lift, nowMs) : this.#end(detector, lift, nowMs));
      shown = this.#shown(lift);
    }
    return events?.sort((a, b) => (RANK.get(a.fault) ?? 0) - (RANK.get(b.fault) ?? 0)) ?? NOTHING;
  }

  /** The lift without what is in doubt. */
  #shown(lift: LiftState): LiftState {
    const memory = this.#memory;
    memory.uncertain = countDoubted(memory.uncertain, lift, memory.open);
    return this.#mask.over(lift, memory.open, memory.uncertain);
  }

  /** By the last known mode: people who switch the controller off while they work are at work all the same. */
  #isMuted({ outrankedBy }: Detector, at: number): boolean {
    const { heldOff, mode, open } = this.#memory;
    if (mode.mode !== null && this.#mutedIn[mode.mode][at]) return true;
    if (!this.#eventful) return false;
    if (heldOff[KEYS[at] ?? ''] !== undefined) return true;
    if (outrankedBy) for (const graver of outrankedBy) if (open[graver] !== undefined) return true;
    return false;
  }

  /** When the next look is due, and whether anything is going on. */
  #settle(): void {
    const { open, heldOff, uncertain } = this.#memory;
    let dueMs = NEVER;
    for (let at = 0; at < this.#duesMs.length; at++) dueMs = Math.min(dueMs, this.#duesMs[at] ?? NEVER);
    let eventful = uncertain;
    for (const key in heldOff) {
      dueMs = Math.min(dueMs, heldOff[key] ?? NEVER);
      eventful = true;
    }
    for (const _key in open) eventful = true;
    this.#dueMs = dueMs;
    this.#eventful = eventful;
  }

  /** True when a hold-off is over: its detector looks again. */
  #released(nowMs: MonoMs): boolean {
    if (!this.#eventful) return false;
    const { heldOff } = this.#memory;
    let released = false;
    for (const key in heldOff) {
      if ((heldOff[key] ?? 0) > nowMs) continue;
      delete heldOff[key];
      released = true;
    }
    return released;
  }

  #begin(detector: Detector, watch: Watch, lift: LiftState, nowMs: MonoMs): FaultEvent {
    const beganMs = Math.round(nowMs);
    const key = keyOf(detector);
    const episode = { id: `${this.#facts.id}/${key}@${beganMs}`, beganMs };
    this.#memory.open[key] = episode;
    return this.#event('begin', detector, episode, lift, beganMs, detector.detail?.(watch));
  }

  #end(detector: Detector, lift: LiftState, nowMs: MonoMs): FaultEvent {
    const key = keyOf(detector);
    const atMs = Math.round(nowMs);
    const episode = this.#memory.open[key] ?? { id: `${this.#facts.id}/${key}@${atMs}`, beganMs: atMs };
    delete this.#memory.open[key];
    if (!detector.noHoldOff) this.#memory.heldOff[key] = plus(nowMs, this.#facts.limits.holdOffMs);
    return this.#event('end', detector, episode, lift, atMs);
  }

  #event(
    phase: 'begin' | 'end',
    detector: Detector,
    episode: Episode,
    lift: LiftState,
    atMs: number,
    detail?: ReturnType<NonNullable<Detector['detail']>>,
  ): FaultEvent {
    return {
      type: 'fault',
      phase,
      id: episode.id,
      lift: this.#facts.id,
      fault: detector.fault,
      ...(detector.subject === undefined ? {} : { subject: detector.subject }),
      ...detail,
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
