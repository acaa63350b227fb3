/** The senses of a simulated lift with add-on sensors alone, over its life: what they make of its level pair and base switch. */

import { kindOf } from '../../hil/fleet.ts';
import type { Build } from '../../hil/lift/build.ts';
import { type Defect, drawDefect } from '../../hil/lift/defects.ts';
import { SimLift } from '../../hil/lift/lift.ts';
import { Random } from '../../hil/lift/random.ts';
import type { TrafficProfile } from '../../hil/lift/traffic.ts';
import { type MonoMs, monoMs, plus } from '../../src/clock.ts';
import { wiringsOf } from '../../src/config/wiring.ts';
import type { LiftFacts, LiftState } from '../../src/lift/state.ts';
import { LiftSense, type Wiring } from '../../src/sense/lift.ts';
import { loaded } from '../simulated.ts';

const SENSORS = { levelUpper: {}, levelLower: {}, baseLanding: {}, doorClosed: {}, passenger: {} };
const HOUR_MS = 3_600_000;

export interface Life {
  readonly seed: number;
  readonly facts: LiftFacts;
  readonly traffic: TrafficProfile;
  readonly build?: Build | undefined;
  readonly hours: number;
  readonly defect?: Defect | null;
  /** what the site file says, where it is not what is true */
  readonly said?: LiftFacts;
}

/** The facts, the traffic and the build of a lift of the fleet. */
export function drawnLift(seed: number): Pick<Life, 'facts' | 'traffic' | 'build'> {
  const kind = kindOf(seed, loaded, 1);
  const [wiring] = wiringsOf(kind.loaded);
  if (!wiring) throw new Error('a kind has a lift');
  return { facts: wiring.facts, traffic: kind.traffic, build: kind.builds[0] };
}

export function drawnDefect(seed: number): Defect {
  const defect = drawDefect(Object.keys(SENSORS), new Random(seed).fork('defect'));
  if (!defect) throw new Error('there are sensors');
  return defect;
}

/** Tells each state of the life with what is true at that moment. The defect is there from the first hour on. */
export function live(life: Life, tell: (state: LiftState, nowMs: MonoMs, lift: SimLift) => void): void {
  const { seed, facts, traffic, build, hours, defect, said = facts } = life;
  const lift = new SimLift({
    facts,
    random: new Random(seed).fork(facts.id),
    startMs: monoMs(0),
    traffic,
    ...(build ? { build } : {}),
  });
  if (defect) lift.breakSensor(defect, monoMs(1));
  const wiring: Wiring = { facts: said, controller: null, inputs: SENSORS };
  const sense = new LiftSense(wiring, monoMs(0));
  let was = sense.state;
  const told = (nowMs: MonoMs) => {
    if (sense.state !== was) tell(sense.state, nowMs, lift);
    was = sense.state;
  };
  const until = (toMs: MonoMs) => {
    while (sense.dueMs <= toMs) {
      const nowMs = monoMs(sense.dueMs);
      sense.advance(nowMs);
      told(nowMs);
    }
  };
  const edge = (signal: keyof typeof SENSORS, on: boolean, atMs: MonoMs) => {
    until(atMs);
    sense.edge({ kind: 'edge', lift: facts.id, signal, on, atMs });
    told(atMs);
  };
  lift.advanceTo(monoMs(1));
  const shown = lift.inputValues();
  for (const signal of Object.keys(SENSORS) as (keyof typeof SENSORS)[]) edge(signal, shown[signal], monoMs(1));
  lift.onEdge(({ signal, on, atMs }) => {
    if (signal in SENSORS) edge(signal as keyof typeof SENSORS, on, atMs);
  });
  const endMs = plus(monoMs(0), hours * HOUR_MS);
  lift.advanceTo(endMs);
  until(endMs);
}

export interface Learned {
  /** how the pair is said to be wired, at the end */
  readonly order: LiftState['pairOrder'];
  /** each time that it was said anew */
  readonly orders: readonly LiftState['pairOrder'][];
  /** runs of the car until it was first said */
  readonly trips: number;
}

/** What a life teaches of the level pair. */
export function pairOrderOf(life: Life): Learned {
  const orders: LiftState['pairOrder'][] = [];
  let order: LiftState['pairOrder'] = null;
  let trips = 0;
  let moving: boolean | null = null;
  live(life, (state) => {
    if (state.moving.value === false && moving === true && orders.length === 0) trips++;
    moving = state.moving.value;
    if (state.pairOrder !== order) orders.push(state.pairOrder);
    order = state.pairOrder;
  });
  return { order, orders, trips };
}
