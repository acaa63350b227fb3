/** Every injection alone on a lift that nobody else uses: it does what it says, raises its fault when told, and is over. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Injection } from '../../../hil/lift/faults.ts';
import { plus } from '../../../src/clock.ts';
import type { SignalValues } from '../../../src/lift/signals.ts';
import { Judge } from './judge.ts';
import { HOUR_MS, ms, office, run, simLift } from './lifts.ts';

interface Look {
  readonly atMs: number;
  readonly is: SignalValues;
  readonly said: SignalValues | null;
  readonly shown: SignalValues;
}

const topMm = office.landingHeightsMm.at(-1) ?? 0;

function play(injection: Injection, seed = 3) {
  const lift = simLift(office, seed, null);
  const judge = new Judge(lift, office);
  const episode = lift.inject(injection);
  const looks: Look[] = [];
  const look = () => {
    judge.look();
    const is = lift.values();
    looks.push({ atMs: lift.nowMs, is, said: lift.controllerValues(), shown: lift.inputValues() });
  };
  run(lift, 2 * HOUR_MS, look);
  // Afterwards it is a lift like any other.
  lift.ride(0, 5);
  run(lift, 3 * HOUR_MS, look);
  assert.is(lift.values().passenger, false, 'afterwards it carries a passenger, who gets out');
  assert.is(lift.values().landing, 5, 'where they wanted to');
  // A sudden stop is a matter of speed, which the second judge does not look at.
  const expected = lift.expected().filter(({ fault }) => fault !== 'sudden-stop');
  const { dueMs, endsByMs } = expected[0] ?? { dueMs: Number.NaN, endsByMs: Number.NaN };
  return {
    episode,
    expected,
    verdicts: judge.verdicts,
    dueMs,
    endsByMs,
    at: (atMs: number): Look => {
      const found = looks.findLast((one) => one.atMs <= atMs);
      if (!found) throw new Error(`nothing was seen by ${atMs}`);
      return found;
    },
    between: (fromMs: number, toMs: number) => looks.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
  };
}

/** Plays an injection whose fault is the only one, and holds the oracle against the judge. */
function plays(injection: Injection, fault: string, also: readonly string[] = []) {
  const played = play(injection);
  const { episode, expected, verdicts, dueMs, endsByMs } = played;
  assert.ok(episode.beganMs !== null && episode.doneMs !== null, `${episode.id} happened and is over`);
  assert.equal(
    expected.map(({ fault, subject }) => (subject ? `${fault}/${subject}` : fault)),
    [fault, ...also.filter((name) => name === 'alarm-button')],
    'what is expected',
  );
  const raised = verdicts.filter(({ name }) => name === fault);
  assert.is(raised.length, 1, `raised once: ${fault}`);
  assert.ok(Math.abs((raised[0]?.atMs ?? 0) - dueMs) < 0.01, `raised when due: ${raised[0]?.atMs} and ${dueMs}`);
  assert.ok((raised[0]?.endMs ?? Number.POSITIVE_INFINITY) <= endsByMs + 0.01, 'ended by then');
  assert.equal(
    verdicts.map(({ name }) => name).filter((name) => name !== fault),
    also,
    'and nothing else but',
  );
  for (const name of also)
    assert.ok(
      expected.some(({ fault }) => fault === name) || expected[0]?.alsoAllowed.some((allowed) => allowed === name),
      `allowed: ${name}`,
    );
  return { ...played, fromMs: episode.fromMs ?? ms(Number.NaN) };
}

test('entrapment off level: people behind closed doors between landings, let out at one', () => {
  const { at, fromMs, dueMs, endsByMs } = plays(
    { kind: 'entrapment-off-level', heldMs: 400_000, alarmAfterMs: null },
    'entrapment',
  );
  assert.is(dueMs, plus(fromMs, 60_000), 'a minute after standstill');
  const { is } = at(dueMs);
  assert.ok(is.passenger && is.doorClosed && !is.moving && !is.doorZone, 'how they are trapped');
  assert.ok(at(endsByMs).is.doorOpen && at(endsByMs).is.doorZone, 'out at a landing');
  assert.ok(endsByMs > fromMs + 400_000, 'not before somebody comes');
});

