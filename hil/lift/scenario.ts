/** A schedule of injections for many hours: one to three an hour, every kind in turn of chance, never two at a time. */

import { type MonoMs, monoMs } from '../../src/clock.ts';
import { type LiftFacts, SAID_FAULTS } from '../../src/lift/state.ts';
import type { Injection } from './faults.ts';
import { Random } from './random.ts';

export interface PlannedInjection {
  /** it waits for its moment from here on, and for the one before it to be over */
  readonly notBeforeMs: MonoMs;
  readonly injection: Injection;
}

/** Free of injections at the end, so that every one is over by then. */
const LAST_MS = 40 * 60_000;

/** `seed` and `facts.id` tell the whole plan. Times count from `startMs`; the last 40 minutes are left free. */
export function planScenario(seed: number, hours: number, facts: LiftFacts, startMs = 0): PlannedInjection[] {
  const random = new Random(seed).fork(`scenario/${facts.id}`);
  const plan: PlannedInjection[] = [];
  const endMs = startMs + hours * 3_600_000 - LAST_MS;
  for (let atMs = startMs + 60_000; ; ) {
    atMs += random.between(15 * 60_000, 45 * 60_000);
    if (atMs >= endMs) return plan;
    plan.push({ notBeforeMs: monoMs(atMs), injection: drawInjection(facts, random) });
  }
}

/** One injection of any kind, lasting long enough for its fault. */
function drawInjection({ limits }: LiftFacts, random: Random): Injection {
  const past = (limitMs: number, moreMs: number) => limitMs + random.between(5000, moreMs);
  const draw: readonly [() => Injection, ...(() => Injection)[]] = [
    () => ({ kind: 'entrapment-off-level', ...trapped(limits.entrapmentOffLevelLimitMs, random) }),
    () => ({ kind: 'entrapment-at-landing', ...trapped(limits.entrapmentAtLandingLimitMs, random) }),
    () => ({ kind: 'stopped-outside-door-zone', heldMs: past(limits.stoppedOutsideDoorZoneLimitMs, 600_000) }),
    () => ({ kind: 'door-held-open', heldMs: past(limits.doorHeldOpenLimitMs, 300_000) }),
    () => ({
      kind: 'door-close-failure',
      way: random.pick(['jams', 'reopens', 'reverses']),
      heldMs: past(limits.doorCloseLimitMs, 30_000),
    }),
    () => ({ kind: 'door-open-failure', heldMs: past(limits.doorOpenLimitMs, 30_000) }),
    () => ({
      kind: 'safety-chain-open',
      running: random.chance(0.5),
      heldMs: limits.safetyChainOpenLimitMs + random.between(3000, 25_000),
    }),
    () => ({ kind: 'overtravel-top', overrunMm: random.between(60, 180), heldMs: random.between(10_000, 40_000) }),
    () => ({ kind: 'overtravel-bottom', overrunMm: random.between(60, 180), heldMs: random.between(10_000, 40_000) }),
    () => ({
      kind: 'door-open-while-running',
      stops: random.chance(0.5),
      heldMs: random.between(2000, 20_000),
    }),
    () => ({ kind: 'moving-with-door-open', heldMs: random.between(5000, 30_000) }),
    () => ({ kind: 'run-time-limit', heldMs: random.between(3000, 10_000) }),
    () => ({ kind: 'position-lost' }),
    () => ({
      kind: 'sensor-contradiction-door',
      shows: random.pick(['closed', 'not-closed']),
      heldMs: random.between(2000, 4000),
    }),
    () => ({ kind: 'sensor-contradiction-level', heldMs: random.between(3000, 8000) }),
    () => ({
      kind: 'controller-says',
      fault: random.pick(SAID_FAULTS),
      unlisted: random.chance(0.5),
      heldMs: random.between(3000, 60_000),
    }),
    () => ({ kind: 'brake-fault', heldMs: past(limits.brakeLimitMs, 30_000) }),
    () => ({ kind: 'power-supply-fault', heldMs: past(limits.powerLossLimitMs, 60_000) }),
    () => ({ kind: 'unintended-car-movement', heldMs: random.between(5000, 30_000) }),
    () => ({ kind: 'mains-cut', heldMs: past(limits.powerLossLimitMs, 300_000) }),
    () => ({ kind: 'overspeed' }),
    () => ({ kind: 'restart-prevented', heldMs: past(limits.restartLimitMs, 60_000) }),
    () => ({ kind: 'call-button-stuck' }),
    () => ({ kind: 'controller-silent', heldMs: past(limits.controllerSilentLimitMs, 120_000) }),
  ];
  return random.pick(draw)();
}

/** Half of the people who are trapped press the button. */
function trapped(limitMs: number, random: Random) {
  const heldMs = limitMs + random.between(10_000, 1_200_000);
  return { heldMs, alarmAfterMs: random.chance(0.5) ? random.between(3000, limitMs * 1.5) : null };
}
