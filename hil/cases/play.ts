/**
 * Plays the story of a case: simulated lifts, read by the scan loop, the intake and the room that run live, in virtual time.
 * What comes out is what a box on that line would have captured, and the events it would have told.
 */

import { type MonoMs, monoMs, plus, VirtualClock } from '../../src/clock.ts';
import type { LoadedSite } from '../../src/config/load.ts';
import type { SiteLift } from '../../src/config/schema.ts';
import { slavesOf, wiringsOf } from '../../src/config/wiring.ts';
import { loadCatalogue, mutesOf } from '../../src/detect/catalogue.ts';
import { Intake } from '../../src/intake.ts';
import type { LiftEvent } from '../../src/lift/events.ts';
import type { SignalName, SignalValues } from '../../src/lift/signals.ts';
import { Replay, timeOf } from '../../src/replay.ts';
import { Room } from '../../src/room.ts';
import { ScanLoop } from '../../src/scan.ts';
import type { Edge, LineChunk } from '../../src/sense/observation.ts';
import type { CaptureItem } from '../../src/trace/capture.ts';
import { SimLift } from '../lift/lift.ts';
import { Random } from '../lift/random.ts';
import { steady } from '../lift/traffic.ts';
import { SimulatedLine } from './line.ts';
import type { Step, Story } from './story.ts';

/** The box is up for three hours. */
export const BEGIN_MS = monoMs(3 * 3_600_000);

export interface Played {
  readonly items: readonly CaptureItem[];
  /** told live, after the beginning of the capture */
  readonly events: readonly LiftEvent[];
  readonly lifts: readonly SimLift[];
}

/** One simulated lift, kept at the time of the clock, with what a hand does to its signals. */
export class PlayedLift {
  readonly sim: SimLift;
  readonly #clock: VirtualClock;
  readonly #shown = new Map<SignalName, boolean>();
  #tellEdge: (edge: Edge) => void = () => {};
  #said: Partial<SignalValues> = {};
  #silentUntilMs = 0;
  /** how long its controller thinks about an answer */
  answerMs = 5;
  /** what befalls its answers on the way */
  noise: 'before' | 'within' | null = null;
  #stop = () => {};

  constructor(wiring: ReturnType<typeof wiringsOf>[number], story: Story, clock: VirtualClock) {
    const facts = { ...wiring.facts, ...story.truly };
    const random = new Random(story.seed).fork(facts.id);
    const traffic = story.livedMs === undefined ? null : steady(0);
    this.sim = new SimLift({ facts, random, startMs: plus(clock.monoMs(), -(story.livedMs ?? 0)), traffic });
    this.#clock = clock;
  }

  /** Tells every input's level, and from then on its changes. */
  begin(inputs: SiteLift['inputs'], tell: (edge: Edge) => void): void {
    this.follow();
    const levels = this.sim.inputValues();
    this.#tellEdge = tell;
    for (const signal of Object.keys(inputs) as SignalName[]) this.#show(signal, levels[signal] === true);
    this.sim.onEdge(({ signal, on, atMs }) => {
      if (signal in inputs && !this.#shown.has(signal)) tell({ kind: 'edge', lift: this.sim.id, signal, on, atMs });
    });
  }

  /** What the controller answers with now; null where it does not. */
  answer(): SignalValues | null {
    this.follow();
    const values = this.sim.controllerValues();
    return values && this.#clock.monoMs() >= this.#silentUntilMs ? { ...values, ...this.#said } : null;
  }

  /** Comes to the time of the clock, and wakes for the next change. */
  follow(): void {
    this.sim.advanceTo(this.#clock.monoMs());
    this.#stop();
    const nextMs = this.sim.nextChangeMs();
    if (Number.isFinite(nextMs)) this.#stop = this.#clock.at(nextMs, () => this.follow());
  }

  take(step: Step): void {
    this.follow();
    if ('inject' in step) this.sim.inject(step.inject);
    else if ('ride' in step) this.sim.ride(...step.ride);
    else if ('call' in step) this.sim.call(step.call);
    else if ('breaks' in step) this.sim.breakSensor(step.breaks, this.#clock.monoMs());
    else if ('input' in step) this.#hold(step.input, step.shows, step.forMs);
    else if ('silentMs' in step) this.#silentUntilMs = this.#clock.monoMs() + step.silentMs;
    else if ('says' in step) {
      const { says } = step;
      this.#said = says;
      this.#after(step.forMs, () => {
        if (this.#said === says) this.#said = {};
      });
    } else if ('noise' in step) {
      this.noise = step.noise;
      this.#after(step.forMs, () => (this.noise = null));
    } else {
      const usualMs = this.answerMs;
      this.answerMs = step.answersAfterMs;
      this.#after(step.forMs, () => (this.answerMs = usualMs));
    }
    this.follow();
  }

  #hold(signal: SignalName, on: boolean, forMs: number): void {
    const truly = () => this.sim.inputValues()[signal] === true;
    if (truly() !== on) this.#show(signal, on);
    this.#shown.set(signal, on);
    this.#after(forMs, () => {
      this.follow();
      this.#shown.delete(signal);
      if (truly() !== on) this.#show(signal, truly());
    });
  }

  #show(signal: SignalName, on: boolean): void {
    this.#tellEdge({ kind: 'edge', lift: this.sim.id, signal, on, atMs: this.#clock.monoMs() });
  }

  #after(ms: number, run: () => void): void {
    this.#clock.at(plus(this.#clock.monoMs(), ms), run);
  }
}

