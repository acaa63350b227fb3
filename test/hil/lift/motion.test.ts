import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Agenda } from '../../../hil/lift/agenda.ts';
import { Motion } from '../../../hil/lift/motion.ts';
import { Shaft } from '../../../hil/lift/shaft.ts';
import { planTravel } from '../../../hil/lift/travel.ts';
import { type FlagEdge, Wiring } from '../../../hil/lift/wiring.ts';
import { ms, office } from './lifts.ts';

const limits = { speedMmPerS: 1750, accelerationMmPerS2: 1000, jerkMmPerS3: 1200 };

function standing(landing: number) {
  const agenda = new Agenda(ms(0));
  const wiring = new Wiring(landing, () => agenda.nowMs);
  const motion = new Motion(agenda, new Shaft(office), wiring, landing, () => {});
  const edges: FlagEdge[] = [];
  const places: number[] = [];
  wiring.onEdge((edge) => {
    edges.push(edge);
    places.push(motion.positionMm);
  });
  return { agenda, wiring, motion, edges, places };
}

const short = ({ signal, on }: FlagEdge) => `${on ? '+' : '-'}${signal}`;

test('going up, the upper switch leaves and meets a vane first', () => {
  const { agenda, motion, edges, places, wiring } = standing(2);
  motion.start(planTravel(8100, 11_400, limits));
  agenda.advanceTo(ms(60_000));
  assert.equal(
    edges.map(short),
    [
      ...['+moving', '+brakeReleased', '-levelUpper', '-levelLower', '-doorZone'],
      ...['+doorZone', '+levelUpper', '+levelLower', '-moving', '-brakeReleased'],
    ],
    'the order of the edges',
  );
  const heights = [8100, 8100, 8125, 8175, 8300, 11_200, 11_325, 11_375, 11_400, 11_400];
  for (const [i, height] of heights.entries()) {
    assert.ok(Math.abs((places[i] ?? 0) - height) < 0.002, `${edges[i]?.signal} at ${height} mm: ${places[i]}`);
  }
  assert.is(wiring.truth.landing, 3, 'the landing it came to');
});

test('going down, the lower switch leaves and meets a vane first', () => {
  const { agenda, motion, edges } = standing(3);
  motion.start(planTravel(11_400, 8100, limits));
  agenda.advanceTo(ms(60_000));
  assert.equal(
    edges.map(short),
    [
      ...['+moving', '+brakeReleased', '-levelLower', '-levelUpper', '-doorZone'],
      ...['+doorZone', '+levelLower', '+levelUpper', '-moving', '-brakeReleased'],
    ],
    'the order of the edges',
  );
});

test('a car that turns round meets again what it left, the other way round', () => {
  const { agenda, motion, edges, wiring } = standing(2);
  motion.start(planTravel(8100, 18_000, limits));
  agenda.advanceTo(ms(1500));
  motion.emergencyStop();
  agenda.advanceTo(ms(10_000));
  assert.is(wiring.truth.moving, false, 'stopped');
  const stoppedMm = motion.positionMm;
  assert.ok(stoppedMm > 8300 && stoppedMm < 9750, `between the landings: ${stoppedMm}`);
  motion.start(planTravel(stoppedMm, 8100, limits));
  agenda.advanceTo(ms(60_000));
  assert.equal(
    edges.map(short),
    [
      ...['+moving', '+brakeReleased', '-levelUpper', '-levelLower', '-doorZone', '-moving', '-brakeReleased'],
      ...['+moving', '+brakeReleased', '+doorZone', '+levelLower', '+levelUpper', '-moving', '-brakeReleased'],
    ],
    'the order of the edges',
  );
  assert.is(wiring.truth.landing, 2, 'never passed the middle');
});

test('the landing changes at the middle between two, and the base switch is on within 50 mm', () => {
  const { agenda, motion, edges, places, wiring } = standing(0);
  motion.start(planTravel(0, 8100, limits));
  let changedMm: number | null = null;
  while (Number.isFinite(agenda.nextMs)) {
    agenda.advanceTo(agenda.nextMs);
    if (wiring.truth.landing === 1 && changedMm === null) changedMm = motion.positionMm;
  }
  assert.ok(Math.abs((changedMm ?? 0) - 1800) < 0.002, `the middle of the first gap: ${changedMm}`);
  const base = edges.flatMap(({ signal, on }, i) => (signal === 'baseLanding' ? [{ on, mm: places[i] ?? 0 }] : []));
  assert.equal(
    base.map(({ on, mm }) => `${on} ${mm.toFixed(1)}`),
    ['true 3550.0', 'false 3650.0'],
    'the base switch',
  );
});

test('the end limits act 80 mm beyond the end landings', () => {
  for (const [landing, beyond] of [
    [7, 120],
    [0, -120],
  ] as const) {
    const { agenda, motion, edges, places } = standing(landing);
    const levelMm = office.landingHeightsMm[landing] ?? 0;
    motion.start(planTravel(levelMm, levelMm + beyond, limits));
    agenda.advanceTo(ms(10_000));
    const at = edges.findIndex(({ signal, on }) => signal === 'endLimit' && on);
    const way = Math.abs((places[at] ?? 0) - levelMm);
    assert.ok(Math.abs(way - 80) < 0.002, `80 mm beyond landing ${landing}: ${way}`);
  }
});

test('a sagging car is not moving, a slipping one is until it is settled', () => {
  const { agenda, motion, wiring } = standing(2);
  motion.start(planTravel(8100, 8085, { ...limits, speedMmPerS: 15 }), 'sagging');
  assert.is(wiring.truth.moving, false, 'the machine is at rest');
  agenda.advanceTo(ms(5000));
  assert.ok(Math.abs(motion.positionMm - 8085) < 1e-6, 'and yet the car has sunk');
  motion.start(planTravel(8085, 9000, limits), 'slipping');
  agenda.advanceTo(ms(60_000));
  assert.is(wiring.truth.moving, true, 'the machine turns');
  assert.is(motion.speedMmPerS, 0, 'the car stays');
  motion.settle();
  assert.is(wiring.truth.moving, false, 'settled');
});

test.run();
