/** The direction of RS-485: no port of this machine has a driver for it, so what is shown is the refusal, told as such. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openSerial } from '../../../drivers/serial/port.ts';
import { openPtyPair } from '../../../hil/wire/pty.ts';
import { systemClock } from '../../../src/clock.ts';

test('a port without it says so, with what to do, and is not used in the wrong direction', async () => {
  const pty = await openPtyPair();
  const events: string[] = [];
  const lost = new Promise<void>((resolve) => {
    openSerial(
      { path: pty.a, baud: 9600, parity: 'none', stopBits: 1, rs485: 'rts-high' },
      {
        opened: () => events.push('opened'),
        chunk: () => undefined,
        lost: (why) => {
          events.push(why);
          resolve();
        },
      },
      { clock: systemClock, bus: 'line' },
    );
  });
  await lost;
  assert.is(events.length, 1, 'never told as open');
  assert.match(events[0] ?? '', /RS-485/, 'what failed');
  await pty.close();
});

test.run();
