/** A simulated lift on its line, and the scan of it: what the wire of a machine room is to the box. */

import { type MonoMs, plus } from '../src/clock.ts';
import { quirksOf } from '../src/config/wiring.ts';
import type { SignalValues } from '../src/lift/signals.ts';
import type { Room } from '../src/room.ts';
import { fieldsOf, planReads } from '../src/sense/decode.ts';
import type { Wiring } from '../src/sense/lift.ts';
import type { Edge, LineChunk, ReadRequest } from '../src/sense/observation.ts';
import { RtuReader, readFrame, replyFrame } from '../src/sense/rtu.ts';
import { PLAIN } from './lift/build.ts';
import { SimLift } from './lift/lift.ts';
import { Random } from './lift/random.ts';
import { Registers } from './lift/registers.ts';
import { officeDay } from './lift/traffic.ts';
import type { SimulateOptions } from './simulate.ts';

/** From the request on the wire to the last byte of its reply: 9 registers at 9600 8E1 and a slave that takes 5 ms. */
export const REPLY_MS = 42;
/** A lift without controller is looked after this often; its inputs tell their own moments. */
const UNREAD_MS = 60_000;

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
  #spoiled = false;
  readonly #capture: SimulateOptions['capture'];
  readonly #endMs: number;

  constructor(options: SimulateOptions, wiring: Wiring, freshness: Scanned['freshness'], room: Room, at: number) {
    const { loaded, seed, traffic = officeDay, noisyShare = 0, builds = [], capture } = options;
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
    this.#noise = random.fork('noise');
    this.#noisyShare = noisyShare;
    this.sim = new SimLift({ facts: wiring.facts, random, startMs: 0 as MonoMs, traffic, build: builds[at] ?? PLAIN });
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
    this.#spoiled = !this.#spoiled && this.#noisyShare > 0 && this.#noise.chance(this.#noisyShare);
    for (const request of this.#requests) {
      if (this.#capture) this.#chunk({ bus: this.#bus, dir: 'tx', bytes: readFrame(request), atMs: this.sim.nowMs });
      const words = values && this.#registers?.read(request);
      if (!words) continue;
      const repliedMs = plus(this.sim.nowMs, REPLY_MS);
      this.sim.advanceTo(repliedMs);
      if (this.#capture) {
        const bytes = replyFrame(request, words, this.#byteCountBits);
        if (this.#spoiled) bytes.set([(bytes.at(-1) ?? 0) ^ 0x55], bytes.length - 1);
        this.#chunk({ bus: this.#bus, dir: 'rx', bytes, atMs: repliedMs });
      } else if (!this.#spoiled) {
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
