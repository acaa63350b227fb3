/**
 * Everything known of one lift, folded from controller words and input edges into its LiftState.
 * Pure: time comes with the observations. All memory is the plain object `memory`, so it can be kept and restored.
 */

import { type MonoMs, plus } from '../clock.ts';
import { copyOf, sideOf } from '../lift/shapes.ts';
import { isSaid, type PartialValues, type Reading, SIGNAL_NAMES, type SignalName } from '../lift/signals.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';
import { type Field, fieldsWithin, type ReadGroup } from './decode.ts';
import { base, isOffLevel, levels, reference, rest, unseen } from './floor.ts';
import { blankMemory, type Memory } from './memory.ts';
import { atLevelOf, inputValues, merged, sameValues, type Told } from './merge.ts';
import type { Edge, Exchange } from './observation.ts';
import { carClosed, look } from './passenger.ts';
import { type Read, readKey, requestOf, sameAt, sameWords } from './reads.ts';
import type { RemoteInput } from './remote-io.ts';
import { contactsDueMs, edge, settle, settleMsOf, UNSEEN } from './settle.ts';

/** What the site file says of where a lift's signals come from. */
export interface Wiring {
  readonly facts: LiftFacts;
  /** null where the lift has no controller */
  readonly controller: {
    readonly bus: string;
    readonly unit: number;
    readonly fields: readonly Field[];
    /** without a reply for this long, signals of that group are unknown */
    readonly staleAfterMs: { readonly [G in ReadGroup]: number };
  } | null;
  /** wired inputs, with their own settling where the site file gives one */
  readonly inputs: { readonly [K in SignalName]?: { readonly settleMs?: number | undefined } };
  /** those of the inputs that are read from Modbus modules; none where left out */
  readonly remote?: readonly RemoteInput[];
}

const NEVER = Number.POSITIVE_INFINITY;
/** Worked out from the level switches. */
const DERIVED: readonly SignalName[] = ['moving', 'direction', 'speedMmPerS', 'landing', 'doorZone', 'mode'];

export class LiftSense {
  readonly #wiring: Wiring;
  readonly #reads = new Map<number, Read>();
  /** the signals that anything can tell of this lift */
  readonly #told: readonly SignalName[];
  /** one for all merges, so that they allocate only what is kept */
  readonly #answer: Told = { value: null, source: 'none' };
  /** the signals that the last words changed; one list for all */
  readonly #changed: SignalName[] = [];
  #inputs: PartialValues = {};
  #contactsDueMs = NEVER;
  #memory: Memory;

  constructor(wiring: Wiring, nowMs: MonoMs) {
    this.#wiring = wiring;
    const link = wiring.controller ? 'waiting' : 'none';
    const fields = new Set(wiring.controller?.fields.map(({ signal }) => signal));
    this.#told = SIGNAL_NAMES.filter((name) => fields.has(name) || name in wiring.inputs || DERIVED.includes(name));
    this.#memory = blankMemory(link, nowMs);
  }

  get memory(): Memory {
    return this.#memory;
  }

  set memory(memory: Memory) {
    this.#memory = memory;
    this.#inputs = memory.state.inputs as PartialValues;
    this.#contactsDueMs = contactsDueMs(memory.contacts);
    // Words of before the memory was kept are not known: the next ones are decoded.
    for (const read of this.#reads.values()) {
      read.last = null;
      read.fresh = null;
    }
    for (const one of memory.fresh) this.#readOf(one.key).fresh = one;
  }

  get state(): LiftState {
    return this.#memory.state;
  }

