/**
 * A site simulated in virtual time: each lift's controller is read scan by scan, and its inputs come as edges, into the very
 * machine room that runs live. Where a capture is asked for, the words travel as Modbus RTU bytes; else they come as read,
 * to the same events. What was raised is held against the oracle, which shares no code with the detectors.
 */

import { type MonoMs, monoMs } from '../src/clock.ts';
import type { LoadedSite } from '../src/config/load.ts';
import { wiringsOf } from '../src/config/wiring.ts';
import type { Mutes } from '../src/detect/judge.ts';
import type { FaultEvent, LiftEvent } from '../src/lift/events.ts';
import { Room } from '../src/room.ts';
import type { Wiring } from '../src/sense/lift.ts';
import type { CaptureItem } from '../src/trace/capture.ts';
import type { Build } from './lift/build.ts';
import type { SimLift } from './lift/lift.ts';
import type { TrafficProfile } from './lift/traffic.ts';
import { Scanned } from './scanned.ts';
import { planFor, type SimulateReport, scoreOf } from './score.ts';

export interface SimulateOptions {
  readonly loaded: LoadedSite;
  readonly mutes: Mutes;
  readonly seed: number;
  readonly hours: number;
  readonly traffic?: TrafficProfile | null;
  /** by lift of the site; a plain one where left out */
  readonly builds?: readonly Build[];
  /** share of the replies that noise on the line spoils */
  readonly noisyShare?: number;
  /** replies come up to so much later than the line's pace, each by chance; 0 where left out */
  readonly unevenMs?: number;
  /** what to do to the lifts; the plan of the seed where left out */
  readonly script?: (lift: SimLift) => unknown;
  /** told of everything that judgement is given, before it judges */
  readonly capture?: (item: CaptureItem, room: Room) => void;
  readonly onEvent?: (event: LiftEvent) => void;
  /** share done, 0 to 1 */
  readonly onProgress?: (share: number) => void;
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
    return scanned;
  });
  let toldMs = 0;
  for (;;) {
    const next = lifts.reduce((first, lift) => (lift.dueMs < first.dueMs ? lift : first));
    if (next.dueMs > endMs) break;
    if (lifts.length > 1) advanceAll(lifts, next.dueMs);
    next.step();
    if (options.onProgress && next.dueMs - toldMs > endMs / 50) {
      toldMs = next.dueMs;
      options.onProgress(toldMs / endMs);
    }
  }
  // A lift that is read by its inputs alone goes on telling to the end.
  advanceAll(lifts, endMs);
  room.advanceTo(endMs);
  options.capture?.({ kind: 'end', atMs: endMs }, room);
  return scoreOf(options, lifts, faults);
}

/** Every lift comes to this moment, and their edges are told in the order in which they happen. */
function advanceAll(lifts: readonly Scanned[], toMs: MonoMs): void {
  for (;;) {
    const next = lifts.reduce((first, lift) => (lift.sim.nextChangeMs() < first.sim.nextChangeMs() ? lift : first));
    const changeMs = next.sim.nextChangeMs();
    if (changeMs > toMs) return;
    next.sim.advanceTo(changeMs);
  }
}

function withFreshness(wiring: Wiring, staleAfterMs: Scanned['freshness'] | undefined): Wiring {
  const { controller } = wiring;
  return controller && staleAfterMs ? { ...wiring, controller: { ...controller, staleAfterMs } } : wiring;
}