test('entrapment off level with the alarm button: at once', () => {
  const { at, fromMs, dueMs } = plays(
    { kind: 'entrapment-off-level', heldMs: 300_000, alarmAfterMs: 8000 },
    'entrapment',
    ['alarm-button'],
  );
  assert.is(dueMs, plus(fromMs, 8000), 'when pressed');
  assert.is(at(dueMs).is.alarmButton, true, 'the button');
});

test('entrapment at a landing: arrives, does not open', () => {
  const { at, fromMs, dueMs } = plays(
    { kind: 'entrapment-at-landing', heldMs: 200_000, alarmAfterMs: null },
    'entrapment',
    ['door-open-failure'],
  );
  assert.is(dueMs, plus(fromMs, 90_000), 'a minute and a half after standstill');
  const { is } = at(dueMs);
  assert.ok(is.passenger && is.doorClosed && is.levelUpper && is.levelLower, 'at a level, closed');
});

test('stopped outside the door zone: an empty car between landings', () => {
  const { at, fromMs, dueMs, endsByMs } = plays(
    { kind: 'stopped-outside-door-zone', heldMs: 100_000 },
    'stopped-outside-door-zone',
  );
  assert.is(dueMs, plus(fromMs, 60_000), 'a minute after standstill');
  assert.ok(!at(dueMs).is.passenger && !at(dueMs).is.doorZone, 'nobody in it');
  assert.ok(at(endsByMs).is.doorZone && at(endsByMs).is.moving, 'ends as it runs into a zone');
});

test('door held open', () => {
  const { at, fromMs, dueMs, endsByMs } = plays({ kind: 'door-held-open', heldMs: 150_000 }, 'door-held-open');
  assert.is(dueMs, plus(fromMs, 120_000), 'two minutes after it left closed');
  assert.is(at(dueMs).is.doorOpen, true, 'open');
  assert.is(at(endsByMs).is.doorClosed, true, 'closed at the end');
});

test('door close failure: jams between open and closed', () => {
  const { at, fromMs, dueMs, endsByMs } = plays(
    { kind: 'door-close-failure', way: 'jams', heldMs: 40_000 },
    'door-close-failure',
  );
  assert.is(dueMs, plus(fromMs, 15_000), 'from the start of closing');
  assert.ok(!at(dueMs).is.doorOpen && !at(dueMs).is.doorClosed, 'between the limits');
  assert.ok(at(endsByMs).is.moving && at(endsByMs).is.doorClosed, 'ended by a start with the door closed');
});

test('door close failure: reopens five times in one stop', () => {
  const { between, fromMs, dueMs, episode } = plays(
    { kind: 'door-close-failure', way: 'reopens', heldMs: 0 },
    'door-close-failure',
  );
  assert.is(dueMs, fromMs, 'at once');
  const openings = between(episode.beganMs ?? 0, dueMs).filter(
    ({ is }, i, all) => !is.doorClosed && all[i - 1]?.is.doorClosed,
  );
  assert.is(openings.length, 6, 'one opening, and five again');
});

test('door close failure: turned back three times in 15 s', () => {
  const { between, dueMs } = plays({ kind: 'door-close-failure', way: 'reverses', heldMs: 0 }, 'door-close-failure');
  const turns = between(dueMs - 15_000, dueMs).filter(
    ({ is }, i, all) => is.doorOpen && all[i - 1]?.is.doorOpen === false,
  );
  assert.ok(turns.length >= 3, `back at the open limit: ${turns.length}`);
  assert.is(
    between(dueMs - 10_000, dueMs).some(({ is }) => is.doorClosed),
    false,
    'without having closed',
  );
});

