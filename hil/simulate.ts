/**
 * A site simulated in virtual time: each lift's controller is read scan by scan, and its inputs come as edges, into the very
 * machine room that runs live. Where a capture is asked for, the words travel as Modbus RTU bytes; else they come as read,
 * to the same events. What was raised is held against the oracle, which shares no code with the detectors.
 */

import { type MonoMs, monoMs, plus } from '../src/clock.ts';
import type { LoadedSite } from '../src/config/load.ts';
import { knownOf, sourcesOf } from '../src/config/sources.ts';
import { quirksOf, wiringsOf } from '../src/config/wiring.ts';
import { coverageOf } from '../src/detect/coverage.ts';
import { keyOf, type Mutes } from '../src/detect/judge.ts';
import type { FaultEvent, LiftEvent } from '../src/lift/events.ts';
import type { SignalValues } from '../src/lift/signals.ts';
import type { LiftFacts } from '../src/lift/state.ts';
import { Room } from '../src/room.ts';
import { fieldsOf, planReads } from '../src/sense/decode.ts';
import { longestIntervalMs } from '../src/sense/floor.ts';
import type { Wiring } from '../src/sense/lift.ts';
import type { Edge, LineChunk, ReadRequest } from '../src/sense/observation.ts';
import { RtuReader, readFrame, replyFrame } from '../src/sense/rtu.ts';
import type { CaptureItem } from '../src/trace/capture.ts';
import { SimLift } from './lift/lift.ts';
import { Random } from './lift/random.ts';
import { Registers } from './lift/registers.ts';
import { planScenario } from './lift/scenario.ts';
import { END_LIMIT_MM } from './lift/shaft.ts';
import { officeDay, type TrafficProfile } from './lift/traffic.ts';
import { type Expected, keyOfInjection } from './lift/truth.ts';

/** From the request on the wire to the last byte of its reply: 9 registers at 9600 8E1 and a slave that takes 5 ms. */
const REPLY_MS = 42;
/** From the end of a vane, 75 mm off level, to that of the door zone, 200 mm, at the slowest that a car leaves it. */
const VANE_TO_ZONE_MS = 2000;
/** A lift without controller is looked after this often; its inputs tell their own moments. */
const UNREAD_MS = 60_000;

export interface SimulateOptions {
  readonly loaded: LoadedSite;
  readonly mutes: Mutes;
  readonly seed: number;
  readonly hours: number;
  readonly traffic?: TrafficProfile | null;
  /** what to do to the lifts; the plan of the seed where left out */
  readonly script?: (lift: SimLift) => unknown;
  /** told of everything that judgement is given */
  readonly capture?: (item: CaptureItem) => void;
  readonly onEvent?: (event: LiftEvent) => void;
  /** share done, 0 to 1 */
  readonly onProgress?: (share: number) => void;
}

export interface SimulateReport {
  readonly seed: number;
  readonly hours: number;
  readonly raised: number;
  readonly missed: number;
  readonly false: number;
  readonly faults: {
    readonly [fault: string]: { injected: number; raised: number; missed: number; false: number; worstDelayMs: number };
  };
  /** in words, the first twenty */
  readonly problems: readonly string[];
}

/** One simulated lift on its line, and the scan of it. */
class Scanned {
  readonly sim: SimLift;
  readonly wiring: Wiring;
  readonly #room: Room;
  /** null where no controller is read: the lift is told by its inputs alone */
  readonly #registers: Registers | null;
  readonly #requests: readonly ReadRequest[];
  readonly #reader: RtuReader;
  readonly #bus: string;
  readonly #scanMs: number;
  readonly #staleAfterMs: { readonly fast: number; readonly slow: number };
  /** what the room is told of it: scans that would find nothing changed are left out, and keep what is known fresh all the same */
  readonly freshness: { fast: number; slow: number };
  readonly #byteCountBits: 8 | 16;
  readonly #capture: SimulateOptions['capture'];
  readonly #endMs: number;

