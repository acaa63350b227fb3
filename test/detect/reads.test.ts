/** What a detector says that it reads is all that it reads: the judge does not ask it when something else changes. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MonoMs } from '../../src/clock.ts';
import { DETECTORS } from '../../src/detect/detectors.ts';
import { keyOf } from '../../src/detect/judge.ts';
import { bitsOf, changesBetween, PARTS, type Part } from '../../src/lift/changes.ts';
import type { LiftState } from '../../src/lift/state.ts';
import { facts } from '../facts.ts';
import { stateAt } from './draw.ts';
import { statesOf } from './states.ts';

const states = statesOf(7);

test('no detector reads a part that it does not name', () => {
  assert.ok(states.length > 500, 'an hour of changes');
  for (const detector of DETECTORS) {
    const named = new Set<string>(detector.reads);
    if (named.has('link')) named.add('silentSinceMs');
    if (named.has('restMm')) named.add('positionMm');
    const read = new Set<string>();
    const spying = (state: LiftState) =>
      new Proxy(state, {
        get(target, part) {
          read.add(String(part));
          return Reflect.get(target, part);
        },
      });
    for (const standing of [false, true]) {
      for (const muted of [false, true]) {
        let watch = detector.start(standing);
        for (const { state, atMs } of states)
          watch = detector.step(watch, spying(state), { facts: facts(), nowMs: atMs, muted });
      }
    }
    assert.equal(
      [...read].filter((part) => !named.has(part)),
      [],
      `${keyOf(detector)} reads what it does not name`,
    );
  }
});

/** Another value of the parts that are no objects. */
const OTHER: { readonly [part: string]: unknown } = { miscount: true, link: 'live', pairOrder: 'right' };

test('each part of a lift has its bit', () => {
  const was = stateAt({}, 0, {}, 0);
  for (const part of PARTS.filter((one) => one !== 'restMm')) {
    const now = {
      ...was,
      [part]: OTHER[part] ?? { ...(was[part] as object) },
    };
    const changed: Part[] = part === 'positionMm' ? [part, 'restMm'] : [part];
    assert.is(changesBetween(was, now as LiftState), bitsOf(changed), part);
  }
  assert.is(changesBetween(was, { ...was, silentSinceMs: 5 as MonoMs }), bitsOf(['link']), 'since when it is silent');
  const runs = { ...was, moving: { ...was.moving, value: true } };
  const further = { ...runs, positionMm: { ...was.positionMm } };
  assert.is(changesBetween(runs, further), bitsOf(['positionMm']), 'the position of a car on its way');
  assert.is(changesBetween(was, { ...was }), 0, 'nothing');
});

test.run();
