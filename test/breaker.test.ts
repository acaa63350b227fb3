import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Breaker } from '../src/breaker.ts';
import type { MonoMs } from '../src/clock.ts';

const at = (ms: number) => ms as MonoMs;

test('silent, it is left alone until its late reply can no longer come; answered, it is asked as before', () => {
  const breaker = new Breaker(700);
  assert.ok(breaker.living, 'nothing is known against it');
  breaker.silent(at(700), at(1000));
  assert.is(breaker.restUntilMs, 1700, 'the late-reply window');
  assert.not.ok(breaker.living || breaker.dead, 'once is not dead');
  breaker.answered(20);
  assert.ok(breaker.living && breaker.restUntilMs < 0, 'at once');
});

test('dead after three silences in a row: probed for three times what the living take, and every twentieth time for as long as it may take', () => {
  const breaker = new Breaker(700);
  breaker.silent(at(0), at(300));
  breaker.silent(at(1000), at(1300));
  assert.is(
    breaker.patienceMs(() => 40),
    undefined,
    'not yet known to be dead',
  );
  breaker.silent(at(2000), at(2300));
  const patience = Array.from({ length: 40 }, (_, turn) => {
    const ms = breaker.patienceMs(() => 40);
    breaker.silent(at(3000 + turn * 1000), at(3120 + turn * 1000));
    return ms;
  });
  assert.is(breaker.restUntilMs, 42_000 + 300 + 700, 'given up early, its late reply may come as late as ever');
  assert.is(patience.filter((ms) => ms === undefined).length, 2, 'twice in forty');
  assert.ok(
    patience.every((ms) => ms === undefined || ms === 120),
    '3 * 40 ms else',
  );
  assert.is(
    breaker.patienceMs(() => 2),
    20,
    'never less than 20 ms',
  );
  assert.is(
    breaker.patienceMs(() => 0),
    undefined,
    'as long as the line allows where nobody answers',
  );
});

test('its share: what it took, times the slaves of the line', () => {
  const breaker = new Breaker(700);
  breaker.took(at(1000), at(1150), 8);
  assert.is(breaker.sharedUntilMs, 2200, '150 ms of 1200');
});

test('what it takes to answer is remembered at its longest, and forgotten slowly', () => {
  const breaker = new Breaker(700);
  breaker.answered(100);
  breaker.answered(10);
  assert.is(breaker.answerMs, 98, 'two hundredths less');
  for (let n = 0; n < 300; n++) breaker.answered(10);
  assert.is(breaker.answerMs, 10, 'and at last what it takes now');
});

test.run();
