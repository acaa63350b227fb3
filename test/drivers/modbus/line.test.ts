import modbus from 'modbus-serial';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openLine } from '../../../drivers/modbus/open.ts';
import { openPtyPair } from '../../../hil/wire/pty.ts';
import { type Misbehaviour, serveSerial, serveTcp } from '../../../hil/wire/slave.ts';
import { systemClock } from '../../../src/clock.ts';
import type { SiteBus } from '../../../src/config/schema.ts';
import type { ReadRequest } from '../../../src/sense/observation.ts';
import { answer, type LineUnderTest, modbusLineContract } from '../../contract/modbus-line.ts';

const QUIRKS = { clock: systemClock, byteCountBitsOf: () => 8 as const, gapMsOf: () => 0 };
const REQUEST: ReadRequest = { unit: 1, table: 'input', address: 4, count: 3 };

function rtuBus(path: string, responseTimeoutMs = 150): SiteBus {
  return {
    id: 'serial',
    type: 'rtu',
    path,
    baud: 115_200,
    parity: 'none',
    stopBits: 1,
    responseTimeoutMs,
    lateReplyWindowMs: 0,
    listen: false,
  };
}

async function serialLine(): Promise<LineUnderTest> {
  const pty = await openPtyPair();
  let slave = await serveSerial(pty.b, answer, { baud: 115_200 });
  const line = openLine(rtuBus(pty.a), QUIRKS);
  return {
    line,
    async unplug() {
      await slave.close();
      await pty.unplug();
    },
    async plug() {
      await pty.plug();
      slave = await serveSerial(pty.b, answer, { baud: 115_200 });
    },
    async close() {
      await line.close();
      await slave.close();
      await pty.close();
    },
  };
}

async function tcpLine(): Promise<LineUnderTest> {
  let slave = await serveTcp(answer);
  const { port } = slave;
  const bus: SiteBus = {
    id: 'tcp',
    type: 'tcp',
    host: '127.0.0.1',
    port,
    responseTimeoutMs: 150,
    lateReplyWindowMs: 0,
  };
  const line = openLine(bus, QUIRKS);
  return {
    line,
    unplug: () => slave.close(),
    async plug() {
      slave = await serveTcp(answer, port);
    },
    async close() {
      await line.close();
      await slave.close();
    },
  };
}

modbusLineContract('Modbus RTU on a pty', serialLine);
modbusLineContract('Modbus TCP', tcpLine);

for (const [misbehaviour, expected] of [
  ['none', 'ok'],
  ['split', 'ok'],
  ['echo', 'ok'],
  ['noise-before', 'ok'],
  ['noise-after', 'ok'],
  ['silent', 'timeout'],
  ['late', 'timeout'],
  ['bad-crc', 'timeout'],
  ['short', 'timeout'],
  ['wrong-unit', 'timeout'],
  ['wrong-function', 'timeout'],
] as const satisfies readonly (readonly [Misbehaviour, string])[]) {
  test(`a slave that misbehaves once: ${misbehaviour}, and the next read is right`, async () => {
    const pty = await openPtyPair();
    const slave = await serveSerial(pty.b, answer, { baud: 115_200, lateMs: 180 });
    const line = openLine(rtuBus(pty.a), QUIRKS);
    const values: (readonly number[])[] = [];
    line.listen({ chunk: () => undefined, exchange: (exchange) => values.push(exchange.values) });
    while (!line.state.up) await new Promise((resolve) => setTimeout(resolve, 5));
    slave.misbehaviour = misbehaviour;
    const outcome = await line.read(REQUEST);
    assert.is(outcome.ok ? 'ok' : outcome.why, expected, 'the outcome');
    slave.misbehaviour = 'none';
    // The late reply is out by then: the scan loop leaves a silent slave alone for its late-reply window.
    if (misbehaviour === 'late') await new Promise((resolve) => setTimeout(resolve, 60));
    const next = await line.read({ ...REQUEST, address: 7 });
    assert.ok(next.ok, 'the next read');
    assert.equal(values.at(-1), [70, 80, 90], 'with its own words');
    if (misbehaviour === 'late') assert.is(line.counts.late, 11, 'the late reply was counted');
    assert.equal([...new Set(slave.asked)], [4], 'only function 4 was ever asked');
    await line.close();
    await slave.close();
    await pty.close();
  });
}

test('the 16-bit byte count of the NICE3000 family', async () => {
  const pty = await openPtyPair();
  const slave = await serveSerial(pty.b, answer, { baud: 115_200, byteCountBits: 16 });
  const line = openLine(rtuBus(pty.a), { ...QUIRKS, byteCountBitsOf: () => 16 });
  while (!line.state.up) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok((await line.read(REQUEST)).ok, 'read');
  await line.close();
  await slave.close();
  await pty.close();
});

test('our serial slave is one: modbus-serial reads the same words from it', async () => {
  const pty = await openPtyPair();
  const slave = await serveSerial(pty.b, answer, { baud: 115_200 });
  const other = new modbus.default();
  await other.connectRTUBuffered(pty.a, { baudRate: 115_200 });
  other.setID(1);
  other.setTimeout(500);
  assert.equal((await other.readInputRegisters(4, 3)).data, [40, 50, 60], 'another implementation agrees');
  await new Promise<void>((resolve) => other.close(() => resolve()));
  await slave.close();
  await pty.close();
});

test('a port that is not there is told, and tried again', async () => {
  const line = openLine(rtuBus('/dev/hoistway-no-such-port'), QUIRKS);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const outcome = await line.read(REQUEST);
  assert.ok(
    !outcome.ok && outcome.why === 'line-down' && outcome.detail.includes('/dev/hoistway-no-such-port'),
    'names the port',
  );
  await line.close();
});

test.run();
