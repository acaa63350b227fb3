/** A slice of the replug bench: the goals hold of five returns, too. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { replug } from '../../../hil/bench/replug.ts';

test('an adapter that is pulled and put back five times is read again within 2 s each time, and leaves no descriptor', async () => {
  const { resumedMs, renamed, descriptors } = await replug(5, [50, 500], 1);
  assert.is(resumedMs.length, 5, 'five returns');
  for (const ms of resumedMs) assert.ok(ms <= 2000, `read again after ${ms} ms`);
  assert.ok(renamed >= 2, `${renamed} of them under another name`);
  assert.is(descriptors.after, descriptors.before, 'no descriptor is left');
});

test.run();
