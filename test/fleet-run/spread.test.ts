import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { meanUnder, mostInASecond, type Spread, spreadOf } from '../../hil/fleet-run/spread.ts';
import { Random } from '../../hil/lift/random.ts';
import { backoffMs } from '../../src/uplink/backoff.ts';

/** Every attempt of boxes that lose their broker at 0, until each has found it: it is back at `backMs`. */
function attempts(boxes: number, spread: Spread, backMs: number, random: Random): number[] {
  return Array.from({ length: boxes }, () => {
    const at: number[] = [];
    for (let n = 0; (at.at(-1) ?? -1) < backMs; n++) at.push((at.at(-1) ?? 0) + backoffMs(n, spread, random.next()));
    return at;
  }).flat();
}

function sound(boxes: number, perSecond: number): Spread {
  const spread = spreadOf(boxes, perSecond);
  if (!spread) throw new Error('no spread');
  return spread;
}

test('however long the broker was away, no second has more attempts than the limit, and the wait is not much too long', () => {
  const random = new Random('spread');
  for (const [boxes, perSecond] of [
    [200, 50],
    [5000, 200],
    [45_000, 1000],
  ] as const) {
    const spread = sound(boxes, perSecond);
    const firstMs = spread.retryFirstMs;
    const most = [0, firstMs / 10, firstMs, 3 * firstMs, 20 * firstMs].map((backMs) =>
      mostInASecond(attempts(boxes, spread, backMs, random)),
    );
    assert.ok(Math.max(...most) <= perSecond, `${boxes} boxes under ${perSecond}: ${most.join(' ')}`);
    assert.ok(Math.max(...most) > perSecond / 2, `${boxes} boxes use the limit: ${most.join(' ')}`);
  }
});

test('waits that do not double bring more than the limit: the factor needs them', () => {
  const spread = sound(5000, 200);
  const flat = { ...spread, retryMaxMs: spread.retryFirstMs };
  const most = mostInASecond(attempts(5000, flat, 3 * spread.retryFirstMs, new Random('flat')));
  assert.ok(most > 200, `${most} in a second`);
});

test('more boxes wait longer, a higher rate shorter, and strays are counted in', () => {
  const spread = sound(5000, 200);
  assert.ok(sound(10_000, 200).retryFirstMs > 1.9 * spread.retryFirstMs, 'twice the boxes');
  assert.ok(sound(5000, 400).retryFirstMs < 0.5 * spread.retryFirstMs, 'twice the rate: less margin is lost to chance');
  assert.ok((spreadOf(5000, 200, 20)?.retryFirstMs ?? 0) > spread.retryFirstMs, 'strays');
  assert.is(spreadOf(5000, 200, 150), null, 'more strays than the limit has room for');
  assert.is(spreadOf(1_000_000, 100), null, 'longer than an hour');
  const mean = meanUnder(200);
  assert.ok(Math.abs(mean + 5 * Math.sqrt(mean) - 200) < 1e-9, 'the mean and five deviations are the limit');
});

test('the most in a second counts from any moment', () => {
  assert.is(mostInASecond([]), 0, 'none');
  assert.is(mostInASecond([1999, 0, 1000]), 2, '1000 and 1999');
  assert.is(mostInASecond([0, 1000]), 1, 'a second later is another second');
});

test.run();