  constructor(options: SimulateOptions, wiring: Wiring, freshness: Scanned['freshness'], room: Room, at: number) {
    const { loaded, seed, traffic = officeDay, capture } = options;
    const { controller } = loaded.site.lifts[at] ?? {};
    const profile = controller && loaded.profiles.get(controller.profile);
    const bus = controller?.bus ?? '';
    const { byteCountBitsOf } = quirksOf(loaded, bus);
    const responseTimeoutMs = loaded.site.buses.find(({ id }) => id === bus)?.responseTimeoutMs ?? 300;
    const unit = controller?.unit ?? 0;
    this.wiring = wiring;
    this.#room = room;
    this.#bus = bus;
    this.#scanMs = controller?.scanIntervalMs ?? UNREAD_MS;
    this.#staleAfterMs = wiring.controller?.staleAfterMs ?? { fast: 0, slow: 0 };
    this.freshness = freshness;
    this.#byteCountBits = byteCountBitsOf(unit);
    this.#registers = profile ? new Registers(profile) : null;
    this.#requests = profile ? planReads(fieldsOf(profile), profile.quirks).map((read) => ({ unit, ...read })) : [];
    this.#reader = new RtuReader({ bus, responseTimeoutMs, byteCountBitsOf });
    this.#capture = capture;
    this.#endMs = options.hours * 3_600_000;
    const random = new Random(seed).fork(wiring.facts.id);
    this.sim = new SimLift({ facts: wiring.facts, random, startMs: 0 as MonoMs, traffic });
    this.sim.onEdge(({ signal, on, atMs }) => {
      if (signal in wiring.inputs) this.#edge({ kind: 'edge', lift: wiring.facts.id, signal, on, atMs });
    });
    const levels = this.sim.inputValues();
    for (const signal of Object.keys(wiring.inputs) as (keyof typeof levels)[]) {
      this.#edge({ kind: 'edge', lift: wiring.facts.id, signal, on: levels[signal] === true, atMs: 0 as MonoMs });
    }
  }

