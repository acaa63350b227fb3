/**
 * Everything known of one lift, folded from controller words and input edges into its LiftState.
 * Pure: time comes with the observations. All memory is the plain object `memory`, so it can be kept and restored.
 */

import { type MonoMs, plus } from '../clock.ts';
import type { PartialValues, Reading, SignalName, Source } from '../lift/signals.ts';
import { SIGNAL_NAMES } from '../lift/signals.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';
import { type Decoded, type Field, fieldsWithin, type ReadGroup } from './decode.ts';
import { base, FLOOR_UNSEEN, type Floor, levels, rest } from './floor.ts';
import { atLevelOf, inputValues, merged } from './merge.ts';
import type { Edge, Exchange } from './observation.ts';
import { CABIN_UNSEEN, type Cabin, look } from './passenger.ts';
import { type Contact, edge, settle, settleMsOf, UNSEEN } from './settle.ts';

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
}

type Values = { [K in SignalName]?: Decoded };
type Contacts = { [K in SignalName]?: Contact };

interface Memory {
  controller: Values;
  freshUntilMs: { [K in SignalName]?: MonoMs };
  contacts: Contacts;
  floor: Floor;
  cabin: Cabin;
  /** level at the base landing, with its switch on */
  atBase: boolean;
  link: LiftState['link'];
  /** the last reply, or the start */
  heardMs: MonoMs;
  /** without another reply by then the controller is silent */
  heardUntilMs: number;
  /** a lower bound of the next moment at which a signal goes stale */
  staleDueMs: number;
  state: LiftState;
}

export class LiftSense {
  readonly #wiring: Wiring;
  readonly #within = new Map<number, { field: Field; at: number }[]>();
  #lastValues = new Map<number, readonly number[]>();
  memory: Memory;

  constructor(wiring: Wiring, nowMs: MonoMs) {
    this.#wiring = wiring;
    const link = wiring.controller ? 'waiting' : 'none';
    this.memory = {
      controller: {},
      freshUntilMs: {},
      contacts: {},
      floor: FLOOR_UNSEEN,
      cabin: CABIN_UNSEEN,
      atBase: false,
      link,
      heardMs: nowMs,
      heardUntilMs: Number.POSITIVE_INFINITY,
      staleDueMs: Number.POSITIVE_INFINITY,
      state: blankState(link, nowMs),
    };
  }

  get state(): LiftState {
    return this.memory.state;
  }

  /** The next moment at which time alone changes something; Infinity where nothing waits. */
  get dueMs(): number {
    const { contacts, floor, staleDueMs } = this.memory;
    let due = Math.min(staleDueMs, floor.dueMs);
    for (const name in contacts) due = Math.min(due, contacts[name as SignalName]?.coming?.dueMs ?? due);
    return due;
  }

  /** Words were read. Unchanged words only renew the freshness of what they tell. */
  exchange(exchange: Exchange): void {
    const { controller } = this.#wiring;
    if (!controller || exchange.bus !== controller.bus || exchange.unit !== controller.unit) return;
    const key = readKey(exchange);
    const fields = this.#fieldsOf(exchange, key);
    if (fields.length === 0) return;
    const { memory } = this;
    const fast = plus(exchange.atMs, controller.staleAfterMs.fast);
    const slow = plus(exchange.atMs, controller.staleAfterMs.slow);
    for (const { field } of fields) memory.freshUntilMs[field.signal] = field.group === 'fast' ? fast : slow;
    // A controller that answers its slow fields alone is not heard: what matters is in the fast ones.
    const heard = fields.some(({ field }) => field.group === 'fast');
    if (heard) {
      memory.heardMs = exchange.atMs;
      memory.heardUntilMs = fast;
    }
    memory.staleDueMs = Math.min(memory.staleDueMs, heard ? fast : slow);
    const last = this.#lastValues.get(key);
    if (last && (memory.link === 'live' || !heard) && sameWords(last, exchange.values)) return;
    this.#lastValues.set(key, exchange.values);
    if (heard) memory.link = 'live';
    for (const { field, at } of fields) memory.controller[field.signal] = field.decode(exchange.values, at);
    this.#merge(exchange.atMs);
  }

  /** An input changed on the wire. */
  edge({ signal, on, atMs }: Edge): void {
    const wired = this.#wiring.inputs[signal];
    if (!wired) return;
    const { contacts } = this.memory;
    const was = contacts[signal] ?? UNSEEN;
    const now = on === null ? UNSEEN : edge(was, on, atMs, wired.settleMs ?? settleMsOf(signal));
    contacts[signal] = now;
    if (now.level !== was.level) this.#settled(atMs);
  }

  /** Time has come to `nowMs`, which is `dueMs` or earlier. */
  advance(nowMs: MonoMs): void {
    const { memory } = this;
    let changed = false;
    for (const name in memory.contacts) {
      const signal = name as SignalName;
      const was = memory.contacts[signal];
      if (!was?.coming) continue;
      const now = settle(was, nowMs);
      memory.contacts[signal] = now;
      changed ||= now !== was;
    }
    const floor = rest(memory.floor, nowMs);
    if (changed || floor !== memory.floor) {
      memory.floor = floor;
      this.#settled(nowMs);
    }
    if (memory.staleDueMs <= nowMs) this.#goStale(nowMs);
  }

