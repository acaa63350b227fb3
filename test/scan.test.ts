import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answer } from '../hil/wire/slave.ts';
import { systemClock, VirtualClock } from '../src/clock.ts';
import type { Slave } from '../src/loop.ts';
import { phaseMs, ScanLoop } from '../src/scan.ts';
import { answer, modbusLineContract } from './contract/modbus-line.ts';
import { FakeLine } from './fake-line.ts';

modbusLineContract('the fake line', async () => {
  const line = new FakeLine({ clock: systemClock, answer });
  return {
    line,
    unplug: async () => line.unplug(),
    plug: async () => line.plug(),
    close: () => line.close(),
  };
});

const zeros: Answer = (_unit, _table, _address, count) => new Array<number>(count).fill(0);

/** A slave per unit, each with one fast read of register `unit` every 200 ms. */
function slaveOf(unit: number, fast = 200, more: Slave['reads'] = []): Slave {
  const reads: Slave['reads'] = [{ group: 'fast', table: 'input', address: unit, count: 1 }, ...more];
  return { lift: `lift-${unit}`, unit, reads, intervalMs: { fast, slow: 1000 } };
}

function rig(
  slaves: readonly Slave[],
  options: { replyMs?: number; lateReplyWindowMs?: number; phaseMs?: number } = {},
) {
  const clock = new VirtualClock();
  const line = new FakeLine({ clock, answer: zeros, replyMs: options.replyMs ?? 5 });
  const troubles: string[] = [];
  const loop = new ScanLoop({
    line,
    slaves,
    clock,
    lateReplyWindowMs: options.lateReplyWindowMs ?? 1000,
    phaseMs: options.phaseMs ?? 0,
    onTrouble: ({ lift }, detail) => troubles.push(`${clock.monoMs()} ${lift} ${detail ?? 'answers'}`),
  });
  const askedOf = (unit: number) => line.asked.filter((one) => one.unit === unit).map(({ atMs }) => atMs);
  /** these units say nothing from here on */
  const hush = (...units: number[]) => {
    line.answer = (unit, ...rest) => (units.includes(unit) ? null : zeros(unit, ...rest));
  };
  const stop = async () => {
    const stopped = loop.stop();
    await clock.advance(200);
    await stopped;
  };
  return { clock, line, loop, troubles, askedOf, hush, stop };
}

/** 0, 200, 400 ... below `toMs` */
const grid = (everyMs: number, toMs: number) =>
  Array.from({ length: Math.ceil(toMs / everyMs) }, (_, at) => at * everyMs);

test('reads stay on their grid for ever, whatever a reply takes', async () => {
  const { clock, line, loop, askedOf, stop } = rig([slaveOf(1)]);
  loop.start();
  line.replyMs = 30;
  await clock.advance(5_000);
  line.replyMs = 5;
  await clock.advance(4_999);
  assert.equal(askedOf(1), grid(200, 10_000), 'every 200 ms from the start, no drift');
  assert.is(loop.overruns, 0, 'none too late');
  await stop();
});

test('a phase moves the whole grid, and does not drift either', async () => {
  const { clock, loop, askedOf, stop } = rig([slaveOf(1)], { phaseMs: 75 });
  loop.start();
  await clock.advance(9_999);
  assert.equal(
    askedOf(1),
    grid(200, 10_000).map((atMs) => atMs + 75),
    'every 200 ms, 75 ms after the start',
  );
  assert.is(loop.overruns, 0, 'nothing left out');
  await stop();
});

test('eight lines share out a turn, and those of long turns 200 ms', () => {
  const phases = (fast: number) => [0, 1, 2, 3, 4, 5, 6, 7].map((at) => phaseMs([slaveOf(1, fast)], at, 8));
  assert.equal(phases(20), [0, 2.5, 5, 7.5, 10, 12.5, 15, 17.5], 'at 50 Hz each has 2.5 ms of its own');
  assert.equal(phases(60_000), [0, 25, 50, 75, 100, 125, 150, 175], 'once a minute: all are first read at the start');
  assert.is(phaseMs([slaveOf(1, 200), slaveOf(2, 40)], 1, 2), 20, 'half a turn of its quickest');
  assert.is(phaseMs([slaveOf(1)], 0, 1), 0, 'a single line does not wait');
});

