import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { simulate } from '../../hil/simulate.ts';
import type { LiftEvent } from '../../src/lift/events.ts';
import { loaded, mutes } from '../simulated.ts';

test('scans that would find nothing changed may be left out, and bytes too: the events are the same', () => {
  for (const seed of [1, 2, 77]) {
    const lives = [true, false].map((capture) => {
      const events: LiftEvent[] = [];
      const onEvent = (event: LiftEvent) => events.push(event);
      const report = simulate({
        ...{ loaded, mutes, seed, hours: 8, onEvent },
        ...(capture ? { capture: () => {} } : {}),
      });
      return { report, events };
    });
    assert.ok((lives[0]?.events.length ?? 0) > 50, `seed ${seed}: a life`);
    assert.equal(lives[0], lives[1], `seed ${seed}: on the wire and off it`);
  }
});

test.run();
