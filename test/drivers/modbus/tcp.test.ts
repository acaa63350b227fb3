import modbus from 'modbus-serial';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TcpLine } from '../../../drivers/modbus/tcp.ts';
import { serveStrictTcp, type TcpMisbehaviour } from '../../../hil/wire/tcp-server.ts';
import { sleep, systemClock } from '../../../src/clock.ts';
import type { ReadOutcome } from '../../../src/ports.ts';
import { ScanLoop } from '../../../src/scan.ts';
import type { ReadRequest } from '../../../src/sense/observation.ts';
import { answer } from '../../contract/modbus-line.ts';

const REQUEST: ReadRequest = { unit: 1, table: 'input', address: 4, count: 3 };
const TIMEOUT_MS = 150;
/** where nothing is meant to time out, on a busy machine either */
const PATIENT_MS = 3000;
const pause = (ms: number) => sleep(systemClock, ms);
const why = (outcome: ReadOutcome) => (outcome.ok ? 'ok' : outcome.why);

function open(port: number, responseTimeoutMs = TIMEOUT_MS) {
  const bus = { id: 'tcp', type: 'tcp', host: '127.0.0.1', port, responseTimeoutMs, lateReplyWindowMs: 0 } as const;
  const line = new TcpLine(bus, {
    ...{ bus: 'tcp', where: `127.0.0.1:${port}`, responseTimeoutMs, clock: systemClock },
    ...{ byteCountBitsOf: () => 8 as const, gapMsOf: () => 0 },
  });
  const values: (readonly number[])[] = [];
  line.listen({ chunk: () => undefined, exchange: (exchange) => values.push(exchange.values) });
  return { line, values };
}

