import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../../hil/lift/random.ts';
import { planStop, planTravel, type Travel, type TravelLimits } from '../../../hil/lift/travel.ts';

const limits: TravelLimits = {
  speedMmPerS: 1750,
  accelerationMmPerS2: 1000,
  jerkMmPerS3: 1200,
  levelling: { speedMmPerS: 100, distanceMm: 60 },
};
const random = new Random('travel test');
const distances = [
  1,
  15,
  100,
  239,
  241,
  900,
  3000,
  5200,
  24_600,
  ...Array.from({ length: 12 }, () => random.between(5, 20_000)),
];

/** Speed, acceleration and jerk by differences of the positions themselves, 5 ms apart. */
function extremes(travel: Travel) {
  const stepMs = 5;
  const most = { speed: 0, acceleration: 0, jerk: 0 };
  const at = (ms: number) => travel.positionMm(Math.max(0, ms));
  for (let ms = -3 * stepMs; ms <= travel.lengthMs + 3 * stepMs; ms += stepMs) {
    const [a, b, c, d] = [at(ms), at(ms + stepMs), at(ms + 2 * stepMs), at(ms + 3 * stepMs)];
    const s = stepMs / 1000;
    most.speed = Math.max(most.speed, Math.abs(b - a) / s);
    most.acceleration = Math.max(most.acceleration, Math.abs(c - 2 * b + a) / s ** 2);
    most.jerk = Math.max(most.jerk, Math.abs(d - 3 * c + 3 * b - a) / s ** 3);
  }
  return most;
}

test('speed, acceleration and jerk stay within their limits, up and down, near and far', () => {
  for (const distance of distances) {
    for (const toMm of [5000 + distance, 5000 - distance]) {
      const travel = planTravel(5000, toMm, limits);
      const most = extremes(travel);
      assert.ok(most.speed <= 1750.001, `speed over ${distance} mm: ${most.speed}`);
      assert.ok(most.acceleration <= 1000.5, `acceleration over ${distance} mm: ${most.acceleration}`);
      assert.ok(most.jerk <= 1201, `jerk over ${distance} mm: ${most.jerk}`);
      assert.ok(Math.abs(travel.toMm - toMm) < 1e-6, `it ends where it should: ${travel.toMm} for ${toMm}`);
      assert.is(travel.speedMmPerS(travel.lengthMs), 0, 'it ends at rest');
      assert.is(travel.up, toMm > 5000, 'it knows its direction');
    }
  }
});

test('a long travel reaches the rated speed, and levels in slowly', () => {
  const travel = planTravel(0, 24_600, limits);
  assert.ok(Math.abs(travel.speedMmPerS(travel.lengthMs / 2) - 1750) < 1e-9, 'rated speed half-way');
  const speed = travel.speedMmPerS(travel.crossingMs(24_600 - 50) ?? 0);
  assert.ok(Math.abs(speed - 100) < 1e-6, `levelling speed 50 mm before the level: ${speed}`);
});

test('speed is the slope of the position', () => {
  const travel = planTravel(24_600, 3000, limits);
  for (let ms = 1; ms < travel.lengthMs - 1; ms += 97) {
    const slope = (travel.positionMm(ms + 0.01) - travel.positionMm(ms - 0.01)) / 0.00002;
    assert.ok(Math.abs(slope - travel.speedMmPerS(ms)) < 0.1, `at ${ms} ms: ${slope} and ${travel.speedMmPerS(ms)}`);
  }
});

test('a crossing is the moment at which the position is there, to less than a microsecond', () => {
  for (const [fromMm, toMm] of [
    [0, 24_600],
    [24_600, 0],
    [3600, 3615],
  ] as const) {
    const travel = planTravel(fromMm, toMm, limits);
    for (let share = 0.01; share < 1; share += 0.049) {
      const mm = fromMm + share * (toMm - fromMm);
      const ms = travel.crossingMs(mm);
      assert.ok(ms !== null, `${mm} mm is on the way`);
      const farMm = Math.abs(travel.positionMm(ms ?? 0) - mm);
      const speed = Math.abs(travel.speedMmPerS(ms ?? 0));
      assert.ok(farMm <= speed * 1e-6 + 1e-9, `${farMm} mm off at ${speed} mm/s`);
    }
    assert.is(travel.crossingMs(fromMm - Math.sign(toMm - fromMm)), null, 'behind the start: never');
    assert.is(travel.crossingMs(toMm + Math.sign(toMm - fromMm)), null, 'beyond the end: never');
  }
});

test('an emergency stop begins at the speed and place it is called at, and brakes at 2 m/s2', () => {
  for (const speed of [1750, -1750, 300]) {
    const stop = planStop(9000, speed);
    assert.is(stop.positionMm(0), 9000, 'no jump of position');
    assert.is(stop.speedMmPerS(0), speed, 'no jump of speed');
    assert.ok(Math.abs(stop.lengthMs - Math.abs(speed) / 2) < 1e-9, 'a second for each 2 m/s');
    assert.ok(Math.abs(stop.toMm - (9000 + (speed * Math.abs(speed)) / 4000)) < 1e-9, 'the braking way');
  }
  assert.is(planStop(9000, 0).lengthMs, 0, 'nothing to brake at rest');
});

test.run();
