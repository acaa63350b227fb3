import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../hil/lift/random.ts';
import { type MonoMs, monoMs } from '../../src/clock.ts';
import { eventLine } from '../../src/commands/event-line.ts';
import { Condition } from '../../src/condition/condition.ts';
import { isFarOff } from '../../src/condition/heights.ts';
import type { LandingGap, LiftEvent } from '../../src/lift/events.ts';
import { blankState } from '../../src/lift/shapes.ts';
import type { LiftFacts, LiftState } from '../../src/lift/state.ts';
import { newGaps, stepGaps } from '../../src/record/landing-gap.ts';
import { Room } from '../../src/room.ts';
import { facts } from '../facts.ts';
import { drawnLift, type Life, live } from '../sense/sensed.ts';
import { mutes, observationsOf, simulatedHour, wirings } from '../simulated.ts';

/** Five landings 3 m apart; at 1 m/s the run-up is 1.5 m. */
const FACTS = facts({
  landingHeightsMm: [0, 3000, 6000, 9000, 12_000],
  landingMarkings: ['B1', '1', '2', '3', '5'],
});

/** A car that is drawn: what its states teach. */
class Drawn {
  readonly told: LandingGap[] = [];
  readonly memory = newGaps();
  readonly #changes: Partial<LiftState>;
  #nowMs = 0;

  constructor(changes: Partial<LiftState> = {}) {
    this.#changes = { pairOrder: 'right', ...changes };
  }

