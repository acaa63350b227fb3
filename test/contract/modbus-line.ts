/** What every line of Modbus slaves keeps, whatever carries it. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answer } from '../../hil/wire/slave.ts';
import type { ModbusLine, ReadOutcome } from '../../src/ports.ts';
import { crc16 } from '../../src/sense/frame.ts';
import type { Exchange, LineChunk, ReadRequest } from '../../src/sense/observation.ts';

export interface LineUnderTest {
  readonly line: ModbusLine;
  /** the far end goes away, and comes back */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  close(): Promise<void>;
}

const INPUT: ReadRequest = { unit: 1, table: 'input', address: 4, count: 3 };

/** The far end: unit 1 answers address * 10, unit 2 refuses with exception 2, unit 9 is not there. */
export const answer: Answer = (unit, table, address, count) => {
  if (unit === 9) return null;
  if (unit === 2) return { exception: 2 };
  const bits = table === 'coil' || table === 'discrete';
  return Array.from({ length: count }, (_, at) => (bits ? (address + at) % 2 : (address + at) * 10));
};

export function modbusLineContract(name: string, make: () => Promise<LineUnderTest>): void {
  const test = suite<{ under: LineUnderTest }>(name);
  const why = (outcome: ReadOutcome) => (outcome.ok ? 'ok' : outcome.why);
  const ready = async (line: ModbusLine) => {
    for (let tries = 0; !line.state.up && tries < 500; tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  test.before.each(async (context) => {
    context.under = await make();
    await ready(context.under.line);
  });
  test.after.each(async ({ under }) => under.close());

  test('reads all four tables, and tells each exchange once', async ({ under: { line } }) => {
    const told: Exchange[] = [];
    line.listen({ chunk: () => undefined, exchange: (exchange) => told.push(exchange) });
    for (const table of ['input', 'holding', 'coil', 'discrete'] as const) {
      assert.is(why(await line.read({ ...INPUT, table })), 'ok', table);
    }
    assert.equal(
      told.map(({ table, values }) => [table, values]),
      [
        ['input', [40, 50, 60]],
        ['holding', [40, 50, 60]],
        ['coil', [0, 1, 0]],
        ['discrete', [0, 1, 0]],
      ],
      'in order, with its words',
    );
    assert.ok(
      told.every(({ bus, atMs }, at) => bus === line.bus && atMs >= (told[at - 1]?.atMs ?? 0)),
      'stamped',
    );
  });

  test('what flows is told as frames: requests that read, and replies with their CRC', async ({ under: { line } }) => {
    const chunks: LineChunk[] = [];
    line.listen({ chunk: (chunk) => chunks.push(chunk), exchange: () => undefined });
    await line.read(INPUT);
    const sent = chunks.filter(({ dir }) => dir === 'tx');
    const heard = Buffer.concat(chunks.filter(({ dir }) => dir === 'rx').map(({ bytes }) => bytes));
    assert.is(sent.length, 1, 'one request');
    assert.is(sent[0]?.bytes[1], 4, 'function 4');
    assert.is(crc16(heard), 0, 'the reply is whole');
  });

  test('an exception is an outcome, with unit and registers in its words', async ({ under: { line } }) => {
    const outcome = await line.read({ ...INPUT, unit: 2 });
    assert.is(why(outcome), 'exception', 'exception 2');
    assert.ok(
      !outcome.ok && /2/.test(outcome.detail) && /input 4\+3/.test(outcome.detail),
      String(!outcome.ok && outcome.detail),
    );
  });

  test('a slave that is not there times out, and the next is not hurt', async ({ under: { line } }) => {
    assert.not.equal(why(await line.read({ ...INPUT, unit: 9 })), 'ok', 'silence or a gateway that says so');
    assert.is(why(await line.read(INPUT)), 'ok', 'unit 1 as before');
  });

  test('one request at a time', async ({ under: { line } }) => {
    const first = line.read(INPUT);
    let refused = '';
    await line.read(INPUT).catch((error: Error) => {
      refused = error.message;
    });
    assert.match(refused, /already open/, 'a second one throws');
    assert.is(why(await first), 'ok', 'the first is not hurt');
  });

  test('the far end goes and comes back: line-down meanwhile, then reading resumes within 2 s', async ({ under }) => {
    await under.unplug();
    const began = Date.now();
    let outcome = await under.line.read(INPUT);
    while (outcome.ok && Date.now() - began < 3000) outcome = await under.line.read(INPUT);
    assert.not.ok(outcome.ok, 'not ok once it is gone');
    await under.plug();
    const back = Date.now();
    do {
      outcome = await under.line.read(INPUT);
      await new Promise((resolve) => setTimeout(resolve, 20));
    } while (!outcome.ok && Date.now() - back < 5000);
    assert.ok(outcome.ok, 'reads again');
    assert.ok(Date.now() - back < 2000, `after ${Date.now() - back} ms`);
  });

  test('close ends an open read', async ({ under: { line } }) => {
    const open = line.read({ ...INPUT, unit: 9 });
    await line.close();
    assert.not.ok((await open).ok, 'an outcome, not a promise for ever');
    assert.is(why(await line.read(INPUT)), 'line-down', 'and stays closed');
  });

  test.run();
}