/** Collects what judgement is given, from the checkpoint on where the story has one. */
class Notebook {
  readonly items: CaptureItem[] = [];
  readonly #checkpoint: (() => CaptureItem) | null;
  readonly #fromMs: number;
  open: boolean;

  constructor(fromMs: number | null, checkpoint: () => CaptureItem) {
    this.#fromMs = fromMs ?? 0;
    this.#checkpoint = fromMs === null ? null : checkpoint;
    this.open = fromMs === null;
  }

  add(item: CaptureItem): void {
    if (this.#checkpoint && this.items.length === 0 && timeOf(item) >= this.#fromMs) {
      // It begins with a request: none is open then whose reply would be taken for late.
      this.open = item.kind === 'chunk' && item.chunk.dir === 'tx';
      if (this.open) this.items.push(this.#checkpoint());
    }
    if (this.open) this.items.push(item);
  }
}

export async function play(loaded: LoadedSite, story: Story): Promise<Played> {
  const clock = new VirtualClock(BEGIN_MS);
  const events: LiftEvent[] = [];
  const fromMs = story.checkpointMs === undefined ? null : BEGIN_MS + story.checkpointMs;
  const checkpoint = (): CaptureItem => ({ kind: 'checkpoint', atMs: room.nowMs, state: room.snapshot() });
  const notebook = new Notebook(fromMs, checkpoint);
  const room = new Room(wiringsOf(loaded), mutesOf(loadCatalogue()), BEGIN_MS, (event) => {
    if (notebook.open) events.push(event);
  });
  const sink = {
    chunk: (chunk: LineChunk) => notebook.add({ kind: 'chunk', chunk }),
    exchangeDone: () => {},
    edge: (edge: Edge) => notebook.add({ kind: 'edge', edge }),
  };
  const intake = new Intake(room, sink, clock);
  const lifts = wiringsOf(loaded).map((wiring) => new PlayedLift(wiring, story, clock));
  for (const [at, lift] of lifts.entries()) {
    lift.begin(loaded.site.lifts[at]?.inputs ?? {}, (edge) => intake.edge(edge));
  }
  for (const step of story.steps) {
    const lift = lifts.find(({ sim }) => sim.id === step.lift) ?? lifts[0];
    clock.at(plus(BEGIN_MS, step.atMs), () => lift?.take(step));
  }
  const loops = loaded.site.buses.map((bus) => {
    const line = new SimulatedLine(bus, loaded, lifts, clock);
    line.listen(intake.line);
    const { lateReplyWindowMs } = bus;
    return new ScanLoop({ line, slaves: slavesOf(loaded, bus), clock, lateReplyWindowMs, onTrouble: () => {} });
  });
  for (const loop of loops) loop.start();
  const endMs = plus(BEGIN_MS, story.seconds * 1000);
  await clock.advanceTo(endMs);
  room.advanceTo(endMs);
  notebook.add({ kind: 'end', atMs: endMs });
  notebook.open = false;
  intake.close();
  const stopped = loops.map((loop) => loop.stop());
  // The last request of each line comes to its end.
  await clock.advance(10_000);
  await Promise.all(stopped);
  return { items: notebook.items, events, lifts: lifts.map(({ sim }) => sim) };
}

/** The lines that `hoistway replay --json` prints for these items. */
export function replayed(loaded: LoadedSite, items: readonly CaptureItem[]): string[] {
  const lines: string[] = [];
  const startMs = items[0] ? timeOf(items[0]) : (0 as MonoMs);
  const replay = new Replay(loaded, mutesOf(loadCatalogue()), startMs, (event) => lines.push(JSON.stringify(event)));
  for (const item of items) replay.feed(item);
  return lines;
}
