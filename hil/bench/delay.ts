/**
 * From the deciding edge to the event, in real time: eight lifts at 50 Hz over loopback TCP, read, judged and stored by the
 * very parts that run live. The controllers are a process of their own; the monotonic clock is the machine's, so one process
 * knows to the microsecond when an edge came in the other. Beside it the same controllers polled by modbus-serial alone.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { plus, sleep, systemClock } from '../../src/clock.ts';
import { wiringsOf } from '../../src/config/wiring.ts';
import { loadCatalogue, mutesOf } from '../../src/detect/catalogue.ts';
import { Keeper } from '../../src/keeper.ts';
import { startMetronome } from '../../src/metronome.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';
import { siblingModule } from '../../src/package.ts';
import type { InputLines } from '../../src/ports.ts';
import { Room } from '../../src/room.ts';
import { Scribe } from '../../src/scribe.ts';
import { fieldsOf, planReads } from '../../src/sense/decode.ts';
import { type Sensing, startSensing } from '../../src/sensing.ts';
import { type Course, edgesOfAll, LIFTS, profile, SCAN_MS, siteOf } from './delay-room.ts';
import type { Serving } from './delay-slaves.ts';
import { delaysOf, type Moment, quantile } from './edges.ts';
import type { Bench, Measure } from './measure.ts';
import { pollAll } from './polled.ts';
import { type Waited, Waits, waitedWithin } from './waits.ts';

const ROUNDS = 3;
/** Turn about, so that what else the machine does falls on both alike. */
const OURS_FOR_MS = 20_000;
const POLLED_FOR_MS = 10_000;
/** From the start of a course to its first edge: connections are made, and all is known. */
const LEAD_MS = 1000;
/** After the last edge: the safety chain may be open for a while yet, and its fault then ends after 2 s. */
const TAIL_MS = 3000;
const GOAL_MS = SCAN_MS + 1;
/** What the waiting of many wakings comes to on a machine that has nothing else to do; more is somebody else's work. */
const CALM_MS = 0.5;
const MAX_BYTES = 64 * 1024 * 1024;

interface Slaves {
  readonly ports: readonly number[];
  play(course: Course): void;
  /** of the course that is played */
  waits(): Promise<Waited[]>;
  stop(): void;
}

const nothing = () => undefined;
const noInputs: InputLines = { watch: () => nothing, close: async () => undefined };

async function startSlaves(): Promise<Slaves> {
  const beforeMs = systemClock.monoMs();
  const child: ChildProcess = fork(siblingModule(import.meta.url, 'delay-slaves'));
  const { ports, nowMs } = await new Promise<Serving>((resolve, reject) => {
    child.once('message', (serving: Serving) => resolve(serving));
    child.once('exit', (code) => reject(new Error(`the slaves ended: ${code}`)));
  });
  if (nowMs < beforeMs || nowMs > systemClock.monoMs()) throw new Error('the two processes have not one clock');
  const waits = () =>
    new Promise<Waited[]>((resolve) => {
      child.once('message', (samples: Waited[]) => resolve(samples));
      child.send('waits');
    });
  return { ports, play: (course) => child.send(course), waits, stop: () => child.disconnect() };
}

/** Plays a course of its own to the end; resolves with the edges in it. */
async function played(slaves: Slaves, seed: string, forMs: number) {
  const course = { seed, startMs: plus(systemClock.monoMs(), LEAD_MS), forMs };
  slaves.play(course);
  await sleep(systemClock, LEAD_MS + forMs + TAIL_MS);
  return edgesOfAll(course).flatMap((edges, at) => edges.map((edge) => ({ ...edge, lift: at })));
}

interface Ours {
  /** ms beyond the rule's own limit, of all edges */
  readonly delays: number[];
  /** of those edges after which no process had to wait for a processor */
  readonly calm: number[];
  /** until it is on disk, of all */
  readonly stored: number[];
  readonly scans: number;
  readonly overruns: number;
  readonly seconds: number;
}

async function ours(slaves: Slaves, seed: string): Promise<Ours> {
  const folder = mkdtempSync(join(tmpdir(), 'hoistway-bench-'));
  const clock = startMetronome();
  const loaded = siteOf(slaves.ports);
  const catalogue = loadCatalogue();
  const outbox = await openOutbox({ path: join(folder, 'outbox.db'), maxBytes: MAX_BYTES });
  const keeper = new Keeper(outbox, clock, nothing);
  const scribe = new Scribe(loaded.site, catalogue, clock, () => 'ntp');
  const waits = new Waits();
  const told: Moment[] = [];
  const kept: Moment[] = [];
  const keyOf = (lift: unknown, fault: unknown, phase: unknown) => `${lift} ${fault} ${phase}`;
  const room = new Room(wiringsOf(loaded), mutesOf(catalogue), clock.monoMs(), (event) => {
    waits.note();
    if (event.type === 'fault') told.push({ key: keyOf(event.lift, event.fault, event.phase), atMs: clock.monoMs() });
    keeper.keep(scribe.record(event, null));
  });
  outbox.onAppended((records) => {
    const atMs = clock.monoMs();
    for (const { body } of records) kept.push({ key: keyOf(body.lift, body.fault, body.phase), atMs });
  });
  const sink = { chunk: () => waits.note(), exchangeDone: nothing, edge: nothing };
  const sensing = startSensing({ loaded, clock, inputs: noInputs, room, sink, remark: nothing });
  await sleep(clock, LEAD_MS);
  const [connectedMs, before] = [clock.monoMs(), countsOf(sensing.loops)];
  const edges = await played(slaves, seed, OURS_FOR_MS);
  const [seconds, after] = [(clock.monoMs() - connectedMs) / 1000, countsOf(sensing.loops)];
  await sensing.stop();
  keeper.stop();
  await outbox.close();
  await clock.close();
  rmSync(folder, { recursive: true });
  const dueOf = (some: typeof edges): Moment[] =>
    some.map(({ lift, fault, phase, atMs, limitMs }) => ({
      key: keyOf(`lift-${lift}`, fault, phase),
      atMs: atMs + limitMs,
    }));
  const theirs = await slaves.waits();
  const delays = delaysOf(dueOf(edges), told);
  // A span of one length for all: edges that are found soon are not preferred.
  const isCalm = ({ atMs, limitMs }: (typeof edges)[number]) =>
    limitMs === 0 && [waits.samples, theirs].every((samples) => waitedWithin(samples, atMs, atMs + GOAL_MS) < CALM_MS);
  return {
    calm: delays.filter((_, at) => isCalm(edges[at] as (typeof edges)[number])),
    ...{ delays, stored: delaysOf(dueOf(edges), kept) },
    ...{ scans: after.scans - before.scans, overruns: after.overruns - before.overruns, seconds },
  };
}

