/** Recordings of runs, SYNTHETIC here: a car driven by a known speed, with what a phone adds. Real ones: hil/real/README.md. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { motionOf } from '../../../hil/real/motion.ts';
import { directionNamed, parseRecording } from '../../../hil/real/recording.ts';
import { throughTheRoom } from '../../../hil/real/through.ts';
import { verdictOn } from '../../../hil/real/verdict.ts';

const SAMPLES_PER_S = 100;
const CREEP_S = 2;

interface Drive {
  readonly topMPerS?: number;
  readonly rateMPerS2?: number;
  readonly cruiseS?: number;
  readonly restS?: number;
  readonly column?: 'x' | 'y' | 'z';
  /** m/s², as if gravity were not quite taken out */
  readonly bias?: number;
  /** m/s² more as long as the car moves */
  readonly tilt?: number;
  /** it brakes to this speed, and only then to rest */
  readonly creepMPerS?: number;
  /** the sensor loses what lasts longer than this, s */
  readonly highPassS?: number;
}

/** At rest, then a run of the given speed (negative is down), then at rest; steps and hum are the same each time. */
function accelerations(drive: Drive): number[] {
  const {
    topMPerS = 1,
    rateMPerS2 = 0.5,
    cruiseS = 10,
    restS = 3,
    bias = 0,
    tilt = 0,
    creepMPerS = 0,
    highPassS,
  } = drive;
  const rate = Math.sign(topMPerS) * rateMPerS2;
  const brakeS = (Math.abs(topMPerS) - creepMPerS) / rateMPerS2;
  /** seconds, m/s² */
  const parts: readonly (readonly [number, number])[] = [
    [restS, 0],
    [Math.abs(topMPerS) / rateMPerS2, rate + tilt],
    [cruiseS, tilt],
    [brakeS, -rate + tilt],
    [creepMPerS > 0 ? CREEP_S : 0, tilt],
    [creepMPerS / rateMPerS2, -rate + tilt],
    [restS, 0],
  ];
  const samples = parts
    .flatMap(([seconds, value]) => Array.from({ length: Math.round(seconds * SAMPLES_PER_S) }, () => value))
    .map((value, n) => value + bias + 0.03 * Math.sin(n * 1.7) + (n % 170 < 6 ? 0.6 * Math.sin(n) : 0));
  if (highPassS === undefined) return samples;
  let lasting = 0;
  return samples.map((value) => {
    lasting += (value - lasting) / (highPassS * SAMPLES_PER_S);
    return value - lasting;
  });
}

function csvOf(values: readonly number[], column: 'x' | 'y' | 'z' = 'z'): string {
  const rows = values.map((value, n) => {
    const cells = ['x', 'y', 'z'].map((axis) => (axis === column ? value : 0.01 * Math.sin(n)));
    return [n / SAMPLES_PER_S, ...cells, Math.abs(value)].map((cell) => cell.toExponential(6)).join(',');
  });
  const head = ['x', 'y', 'z'].map((axis) => `"Linear Acceleration ${axis} (m/s^2)"`).join(',');
  return [`"Time (s)",${head},"Absolute acceleration (m/s^2)"`, ...rows, ''].join('\n');
}

function motion(drive: Drive) {
  const recording = parseRecording(csvOf(accelerations(drive), drive.column));
  if (!recording) throw new Error('a recording');
  return motionOf(recording);
}

const near = (value: number | undefined, wanted: number, what: string) =>
  assert.ok(Math.abs((value ?? Number.NaN) - wanted) < 0.05 * wanted, `${what}: ${value} for ${wanted}`);

for (const [name, drive, direction] of [
  ['up', {}, 'up'],
  ['down', { topMPerS: -1 }, 'down'],
  ['a phone that stands upright', { column: 'y' }, 'up'],
  ['gravity not quite taken out', { topMPerS: -1, bias: 0.15 }, 'down'],
  ['a phone that tilts on the way', { tilt: 0.025, cruiseS: 6, restS: 12 }, 'up'],
  ['an old lift that creeps to its landing', { topMPerS: -1, creepMPerS: 0.4 }, 'down'],
  ['a slow hydraulic lift', { topMPerS: 0.5, rateMPerS2: 0.25, cruiseS: 20 }, 'up'],
  ['a fast lift', { topMPerS: -1.75, rateMPerS2: 1, cruiseS: 20 }, 'down'],
] as const satisfies readonly (readonly [string, Drive, string])[]) {
  test(`synthetic, ${name}: one trip ${direction} of the right speed, way and time, no fault`, () => {
    const { topMPerS = 1, rateMPerS2 = 0.5, cruiseS = 10, column = 'z', creepMPerS = 0 } = drive as Drive;
    const top = Math.abs(topMPerS);
    const creepS = creepMPerS > 0 ? CREEP_S : 0;
    const made = motion(drive);
    assert.is(made.axis, column, 'the axis that moves');
    assert.is(made.runs.length, 1, 'one run');
    near(made.runs[0]?.way?.distanceM, top * (cruiseS + top / rateMPerS2) + creepMPerS * creepS, 'distance, m');
    const { trips, faults } = throughTheRoom(made);
    assert.equal(
      trips.map((trip) => trip.direction),
      [direction],
      'trips',
    );
    near((trips[0]?.topSpeedMmPerS ?? 0) / 1000, top, 'top speed, m/s');
    const tookS = ((trips[0]?.atMs ?? 0) - (trips[0]?.startMs ?? 0)) / 1000;
    assert.ok(Math.abs(tookS - (cruiseS + creepS + (2 * top) / rateMPerS2)) < 1, `run time: ${tookS} s`);
    assert.equal(faults, [], 'faults');
  });
}