test('door open failure: late, with somebody inside', () => {
  const { at, fromMs, dueMs, endsByMs } = plays({ kind: 'door-open-failure', heldMs: 30_000 }, 'door-open-failure');
  assert.is(dueMs, plus(fromMs, 10_000), 'ten seconds after standstill');
  assert.ok(at(dueMs).is.passenger && at(dueMs).is.doorZone, 'somebody waits to get out');
  assert.is(at(endsByMs).is.doorOpen, true, 'open at the end');
});

test('safety chain open: an emergency stop, or at rest', () => {
  const { at, dueMs, endsByMs } = plays(
    { kind: 'safety-chain-open', running: true, heldMs: 6000 },
    'safety-chain-open',
  );
  assert.ok(at(dueMs).is.moving && !at(dueMs).is.safetyChainClosed, 'while running');
  assert.is(at(dueMs + 1000).is.moving, false, 'stopped within a second');
  assert.is(endsByMs, plus(ms(dueMs), 8000), 'two seconds after it closed');
  const rest = plays({ kind: 'safety-chain-open', running: false, heldMs: 6000 }, 'safety-chain-open');
  assert.is(rest.at(rest.dueMs).is.moving, false, 'at rest');
});

test('overtravel, top and bottom', () => {
  for (const [kind, direction] of [
    ['overtravel-top', 'up'],
    ['overtravel-bottom', 'down'],
  ] as const) {
    const { at, dueMs, endsByMs } = plays({ kind, overrunMm: 150, heldMs: 30_000 }, kind, ['door-open-failure']);
    assert.is(at(dueMs).is.direction, direction, 'outward');
    assert.is.not(at(dueMs).is.levelUpper, at(dueMs).is.levelLower, 'just out of the level');
    const rest = at(dueMs + 10_000).is;
    assert.ok(rest.endLimit && !rest.moving, 'stands on the end limit');
    const beyond = kind === 'overtravel-top' ? rest.positionMm - topMm : -rest.positionMm;
    assert.ok(Math.abs(beyond - 150) < 1e-6, `as far as told: ${beyond}`);
    assert.ok(at(endsByMs).is.levelUpper && at(endsByMs).is.levelLower, 'level again');
  }
});

test('door open while running: stops, or runs on', () => {
  for (const stops of [true, false]) {
    const { at, between, fromMs, dueMs, endsByMs } = plays(
      { kind: 'door-open-while-running', stops, heldMs: 5000 },
      'door-open-while-running',
    );
    assert.is(dueMs, plus(fromMs, 20), 'two looks');
    assert.ok(at(dueMs).is.moving && !at(dueMs).is.doorClosed && !at(dueMs).is.doorZone, 'in mid-travel');
    assert.ok(endsByMs - fromMs >= 300, `long enough to be seen: ${endsByMs - fromMs}`);
    assert.is(
      between(fromMs, endsByMs).some(({ is }) => !is.moving),
      stops,
      stops ? 'it stops' : 'it runs on',
    );
  }
});

test('moving with the door open: leaves the zone so', () => {
  const { at, fromMs, dueMs, endsByMs } = plays(
    { kind: 'moving-with-door-open', heldMs: 10_000 },
    'moving-with-door-open',
  );
  assert.is(dueMs, plus(fromMs, 20), 'two looks');
  assert.ok(at(dueMs).is.moving && at(dueMs).is.doorOpen && !at(dueMs).is.doorZone, 'off with an open door');
  assert.is(at(endsByMs).is.doorClosed, true, 'until it is closed');
});

test('run-time limit: the machine turns, the car stays', () => {
  const { at, between, fromMs, dueMs, endsByMs } = plays({ kind: 'run-time-limit', heldMs: 4000 }, 'run-time-limit');
  assert.is(dueMs, plus(fromMs, office.limits.runTimeLimitMs), 'the limit of the site');
  assert.ok(at(dueMs).is.moving && Math.abs(at(dueMs).is.speedMmPerS) < 1e-9, 'moving, it says');
  const landings = new Set(between(fromMs, dueMs).map(({ is }) => is.landing));
  assert.is(landings.size, 1, 'no landing passed');
  assert.ok(at(endsByMs).is.levelUpper && !at(endsByMs).is.moving, 'ended at a landing');
});

