/** Hundreds of hours of ordinary service: full of what is not a fault, and never against the physics of a lift. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../../hil/lift/random.ts';
import { drawPerson, nextArrivalMs, officeDay, steady, type TrafficProfile } from '../../../hil/lift/traffic.ts';
import { systemClock } from '../../../src/clock.ts';
import type { LiftFacts } from '../../../src/lift/state.ts';
import { Judge } from './judge.ts';
import { HOUR_MS, ms, office, run, simLift, small } from './lifts.ts';

function live(facts: LiftFacts, seed: number, traffic: TrafficProfile, hours: number) {
  const lift = simLift(facts, seed, traffic);
  const judge = new Judge(lift, facts);
  const count = { trips: 0, reversals: 0, relevels: 0, visits: 0, overloads: 0, offLevelOpenings: 0, longOpen: 0 };
  const topMm = facts.landingHeightsMm.at(-1) ?? 0;
  let was = lift.values();
  let openedMs = 0;
  run(lift, hours * HOUR_MS, () => {
    judge.look();
    const is = lift.values();
    const at = `at ${lift.nowMs} ms of ${facts.id}, seed ${seed}`;
    if (was.passenger !== is.passenger || was.loadPercent !== is.loadPercent) {
      if (!was.doorOpen) throw new Error(`somebody went through a door that is not open ${at}`);
    }
    if (is.moving && !is.doorClosed && !is.doorZone) throw new Error(`moving with an open door ${at}`);
    if (is.positionMm < -25 || is.positionMm > topMm + 25) throw new Error(`out of its travel ${at}`);
    if (is.mode === 'normal' && !is.doorClosed && !is.doorZone) throw new Error(`open between landings ${at}`);
    if (is.doorOpen && is.doorClosed) throw new Error(`door open and closed ${at}`);
    if (is.moving !== (is.direction !== 'none')) throw new Error(`a direction at rest, or none on the run ${at}`);
    if (!was.moving && is.moving) is.doorClosed ? count.trips++ : count.relevels++;
    if (!was.doorOpen && is.doorOpen && openedMs > 0) count.reversals++;
    if (was.doorClosed && !is.doorClosed && !is.doorZone) count.offLevelOpenings++;
    if (was.mode !== is.mode && is.mode === 'inspection') count.visits++;
    if (!was.overload && is.overload) count.overloads++;
    if (is.doorClosed) {
      if (!was.doorClosed && is.mode === 'normal' && lift.nowMs - openedMs > 40_000) count.longOpen++;
      openedMs = 0;
    } else if (is.doorOpen && openedMs === 0) openedMs = lift.nowMs;
    was = is;
  });
  return { judge, count };
}

test('500 hours of an office lift raise no fault, and are full of what might', () => {
  const { judge, count } = live(office, 21, officeDay, 500);
  assert.equal(judge.verdicts, [], 'no fault');
  assert.ok(count.trips > 8000, `trips: ${count.trips}`);
  assert.ok(count.reversals > 300, `doors turned back: ${count.reversals}`);
  assert.ok(count.relevels > 300, `relevelled with open doors: ${count.relevels}`);
  assert.ok(count.visits >= 3, `visits: ${count.visits}`);
  assert.ok(count.offLevelOpenings > 0, `doors opened off level on inspection: ${count.offLevelOpenings}`);
  assert.ok(count.longOpen > 20, `doors kept open for long: ${count.longOpen}`);
});

test('a small lift and a crowded one raise none either', () => {
  assert.equal(live(small, 22, officeDay, 150).judge.verdicts, [], 'two landings');
  const crowded = live(office, 23, steady(240), 30);
  assert.equal(crowded.judge.verdicts, [], 'a queue at every landing');
  const strict = { ...office.limits, doorHeldOpenLimitMs: 60_000, entrapmentAtLandingLimitMs: 20_000 };
  assert.equal(live({ ...office, limits: strict }, 25, officeDay, 100).judge.verdicts, [], 'short limits');
  assert.ok(crowded.count.overloads > 0, `overloads: ${crowded.count.overloads}`);
});

test('1000 hours take far less than 20 s', () => {
  const startMs = systemClock.monoMs();
  run(simLift(office, 24, officeDay), 1000 * HOUR_MS);
  const tookMs = systemClock.monoMs() - startMs;
  assert.ok(tookMs < 20_000, `${tookMs} ms`);
});

test('people come as often as the hour says, and go where the hour says', () => {
  const random = new Random('arrivals');
  const byHour = new Array<number>(24).fill(0);
  let entering = 0;
  let morning = 0;
  for (let at = nextArrivalMs(officeDay, ms(0), random); at < 200 * 24 * HOUR_MS; ) {
    const hour = Math.floor(at / HOUR_MS) % 24;
    byHour[hour] = (byHour[hour] ?? 0) + 1;
    const { from, to } = drawPerson(officeDay, at, office, random);
    assert.is.not(from, to, 'from one landing to another');
    if (hour === 8) morning++;
    if (hour === 8 && from === office.baseLanding) entering++;
    at = nextArrivalMs(officeDay, at, random);
  }
  assert.ok(Math.abs((byHour[8] ?? 0) / 200 - 40) < 2, `40 in the hour from eight: ${(byHour[8] ?? 0) / 200}`);
  assert.ok((byHour[3] ?? 0) / 200 < 0.2, `next to nobody at night: ${(byHour[3] ?? 0) / 200}`);
  assert.ok(entering / morning > 0.8, `up-peak in the morning: ${entering / morning}`);
  assert.is(nextArrivalMs(steady(0), ms(0), random), Number.POSITIVE_INFINITY, 'nobody ever');
});

test.run();
