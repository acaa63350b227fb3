/** A look that finds nothing new changes nothing: a quiet lift costs no memory, and an open fault stays as it began. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monoMs } from '../../src/clock.ts';
import { DETECTORS } from '../../src/detect/detectors.ts';
import { keyOf } from '../../src/detect/judge.ts';
import { facts } from '../facts.ts';
import { statesOf } from './states.ts';

const states = statesOf(7);

for (const detector of DETECTORS) {
  test(`${keyOf(detector)}: looking twice at the same lift is looking once, to the very object`, () => {
    for (const standing of [false, true]) {
      for (const muted of [false, true]) {
        let watch = detector.start(standing);
        for (const { state, atMs } of states) {
          const around = { facts: facts(), nowMs: atMs, muted };
          const was = watch;
          watch = detector.step(was, state, around);
          // What has just begun or ended looks at this state for the first time.
          if (watch.standing !== was.standing) continue;
          assert.is(detector.step(watch, state, around), watch, `at ${atMs} ms`);
          const later = Math.min(watch.dueMs - 1, atMs + 1);
          if (later < atMs) continue;
          assert.is(
            detector.step(watch, state, { ...around, nowMs: monoMs(later) }),
            watch,
            `a moment after ${atMs} ms`,
          );
        }
      }
    }
  });
}

test.run();
