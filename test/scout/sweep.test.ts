/** The sweep over a line with settings, in virtual time: who is found, how fast, and that nobody else is disturbed. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VirtualClock } from '../../src/clock.ts';
import { shippedProfiles } from '../../src/config/profiles.ts';
import { probesOf } from '../../src/scout/recognise.ts';
import { type LineSettings, sweepOrder } from '../../src/scout/settings.ts';
import { type Scouted, sweepLine } from '../../src/scout/sweep.ts';
import { formText } from '../../src/sense/wire-time.ts';
import { inVirtualTime, isHeard, SimLine, type SimSlave } from './line.ts';

const profiles = shippedProfiles();
const ALL = Array.from({ length: 247 }, (_, at) => at + 1);
const at = (baud: LineSettings['baud'], parity: LineSettings['parity'] = 'none', stopBits: 1 | 2 = 1) => ({
  ...{ baud, parity, stopBits },
});
const READS = [1, 2, 3, 4, 43];
const holding = (unit: number, more: Partial<SimSlave> = {}): SimSlave => ({
  ...{ unit, answer: ({ count }) => new Array<number>(count).fill(5) },
  ...more,
});

interface Run extends Scouted {
  readonly line: SimLine;
  readonly tookMs: number;
}

async function sweep(
  settings: LineSettings,
  slaves: readonly SimSlave[] = [],
  {
    units = ALL,
    budgetMs = 120_000,
    bauds = null as number[] | null,
    prepare = (_line: SimLine) => {},
    stopMs = 0,
  } = {},
): Promise<Run> {
  const clock = new VirtualClock();
  const line = new SimLine(clock, settings, slaves);
  prepare(line);
  const stop = new AbortController();
  if (stopMs > 0) clock.at(stopMs as never, () => stop.abort());
  const scouted = await inVirtualTime(
    clock,
    sweepLine({
      ...{ clock, units, profiles, budgetMs, open: line.open, settings: sweepOrder(bauds), signal: stop.signal },
      probes: probesOf(profiles, 4),
      onProgress: () => undefined,
    }),
  );
  assert.equal(line.breaches, [], 'never before the line was silent, one request at a time');
  assert.equal(
    line.sent.filter(({ bytes }) => !READS.includes(bytes[1] ?? 0)).map(({ bytes }) => [...bytes]),
    [],
    'reads and device identification alone',
  );
  return { ...scouted, line, tookMs: clock.monoMs() };
}

const unitsOf = ({ slaves }: Scouted) => slaves.map(({ unit }) => unit);
const place = ({ settings }: Scouted) => settings && formText(settings);

test('the slave of every likely setting is found there, and nothing is asked at other settings after it', async () => {
  for (const settings of sweepOrder()) {
    const run = await sweep(settings, [holding(5)], { units: ALL.slice(0, 16) });
    assert.equal([run.end, unitsOf(run)], ['whole', [5]], formText(settings));
    assert.ok(run.settings && isHeard(run.settings, settings), `${formText(settings)} told as ${place(run)}`);
    const places = run.line.sent.map((each) => formText(each.settings));
    assert.is(places.lastIndexOf(place(run) ?? ''), places.length - 1, 'the last asked at');
    assert.is(run.requestsSent, run.line.sent.length, 'what was sent is counted');
  }
});

test('nobody there: every likely setting is asked, and it ends within its two minutes', async () => {
  const run = await sweep(at(1200));
  assert.equal([run.end, run.slaves, run.settings], ['budget', [], null], 'the time was over amid the far addresses');
  assert.is(run.settingsAsked, sweepOrder().length, 'all of them');
  assert.ok(run.tookMs > 110_000 && run.tookMs < 123_000, `${run.tookMs} ms`);
  const likely = await sweep(at(1200), [], { units: ALL.slice(0, 16) });
  assert.is(likely.end, 'whole', 'the likely addresses alone are all asked');
  assert.ok(likely.tookMs < 110_000, `${likely.tookMs} ms`);
});

test('a slave of a far address at the first setting, and one besides a near one', async () => {
  const far = await sweep(at(9600), [holding(40)]);
  assert.equal([unitsOf(far), place(far)], [[40], '9600 8N1'], 'found in what is left of the time');
  const both = await sweep(at(19_200, 'even'), [holding(3), holding(200)]);
  assert.equal(
    [both.end, unitsOf(both), place(both)],
    ['whole', [3, 200], '19200 8E1'],
    'its setting is all of the line',
  );
  assert.ok(both.tookMs < 75_000, `${both.tookMs} ms`);
});

test('another master, whatever its setting: it is named, and not one byte is sent', async () => {
  for (const settings of [...sweepOrder(), at(2400), at(1200, 'even')]) {
    const run = await sweep(settings, [holding(1)], {
      prepare: (line) => line.addMaster({ unit: 7, table: 'holding', address: 0x20, count: 4 }, 210),
    });
    assert.is(run.line.sent.length, 0, `${formText(settings)}: nothing was transmitted`);
    const known = sweepOrder().some((each) => isHeard(each, settings));
    assert.is(run.end, known ? 'master' : 'talker', formText(settings));
    if (!known) continue;
    assert.ok(run.settings && isHeard(run.settings, settings), `${formText(settings)} told as ${place(run)}`);
    const [ask] = run.asks;
    assert.equal([ask?.unit, ask?.request?.address, ask?.request?.count], [7, 0x20, 4], 'what it asks');
    assert.ok((ask?.times ?? 0) > 5, 'and how often');
    assert.ok(run.tookMs < 60_000, `${formText(settings)} took ${run.tookMs} ms`);
  }
});

test('a master that asks every four seconds is heard amid the sweep, and from then on nothing is sent', async () => {
  let firstMs = 0;
  const run = await sweep(at(9600), [], {
    prepare: (line) => {
      firstMs = 2400;
      line.addMaster({ unit: 7, table: 'holding', address: 0x20, count: 4 }, 4000, firstMs);
    },
  });
  assert.is(run.end, 'master', 'heard');
  assert.ok(run.requestsSent > 0, 'the sweep had begun');
  const lastMs = run.line.sent.at(-1)?.atMs ?? 0;
  assert.ok(lastMs < firstMs + 60, `the last request at ${lastMs} ms, that master's first at ${firstMs}`);
});

test('a master at another setting that is heard amid the sweep only: listened to, never asked into', async () => {
  const run = await sweep(at(19_200), [], {
    prepare: (line) => line.addMaster({ unit: 7, table: 'holding', address: 0x20, count: 4 }, 1500, 1300),
  });
  assert.equal([run.end, place(run)], ['master', '19200 8N1'], 'found by listening');
  const lastMs = run.line.sent.at(-1)?.atMs ?? 0;
  assert.ok(lastMs < 1300 + 60, `nothing after its first bytes: ${lastMs} ms`);
});

test('a master whose frames are but a byte or two at the lower baud, asking about once a second', async () => {
  for (const periodMs of [450, 700, 900]) {
    const run = await sweep(at(115_200), [], {
      prepare: (line) => line.addMaster({ unit: 1, table: 'holding', address: 1, count: 1 }, periodMs),
    });
    assert.equal([run.end, place(run), run.line.sent.length], ['master', '115200 8N1', 0], `${periodMs} ms`);
  }
});

test('a line that hisses: nothing is sent, and it says so', async () => {
  const run = await sweep(at(9600), [holding(1)], { prepare: (line) => line.addNoise(150, 6) });
  assert.equal([run.end, run.line.sent.length], ['talker', 0], 'not understood');
});

test('a byte or two as drivers let go are no talker', async () => {
  const run = await sweep(at(9600), [holding(1)], { units: [1], prepare: (line) => line.addNoise(2500, 1) });
  assert.equal([run.end, unitsOf(run)], ['whole', [1]], 'asked and found');
});

test('found by any valid answer: an exception, a 16-bit byte count, behind noise, with an echo', async () => {
  const refusing = await sweep(at(9600), [holding(2, { answer: () => 2 })], { units: [1, 2] });
  assert.equal(unitsOf(refusing), [2], 'an exception');
  const wide = await sweep(at(9600), [holding(2, { byteCountBits: 16 })], { units: [1, 2] });
  assert.equal(unitsOf(wide), [2], '16-bit byte count');
  const noisy = holding(2, { spoil: (reply) => Uint8Array.from([0, 0xfe, ...reply, 0]) });
  assert.equal(unitsOf(await sweep(at(9600), [noisy], { units: [1, 2] })), [2], 'noise before and after');
  const prepare = (line: SimLine) => {
    line.echo = true;
  };
  const echoed = await sweep(at(9600), [holding(2)], { units: [1, 2, 3], prepare });
  assert.equal([echoed.end, unitsOf(echoed)], ['whole', [2]], 'our own request is no other master');
});

test('who a slave says it is, cut to what may be printed', async () => {
  const identity: SimSlave['identity'] = [
    [0, 'Inovance'],
    [1, 'NICE\u0007 3000\n'],
    [2, '\u0000'],
  ];
  const run = await sweep(at(9600), [holding(1, { identity })], { units: [1] });
  const said = [
    [0, 'Inovance'],
    [1, 'NICE 3000'],
  ];
  assert.equal(run.slaves[0]?.identity, said, 'its objects');
  const none = await sweep(at(9600), [holding(1)], { units: [1] });
  assert.equal(none.slaves[0]?.identity, [], 'a refusal is none');
});

test('a slave that answers some registers only is found by one of the others that profiles read', async () => {
  const answer: SimSlave['answer'] = ({ table }) => (table === 'input' ? [7] : null);
  const run = await sweep(at(9600), [holding(1, { answer })], { units: [1, 2] });
  assert.equal(unitsOf(run), [1], 'by an input register');
});

test('a slave that answers late is found, and said to be slow; its address is not taken for another', async () => {
  for (const [bits, delayMs] of [
    [8, 230],
    [8, 420],
    [16, 320],
  ] as const) {
    const run = await sweep(at(9600), [holding(3, { delayMs, byteCountBits: bits })], { units: [1, 2, 3, 4, 5] });
    const told = run.slaves.map(({ unit, late }) => [unit, late]);
    assert.equal([run.end, told], ['whole', [[3, true]]], `${bits} bits, ${delayMs} ms`);
  }
});

test('replies with a broken CRC: no slave, no talker, but told; settings nearby are tried next', async () => {
  const spoil = (reply: Uint8Array) => reply.map((byte, index) => (index === reply.length - 1 ? byte ^ 0x55 : byte));
  const run = await sweep(
    at(9600),
    [1, 2, 3, 4].map((unit) => holding(unit, { spoil })),
    { units: [1, 2, 3, 4] },
  );
  assert.equal([run.end, run.slaves], ['whole', []], 'none');
  assert.equal(run.unclear[0] && [formText(run.unclear[0].settings), run.unclear[0].unit], ['9600 8N1', 1], 'told');
  assert.equal(
    run.line.opened.slice(0, 4).map(formText),
    ['9600 8N1', '9600 8E1', '9600 8N2', '9600 8O1'],
    'the same baud first',
  );
});

test('--bauds brings every framing of those, and no other', async () => {
  const run = await sweep(at(2400, 'odd'), [holding(1)], { bauds: [2400], units: [1] });
  assert.equal([place(run), unitsOf(run)], ['2400 8O1', [1]], 'found');
  assert.ok(
    run.line.opened.every(({ baud }) => baud === 2400),
    'at 2400 alone',
  );
});

test('stopped by the person: what was found is told, and nothing more is sent', async () => {
  const run = await sweep(at(9600), [holding(1)], { stopMs: 20_000 });
  assert.equal([run.end, unitsOf(run)], ['stopped', [1]], 'what was known');
  assert.ok((run.line.sent.at(-1)?.atMs ?? 0) <= 20_000, 'nothing after it');
});

test('a port that cannot be opened, one that vanishes, and an adapter that refuses one baud', async () => {
  const failed = async (prepare: (line: SimLine) => void) => {
    try {
      await sweep(at(9600), [], { prepare });
      return 'none';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const refusing = (line: SimLine) => {
    line.refuses = () => 'no such port';
  };
  assert.is(await failed(refusing), 'no such port', 'not there');
  assert.is(
    await failed((line) => void line.clock.at(5000 as never, () => line.unplug())),
    'the adapter is gone',
    'vanished',
  );
  const run = await sweep(at(19_200), [holding(1)], {
    units: [1],
    prepare: (line) => {
      line.refuses = ({ parity }) => (parity === 'even' ? 'cannot be set so' : null);
    },
  });
  assert.equal([unitsOf(run), place(run)], [[1], '19200 8N1'], 'the settings that it can');
});

test.run();
