/** A slice of the line faults with fresh seeds, which are printed; `npm run line-faults` does 24 hours of 1,000 seeds. */

import modbus from 'modbus-serial';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../hil/lift/random.ts';
import { LINE_FAULTS, spoil } from '../../hil/wire/faults.ts';
import { type LineReport, liveLine } from '../../hil/wire/life.ts';
import { openPtyPair } from '../../hil/wire/pty.ts';
import { serveSerial } from '../../hil/wire/slave.ts';
import { readFrame, replyFrame } from '../../src/sense/frame.ts';

const FIRST = (Date.now() * 1000) % 2 ** 40;
const SECONDS = 86.4;

test('no wrong value, no hang, and all slaves back within two scans of a clean line', async () => {
  console.log(`npm run line-faults -- --seeds 60 --hours ${(60 * SECONDS) / 3600} --seed ${FIRST}`);
  const reports: LineReport[] = [];
  for (let seed = FIRST; seed < FIRST + 60; seed++) reports.push(await liveLine(seed, SECONDS));
  assert.equal(
    reports.flatMap(({ seed, problems }) => problems.map((problem) => `${seed} ${problem}`)),
    [],
    'problems',
  );
  const sum = (of: (report: LineReport) => number) => reports.reduce((all, report) => all + of(report), 0);
  assert.ok(sum(({ exchanges }) => exchanges) > 40_000, 'lines that were read');
  assert.ok(sum(({ damaged }) => damaged) > 1000, 'and damaged');
  assert.ok(sum(({ passed }) => passed) <= 2, 'no more damaged frames pass than a CRC of 16 bits lets pass');
});

test('the oracle sees it: a late reply passes for the next one where a silent slave is asked again at once', async () => {
  const problems: string[] = [];
  for (let seed = 1; seed <= 20; seed++) {
    problems.push(...(await liveLine(seed, SECONDS, { lateReplyWindowMs: 0 })).problems);
  }
  assert.ok(
    problems.some((problem) => problem.includes('a wrong value')),
    'without the late-reply window',
  );
});

test('each kind of fault changes what comes', () => {
  const asked = { unit: 1, table: 'holding', address: 3, count: 8 } as const;
  const request = readFrame(asked);
  const reply = { bytes: replyFrame(asked, [1, 2, 3, 4, 5, 6, 7, 8]), atMs: 40 };
  const passing = {
    request,
    sentMs: 10,
    reply,
    byteMs: 1,
    asked,
    lateMs: { from: 200, to: 400 },
    words: () => [9, 9, 9, 9, 9, 9, 9, 9],
  };
  assert.equal(spoil(null, passing, new Random(1)).deliveries, [reply], 'none');
  for (const fault of LINE_FAULTS) {
    if (fault === 'silence' || fault === 'unplug') continue;
    assert.not.equal(spoil(fault, passing, new Random(1)).deliveries, [reply], fault);
  }
});

test('the same late reply, on a real pseudo-terminal, is a wrong value of modbus-serial alone', async () => {
  const pty = await openPtyPair();
  const slave = await serveSerial(pty.b, (_unit, _table, address) => [address * 10], { baud: 115_200, lateMs: 300 });
  const client = new modbus.default();
  await client.connectRTUBuffered(pty.a, { baudRate: 115_200, parity: 'none' });
  client.setID(1);
  client.setTimeout(200);
  slave.misbehaviour = 'late';
  let silent = false;
  await client.readHoldingRegisters(100, 1).catch(() => {
    silent = true;
  });
  assert.ok(silent, 'register 100 is not answered in time');
  slave.misbehaviour = 'silent';
  const { data } = await client.readHoldingRegisters(7, 1);
  assert.equal(data, [1000], 'what it gives for register 7 is that of register 100');
  await new Promise<void>((resolve) => client.close(() => resolve()));
  await slave.close();
  await pty.close();
});

test.run();