test('position lost: off by one until the base landing', () => {
  const { at, fromMs, dueMs, endsByMs } = plays({ kind: 'position-lost' }, 'position-lost');
  assert.is(dueMs, plus(fromMs, 2000), 'two seconds at rest');
  const { is, said } = at(dueMs);
  assert.is(Math.abs(is.landing - (said?.landing ?? Number.NaN)), 1, 'off by one');
  assert.ok(is.levelUpper && is.levelLower && !is.moving, 'level, at rest');
  assert.ok(at(endsByMs).is.baseLanding, 'at the base landing');
  assert.is(at(endsByMs).said?.landing, office.baseLanding, 'put right');
});

test('the door input contradicts the controller, either way', () => {
  for (const shows of ['closed', 'not-closed'] as const) {
    const { at, fromMs, dueMs, endsByMs } = plays(
      { kind: 'sensor-contradiction-door', shows, heldMs: 3000 },
      'sensor-contradiction/door',
    );
    assert.is(dueMs, plus(fromMs, 3000), 'three seconds');
    const { is, said, shown } = at(dueMs);
    assert.is(shown.doorClosed, shows === 'closed', 'what the input shows');
    assert.is(said?.doorClosed, is.doorClosed, 'the controller tells the truth');
    assert.is.not(shown.doorClosed, is.doorClosed, 'which is another');
    assert.is(at(endsByMs).shown.doorClosed, at(endsByMs).is.doorClosed, 'agreed at the end');
  }
});

test('the level inputs show a level between landings', () => {
  const { at, dueMs } = plays({ kind: 'sensor-contradiction-level', heldMs: 4000 }, 'sensor-contradiction/level');
  const { said, shown } = at(dueMs);
  assert.ok(shown.levelUpper && shown.levelLower, 'both on');
  assert.is(said?.doorZone, false, 'out of the zone');
});

test('the controller is silent', () => {
  const { at, fromMs, dueMs, endsByMs } = plays({ kind: 'controller-silent', heldMs: 30_000 }, 'controller-silent');
  assert.is(dueMs, plus(fromMs, 10_000), 'ten seconds');
  assert.is(at(dueMs).said, null, 'no answer');
  assert.ok(at(endsByMs).said !== null, 'and one again');
});

test('what is ended before its limit is not expected', () => {
  const { expected, verdicts } = play({ kind: 'stopped-outside-door-zone', heldMs: 20_000 });
  assert.equal(expected, [], 'nothing to expect');
  assert.equal(verdicts, [], 'nothing raised');
});

test('injections wait for each other, and for a rest in between', () => {
  const lift = simLift(office, 4, null);
  const first = lift.trap(90_000);
  const second = lift.holdDoor(130_000);
  run(lift, HOUR_MS);
  assert.ok(first.beganMs !== null && first.beganMs < 60_000, `trapped soon: ${first.beganMs}`);
  assert.ok((second.beganMs ?? 0) >= (first.doneMs ?? 0) + 60_000, 'the second a minute after the first');
  const held = simLift(office, 4, null).holdDoor(1000);
  assert.is(held.beganMs, null, 'nothing happens before time goes on');
});

test('an input that is freed shows the truth at once', () => {
  const lift = simLift(office, 3, null);
  const edges: string[] = [];
  lift.onEdge(({ signal, on }) => signal === 'doorClosed' && edges.push(String(on)));
  lift.inject({ kind: 'sensor-contradiction-door', shows: 'closed', heldMs: 3000 });
  run(lift, HOUR_MS);
  let shown = true;
  for (const on of edges) {
    assert.is.not(String(shown), on, 'every edge is a change');
    shown = on === 'true';
  }
  assert.is(lift.inputValues().doorClosed, lift.values().doorClosed, 'agreed');
  assert.is(lift.nowMs, ms(HOUR_MS), 'time went on');
});

test.run();
