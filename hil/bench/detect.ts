/**
 * What judgement costs: a fold of the whole catalogue over a changed lift, a scan in which nothing changed, and a day of one
 * lift at 50 Hz. Beside it the way of the flow tools: each scan a message of its own, cloned for every rule, each rule a
 * function that keeps its state in a context by name.
 */

import { join } from 'node:path';
import { type MonoMs, monoMs } from '../../src/clock.ts';
import { loadSite } from '../../src/config/load.ts';
import { wiringsOf } from '../../src/config/wiring.ts';
import { loadCatalogue, mutesOf } from '../../src/detect/catalogue.ts';
import { DETECTORS } from '../../src/detect/detectors.ts';
import { Judge } from '../../src/detect/judge.ts';
import type { SignalName, SignalValues } from '../../src/lift/signals.ts';
import type { LiftState } from '../../src/lift/state.ts';
import { packageRoot } from '../../src/package.ts';
import { Room } from '../../src/room.ts';
import { planReads } from '../../src/sense/decode.ts';
import { LiftSense, type Wiring } from '../../src/sense/lift.ts';
import type { Edge, Exchange, Observation } from '../../src/sense/observation.ts';
import { SimLift } from '../lift/lift.ts';
import { Random } from '../lift/random.ts';
import { Registers } from '../lift/registers.ts';
import { planScenario } from '../lift/scenario.ts';
import { officeDay } from '../lift/traffic.ts';
import type { Bench, Measure } from './measure.ts';

const SCAN_MS = 20;
const HOURS = 24;
const SEED = 20_261;
const ROUNDS = 5;
const BATCH = 1000;
/** Of the flow's looks: it is too slow for a day. */
const FLOW_LOOKS = 1000;

const loaded = await loadSite(join(packageRoot, 'seeds/sites/simulated.yaml'));
const mutes = mutesOf(loadCatalogue());

/** A day as it comes in: the words of each scan (a new array each, as from a line), and the edges between. */
interface Day {
  readonly wiring: Wiring;
  readonly scans: readonly Exchange[];
  /** edges that come before the scan of the same index */
  readonly edges: ReadonlyMap<number, readonly Edge[]>;
}

function dayOf(hours: number): Day {
  const [wiring] = wiringsOf(loaded);
  const profile = [...loaded.profiles.values()][0];
  if (!wiring?.controller || !profile) throw new Error('the simulated site has a lift with a controller');
  const { bus, unit, fields } = wiring.controller;
  const [read] = planReads(fields, profile.quirks);
  if (!read) throw new Error('its profile has fields');
  const registers = new Registers(profile);
  const sim = new SimLift({ facts: wiring.facts, random: new Random(SEED), startMs: monoMs(0), traffic: officeDay });
  sim.play(planScenario(SEED, hours, wiring.facts));
  const edges = new Map<number, Edge[]>();
  const scans: Exchange[] = [];
  const note = (signal: SignalName, on: boolean, atMs: MonoMs) => {
    if (!(signal in wiring.inputs)) return;
    const before = edges.get(scans.length) ?? [];
    edges.set(scans.length, [...before, { kind: 'edge', lift: wiring.facts.id, signal, on, atMs }]);
  };
  const levels: SignalValues = sim.inputValues();
  for (const signal of Object.keys(wiring.inputs) as SignalName[]) note(signal, levels[signal] === true, monoMs(0));
  sim.onEdge(({ signal, on, atMs }) => note(signal, on, atMs));
  for (let atMs = SCAN_MS; atMs <= hours * 3_600_000; atMs += SCAN_MS) {
    sim.advanceTo(monoMs(atMs));
    const values = sim.controllerValues();
    if (!values) continue;
    registers.set(values);
    const words = registers.read(read) ?? [];
    scans.push({ kind: 'exchange', bus, unit, ...read, values: words, atMs: monoMs(atMs) });
  }
  return { wiring, scans, edges };
}

function feed({ scans, edges }: Day, observe: (observation: Observation) => void): void {
  for (let at = 0; at < scans.length; at++) {
    const before = edges.get(at);
    if (before) for (const edge of before) observe(edge);
    observe(scans[at] as Exchange);
  }
}

/** Seconds for the day, all of the machine room between the words and the events. */
function replaySeconds(day: Day): number {
  let events = 0;
  const room = new Room([day.wiring], mutes, monoMs(0), () => events++);
  const tookNs = nsOf(() => feed(day, (observation) => room.observe(observation)));
  if (events < 100) throw new Error(`a day with ${events} events is no day`);
  return tookNs / 1e9;
}

