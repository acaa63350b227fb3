/** The oracle against the rules, over hundreds of hours with every kind of injection among ordinary traffic. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Episode } from '../../../hil/lift/faults.ts';
import { planScenario } from '../../../hil/lift/scenario.ts';
import { officeDay } from '../../../hil/lift/traffic.ts';
import { expectedOf } from '../../../hil/lift/truth.ts';
import type { LiftFacts } from '../../../src/lift/state.ts';
import { Judge, type Verdict } from './judge.ts';
import { HOUR_MS, ms, office, run, simLift, small } from './lifts.ts';

/** Faults whose end the oracle gives as the door fully open, where the rule is content with leaving closed. */
const DOOR_OPENING_MS = 2500;
/** The rule for an end may be met so much before the end of the episode. */
const EARLY_MS: { readonly [fault: string]: number } = {
  ...{ entrapment: DOOR_OPENING_MS, 'alarm-button': DOOR_OPENING_MS },
  'call-button-stuck': 60_000,
};

function compare(facts: LiftFacts, seed: number, hours: number) {
  const lift = simLift(facts, seed, officeDay);
  lift.play(planScenario(seed, hours, facts));
  const judge = new Judge(lift, facts);
  run(lift, hours * HOUR_MS, () => judge.look());
  const wrong: string[] = [];
  const met = new Set<Verdict>();
  // These are matters of speed, which this second judge does not look at.
  const judged = lift.expected().filter(({ fault }) => fault !== 'sudden-stop' && fault !== 'overspeed');
  for (const { fault, subject, dueMs, endsByMs, injection } of judged) {
    const name = subject ? `${fault}/${subject}` : fault;
    const hit = judge.verdicts.find((verdict) => verdict.name === name && Math.abs(verdict.atMs - dueMs) < 0.01);
    if (!hit) wrong.push(`${injection}: ${name} not raised at ${dueMs}`);
    else met.add(hit);
    const earlyMs = endsByMs - (hit?.endMs ?? Number.POSITIVE_INFINITY);
    // A stuck button is free when no call came for a minute, or as soon as the car leaves; the look after that sees it.
    const mayBeLateMs = fault === 'call-button-stuck' ? Number.POSITIVE_INFINITY : 0.01;
    if (earlyMs < -mayBeLateMs || earlyMs > (EARLY_MS[fault] ?? 0.01)) {
      wrong.push(`${injection}: ${name} ended ${earlyMs} ms early`);
    }
  }
  for (const verdict of judge.verdicts) {
    if (!met.has(verdict) && !allowed(verdict, lift.episodes, facts)) {
      wrong.push(`${verdict.name} at ${verdict.atMs} with nothing to explain it`);
    }
  }
  return { lift, wrong, verdicts: judge.verdicts };
}

function allowed({ name, atMs }: Verdict, episodes: readonly Episode[], facts: LiftFacts): boolean {
  const episode = episodes.find(({ beganMs, doneMs }) => beganMs !== null && beganMs <= atMs && atMs <= (doneMs ?? 0));
  const expected = episode ? expectedOf(episode, facts)[0] : undefined;
  return expected?.alsoAllowed.some((fault) => fault === name) ?? false;
}

for (const [facts, seed] of [
  [office, 31],
  [small, 32],
] as const) {
  test(`300 hours of lift ${facts.id}: what is expected is raised when due, and nothing else`, () => {
    const { lift, wrong } = compare(facts, seed, 300);
    assert.equal(wrong, [], 'oracle and rules agree');
    assert.ok(
      lift.episodes.every(({ doneMs }) => doneMs !== null),
      'every injection is over by the end',
    );
    const began = new Map<string, number>();
    for (const { injection, beganMs } of lift.episodes) {
      if (beganMs !== null) began.set(injection.kind, (began.get(injection.kind) ?? 0) + 1);
    }
    assert.is(began.size, 24, 'every kind happened');
    for (const [kind, times] of began) assert.ok(times >= 10, `${kind} many times: ${times}`);
    assert.ok(lift.expected().length > 500, `expected faults: ${lift.expected().length}`);
  });
}

test('episodes never overlap', () => {
  const { lift } = compare(office, 33, 50);
  let freeMs = 0;
  for (const { id, beganMs, doneMs } of lift.episodes) {
    if (beganMs === null || doneMs === null) continue;
    assert.ok(beganMs >= freeMs, `${id} begins at ${beganMs}, the one before was over at ${freeMs}`);
    freeMs = doneMs;
  }
});

test('a plan is told by its seed, lies within its hours, and has one to three an hour', () => {
  const plan = planScenario(5, 200, office, 7000);
  assert.equal(planScenario(5, 200, office, 7000), plan, 'the same seed');
  assert.is.not(JSON.stringify(planScenario(6, 200, office, 7000)), JSON.stringify(plan), 'another seed');
  assert.ok(plan.length > 200 && plan.length < 600, `so many in 200 hours: ${plan.length}`);
  assert.ok(
    plan.every(({ notBeforeMs }) => notBeforeMs > 7000 && notBeforeMs < 7000 + 199.4 * HOUR_MS),
    'within the hours, the last forty minutes left free',
  );
});

test('an alarm counts only before the limit, and the end only after it', () => {
  const episode: Episode = {
    id: 'a/0/entrapment-off-level',
    injection: { kind: 'entrapment-off-level', heldMs: 100_000, alarmAfterMs: 70_000 },
    beganMs: ms(1000),
    fromMs: ms(2000),
    alarmMs: ms(72_000),
    limitMs: null,
    suddenMs: null,
    maybeSudden: false,
    restsUntilMs: null,
    trapped: null,
    endsMs: ms(110_000),
    doneMs: ms(120_000),
  };
  assert.is(expectedOf(episode, office)[0]?.dueMs, 62_000, 'a late alarm changes nothing');
  assert.is(expectedOf({ ...episode, alarmMs: ms(5000) }, office)[0]?.dueMs, 5000, 'an early one does');
  assert.equal(expectedOf({ ...episode, alarmMs: null, endsMs: ms(62_000) }, office), [], 'over at the limit: nothing');
  assert.equal(expectedOf({ ...episode, doneMs: null }, office), [], 'not over yet: nothing');
});

test.run();
