/** Eight slaves, three of them bad: the five good ones keep their cycle. In virtual time, so it is the same on every machine. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bench } from '../../../hil/bench/bus.ts';

test('the good ones keep their cycle, and the dead one is back within 2 s', async () => {
  const measures = await bench.run();
  assert.is(measures.length, 4, 'a line with room, and one without');
  assert.equal(
    measures.filter(({ ok }) => !ok).map(({ name, value, goal }) => `${name}: ${value}, ${goal}`),
    [],
    'goals',
  );
});

test.run();