async function until(what: string, holds: () => boolean, withinMs = 10_000): Promise<number> {
  const fromMs = systemClock.monoMs();
  while (!holds()) {
    if (systemClock.monoMs() - fromMs > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(2);
  }
  return systemClock.monoMs() - fromMs;
}

const wordsOf = ({ address, count }: ReadRequest) => Array.from({ length: count }, (_, at) => (address + at) * 10);

test('the strict server is one: modbus-serial reads the same words from it', async () => {
  const server = await serveStrictTcp(answer);
  const other = new modbus.default();
  await other.connectTCP('127.0.0.1', { port: server.port });
  other.setID(1);
  assert.equal((await other.readInputRegisters(4, 3)).data, [40, 50, 60], 'another implementation agrees');
  await new Promise<void>((resolve) => other.close(() => resolve()));
  await server.close();
});

test('more reads than there are transaction ids, each with its own words', async () => {
  const server = await serveStrictTcp(answer);
  const { line, values } = open(server.port, PATIENT_MS);
  await until('up', () => line.state.up);
  for (let address = 0; address < 600; address++) {
    const request = { ...REQUEST, address };
    assert.ok((await line.read(request)).ok, `read ${address}`);
    assert.equal(values.at(-1), wordsOf(request), `words of ${address}`);
  }
  assert.equal(server.faults, [], 'every request as the standard asks');
  assert.is(server.connections.accepted, 1, 'on one connection');
  await line.close();
  await server.close();
});

for (const [misbehaviour, expected] of [
  ['split', 'ok'],
  ['wrong-transaction', 'timeout'],
  ['cut', 'line-down'],
  ['length-long', 'line-down'],
  ['length-short', 'line-down'],
  ['length-zero', 'line-down'],
  ['length-huge', 'line-down'],
  ['reset', 'line-down'],
] as const satisfies readonly (readonly [TcpMisbehaviour, string])[]) {
  test(`a server that misbehaves once: ${misbehaviour}, and within 1 s reads are right again`, async () => {
    const server = await serveStrictTcp(answer);
    const { line, values } = open(server.port);
    await until('up', () => line.state.up);
    server.misbehaviour = misbehaviour;
    const outcome = await line.read(REQUEST);
    assert.is(why(outcome), expected, 'the outcome');
    if (!outcome.ok) assert.equal(values, [], 'no words of a reply that is wrong');
    server.misbehaviour = 'none';
    const fromMs = systemClock.monoMs();
    let [address, good] = [10, 0];
    while (good < 5 && systemClock.monoMs() - fromMs < 1000) {
      const request = { ...REQUEST, address: address++ };
      if ((await line.read(request)).ok) {
        good++;
        assert.equal(values.at(-1), wordsOf(request), `words of ${request.address}`);
      } else {
        good = 0;
        await pause(10);
      }
    }
    assert.is(good, 5, 'five in a row');
    await line.close();
    await server.close();
  });
}

test("a late reply is nobody's: never taken for that of the next request", async () => {
  const server = await serveStrictTcp(answer);
  const { line, values } = open(server.port);
  await until('up', () => line.state.up);
  server.serviceMs = TIMEOUT_MS + 50;
  assert.is(why(await line.read({ ...REQUEST, address: 100 })), 'timeout', 'the first is late');
  server.serviceMs = 0;
  const next = await line.read({ ...REQUEST, address: 7 });
  assert.ok(next.ok, 'the next is answered');
  assert.equal(values, [[70, 80, 90]], 'with its own words, and nothing was told of the late one');
  await line.close();
  await server.close();
});

test('a peer that vanished without a word: given up in 7 s at most, told, and read again within 2 s of its return', async () => {
  const server = await serveStrictTcp(answer);
  const { line } = open(server.port);
  await until('up', () => line.state.up);
  assert.ok((await line.read(REQUEST)).ok, 'it lives');
  server.misbehaviour = 'mute';
  const fromMs = systemClock.monoMs();
  const outcomes: ReadOutcome[] = [];
  while (line.state.up && systemClock.monoMs() - fromMs < 10_000) outcomes.push(await line.read(REQUEST));
  const gaveUpMs = systemClock.monoMs() - fromMs;
  assert.ok(gaveUpMs < 7000, `given up after ${Math.round(gaveUpMs)} ms`);
  assert.is(why(outcomes[0] as ReadOutcome), 'timeout', 'first it is silence');
  assert.match(line.state.why, /does not answer/, 'then it is told why');
  assert.ok(server.asked.length <= 10, `${server.asked.length} requests: a peer that owes eight is not sent more`);
  server.misbehaviour = 'none';
  const back = systemClock.monoMs();
  while (!(await line.read(REQUEST)).ok && systemClock.monoMs() - back < 3000) await pause(10);
  assert.ok(systemClock.monoMs() - back < 2000, 'reads again');
  await line.close();
  await server.close();
});

test('a server that takes one connection: after a broken reply the old one has ended before the new one begins', async () => {
  const server = await serveStrictTcp(answer, { mostConnections: 1 });
  const { line } = open(server.port);
  await until('up', () => line.state.up);
  for (let times = 0; times < 5; times++) {
    server.misbehaviour = 'length-huge';
    assert.is(why(await line.read(REQUEST)), 'line-down', 'given up at once');
    server.misbehaviour = 'none';
    await until('up again', () => line.state.up);
    assert.ok((await line.read(REQUEST)).ok, 'reads again');
  }
  assert.equal(server.connections, { open: 1, accepted: 6, refused: 0 }, 'never two at a time');
  await line.close();
  await server.close();
});

test('a server that has no connection left for us is tried again at most once a second, and read when there is one', async () => {
  const server = await serveStrictTcp(answer, { mostConnections: 1 });
  const first = open(server.port);
  await until('the first is up', () => first.line.state.up);
  const second = open(server.port);
  await pause(3500);
  // After 100, 250 and 500 ms, then each second: six in 3.5 s, and no hammering.
  assert.ok(
    server.connections.refused >= 3 && server.connections.refused <= 6,
    `${server.connections.refused} attempts`,
  );
  assert.ok((await first.line.read(REQUEST)).ok, 'the first is not hurt');
  await first.line.close();
  const fromMs = systemClock.monoMs();
  while (!(await second.line.read(REQUEST)).ok && systemClock.monoMs() - fromMs < 5000) await pause(10);
  assert.ok(systemClock.monoMs() - fromMs < 2000, 'read within 2 s of its turn');
  await second.line.close();
  await server.close();
});

test('several connections to one server: each has its own words', async () => {
  const server = await serveStrictTcp(answer);
  const lines = Array.from({ length: 4 }, () => open(server.port, PATIENT_MS));
  await until('all up', () => lines.every(({ line }) => line.state.up));
  for (let turn = 0; turn < 50; turn++) {
    const requests = lines.map((_, at): ReadRequest => ({ ...REQUEST, address: turn * 10 + at }));
    await Promise.all(lines.map(({ line }, at) => line.read(requests[at] as ReadRequest)));
    for (const [at, { values }] of lines.entries()) {
      assert.equal(values.at(-1), wordsOf(requests[at] as ReadRequest), `turn ${turn}, connection ${at}`);
    }
  }
  for (const { line } of lines) await line.close();
  await server.close();
});

/** Reads units 1, 3 and 4 as fast as they answer, and unit 9, which is not there, for so long. */
async function scanned(options: { responseTimeoutMs: number; serviceMs: number; silentMs: number; forMs: number }) {
  const server = await serveStrictTcp(answer, { silentMs: options.silentMs });
  server.serviceMs = options.serviceMs;
  const { line } = open(server.port, options.responseTimeoutMs);
  const slaves = [1, 3, 4, 9].map((unit) => ({
    ...{ lift: `lift-${unit}`, unit, intervalMs: { fast: 20, slow: 1000 } },
    reads: [{ table: 'input', address: 4, count: 3, group: 'fast' }] as const,
  }));
  const troubles: string[] = [];
  const loop = new ScanLoop({
    ...{ line, slaves, clock: systemClock, lateReplyWindowMs: 500 },
    onTrouble: ({ lift }, detail) => troubles.push(`${lift} ${detail}`),
  });
  await until('up', () => line.state.up);
  loop.start();
  await pause(options.forMs);
  await loop.stop();
  await line.close();
  await server.close();
  const counts = new Map([...loop.counts].map(([{ unit }, { ok, failed }]) => [unit, { ok, failed }]));
  return { server, counts, troubles };
}

test('a gateway says of one unit that it is silent (exception 11): it is told, and the others are read without a loss', async () => {
  const { server, counts, troubles } = await scanned({
    responseTimeoutMs: PATIENT_MS,
    serviceMs: 5,
    silentMs: 100,
    forMs: 3000,
  });
  for (const unit of [1, 3, 4]) {
    assert.is(counts.get(unit)?.failed, 0, `unit ${unit} never failed`);
    const [living, dead] = [counts.get(unit)?.ok ?? 0, counts.get(9)?.failed ?? 0];
    assert.ok(dead > 1 && living > dead, `unit ${unit} was read ${living} times, the dead one asked ${dead} times`);
  }
  assert.is(troubles.length, 1, 'told once');
  assert.match(troubles[0] ?? '', /^lift-9 .*unit 9 .*exception 11/, 'of whom, and what');
  assert.is(server.mostQueued, 1, 'one request at a time');
  assert.is(server.connections.accepted, 1, 'on one connection');
});

test('a gateway that takes 200 ms for each request, one after the other: all are read, and nothing queues', async () => {
  const { server, counts } = await scanned({
    responseTimeoutMs: PATIENT_MS,
    serviceMs: 200,
    silentMs: 200,
    forMs: 3000,
  });
  assert.is(server.mostQueued, 1, 'one request at a time');
  for (const unit of [1, 3, 4]) {
    assert.is(counts.get(unit)?.failed, 0, `unit ${unit} never failed`);
    assert.ok((counts.get(unit)?.ok ?? 0) >= 2, `unit ${unit} was read ${counts.get(unit)?.ok} times`);
  }
});

test('a gateway that waits longer for a dead unit than we do: its queue stays short, and the others go on', async () => {
  const { server, counts } = await scanned({ responseTimeoutMs: 400, serviceMs: 10, silentMs: 1400, forMs: 10_000 });
  assert.ok(
    server.mostQueued <= 4,
    `${server.mostQueued} requests at a time: as many as time out before the first late reply`,
  );
  for (const unit of [1, 3, 4]) {
    const { ok = 0, failed = 0 } = counts.get(unit) ?? {};
    assert.ok(failed <= 2, `unit ${unit} failed ${failed} times: once before it is known that the gateway is behind`);
    const dead = counts.get(9)?.failed ?? 0;
    assert.ok(dead > 1 && ok > 3 * dead, `unit ${unit} was read ${ok} times, the dead one asked ${dead} times`);
  }
  assert.is(server.connections.accepted, 1, 'on one connection');
});

test('a gateway that is slower than the time-out: every read is late, and its queue does not grow', async () => {
  const { server, counts } = await scanned({ responseTimeoutMs: 100, serviceMs: 250, silentMs: 250, forMs: 5000 });
  assert.ok(server.mostQueued <= 3, `${server.mostQueued} requests at a time`);
  assert.is(counts.get(1)?.ok, 0, 'no late reply is taken');
});

test.run();
