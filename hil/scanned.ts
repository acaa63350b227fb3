/** A simulated lift on its line, and the scan of it: what the wire of a machine room is to the box. */

import { type MonoMs, monoMs, plus } from '../src/clock.ts';
import { quirksOf } from '../src/config/wiring.ts';
import type { SignalValues } from '../src/lift/signals.ts';
import type { Room } from '../src/room.ts';
import { fieldsOf, planReads } from '../src/sense/decode.ts';
import { readFrame, replyFrame } from '../src/sense/frame.ts';
import type { Wiring } from '../src/sense/lift.ts';
import type { Edge, LineChunk, ReadRequest } from '../src/sense/observation.ts';
import { RtuReader } from '../src/sense/rtu.ts';
import { PLAIN } from './lift/build.ts';
import { SimLift } from './lift/lift.ts';
import { Random } from './lift/random.ts';
import { Registers } from './lift/registers.ts';
import { officeDay } from './lift/traffic.ts';
import type { SimulateOptions } from './simulate.ts';

/** From the request on the wire to the last byte of its reply: 9 registers at 9600 8E1 and a slave that takes 5 ms. */
export const REPLY_MS = 42;
/** The controllers of one line are read in turn. */
const TURN_MS = 97;
/** A lift without controller is looked after this often; its inputs tell their own moments. */
const UNREAD_MS = 60_000;

interface Asked {
  readonly request: ReadRequest;
  /** null: the slave has nothing to say */
  readonly words: readonly number[] | null;
}

/** One simulated lift on its line, and the scan of it. */
export class Scanned {
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
  /** of the line's noise: which replies it spoils, never two in a row */
  readonly #noise: Random;
  readonly #noisyShare: number;
  readonly #unevenMs: number;
  #spoiled = false;
  #leftOut = 0;
  /** requests on the wire, in turn, with what they will be answered */
  #asked: Asked[] = [];
  #dueMs: MonoMs;
  #nextScanMs: MonoMs;
  /** the next scan that may find something changed */
  #worthMs: MonoMs;
  readonly #capture: SimulateOptions['capture'];
  readonly #endMs: number;

  constructor(options: SimulateOptions, wiring: Wiring, freshness: Scanned['freshness'], room: Room, at: number) {
    const { loaded, seed, traffic = officeDay, noisyShare = 0, unevenMs = 0, builds = [], capture } = options;
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
    this.#dueMs = monoMs(100 + at * TURN_MS);
    this.#nextScanMs = this.#dueMs;
    this.#worthMs = this.#dueMs;
    const random = new Random(seed).fork(wiring.facts.id);
    this.#noise = random.fork('noise');
    this.#noisyShare = noisyShare;
    this.#unevenMs = unevenMs;
    this.sim = new SimLift({ facts: wiring.facts, random, startMs: 0 as MonoMs, traffic, build: builds[at] ?? PLAIN });
    this.sim.onEdge(({ signal, on, atMs }) => {
      if (signal in wiring.inputs) this.#edge({ kind: 'edge', lift: wiring.facts.id, signal, on, atMs });
    });
    const levels = this.sim.inputValues();
    for (const signal of Object.keys(wiring.inputs) as (keyof typeof levels)[]) {
      this.#edge({ kind: 'edge', lift: wiring.facts.id, signal, on: levels[signal] === true, atMs: 0 as MonoMs });
    }
  }

  /** The next moment at which it is to be stepped. */
  get dueMs(): MonoMs {
    return this.#dueMs;
  }

  /** Time has come to `dueMs`: a reply arrives, or the next scan begins. All edges up to here were told. */
  step(): void {
    const atMs = this.#dueMs;
    this.sim.advanceTo(atMs);
    const answered = this.#asked.shift();
    if (answered) this.#reply(answered, atMs);
    else this.#scan(atMs);
    const next = this.#asked[0];
    if (next && this.#capture) this.#chunk({ bus: this.#bus, dir: 'tx', bytes: readFrame(next.request), atMs });
    this.#dueMs = next ? plus(atMs, REPLY_MS + this.#lateMs()) : this.#nextScanMs;
  }

  #lateMs(): number {
    return this.#unevenMs > 0 ? this.#noise.between(0, this.#unevenMs) : 0;
  }

  #scan(atMs: MonoMs): void {
    // Told before the reply goes out: what changes meanwhile is seen by the next scan.
    const changeMs = this.sim.nextChangeMs();
    const values = this.sim.controllerValues();
    if (atMs >= this.#worthMs) this.#draw(atMs, this.#turns(values, Math.min(changeMs, this.#endMs) - atMs));
    const leftOutMs = this.#capture ? 0 : this.#leftOut * this.#scanMs;
    this.freshness.fast = this.#staleAfterMs.fast + leftOutMs;
    this.freshness.slow = this.#staleAfterMs.slow + leftOutMs;
    this.#nextScanMs = this.#capture ? this.#shownMs(atMs) : this.#worthMs;
    if (values) this.#registers?.set(values);
    // Nobody waits here for an answer that does not come; a capture shows what was asked.
    this.#asked = [];
    if (!values && !this.#capture) return;
    for (const request of this.#requests) {
      const words = values && this.#registers ? this.#registers.read(request) : null;
      this.#asked.push({ request, words });
    }
  }

  #reply({ request, words }: Asked, atMs: MonoMs): void {
    if (!words) return;
    if (this.#capture) {
      const bytes = replyFrame(request, words, this.#byteCountBits);
      if (this.#spoiled) bytes.set([(bytes.at(-1) ?? 0) ^ 0x55], bytes.length - 1);
      this.#chunk({ bus: this.#bus, dir: 'rx', bytes, atMs });
    } else if (!this.#spoiled) {
      this.#room.observe({ kind: 'exchange', bus: this.#bus, ...request, values: words, atMs });
    }
  }

  /** Whether noise spoils the scan of this moment, and when the next is worth making: the same with a capture and without. */
  #draw(atMs: MonoMs, turns: number): void {
    // Of scans that are left out none is spoiled, and so not the next, which tells until when they held.
    const mayBe = !this.#spoiled && this.#leftOut === 0 && this.#noisyShare > 0;
    this.#spoiled = mayBe && this.#noise.chance(this.#noisyShare);
    this.#leftOut = this.#spoiled ? 0 : turns - 1;
    this.#worthMs = plus(atMs, (this.#leftOut + 1) * this.#scanMs);
  }

  /** How many scans on from here until one is worth making. */
  #turns(values: SignalValues | null, untilChangeMs: number): number {
    const quiet = values !== null && !values.moving && values.speedMmPerS === 0;
    return Math.max(1, quiet ? Math.floor(untilChangeMs / this.#scanMs) : 1);
  }

  /** A capture holds what a line shows: never fewer scans than keep fresh what is known. */
  #shownMs(atMs: MonoMs): MonoMs {
    const longestMs = Math.max(this.#scanMs, this.#staleAfterMs.fast - 2 * REPLY_MS);
    const turns = Math.floor(Math.min(this.#worthMs - atMs, longestMs) / this.#scanMs);
    return plus(atMs, Math.max(1, turns) * this.#scanMs);
  }

  #chunk(chunk: LineChunk): void {
    this.#capture?.({ kind: 'chunk', chunk }, this.#room);
    const reply = this.#reader.chunk(chunk);
    if (reply?.kind === 'values') this.#room.observe(reply.exchange);
  }

  #edge(edge: Edge): void {
    this.#capture?.({ kind: 'edge', edge }, this.#room);
    this.#room.observe(edge);
  }
}
