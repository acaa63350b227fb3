import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../hil/lift/random.ts';
import type { MonoMs } from '../../src/clock.ts';
import type { LiftFacts } from '../../src/lift/state.ts';
import { base, FLOOR_UNSEEN, type Floor, levels, reference, rest, unseen } from '../../src/sense/floor.ts';
import {
  atBase,
  baseShows,
  cameLevel,
  leftLanding,
  orderCanBeTold,
  PAIR_UNSEEN,
  type PairMemory,
} from '../../src/sense/pair-order.ts';
import { facts } from '../facts.ts';
import { drawnDefect, drawnLift, pairOrderOf } from './sensed.ts';

type Wires = 'right' | 'swapped';

/** A car that stands level at a landing, as the level pair and the base switch show it. */
class Drawn {
  floor: Floor = FLOOR_UNSEEN;
  readonly #facts: LiftFacts;
  #nowMs = 0;
  #at: number;
  wires: Wires;

  constructor(wires: Wires, changes: Partial<LiftFacts> = {}, at = 0) {
    this.#facts = facts(changes);
    this.wires = wires;
    this.#at = at;
    this.stand();
  }

  /** A character per 100 ms: B both, U upper only, L lower only, . none, * base switch on with both. */
  draw(drawn: string): void {
    for (const shown of drawn) {
      this.#nowMs += 100;
      const nowMs = this.#nowMs as MonoMs;
      const [upper, lower] = ['B*U'.includes(shown), 'B*L'.includes(shown)];
      this.floor = rest(this.floor, nowMs);
      this.floor = levels(
        this.floor,
        this.wires === 'right' ? upper : lower,
        this.wires === 'right' ? lower : upper,
        nowMs,
        this.#facts,
      );
      const on = shown === '*';
      const came = on && !this.floor.pair.baseOn;
      this.floor = reference(this.floor, on);
      if (came) this.floor = base(this.floor, this.#facts);
    }
  }

  stand(): void {
    this.draw((this.#at === this.#facts.baseLanding ? '*' : 'B').repeat(12));
  }

  /** From landing to landing, standing at each. */
  ride(...landings: number[]): Floor {
    for (const to of landings) {
      while (this.#at !== to) {
        this.draw(to > this.#at ? 'L..U' : 'U..L');
        this.#at += to > this.#at ? 1 : -1;
        this.draw(this.#at === this.#facts.baseLanding ? '*' : 'B');
      }
      this.stand();
    }
    return this.floor;
  }
}

const orders = ({ pair }: Floor) => `${pair.order}${pair.reversed ? ', reversed' : ''}`;

test('swapped: two loops from the base landing out of the shaft and back, and it is read the other way round', () => {
  const lift = new Drawn('swapped');
  assert.is(orders(lift.ride(3, 0)), 'null', 'one loop may be anything');
  assert.is(lift.floor.miscount, true, 'though the count is known to be wrong');
  assert.is(orders(lift.ride(2, 4, 0)), 'swapped, reversed', 'the second');
  assert.equal([lift.floor.landing, lift.floor.miscount], [0, false], 'and it is known why');
  lift.draw('L');
  assert.is(lift.floor.direction, 'up', 'its direction');
  lift.draw('..UBL..UB');
  assert.is(lift.floor.landing, 2, 'its count');
  assert.ok((lift.floor.speedMmPerS ?? 0) > 0, 'and its speed: up is positive');
});

test('right: two loops that a mirrored shaft has no room for', () => {
  const lift = new Drawn('right');
  assert.is(orders(lift.ride(1, 0)), 'null', 'one');
  assert.is(orders(lift.ride(4, 0)), 'right', 'two');
  assert.is(new Drawn('right').ride(2, 4, 3, 1).pair.order, null, 'without the base switch nothing is told');
});

test('wires that are changed are learned anew', () => {
  const lift = new Drawn('swapped');
  lift.ride(3, 0, 3, 0);
  lift.wires = 'right';
  assert.is(orders(lift.ride(3, 0)), 'swapped, reversed', 'one loop');
  assert.is(orders(lift.ride(3, 0)), 'right', 'two, and read as wired');
  assert.is(lift.ride(2).landing, 2, 'counted rightly');
});

test('one landing off in the site file is no proof: the base landing, or the top', () => {
  const basement = new Drawn('right', {}, 1);
  for (const floor of [basement.ride(0), basement.ride(1), basement.ride(0), basement.ride(1)])
    assert.is(floor.pair.reversed, false, 'the base switch is at the second landing');
  const near = new Drawn('swapped');
  assert.is(orders(near.ride(1, 0, 1, 0, 1, 0)), 'null', 'nor is it told of trips to the next landing alone');
  const two = { landingHeightsMm: [0, 3000] };
  assert.is(orders(new Drawn('swapped', two).ride(1, 0, 1, 0, 1, 0)), 'null', 'or in a house of two');
  assert.is(orders(new Drawn('right', two).ride(1, 0, 1, 0, 1, 0)), 'right', 'where the right order is');
});

test('a base landing in the middle: mirror images are as good, and nothing is invented', () => {
  for (const wires of ['right', 'swapped'] as const) {
    const middle = new Drawn(wires, { baseLanding: 2 }, 2);
    assert.is(orders(middle.ride(4, 2, 0, 2, 4, 0, 2, 3, 2)), 'null', wires);
  }
  const beside = new Drawn('swapped', { baseLanding: 1 }, 1);
  assert.is(orders(beside.ride(0, 1, 2, 1, 0, 1)), 'null', 'near the base landing it has room either way');
  assert.is(orders(beside.ride(4, 1, 4, 1)), 'swapped, reversed', 'further up it has not');
});

test('in which shafts swapped wires can be told', () => {
  const can = (landings: number, baseLanding: number) =>
    orderCanBeTold({ landingHeightsMm: Array.from({ length: landings }, (_, at) => at), baseLanding });
  assert.equal(
    [can(2, 0), can(3, 0), can(3, 1), can(4, 1), can(5, 1), can(5, 4)],
    [false, true, false, false, true, true],
    'two more on one side than on the other',
  );
});

test('a loop that speaks for the order as it is read undoes one that speaks against it', () => {
  const lift = new Drawn('swapped');
  lift.ride(3, 0);
  lift.wires = 'right';
  lift.ride(3, 0);
  lift.wires = 'swapped';
  assert.is(orders(lift.ride(3, 0)), 'null', 'one, undone, one');
});

test('a count that does not come out even, a base switch where none can be, and a car that stands on one switch tell nothing', () => {
  const spoilt = (spoil: (lift: Drawn) => void) => {
    const lift = new Drawn('swapped');
    lift.ride(3, 0);
    lift.ride(3);
    spoil(lift);
    return orders(lift.ride(0));
  };
  assert.is(
    spoilt(() => {}),
    'swapped, reversed',
    'nothing happened',
  );
  assert.is(
    spoilt((lift) => lift.draw('U....LB')),
    'null',
    'a landing was missed, or passed twice',
  );
  assert.is(
    spoilt((lift) => lift.draw('***BBB')),
    'null',
    'the base switch comes on at rest',
  );
  assert.is(
    spoilt((lift) => lift.draw(`L${'L'.repeat(200)}B`)),
    'null',
    'the car stands on one switch',
  );
  const loose = new Drawn('swapped');
  loose.ride(3, 0, 3);
  loose.draw('U..L*B*');
  assert.is(orders(loose.floor), 'null', 'the base switch comes on twice at one landing');
});

test('a line that is lost spoils the loop, and leaves what was learned', () => {
  const lift = new Drawn('swapped');
  lift.ride(3, 0, 3, 0, 3);
  const lost = unseen(lift.floor);
  assert.equal(
    [lost.landing, lost.switches, lost.pair.order, lost.pair.loop],
    [null, null, 'swapped', null],
    'learned',
  );
  assert.is(unseen(FLOOR_UNSEEN), FLOOR_UNSEEN, 'nothing was');
});

/** Fresh ones each time. */
const FIRST = Math.floor(Math.random() * 1e9);
const SWAPPED = { sensor: 'levelUpper', way: 'swapped' } as const;

test('lifts of the fleet with sensors alone: swapped is learned where the shaft can tell it, and else nothing is', () => {
  const trips: number[] = [];
  for (let seed = FIRST; seed < FIRST + 40; seed++) {
    const drawn = drawnLift(seed);
    const learned = pairOrderOf({ seed, ...drawn, hours: 24, defect: SWAPPED });
    const can = orderCanBeTold(drawn.facts);
    // A base landing that nobody comes back to within the day tells nothing either.
    if (!can || learned.order !== null) assert.equal(learned.orders, can ? ['swapped'] : [], `seed ${seed}`);
    if (can) trips.push(learned.order === null ? Number.POSITIVE_INFINITY : learned.trips);
  }
  trips.sort((a, b) => a - b);
  assert.ok((trips[Math.floor(trips.length / 2)] ?? 99) <= 12, `seeds from ${FIRST}: half of them within a dozen runs`);
  assert.ok(
    trips.filter(Number.isFinite).length >= 0.9 * trips.length,
    `seeds from ${FIRST}: nine in ten within the day`,
  );
});

test('lifts of the fleet that are wired as they should be: it is said in the moment that it is learned', () => {
  let told = 0;
  for (let seed = FIRST; seed < FIRST + 20; seed++) {
    const drawn = drawnLift(seed);
    const { orders } = pairOrderOf({ seed, ...drawn, hours: 24 });
    if (!orderCanBeTold(drawn.facts)) continue;
    assert.ok(
      orders.every((order) => order === 'right'),
      `seed ${seed}: ${orders}`,
    );
    if (orders.length > 0) told++;
  }
  assert.ok(told > 0, `seeds from ${FIRST}: it is said of some`);
});

test('no other defect of one sensor passes for swapped wires, nor does a site file that is one landing off', () => {
  for (let seed = FIRST; seed < FIRST + 40; seed++) {
    const drawn = drawnLift(seed);
    const defect = drawnDefect(seed);
    if (defect.way === 'swapped') continue;
    const { orders } = pairOrderOf({ seed, ...drawn, hours: 24, defect });
    assert.not.ok(orders.includes('swapped'), `seed ${seed}: ${defect.sensor} ${defect.way}`);
  }
  for (let seed = FIRST; seed < FIRST + 40; seed++) {
    const drawn = drawnLift(seed);
    const { orders } = pairOrderOf({ seed, ...drawn, hours: 24, said: oneOff(drawn.facts, seed) });
    assert.not.ok(orders.includes('swapped'), `seed ${seed}: one landing off`);
  }
});

/** A site file with the base landing one too low or too high, or with a landing too few. */
function oneOff(true_: LiftFacts, seed: number): LiftFacts {
  const { baseLanding, landingHeightsMm } = true_;
  const random = new Random(seed).fork('site');
  const off = random.pick([-1, 1, 0]);
  const top = landingHeightsMm.length - 1;
  if (off === 0 && top > baseLanding) return { ...true_, landingHeightsMm: landingHeightsMm.slice(0, -1) };
  return { ...true_, baseLanding: Math.max(0, Math.min(top, baseLanding + (off || 1))) };
}

const SEEN: PairMemory = { ...PAIR_UNSEEN, loop: { at: 0, low: 0, high: 3 }, agree: 1 };
const isSpoilt = ({ loop, agree, oppose }: PairMemory) => loop === null && agree === 0 && oppose === 0;

test('the base switch: once on the way to a landing it may come, while the car rests it may not', () => {
  const came = baseShows(SEEN, true, false);
  assert.equal(came.loop, SEEN.loop, 'it comes');
  const again = baseShows(baseShows(came, false, false), true, false);
  assert.ok(isSpoilt(again), 'twice on one way: it is loose');
  const left = baseShows(leftLanding(baseShows(came, false, false)), true, false);
  assert.equal(left.loop, SEEN.loop, 'once more after another landing was left');
  assert.ok(isSpoilt(baseShows(SEEN, true, true)), 'at rest: what came on is no landing');
  const floor = { ...FLOOR_UNSEEN, pair: SEEN };
  assert.ok(isSpoilt(reference({ ...floor, moving: false }, true).pair), 'a floor at rest says so');
  assert.not.ok(isSpoilt(reference({ ...floor, moving: true }, true).pair), 'one that moves does not');
});

test('a car that comes back to the landing that it left says nothing of the base switch', () => {
  const stays = { ...SEEN, baseOn: true, baseCame: 0 };
  assert.is(cameLevel(stays, 0), stays, 'on all the while');
  assert.ok(isSpoilt(cameLevel(stays, 1)), 'elsewhere it cannot be');
});

test('rest between landings leaves what was learned; rest on one switch does not', () => {
  const floor = { ...FLOOR_UNSEEN, pair: SEEN, moving: true, dueMs: 100 };
  const rested = (switches: Floor['switches']) => rest({ ...floor, switches }, 100 as MonoMs).pair;
  assert.is(rested('none'), SEEN, 'on none');
  assert.ok(isSpoilt(rested('upper')), 'on one');
});

test('a loop towards the far end speaks for the order, where its mirror image has no room at the near one', () => {
  const shaft = facts({ landingHeightsMm: [0, 3000, 6000, 9000], baseLanding: 2 });
  const down = atBase({ ...PAIR_UNSEEN, loop: { at: 0, low: -2, high: 0 } }, shaft);
  assert.equal([down.agree, down.oppose], [1, 0], 'two down, where there is one up');
});

test.run();