test('synthetic, up and down again: two trips, the speed 0 between them', () => {
  const recording = parseRecording(csvOf([...accelerations({}), ...accelerations({ topMPerS: -1 })]));
  if (!recording) throw new Error('a recording');
  const made = motionOf(recording);
  assert.equal(
    throughTheRoom(made).trips.map(({ direction }) => direction),
    ['up', 'down'],
    'trips',
  );
  const [first, second] = made.runs;
  const between = made.speeds?.subarray(Math.ceil((first?.endS ?? 0) * 50), Math.floor((second?.startS ?? 0) * 50));
  assert.ok(between && between.length > 200 && between.every((speed) => speed === 0), 'at rest between them');
});

test('synthetic, a sensor that loses what lasts: the trip and its direction, and no speed', () => {
  for (const [topMPerS, direction] of [
    [1.5, 'up'],
    [-1.5, 'down'],
  ] as const) {
    const verdict = verdictOn(`${direction}.csv`, csvOf(accelerations({ topMPerS, rateMPerS2: 0.8, highPassS: 0.6 })));
    assert.is(verdict?.asExpected, true, `${direction}: as expected`);
    assert.match(
      verdict?.came ?? '',
      new RegExp(`^${direction} 1[56]\\.\\d s \\(z\\)$`),
      'its 13.8 s, and the swing of the sensor after them',
    );
    assert.match(verdict?.remark ?? '', /no speed/, 'why');
  }
});

test('synthetic, a car faster than its lift may be: overspeed comes', () => {
  const { trips, faults } = throughTheRoom(motion({ topMPerS: 2.6, rateMPerS2: 1 }));
  assert.is(trips.length, 1, 'trips');
  assert.equal(faults, ['overspeed'], 'faults');
});

test('synthetic, what cannot be read is no trip, and is told', () => {
  const whole = accelerations({});
  for (const [name, values, remark] of [
    ['still', accelerations({ topMPerS: 0, cruiseS: 20 }), /lies still/],
    ['cut off before it stops', whole.slice(0, 1200), /does not come to rest/],
    ['cut off as it stops', whole.slice(0, 1690), /does not come to rest/],
    ['a start alone, undone by the sensor', accelerations({ highPassS: 0.5 }).slice(0, 1000), /swings of under 2 m/],
  ] as const) {
    const verdict = verdictOn('lift_up.csv', csvOf(values));
    assert.is(verdict?.asExpected, false, `${name}: not as expected`);
    assert.match(verdict?.came ?? '', /no trip/, name);
    assert.match(verdict?.remark ?? '', remark, name);
  }
});

test('the verdict holds the trip against the name', () => {
  const csv = csvOf(accelerations({}));
  assert.is(verdictOn('a/up.csv', csv)?.asExpected, true, 'up, and up it went');
  assert.is(verdictOn('a/down.csv', csv)?.asExpected, false, 'down, and up it went');
  assert.is(verdictOn('a/run7.csv', csv)?.asExpected, null, 'nothing said');
  assert.is(verdictOn('a/not_moving.csv', csv)?.asExpected, false, 'still, and up it went');
  const tooFast = csvOf(accelerations({ topMPerS: 2.6, rateMPerS2: 1 }));
  assert.is(verdictOn('a/up.csv', tooFast)?.asExpected, false, 'up, but with a fault');
  assert.is(verdictOn('a/up.csv', 'Time (s),Latitude\n1,2\n'), null, 'no acceleration');
});

test('directions by name: of the file first, of its folders then', () => {
  for (const [path, direction] of [
    ['data/elevator_up_data.csv', 'up'],
    ['data/OA11_elevator_downward_run.csv', 'down'],
    ['Elevator_bot_totop.csv', 'up'],
    ['Elevator_toptobot.csv', 'down'],
    ['Acceleration_Down_to_Up.csv', 'up'],
    ['Acceleration_Up_to_Down.csv', 'down'],
    ['Acceleration_Lowest to top floor.csv', 'up'],
    ['Acceleration_top to Lowest floor.csv', 'down'],
    ['Accl_bottom_top.csv', 'up'],
    ['LL02_edndata.csv', 'down'],
    ['csv/AccelUp.csv', 'up'],
    ['AVG001_accel_elevator_down_1/Raw Data.csv', 'down'],
    ['ad001_acceleration_down/meta/raw_data.csv', 'down'],
    ['LL05_eletot.csv', null],
    ['update/supper.csv', null],
  ] as const) {
    assert.is(directionNamed(path), direction, path);
  }
});

test.run();