test('start() twice is one loop', async () => {
  const { clock, loop, askedOf, stop } = rig([slaveOf(1)]);
  loop.start();
  loop.start();
  await clock.advance(999);
  assert.equal(askedOf(1), grid(200, 1000), 'asked once a turn');
  await stop();
});

test('two groups of one slave, and slaves of one line, take turns', async () => {
  const slow: Slave['reads'] = [{ group: 'slow', table: 'holding', address: 100, count: 2 }];
  const { clock, line, loop, stop } = rig([slaveOf(1, 200, slow), slaveOf(2)]);
  loop.start();
  await clock.advance(1999);
  assert.equal(
    line.asked.filter(({ address }) => address === 100).map(({ atMs }) => atMs),
    [10, 1010],
    'the slow read once a second, after what was due with it: its slave had its share',
  );
  assert.equal(
    line.asked.filter(({ unit }) => unit === 2).map(({ atMs }) => atMs % 200),
    [5, 5, 5, 5, 5, 5, 5, 5, 5, 5],
    'the second slave straight after the first',
  );
  await stop();
});

test('a line that is too slow leaves turns out, counts them, and comes back to the grid', async () => {
  const { clock, line, loop, askedOf, stop } = rig([slaveOf(1, 50)], { replyMs: 90 });
  loop.start();
  await clock.advance(899);
  const late = askedOf(1);
  assert.is(late.length, 10, 'as often as the line carries');
  line.replyMs = 5;
  await clock.advance(600);
  assert.equal(askedOf(1).slice(-3), [1350, 1400, 1450], 'on the grid again');
  // Every turn of 50 ms was made or counted as left out.
  assert.is(askedOf(1).length + loop.overruns, 30, `${loop.overruns} turns left out`);
  const { overruns } = loop;
  await clock.advance(5_000);
  assert.is(loop.overruns, overruns, 'and no more since');
  await stop();
});

test('a dead slave is left alone for the late-reply window, and costs the others its time-out only', async () => {
  const { clock, loop, askedOf, hush, stop } = rig([slaveOf(1), slaveOf(2), slaveOf(3)]);
  hush(2);
  loop.start();
  await clock.advance(9_999);
  const probes = askedOf(2);
  // 100 ms until the time-out, 1000 ms of rest, then again; from the third silence on the probe itself is of 20 ms.
  const rests = probes.slice(1).map((atMs, at) => atMs - (probes[at] ?? 0));
  assert.ok(rests.length >= 6 && rests.every((ms) => ms >= 1100 && ms <= 1120), `asked ${rests.join(' ')} ms apart`);
  for (const unit of [1, 3]) {
    const asked = askedOf(unit);
    assert.is(asked.length, 50, `unit ${unit}: not one turn is missing`);
    const offGrid = asked.map((atMs, at) => atMs - at * 200);
    assert.ok(
      offGrid.every((ms) => ms >= 0 && ms <= 115),
      `unit ${unit}: late by ${Math.max(...offGrid)} ms at most`,
    );
    const late = offGrid.filter((ms) => ms > 10).length;
    assert.ok(late <= probes.length, `unit ${unit}: late ${late} times, only while ${probes.length} probes were out`);
  }
  await stop();
});

test('a slave that refuses is no dead slave: asked at every turn', async () => {
  const { clock, line, loop, askedOf, troubles, stop } = rig([slaveOf(1)]);
  line.answer = () => ({ exception: 2 });
  loop.start();
  await clock.advance(1999);
  assert.equal(askedOf(1), grid(200, 2000), 'on its grid');
  assert.is(troubles.length, 1, 'told once');
  assert.match(troubles[0] ?? '', /^5 lift-1 .*unit 1 input 1\+1: exception 2/, 'with port, unit, register and reason');
  await stop();
});