function countsOf(loops: Sensing['loops']): { scans: number; overruns: number } {
  return {
    scans: sum(loops.flatMap(({ counts }) => [...counts.values()].map(({ ok }) => ok))),
    overruns: sum(loops.map(({ overruns }) => overruns)),
  };
}

/** Of the edges that decide at once, when a poll by modbus-serial alone finds them. */
async function polled(slaves: Slaves, seed: string): Promise<number[]> {
  const fields = fieldsOf(profile);
  const [read] = planReads(fields, profile.quirks);
  if (!read) throw new Error('its profile has fields');
  const watched = fields.filter(({ signal }) => signal === 'faultCode' || signal === 'safetyChainClosed');
  const told: Moment[] = [];
  const poll = await pollAll({
    ports: slaves.ports,
    read: { unit: 1, table: read.table, address: read.address, count: read.count },
    everyMs: SCAN_MS,
    onChange(at, words, before, atMs) {
      for (const { signal, address, decode } of watched) {
        const value = decode(words, address - read.address);
        if (value === decode(before, address - read.address)) continue;
        told.push({ key: `${at} ${signal} ${value}`, atMs });
      }
    },
  });
  const edges = await played(slaves, seed, POLLED_FOR_MS);
  await poll.stop();
  const due = edges.filter(({ limitMs }) => limitMs === 0);
  return delaysOf(
    due.map(({ lift, signal, value, atMs }) => ({ key: `${lift} ${signal} ${value}`, atMs })),
    told,
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** "1035 edges, p50 10.6, most 21.4, 0 missed" */
function spread(delays: readonly number[]): string {
  const told = delays.filter(Number.isFinite);
  const [half, most] = [quantile(told, 0.5).toFixed(1), Math.max(...told).toFixed(1)];
  return `${delays.length} edges, p50 ${half}, most ${most}, ${delays.length - told.length} missed`;
}

function loadAverage(): string {
  return `load average ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]} on ${availableParallelism()} processors`;
}

export const bench: Bench = {
  name: 'delay',
  async run() {
    const slaves = await startSlaves();
    const rounds: Ours[] = [];
    const bare: number[] = [];
    const loadBefore = loadAverage();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        rounds.push(await ours(slaves, `ours-${round}`));
        bare.push(...(await polled(slaves, `polled-${round}`)));
      }
    } finally {
      slaves.stop();
    }
    const barest = quantile(bare, 0.99);
    const p99 = (name: string, delays: readonly number[], comparedWith: string, otherMs: number): Measure => {
      const value = quantile(delays, 0.99);
      return {
        ...{ name: `${name}, 99th percentile (${spread(delays)})`, value, unit: 'ms', comparedWith },
        ...{ ratio: value / otherMs, goal: `at most ${GOAL_MS} ms`, ok: value <= GOAL_MS },
      };
    };
    const rate = sum(rounds.map(({ scans }) => scans)) / sum(rounds.map(({ seconds }) => seconds));
    const full = (LIFTS * 1000) / SCAN_MS;
    const all = (of: (round: Ours) => number[]) => rounds.flatMap(of);
    const stored = quantile(
      all((round) => round.stored),
      0.99,
    );
    return [
      p99(
        `edge to event, beyond the limit of the rule (on disk ${stored.toFixed(1)})`,
        all(({ delays }) => delays),
        `a bare poll by modbus-serial, ${barest.toFixed(1)} ms (${spread(bare)})`,
        barest,
      ),
      p99(
        'the same where neither process waited for a processor',
        all(({ calm }) => calm),
        'one scan',
        SCAN_MS,
      ),
      {
        name: `scans (${sum(rounds.map(({ overruns }) => overruns))} turns left out; ${loadBefore}, at the end ${loadAverage()})`,
        ...{ value: rate, unit: 'scans/s', comparedWith: `${LIFTS} lifts every ${SCAN_MS} ms`, ratio: rate / full },
        ...{ goal: 'at least 0.99', ok: rate / full >= 0.99 },
      },
    ];
  },
};
