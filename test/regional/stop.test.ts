/** What becomes of a request that is on its way when the box stops. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TAKEN, TOKEN } from './fake-platform.ts';
import { alarm, owed, rig } from './rig.ts';

test('stop waits a moment for the answer, and forgets what was taken', async () => {
  const { clock, platform, outbox, start } = rig();
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : null);
  const regional = start();
  await outbox.append([alarm()]);
  await clock.advance(500);
  let done = false;
  const stopped = regional.stop().then(() => {
    done = true;
  });
  await clock.advance(1000);
  assert.is(done, false, 'it waits');
  for (const request of [...platform.waiting]) request.answer({ answer: TAKEN });
  await stopped;
  assert.is(await owed(outbox), 0, 'what was taken is forgotten');
  assert.is(regional.state.state, 'off', 'and it is off');
});

test('stop gives up after two seconds, and the record stays', async () => {
  const { clock, platform, outbox, start } = rig();
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : null);
  const regional = start();
  await outbox.append([alarm()]);
  await clock.advance(500);
  const stopped = regional.stop();
  await clock.advance(2000);
  await stopped;
  assert.ok(platform.aborted >= 1, 'the request is given up');
  assert.is(await owed(outbox), 1, 'the record is sent when the box is back');
});

test.run();