test('trouble is told once, and once again on return; all is counted', async () => {
  const { clock, line, loop, troubles, hush, stop } = rig([slaveOf(1), slaveOf(2)]);
  loop.start();
  await clock.advance(1_000);
  hush(2);
  await clock.advance(5_000);
  const [, dead] = loop.slaves;
  const counts = dead && loop.counts.get(dead);
  assert.ok((counts?.failed ?? 0) >= 4, 'several probes failed');
  assert.match(counts?.lastError ?? '', /unit 2 input 2\+1: no reply within \d+ ms/, 'the last error stands');
  assert.equal(counts?.failedReads, { 'input 2+1': counts?.failed }, 'and of which read it was');
  assert.is(troubles.length, 1, 'told once');
  assert.match(troubles[0] ?? '', /^\d+ lift-2 fake unit 2 input 2\+1/, 'what and where');
  line.answer = zeros;
  await clock.advance(2_000);
  assert.is(troubles.length, 2, 'told once more');
  assert.match(troubles[1] ?? '', /^\d+ lift-2 answers$/, 'that it answers');
  assert.is(counts?.lastError, null, 'no error stands');
  hush(2);
  await clock.advance(2_000);
  assert.is(troubles.length, 3, 'and told anew when it happens anew');
  await stop();
});

test('a line that is down is told for each slave once, turns go on, and reading resumes on the grid', async () => {
  const { clock, line, loop, troubles, askedOf, stop } = rig([slaveOf(1), slaveOf(2)]);
  loop.start();
  await clock.advance(1_100);
  line.unplug('the adapter is gone');
  const { turns } = loop;
  const asked = line.asked.length;
  await clock.advance(3_000);
  assert.is(line.asked.length, asked, 'nothing is asked of a line that is gone');
  assert.ok(loop.turns > turns + 10, 'the loop is alive meanwhile');
  assert.is(troubles.length, 2, 'once for each slave');
  assert.ok(
    troubles.every((line) => line.includes('the adapter is gone')),
    troubles.join('; '),
  );
  line.plug();
  await clock.advance(900);
  const back = askedOf(1).filter((atMs) => atMs > 4_000);
  assert.ok((back[0] ?? 9999) <= 4_160, `asked again ${(back[0] ?? 9999) - 4_100} ms after the return`);
  assert.equal(back.slice(1), [4_200, 4_400, 4_600, 4_800, 5_000].slice(0, back.length - 1), 'on the old grid');
  assert.is(troubles.length, 4, 'the return is told for each');
  await stop();
});

test('a line that is being opened for the first time is no trouble', async () => {
  const { clock, line, loop, troubles, stop } = rig([slaveOf(1)]);
  line.unplug('');
  loop.start();
  await clock.advance(1_000);
  assert.equal(troubles, [], 'nothing to tell yet');
  line.unplug('no such port');
  await clock.advance(1_000);
  assert.is(troubles.length, 1, 'told once it has failed');
  await stop();
});

test('stop() ends a wait at once, and an open read with its own end', async () => {
  const waiting = rig([slaveOf(1, 60_000)]);
  waiting.loop.start();
  await waiting.clock.advance(1_000);
  let ended = false;
  const stopped = waiting.loop.stop().then(() => {
    ended = true;
  });
  await waiting.clock.advance(0);
  assert.ok(ended, 'amid a wait of a minute, no time passes');
  await stopped;

  const reading = rig([slaveOf(1)]);
  reading.hush(1);
  reading.loop.start();
  await reading.clock.advance(50);
  const over = reading.loop.stop();
  await reading.clock.advance(50);
  await over;
  const { turns } = reading.loop;
  await reading.clock.advance(5_000);
  assert.is(reading.line.asked.length, 1, 'nothing is asked afterwards');
  assert.is(reading.loop.turns, turns, 'and the loop does not turn');
});

test('a line without slaves has nothing to turn for, and stops', async () => {
  const { clock, loop, stop } = rig([]);
  loop.start();
  await clock.advance(1_000);
  assert.is(loop.turns, 0, 'no turn');
  await stop();
});

test('seven dead slaves do not starve the living one', async () => {
  const { clock, loop, askedOf, hush, stop } = rig([1, 2, 3, 4, 5, 6, 7, 8].map((unit) => slaveOf(unit)));
  hush(1, 2, 3, 4, 5, 6, 7);
  loop.start();
  await clock.advance(60_000);
  const asked = askedOf(8);
  const gaps = asked.slice(11).map((at, index) => at - (asked[index + 10] ?? at));
  assert.ok(Math.max(...gaps) <= 510, `never longer than a time-out and a turn: ${Math.max(...gaps)} ms`);
  await stop();
});

test.run();
