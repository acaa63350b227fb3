import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { REOPEN_AFTER_MS } from '../../../drivers/reopen.ts';
import { KeptSerial } from '../../../drivers/serial/kept.ts';
import type { OpenSerial, SerialEvents } from '../../../drivers/serial/port.ts';
import { VirtualClock } from '../../../src/clock.ts';

const settings = { path: '/dev/adapter', baud: 9600, parity: 'none', stopBits: 1 } as const;

function make() {
  const clock = new VirtualClock();
  const told: string[] = [];
  const openedAtMs: number[] = [];
  const ends: (SerialEvents & { closed: boolean })[] = [];
  const open: OpenSerial = (_settings, events) => {
    openedAtMs.push(clock.monoMs());
    const end = { ...events, closed: false };
    ends.push(end);
    return {
      write: (bytes) => told.push(`end ${ends.length} wrote ${bytes}`),
      close: async () => {
        end.closed = true;
      },
    };
  };
  const kept = new KeptSerial({
    ...{ settings, clock, bus: 'line-1', open },
    up: () => told.push('up'),
    down: (why) => told.push(`down: ${why}`),
    chunk: () => told.push('chunk'),
  });
  return { clock, told, openedAtMs, ends, kept };
}

test('it is opened again for ever, after the waits that are set, and from the first of them once it was open', async () => {
  const { clock, told, openedAtMs, ends } = make();
  const gapsMs = [...REOPEN_AFTER_MS, 1000, 1000];
  for (const [at, gapMs] of gapsMs.entries()) {
    ends.at(-1)?.lost('pulled');
    await clock.advance(gapMs - 1);
    assert.is(openedAtMs.length, at + 1, `not before ${gapMs} ms`);
    await clock.advance(1);
    assert.is(openedAtMs.length, at + 2, `after ${gapMs} ms`);
  }
  ends.at(-1)?.opened();
  ends.at(-1)?.lost('pulled');
  await clock.advance(REOPEN_AFTER_MS[0]);
  assert.is(openedAtMs.length, gapsMs.length + 2, 'the first wait again');
  assert.equal(told, [...gapsMs.map(() => 'down: pulled'), 'up', 'down: pulled'], 'each was told');
});

test('closed while it waits: no further attempt is made', async () => {
  const { clock, openedAtMs, ends, kept } = make();
  ends[0]?.lost('pulled');
  await kept.close();
  await clock.advance(10_000);
  assert.equal(openedAtMs, [0], 'the first attempt alone');
  assert.ok(ends[0]?.closed, 'the end that is gone is waited for, too: it is free for others after close');
});

test('writes go to the end that is open now', async () => {
  const { clock, told, ends, kept } = make();
  ends[0]?.opened();
  kept.write(Uint8Array.of(1));
  ends[0]?.lost('pulled');
  await clock.advance(REOPEN_AFTER_MS[0]);
  ends[1]?.opened();
  kept.write(Uint8Array.of(2));
  assert.equal(told, ['up', 'end 1 wrote 1', 'down: pulled', 'up', 'end 2 wrote 2'], 'in turn');
});

test.run();