  /** Reads the controller at `atMs`; returns when the next scan is worth making, which is on the same grid. */
  scan(atMs: MonoMs): MonoMs {
    this.sim.advanceTo(atMs);
    // Told before the reply goes out: what changes meanwhile is seen by the next scan.
    const changeMs = this.sim.nextChangeMs();
    const values = this.sim.controllerValues();
    const turns = this.#turns(values, Math.min(changeMs, this.#endMs) - atMs);
    const leftOutMs = this.#capture ? 0 : (turns - 1) * this.#scanMs;
    this.freshness.fast = this.#staleAfterMs.fast + leftOutMs;
    this.freshness.slow = this.#staleAfterMs.slow + leftOutMs;
    if (values) this.#registers?.set(values);
    for (const request of this.#requests) {
      if (this.#capture) this.#chunk({ bus: this.#bus, dir: 'tx', bytes: readFrame(request), atMs: this.sim.nowMs });
      const words = values && this.#registers?.read(request);
      if (!words) continue;
      const repliedMs = plus(this.sim.nowMs, REPLY_MS);
      this.sim.advanceTo(repliedMs);
      if (this.#capture) {
        const bytes = replyFrame(request, words, this.#byteCountBits);
        this.#chunk({ bus: this.#bus, dir: 'rx', bytes, atMs: repliedMs });
      } else {
        this.#room.observe({ kind: 'exchange', bus: this.#bus, ...request, values: words, atMs: repliedMs });
      }
    }
    return plus(atMs, turns * this.#scanMs);
  }

  /** How many scans on from here until one is worth making. A capture holds what a line shows: never fewer than keep it fresh. */
  #turns(values: SignalValues | null, untilChangeMs: number): number {
    const quiet = values !== null && !values.moving && values.speedMmPerS === 0;
    const longestMs = this.#capture ? this.#staleAfterMs.fast - 2 * REPLY_MS : untilChangeMs;
    return Math.max(1, quiet ? Math.floor(Math.min(untilChangeMs, longestMs) / this.#scanMs) : 1);
  }

  #chunk(chunk: LineChunk): void {
    this.#capture?.({ kind: 'chunk', chunk });
    const reply = this.#reader.chunk(chunk);
    if (reply?.kind === 'values') this.#room.observe(reply.exchange);
  }

  #edge(edge: Edge): void {
    this.#capture?.({ kind: 'edge', edge });
    this.#room.observe(edge);
  }
}

export function simulate(options: SimulateOptions): SimulateReport {
  const { loaded, mutes, seed, hours } = options;
  const faults: FaultEvent[] = [];
  const wirings = wiringsOf(loaded);
  const freshness = wirings.map(({ controller }) => ({ fast: 0, slow: 0, ...controller?.staleAfterMs }));
  const told = wirings.map((wiring, at) => withFreshness(wiring, freshness[at]));
  const room = new Room(told, mutes, 0 as MonoMs, (event) => {
    if (event.type === 'fault') faults.push(event);
    options.onEvent?.(event);
  });
  const endMs = monoMs(hours * 3_600_000);
  const lifts = wirings.map((wiring, at) => {
    const scanned = new Scanned(options, wiring, freshness[at] ?? { fast: 0, slow: 0 }, room, at);
    if (options.script) options.script(scanned.sim);
    else scanned.sim.play(planFor(loaded, seed, hours - 0.25, wiring.facts));
    // Lifts on one line are read in turn.
    return { scanned, dueMs: monoMs(100 + at * 97), id: wiring.facts.id };
  });
  let toldMs = 0;
  for (;;) {
    const next = lifts.reduce((first, lift) => (lift.dueMs < first.dueMs ? lift : first));
    if (next.dueMs > endMs) break;
    next.dueMs = next.scanned.scan(next.dueMs);
    if (options.onProgress && next.dueMs - toldMs > endMs / 50) {
      toldMs = next.dueMs;
      options.onProgress(toldMs / endMs);
    }
  }
  room.advanceTo(endMs);
  options.capture?.({ kind: 'end', atMs: endMs });
  return reportOf(
    options,
    lifts.map(({ scanned }) => scanned),
    faults,
  );
}

/** What the wiring of a lift can tell. */
function toldOf({ site, profiles }: LoadedSite, id: string) {
  const lift = site.lifts.find((one) => one.id === id);
  if (!lift) throw new Error(`the site has no lift ${id}`);
  const known = knownOf(lift, sourcesOf(lift, lift.controller && profiles.get(lift.controller.profile)));
  const faults = new Set(coverageOf(known).flatMap((row) => (row.missing.length === 0 ? [keyOf(row)] : [])));
  return { known, faults, levelPair: known.has('input:levelUpper') && known.has('input:levelLower') };
}

/** The seed's plan, without what nothing of this lift's wiring can tell. */
function planFor(loaded: LoadedSite, seed: number, hours: number, facts: LiftFacts) {
  const { known, faults, levelPair } = toldOf(loaded, facts.id);
  const plan = planScenario(seed, hours, facts).map((one) => {
    const { injection } = one;
    if (known.has('controller:moving') || injection.kind !== 'entrapment-off-level') return one;
    // Whoever presses before the car is known to stand presses on the run, as far as anybody can tell.
    return { ...one, injection: { ...injection, alarmAfterMs: null } };
  });
  return plan.filter(({ injection }) => {
    // A sensor is told to be wrong at once by another source of the same.
    if (injection.kind.startsWith('sensor-'))
      return known.has('controller:doorClosed') && known.has('input:doorClosed');
    // It is the controller's count that slips.
    if (injection.kind === 'position-lost') return known.has('controller:landing');
    // A door that is on its way and one that is open are told apart by the fully-open switch.
    if ('way' in injection && injection.way !== 'reopens') return known.has('doorOpen');
    // Without level switches the car is beyond its landing where the limit switch says so.
    if ('overrunMm' in injection && !levelPair && injection.overrunMm <= END_LIMIT_MM + 1) return false;
    return faults.has(keyOfInjection(injection, facts));
  });
}

function withFreshness(wiring: Wiring, staleAfterMs: Scanned['freshness'] | undefined): Wiring {
  const { controller } = wiring;
  return controller && staleAfterMs ? { ...wiring, controller: { ...controller, staleAfterMs } } : wiring;
}

/**
 * Settling of an input, one scan and its reply: what may lie between the physical moment and the event. Where no controller
 * is read, a car between landings is known to stand when it has been there for longer than any healthy run takes.
 */
function slackMs({ loaded }: SimulateOptions, { facts }: Wiring): number {
  const controller = loaded.site.lifts.find(({ id }) => id === facts.id)?.controller;
  return (controller ? controller.scanIntervalMs + REPLY_MS : longestIntervalMs(facts)) + 20;
}

function reportOf(options: SimulateOptions, lifts: readonly Scanned[], faults: readonly FaultEvent[]): SimulateReport {
  const rows: {
    [fault: string]: { injected: number; raised: number; missed: number; false: number; worstDelayMs: number };
  } = {};
  const rowOf = (fault: string) => (rows[fault] ??= { injected: 0, raised: 0, missed: 0, false: 0, worstDelayMs: 0 });
  const problems: string[] = [];
  const matched = new Set<FaultEvent>();
  for (const { sim: lift, wiring } of lifts) {
    const slack = slackMs(options, wiring);
    const begun = faults.filter((event) => event.phase === 'begin' && event.lift === lift.id);
    const { known, faults: told, levelPair } = toldOf(options.loaded, lift.id);
    const due = lift.expected(levelPair).filter((expected) => told.has(keyOf(expected)));
    for (const expected of due) {
      const row = rowOf(expected.fault);
      row.injected++;
      const event = begun.find(
        (one) => !matched.has(one) && answers(one, expected, slack, known.has('controller:doorZone')),
      );
      if (event) {
        matched.add(event);
        row.raised++;
        row.worstDelayMs = Math.max(row.worstDelayMs, event.atMs - expected.dueMs);
      } else if (stands(faults, begun, expected)) {
        row.raised++;
      } else {
        row.missed++;
        problems.push(`missed ${expected.fault} due ${clock(expected.dueMs)} (${expected.injection})`);
      }
    }
    for (const event of begun) {
      if (matched.has(event) || isAllowed(event, lift, due)) continue;
      rowOf(event.fault).false++;
      problems.push(`false ${event.fault} at ${clock(event.atMs)} on ${lift.id}`);
    }
  }
  const sum = (column: 'raised' | 'missed' | 'false') =>
    Object.values(rows).reduce((total, row) => total + row[column], 0);
  return {
    ...{ seed: options.seed, hours: options.hours },
    ...{ raised: sum('raised'), missed: sum('missed'), false: sum('false') },
    faults: rows,
    problems: problems.slice(0, 20),
  };
}

function answers(event: FaultEvent, expected: Expected, slack: number, zoned: boolean): boolean {
  if (event.fault !== expected.fault || event.subject !== expected.subject) return false;
  // Silence is counted from the last reply, which is up to a scan older than the moment the controller fell silent.
  // Where the vane is all that tells of the door zone, the car is out of it by so much earlier.
  const early = event.fault === 'controller-silent' ? slack : zoned ? 0 : VANE_TO_ZONE_MS;
  // Events are told in whole milliseconds.
  return event.atMs >= expected.dueMs - early - 1 && event.atMs <= expected.dueMs + slack + 1;
}

/** It was told before, of an earlier cause, and had not ended: a fault that stands is not raised twice. */
function stands(faults: readonly FaultEvent[], begun: readonly FaultEvent[], expected: Expected): boolean {
  return begun.some(
    (one) =>
      one.fault === expected.fault &&
      one.subject === expected.subject &&
      one.atMs < expected.dueMs &&
      !faults.some(({ phase, id, atMs }) => phase === 'end' && id === one.id && atMs <= expected.dueMs),
  );
}

/** A consequence that the oracle lists, while its cause lasts. */
function isAllowed(event: FaultEvent, lift: SimLift, due: readonly Expected[]): boolean {
  return lift.episodes.some(
    ({ id, beganMs, doneMs }) =>
      beganMs !== null &&
      event.atMs >= beganMs &&
      event.atMs <= (doneMs ?? Number.POSITIVE_INFINITY) + 1000 &&
      due.some(({ injection, alsoAllowed }) => injection === id && alsoAllowed.includes(event.fault)),
  );
}

function clock(ms: number): string {
  const part = (value: number, digits = 2) => String(Math.floor(value)).padStart(digits, '0');
  return `${part(ms / 3_600_000)}:${part((ms / 60_000) % 60)}:${part((ms / 1000) % 60)}.${part(ms % 1000, 3)}`;
}
