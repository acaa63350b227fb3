import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Mbap } from '../../../drivers/modbus/mbap.ts';
import type { MonoMs } from '../../../src/clock.ts';

const at = (ms: number) => ms as MonoMs;
const TIMEOUT_MS = 400;
const SILENT_MS = 5000;
/** a reply of one register to the transaction */
const reply = (transaction: number) => Uint8Array.of(0, transaction, 0, 0, 0, 5, 1, 4, 2, 0, 7);

test('a server that is behind is waited for as long as the longest that came late says, not the last', () => {
  const mbap = new Mbap();
  // The first is answered after 1400 ms; those that queue behind it come late too, each by less.
  for (const ms of [0, 400, 800]) mbap.sent(at(ms));
  for (const [transaction, ms] of [
    [1, 1400],
    [2, 1410],
    [3, 1420],
  ] as const) {
    assert.ok(mbap.heard(reply(transaction), at(ms), TIMEOUT_MS), 'in step');
  }
  assert.is(mbap.owed, 0, 'all are answered');
  assert.is(mbap.waitMs(at(1420), SILENT_MS), 0, 'and nothing is waited for');
  mbap.sent(at(2000));
  assert.is(mbap.waitMs(at(2400), SILENT_MS), 1700, 'one and a half times 1400 ms from when it was sent');
});

test.run();