  /** The next moment at which time alone changes something; Infinity where nothing waits. */
  get dueMs(): number {
    const { staleDueMs, floor, cabin } = this.#memory;
    return Math.min(staleDueMs, floor.dueMs, this.#contactsDueMs, cabin.dueMs);
  }

  /** Words were read. Unchanged words only renew the freshness of what they tell. */
  exchange(exchange: Exchange): void {
    const { controller } = this.#wiring;
    if (!controller || exchange.bus !== controller.bus || exchange.unit !== controller.unit) return;
    const key = readKey(exchange);
    const read = this.#readOf(key);
    if (read.fields.length === 0) return;
    const memory = this.#memory;
    const untilMs = plus(exchange.atMs, read.fast ? controller.staleAfterMs.fast : controller.staleAfterMs.slow);
    this.#refresh(read, key, untilMs);
    if (read.fast) {
      memory.heardMs = exchange.atMs;
      memory.heardUntilMs = untilMs;
    }
    if (untilMs < memory.staleDueMs) memory.staleDueMs = untilMs;
    const { values } = exchange;
    const { last } = read;
    if (last !== null && (memory.link === 'live' || !read.fast) && sameWords(last, values)) return;
    read.last = values;
    if (read.fast) memory.link = 'live';
    this.#changed.length = 0;
    for (const { field, at } of read.fields) {
      if (last !== null && sameAt(last, values, at, field.size)) continue;
      const value = field.decode(values, at);
      if (memory.controller[field.signal] === value) continue;
      memory.controller[field.signal] = value;
      this.#changed.push(field.signal);
    }
    this.#merge(exchange.atMs, this.#changed);
  }

  /** An input changed on the wire. */
  edge({ signal, on, atMs }: Edge): void {
    const wired = this.#wiring.inputs[signal];
    if (!wired) return;
    const { contacts } = this.#memory;
    const was = contacts[signal] ?? UNSEEN;
    const now = on === null ? UNSEEN : edge(was, on, atMs, wired.settleMs ?? settleMsOf(signal));
    contacts[signal] = now;
    this.#contactsDueMs = contactsDueMs(contacts);
    if (now.level !== was.level) this.#settled(atMs);
  }

  /** Time has come to `nowMs`, which is `dueMs` or earlier. */
  advance(nowMs: MonoMs): void {
    const memory = this.#memory;
    let changed = false;
    if (this.#contactsDueMs <= nowMs) {
      for (const name in memory.contacts) {
        const signal = name as SignalName;
        const was = memory.contacts[signal];
        if (!was?.coming) continue;
        const now = settle(was, nowMs);
        memory.contacts[signal] = now;
        changed ||= now !== was;
      }
      this.#contactsDueMs = contactsDueMs(memory.contacts);
    }
    const floor = rest(memory.floor, nowMs);
    if (changed || floor !== memory.floor || memory.cabin.dueMs <= nowMs) {
      memory.floor = floor;
      this.#settled(nowMs);
    }
    if (memory.staleDueMs <= nowMs) this.#goStale(nowMs);
  }

  #refresh(read: Read, key: number, untilMs: number): void {
    if (read.fresh !== null) {
      read.fresh.untilMs = untilMs;
      return;
    }
    const fresh = { key, untilMs };
    read.fresh = fresh;
    this.#memory.fresh.push(fresh);
  }

  #readOf(key: number): Read {
    const known = this.#reads.get(key);
    if (known) return known;
    const fields = fieldsWithin(this.#wiring.controller?.fields ?? [], requestOf(key));
    const read: Read = { fields, fast: fields.some(({ field }) => field.group === 'fast'), fresh: null, last: null };
    this.#reads.set(key, read);
    return read;
  }

  #goStale(nowMs: MonoMs): void {
    const memory = this.#memory;
    let went = memory.link === 'live' && memory.heardUntilMs <= nowMs;
    if (went) memory.link = 'silent';
    let next = memory.link === 'live' ? memory.heardUntilMs : NEVER;
    for (let at = 0; at < memory.fresh.length; at++) {
      const untilMs = memory.fresh[at]?.untilMs ?? NEVER;
      if (untilMs > nowMs) next = Math.min(next, untilMs);
      else went = true;
    }
    memory.staleDueMs = next;
    if (!went) return;
    const { levelUpper, levelLower } = memory.state;
    const edgeMs = Math.max(levelUpper.sinceMs, levelLower.sinceMs);
    const stood = memory.controller.moving === false && edgeMs <= memory.heardMs;
    this.#forget(memory.fresh.filter(({ untilMs }) => untilMs <= nowMs));
    // The controller's last word was rest, and no edge has come since: it stands until one does.
    if (stood && memory.controller.moving === null) {
      memory.floor = rest(memory.floor, memory.floor.dueMs as MonoMs);
      this.#inputs = inputValues(memory);
    }
    // What was read before must be decoded anew when it is heard again.
    for (const read of this.#reads.values()) read.last = null;
    this.#merge(nowMs, this.#told);
  }