  look(parts: { moving: boolean | null; landing: number | null; positionMm?: number; level?: boolean }): void {
    const source = parts.positionMm === undefined ? ('derived' as const) : ('controller' as const);
    const reading = <T>(value: T) => ({ value, sinceMs: this.#nowMs as MonoMs, source });
    const state: LiftState = {
      ...blankState('none', 0 as MonoMs),
      moving: reading(parts.moving),
      landing: reading(parts.landing),
      atLevel: reading(parts.level ?? true),
      positionMm: reading(parts.positionMm ?? null),
      ...this.#changes,
    };
    this.told.push(...stepGaps(this.memory, state, FACTS, this.#nowMs));
  }

  /** From rest through these landings to rest at the last, so long after each other. */
  run(landings: readonly number[], intervalMs: number): void {
    this.look({ moving: false, landing: landings[0] ?? null });
    this.look({ moving: true, landing: landings[0] ?? null });
    for (const landing of landings.slice(1)) {
      this.#nowMs += intervalMs;
      this.look({ moving: true, landing });
    }
    this.#nowMs += 1000;
    this.look({ moving: false, landing: landings.at(-1) ?? null });
  }
}

const lines = (told: readonly LandingGap[]) =>
  told.map((one) => `${one.marking} ${one.learnedMm}/${one.configuredMm} ${one.by}`);
const UP = [0, 1, 2, 3, 4];

test('by time: the median of nine intervals at rated speed, away from both ends of the run', () => {
  const lift = new Drawn();
  for (let run = 0; run < 8; run++) lift.run(UP, 3000);
  assert.equal(lift.told, [], 'eight');
  lift.run(UP, 3000);
  assert.equal(lines(lift.told), ['2 3000/3000 time', '3 3000/3000 time'], 'nine; the gaps at the ends are run-up');
  for (let run = 0; run < 9; run++) lift.run([4, 3, 2, 1, 0], run < 4 ? 9000 : 3000);
  assert.is(lift.told.length, 2, 'four slow runs of nine change nothing, and what is the same is not told again');
  for (let run = 0; run < 9; run++) lift.run(UP, 4500);
  assert.equal(lines(lift.told.slice(2)), ['2 4500/3000 time', '3 4500/3000 time'], 'what is another is');
});

test('by time: nothing where the count is not to be relied on, or a landing was missed, or the car turned back', () => {
  const taught = (changes: Partial<LiftState>, landings: readonly number[]) => {
    const lift = new Drawn(changes);
    for (let run = 0; run < 20; run++) lift.run(landings, 3000);
    return lines(lift.told);
  };
  assert.is(taught({}, UP).length, 2, 'all is well');
  assert.equal(taught({ miscount: true }, UP), [], 'miscounted');
  assert.equal(taught({ pairOrder: null }, UP), [], 'which way round is not known');
  assert.is(taught({ pairOrder: 'swapped' }, UP).length, 2, 'known to be swapped, it is read rightly');
  assert.equal(taught({}, [0, 1, 3, 4]), [], 'a landing was missed');
  assert.equal(taught({}, [0, 1, 2, 3, 2, 1, 0]), [], 'turned back');
  assert.equal(taught({}, [0, 1, 2, 3]), ['2 3000/3000 time'], 'a shorter run tells of fewer');
});

test('by position: the difference of two landings, at each of which it was read nine times at rest', () => {
  const lift = new Drawn();
  const stop = (landing: number, positionMm: number, level = true) => {
    lift.look({ moving: false, landing, positionMm, level });
    lift.look({ moving: true, landing, positionMm: positionMm + 40 });
  };
  for (let at = 0; at < 9; at++) stop(0, at - 4);
  for (let at = 0; at < 8; at++) stop(1, 4500 + at - 4);
  stop(1, 7000, false);
  assert.equal(lift.told, [], 'off level nothing is taken');
  stop(1, 9000);
  assert.equal(lines(lift.told), ['1 4500/3000 position'], 'one of nine may be anything');
});

test('what is unknown begins nothing', () => {
  const lift = new Drawn();
  for (let run = 0; run < 9; run++) {
    lift.look({ moving: null, landing: 0 });
    for (const landing of UP) lift.look({ moving: true, landing });
    lift.look({ moving: false, landing: 4 });
  }
  assert.equal(lift.told, [], 'a run that was not seen to begin');
});

/** What a life with sensors alone teaches. */
function learned(life: Life): LandingGap[] {
  const memory = newGaps();
  const told: LandingGap[] = [];
  const { said = life.facts } = life;
  live(life, (state, nowMs) => told.push(...stepGaps(memory, state, said, Math.round(nowMs))));
  return told;
}

/** One gap of the site file longer or shorter than it is, and all landings above with it. */
function withGap(true_: LiftFacts, above: number, byMm: number): LiftFacts {
  return { ...true_, landingHeightsMm: true_.landingHeightsMm.map((mm, at) => (at < above ? mm : mm + byMm)) };
}

/** Fresh ones each time. */
const FIRST = Math.floor(Math.random() * 1e9);

test('lifts of the fleet with sensors alone: each gap that is learned is right to a centimetre, and a wrong one is found', () => {
  let found = 0;
  for (let seed = FIRST; seed < FIRST + 24; seed++) {
    const life = { seed, ...drawnLift(seed), hours: 36 };
    const gaps = learned(life);
    for (const { learnedMm, configuredMm, marking } of gaps)
      assert.ok(Math.abs(learnedMm - configuredMm) <= 10, `seed ${seed}, ${marking}: ${learnedMm} of ${configuredMm}`);
    const one = gaps[new Random(seed).whole(0, Math.max(0, gaps.length - 1))];
    if (!one) continue;
    const offMm = Math.round(one.configuredMm * new Random(seed).pick([-0.3, 0.5]));
    const wrong = learned({ ...life, said: withGap(life.facts, one.landing, offMm) }).filter(isFarOff);
    assert.equal(
      wrong.map(({ marking, learnedMm }) => `${marking} ${learnedMm}`),
      [`${one.marking} ${one.learnedMm}`],
      `seed ${seed}: that of landing ${one.landing}, and no other, with ${offMm} mm`,
    );
    found++;
  }
  assert.ok(found >= 8, `seeds from ${FIRST}: ${found} lifts with a gap to be learned`);
});

test('a lift whose controller tells a position: right to 3 cm, and a wrong site file is found', () => {
  const [wiring] = wirings;
  if (!wiring) throw new Error('the simulated site has a lift');
  const observations = observationsOf(simulatedHour(FIRST, 10).items);
  const gapsWith = (said: LiftFacts) => {
    const events: LiftEvent[] = [];
    const room = new Room([{ ...wiring, facts: said }], mutes, monoMs(0), (event) => events.push(event));
    for (const observation of observations) room.observe(observation);
    return events.filter((event) => event.type === 'landing-gap');
  };
  const right = gapsWith(wiring.facts);
  assert.ok(right.length >= 4, `seed ${FIRST}: ${right.length} gaps within ten hours`);
  for (const { by, learnedMm, configuredMm, landing } of right)
    assert.ok(by === 'position' && Math.abs(learnedMm - configuredMm) <= 30, `seed ${FIRST}, ${landing}: ${learnedMm}`);
  const [{ landing } = { landing: 1 }] = right;
  const wrong = gapsWith(withGap(wiring.facts, landing, 1500)).filter(isFarOff);
  assert.equal(
    wrong.map((gap) => gap.landing),
    [landing],
    `seed ${FIRST}: that gap alone`,
  );
});

const gap = (learnedMm: number, by: LandingGap['by'], atMs = 1000): LandingGap => ({
  ...{ type: 'landing-gap', lift: 'a', atMs, landing: 3, marking: '3', configuredMm: 3000, samples: 9, learnedMm, by },
});

test('what is far off: 15 % by time, 100 mm by position', () => {
  const far = (learnedMm: number, by: LandingGap['by']) => isFarOff(gap(learnedMm, by));
  assert.equal([far(3450, 'time'), far(3451, 'time'), far(2549, 'time')], [false, true, true], 'by time');
  assert.equal(
    [far(3100, 'position'), far(3101, 'position'), far(2899, 'position')],
    [false, true, true],
    'by position',
  );
});

test('a wrong height is told once, whatever the box starts in between, until it is learned to be right', () => {
  const one = new Condition('a');
  const [begin] = one.fold(gap(4500, 'time'));
  assert.equal(
    [begin?.condition, begin?.subject, begin?.phase, begin?.normal, begin?.now, begin?.unit, begin?.changePercent],
    ['landing-height', '3', 'begin', 3000, 4500, 'mm', 50],
    'the landing, what the site file says, and what was learned',
  );
  assert.match(
    begin ? eventLine(begin) : '',
    /DIFFERS {2}landing 3 is 4500 mm above the one below, the site file says 3000 mm\. Mend heightMm/,
    'in words',
  );
  assert.match(eventLine(gap(4500, 'time')), /learned {2}landing 3, 4500 mm above/, 'and what it was learned from');
  const after = new Condition('a', structuredClone(one.memory));
  assert.equal(after.fold(gap(4490, 'time')), [], 'known');
  const [end] = after.fold(gap(3010, 'time', 9000));
  assert.equal([end?.phase, end?.id], ['end', begin?.id], 'the site file was mended');
  assert.equal(after.fold(gap(3010, 'time')), [], 'and nothing is told of a right one');
});

test.run();