/** Each change of the lift as the day brings it, fresh from the senses. */
function changes(day: Day, each: (state: LiftState, atMs: MonoMs) => void): void {
  const sense = new LiftSense(day.wiring, monoMs(0));
  let seen = sense.state;
  feed(day, (observation) => {
    while (sense.dueMs <= observation.atMs) sense.advance(monoMs(sense.dueMs));
    if (observation.kind === 'edge') sense.edge(observation);
    else sense.exchange(observation);
    if (sense.state === seen) return;
    seen = sense.state;
    each(seen, observation.atMs);
  });
}

/** Nanoseconds of this process on a processor: what else the machine does is not in it. */
function busyNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function nsOf(work: () => void): number {
  const startNs = busyNs();
  work();
  return busyNs() - startNs;
}

/** Nanoseconds for one look of the whole catalogue at a changed lift, fresh from the senses; timed by the thousand. */
function foldNs(day: Day): number {
  const judge = new Judge(day.wiring.facts, mutes);
  const batch: { state: LiftState; atMs: MonoMs }[] = [];
  let looks = 0;
  let tookNs = 0;
  const judged = () => {
    tookNs += nsOf(() => {
      for (const { state, atMs } of batch) judge.step(state, atMs);
    });
    looks += batch.length;
    batch.length = 0;
  };
  changes(day, (state, atMs) => {
    if (batch.push({ state, atMs }) === BATCH) judged();
  });
  judged();
  return tookNs / looks;
}

/** The same looks, as a flow tool makes them. */
function flowNs({ wiring }: Day, states: readonly { state: LiftState; atMs: MonoMs }[]): number {
  const context = new Map<string, unknown>(
    DETECTORS.map((detector, at) => [`rule-${at}`, structuredClone({ watch: detector.start(false) })]),
  );
  const look = ({ state, atMs }: (typeof states)[number]) => {
    DETECTORS.forEach((detector, at) => {
      const message = structuredClone({ topic: wiring.facts.id, payload: state, atMs });
      const { watch } = context.get(`rule-${at}`) as { watch: never };
      const around = { facts: wiring.facts, nowMs: message.atMs, muted: false };
      context.set(`rule-${at}`, { watch: detector.step(watch, message.payload, around) });
    });
  };
  return nsOf(() => states.forEach(look)) / states.length;
}

/** Bytes that a scan leaves behind in which nothing changed. */
function quietBytes({ wiring, scans, edges }: Day): number {
  const room = new Room([wiring], mutes, monoMs(0), () => {});
  for (const edge of edges.get(0) ?? []) room.observe(edge);
  const [first] = scans;
  if (!first) return Number.NaN;
  const scan = { ...first, values: [...first.values] };
  const quiet = (count: number) => {
    for (let n = 0; n < count; n++) {
      (scan as { atMs: number }).atMs += SCAN_MS;
      room.observe(scan);
    }
  };
  quiet(200_000);
  const least: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.memoryUsage().heapUsed;
    quiet(50_000);
    least.push(Math.max(0, process.memoryUsage().heapUsed - before) / 50_000);
  }
  // What else the process does in the meantime can only add.
  return Math.min(...least);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const rounds = (of: () => number) => median(Array.from({ length: ROUNDS }, of));

export const bench: Bench = {
  name: 'detect',
  async run() {
    const day = dayOf(HOURS);
    const states: { state: LiftState; atMs: MonoMs }[] = [];
    changes(day, (state, atMs) => states.length < FLOW_LOOKS && states.push({ state, atMs }));
    const fold = rounds(() => foldNs(day));
    const flow = flowNs(day, states);
    const bytes = quietBytes(day);
    const seconds = rounds(() => replaySeconds(day));
    const measures: Measure[] = [
      {
        ...{ name: `fold of ${DETECTORS.length} detectors over a changed lift`, value: fold, unit: 'ns' },
        ...{ comparedWith: 'the same rules as flow functions over cloned messages', ratio: fold / flow },
        ...{ goal: 'under 1000 ns', ok: fold < 1000 },
      },
      {
        ...{ name: 'left behind by a scan in which nothing changed', value: bytes, unit: 'bytes' },
        ...{ comparedWith: 'one byte', ratio: bytes, goal: 'none', ok: bytes < 1 },
      },
      {
        ...{ name: `24 h of one lift at 50 Hz (${day.scans.length} scans)`, value: seconds, unit: 's' },
        ...{ comparedWith: 'real time', ratio: seconds / (HOURS * 3600), goal: 'under 3 s', ok: seconds < 3 },
      },
    ];
    return measures;
  },
};