  /** Reads that went stale: what no other read still tells is unknown. */
  #forget(gone: readonly { key: number }[]): void {
    const memory = this.#memory;
    memory.fresh = memory.fresh.filter((one) => !gone.includes(one));
    const fresh = new Set(memory.fresh.flatMap(({ key }) => this.#readOf(key).fields.map(({ field }) => field.signal)));
    for (const { key } of gone) {
      const read = this.#readOf(key);
      read.fresh = null;
      for (const { field } of read.fields) if (!fresh.has(field.signal)) memory.controller[field.signal] = null;
    }
  }

  /** A contact settled: level count and passenger latch follow, then the merge. */
  #settled(nowMs: MonoMs): void {
    const memory = this.#memory;
    const { facts } = this.#wiring;
    const upper = memory.contacts.levelUpper?.level ?? null;
    const lower = memory.contacts.levelLower?.level ?? null;
    if (upper === null || lower === null) memory.floor = unseen(memory.floor);
    else {
      const on = memory.contacts.baseLanding?.level;
      memory.floor = reference(levels(memory.floor, upper, lower, nowMs, facts), on === true);
      if (on === false) memory.baseTold = false;
      if (on && !memory.baseTold && memory.floor.switches === 'both') {
        memory.baseTold = true;
        if (!this.#outvoted()) memory.floor = base(memory.floor, facts);
      }
    }
    this.#merge(nowMs, null);
  }

  /** Controller and count name the same landing, and it is another: the base switch is wrong, and corrects nothing. */
  #outvoted(): boolean {
    const { controller, floor } = this.#memory;
    return (
      floor.landing !== null && floor.landing === controller.landing && floor.landing !== this.#wiring.facts.baseLanding
    );
  }

  /** `words`: the signals that changed on the controller's side; null: the inputs' side changed. */
  #merge(nowMs: MonoMs, words: readonly SignalName[] | null): void {
    const memory = this.#memory;
    const { facts } = this.#wiring;
    const { contacts } = memory;
    const closed = carClosed(contacts.doorClosed?.level, memory.controller.doorClosed);
    const moving = (memory.controller.moving ?? memory.floor.moving) as boolean | null;
    const cabin = look(
      memory.cabin,
      closed,
      contacts.passenger?.level ?? null,
      moving,
      isOffLevel(memory.floor),
      nowMs,
    );
    let changed = words ?? this.#told;
    if (cabin !== memory.cabin) {
      memory.cabin = cabin;
      changed = this.#told;
    }
    if (words === null) {
      const inputs = inputValues(memory);
      if (!sameValues(this.#inputs, inputs)) {
        this.#inputs = inputs;
        changed = this.#told;
      }
    }
    const was = memory.state;
    const { controller } = memory;
    const answer = this.#answer;
    // The state is copied when the first change is found: an unchanged lift keeps its state, and costs nothing.
    let next: ReturnType<typeof copyOf> | null = null;
    for (const signal of changed) {
      const before = was[signal] as Reading<unknown>;
      const { value, source } = merged(signal, controller[signal], this.#inputs[signal], memory, facts, answer);
      if (value === before.value && source === before.source) continue;
      next ??= copyOf(was);
      const sinceMs = value === before.value ? before.sinceMs : nowMs;
      (next as { [K in SignalName]: Reading<unknown> })[signal] = { value, sinceMs, source };
    }
    const level = atLevelOf(memory, (next ?? was).doorZone);
    if (level !== was.atLevel.value) {
      next ??= copyOf(was);
      next.atLevel = { value: level, sinceMs: nowMs, source: 'derived' };
    }
    if (words?.some(isSaid)) {
      next ??= copyOf(was);
      next.controller = sideOf(controller as PartialValues);
    }
    if (was.inputs !== this.#inputs) {
      next ??= copyOf(was);
      next.inputs = this.#inputs;
    }
    const { miscount, pair } = memory.floor;
    if (memory.link !== was.link || miscount !== was.miscount || pair.order !== was.pairOrder) {
      next ??= copyOf(was);
      next.link = memory.link;
      next.silentSinceMs = memory.link === 'silent' ? memory.heardMs : null;
      next.miscount = miscount;
      next.pairOrder = pair.order;
    }
    if (next !== null) memory.state = next;
  }
}