  #fieldsOf(exchange: Exchange, key: number): { field: Field; at: number }[] {
    const known = this.#within.get(key);
    if (known) return known;
    const found = fieldsWithin(this.#wiring.controller?.fields ?? [], exchange);
    this.#within.set(key, found);
    return found;
  }

  #goStale(nowMs: MonoMs): void {
    const { memory } = this;
    let went = memory.link === 'live' && memory.heardUntilMs <= nowMs;
    if (went) memory.link = 'silent';
    let next = memory.link === 'live' ? memory.heardUntilMs : Number.POSITIVE_INFINITY;
    for (const name in memory.freshUntilMs) {
      const signal = name as SignalName;
      const until = memory.freshUntilMs[signal] ?? nowMs;
      if (until > nowMs) next = Math.min(next, until);
      else {
        delete memory.freshUntilMs[signal];
        memory.controller[signal] = null;
        went = true;
      }
    }
    memory.staleDueMs = next;
    if (!went) return;
    // What was read before must be decoded anew when it is heard again.
    this.#lastValues.clear();
    this.#merge(nowMs);
  }

  /** A contact settled: level count and passenger latch follow, then the merge. */
  #settled(nowMs: MonoMs): void {
    const { memory } = this;
    const { facts } = this.#wiring;
    const level = (signal: SignalName) => memory.contacts[signal]?.level ?? null;
    const upper = level('levelUpper');
    const lower = level('levelLower');
    if (upper === null || lower === null) memory.floor = FLOOR_UNSEEN;
    else {
      memory.floor = levels(memory.floor, upper, lower, nowMs, facts);
      const atBase = level('baseLanding') === true && memory.floor.switches === 'both';
      if (atBase && !memory.atBase) memory.floor = base(memory.floor, facts);
      memory.atBase = atBase;
    }
    this.#merge(nowMs);
  }

  #merge(nowMs: MonoMs): void {
    const { memory } = this;
    const { facts } = this.#wiring;
    const { contacts } = memory;
    const closed = contacts.doorClosed?.level ?? memory.controller.doorClosed ?? null;
    memory.cabin = look(
      memory.cabin,
      closed === null ? null : closed === true,
      contacts.passenger?.level ?? null,
      nowMs,
    );
    const inputs = inputValues(memory);
    const controller = memory.controller as PartialValues;
    const was = memory.state;
    const readings: { [K in SignalName]?: Reading<unknown> } = {};
    let changed = memory.link !== was.link || memory.floor.miscount !== was.miscount;
    for (const signal of SIGNAL_NAMES) {
      const { value, source } = merged(signal, controller[signal], inputs[signal], memory, facts);
      const before = was[signal];
      const reading =
        value === before.value && source === before.source ? before : renewed(before, value, source, nowMs);
      changed ||= reading !== before;
      readings[signal] = reading;
    }
    const level = atLevelOf(memory, readings.doorZone as Reading<boolean>);
    const atLevel =
      level === was.atLevel.value ? was.atLevel : { value: level, sinceMs: nowMs, source: 'derived' as const };
    changed ||= atLevel !== was.atLevel || !sameSides(was, controller, inputs);
    if (!changed) return;
    memory.state = {
      ...(readings as unknown as { [K in SignalName]: LiftState[K] }),
      atLevel,
      controller: { ...controller },
      inputs,
      link: memory.link,
      silentSinceMs: memory.link === 'silent' ? memory.heardMs : null,
      miscount: memory.floor.miscount,
    } as LiftState;
  }
}

function renewed(before: Reading<unknown>, value: unknown, source: Source, nowMs: MonoMs): Reading<unknown> {
  return { value, sinceMs: value === before.value ? before.sinceMs : nowMs, source };
}

function sameSides(was: LiftState, controller: PartialValues, inputs: PartialValues): boolean {
  return SIGNAL_NAMES.every(
    (signal) => was.controller[signal] === controller[signal] && was.inputs[signal] === inputs[signal],
  );
}

function blankState(link: LiftState['link'], nowMs: MonoMs): LiftState {
  const blank = { value: null, sinceMs: nowMs, source: 'none' as const };
  const readings = Object.fromEntries(SIGNAL_NAMES.map((signal) => [signal, blank]));
  return {
    ...readings,
    atLevel: blank,
    controller: {},
    inputs: {},
    link,
    silentSinceMs: link === 'waiting' ? nowMs : null,
    miscount: false,
  } as unknown as LiftState;
}

const TABLE_INDEX = { coil: 0, discrete: 1, holding: 2, input: 3 };

function readKey({ table, address, count }: Exchange): number {
  return (TABLE_INDEX[table] * 65_536 + address) * 2048 + count;
}

function sameWords(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
