/** A line that another master polls, over real pseudo-terminals: read, captured and replayed; never written to. */

import { SerialPort } from 'serialport';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { TapLine } from '../../../drivers/modbus/tap.ts';
import { openPtyPair } from '../../../hil/wire/pty.ts';
import { type MonoMs, systemClock, VirtualClock } from '../../../src/clock.ts';
import { framesSchema } from '../../../src/config/frames.ts';
import { ListenLoop } from '../../../src/listen.ts';
import type { Slave } from '../../../src/loop.ts';
import type { HeardLine, TapListener } from '../../../src/ports.ts';
import { exceptionFrame, readFrame, replyFrame } from '../../../src/sense/frame.ts';
import type { LineChunk, ReadRequest } from '../../../src/sense/observation.ts';
import { PushReader } from '../../../src/sense/push.ts';
import { type Heard, type ListeningReader, TapReader } from '../../../src/sense/tap.ts';

const READ: ReadRequest = { unit: 1, table: 'input', address: 4, count: 2 };
const FORM = { baud: 115_200, parity: 'none', stopBits: 1 } as const;
/** Waits until it is so, at most two seconds; what did not come is told by what is asserted then. */
const until = async (isSo: () => boolean) => {
  for (let tries = 0; !isSo() && tries < 200; tries++) await wait(10);
};
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A master and its slave on the far end of the line: what both say comes from there. */
async function bus(reader: ListeningReader = new TapReader({ bus: 'line', responseTimeoutMs: 300 })) {
  const pty = await openPtyPair();
  const far = new SerialPort({ path: pty.b, baudRate: FORM.baud, autoOpen: false });
  await new Promise<void>((resolve, reject) => far.open((error) => (error ? reject(error) : resolve())));
  const written: number[] = [];
  far.on('data', (bytes: Buffer) => written.push(...bytes));
  far.on('error', () => undefined);
  const line = new TapLine({ ...FORM, path: pty.a }, { bus: 'line', clock: systemClock, reader });
  for (let tries = 0; !line.state.up && tries < 300; tries++) await wait(10);
  const say = async (...frames: Uint8Array[]) => {
    for (const frame of frames) far.write(Buffer.from(frame));
    await wait(50);
  };
  return {
    ...{ pty, line, say, written },
    async close() {
      await line.close();
      if (far.isOpen) await new Promise<void>((resolve) => far.close(() => resolve()));
      await pty.close();
    },
  };
}

test('what a master asks and a slave answers is told; not one byte is sent', async () => {
  const { line, say, written, close } = await bus();
  const chunks: LineChunk[] = [];
  const heard: Heard[] = [];
  line.listen({ chunk: (chunk) => chunks.push(chunk), heard: (one) => heard.push(one) });
  await say(readFrame(READ), replyFrame(READ, [7, 9]));
  await until(() => heard.length >= 2);
  assert.equal(
    heard.flatMap((one) => (one.kind === 'values' ? [one.exchange.values] : [])),
    [[7, 9]],
    'the values',
  );
  assert.ok(
    chunks.every(({ dir }) => dir === 'rx'),
    'all of it was heard',
  );
  assert.equal(written, [], 'nothing was written to the line');
  assert.not.ok('read' in line, 'there is no way to ask');
  await close();
});

test('what a controller pushes in its own framing is told; not one byte is sent', async () => {
  const frames = v.parse(framesSchema, { start: [2], bytes: 5, payloadOffset: 1, check: 'sum8', end: [3] });
  const reader = new PushReader({ bus: 'line', frames, unit: 4, needs: { input: 2, holding: 0 } });
  const { line, say, written, close } = await bus(reader);
  const heard: Heard[] = [];
  line.listen({ chunk: () => undefined, heard: (one) => heard.push(one) });
  await say(Uint8Array.of(0xfe, 2, 40, 7), Uint8Array.of(49, 3, 2, 40, 7, 50, 3));
  await until(() => line.counts.noise >= 6);
  assert.equal(
    heard.map((one) => (one.kind === 'values' ? [one.exchange.unit, ...one.exchange.values] : one.kind)),
    [[4, 40, 7]],
    'the frame, and not the one whose sum is wrong',
  );
  assert.is(line.counts.frames, 1, 'counted');
  assert.equal(written, [], 'nothing was written to the line');
  await close();
});

test('the adapter is pulled and put back: listening resumes', async () => {
  const { pty, line, close } = await bus();
  assert.ok(line.state.up, 'it listens');
  await pty.unplug();
  for (let tries = 0; line.state.up && tries < 100; tries++) await wait(10);
  assert.not.ok(line.state.up, 'it is told that it is gone');
  assert.ok(line.state.why.includes(pty.a), `why, and which: ${line.state.why}`);
  await pty.plug();
  const backMs = Date.now();
  while (!line.state.up && Date.now() - backMs < 4000) await wait(10);
  assert.ok(Date.now() - backMs < 2000, `back after ${Date.now() - backMs} ms`);
  await close();
});

function loopOf(slaves: readonly Slave[]) {
  const clock = new VirtualClock();
  let listener: TapListener | null = null;
  const state = { up: true, why: '' };
  const line: HeardLine = {
    ...{ bus: 'line', state, counts: { frames: 0, noise: 0 } },
    close: async () => undefined,
    listen(one) {
      listener = one;
      return () => undefined;
    },
  };
  const troubles: string[] = [];
  const onTrouble = ({ lift }: Slave, detail: string | null) => void troubles.push(`${lift} ${detail ?? 'answers'}`);
  const loop = new ListenLoop({ line, slaves, clock, onTrouble });
  const hear = (heard: Heard) => listener?.heard(heard);
  const exchange = { kind: 'exchange', bus: 'line', ...READ, values: [1, 2] } as const;
  const answer = () => hear({ kind: 'values', exchange: { ...exchange, atMs: clock.monoMs() } });
  return { clock, state, troubles, loop, hear, answer };
}

const SLAVE: Slave = { lift: 'a', unit: 1, reads: [], intervalMs: { fast: 200, slow: 1000 } };

test('a slave of which nothing is heard is told once, and once when it is heard again', async () => {
  const { clock, troubles, loop, answer } = loopOf([SLAVE]);
  loop.start();
  await clock.advance(9_000);
  assert.equal(troubles, [], 'nothing yet');
  await clock.advance(20_000);
  assert.is(troubles.length, 1, 'told once');
  assert.match(troubles[0] ?? '', /^a line: nothing heard of unit 1 for 11 s/, 'which unit, and for how long');
  answer();
  assert.is(troubles[1], 'a answers', 'and when it is there again');
  assert.ok(loop.turns > 20, 'the loop turns all the time');
  const stopped = loop.stop();
  await clock.advance(1000);
  await stopped;
});

test('what its master is refused is counted with its registers; a line that is down says why', async () => {
  const { clock, state, troubles, loop, hear } = loopOf([SLAVE]);
  loop.start();
  const atMs = 0 as MonoMs;
  hear({ kind: 'exception', unit: 1, functionCode: 4, code: exceptionFrame(1, 4, 2)[2] ?? 0, request: READ, atMs });
  assert.equal(troubles, ['a line unit 1 input 4+2: exception 2'], 'unit, registers and code');
  assert.equal([...loop.counts.values()][0]?.failedReads, { 'input 4+2': 1 }, 'counted by register');
  Object.assign(state, { up: false, why: 'no such port' });
  await clock.advance(2_000);
  assert.is([...loop.counts.values()][0]?.lastError, 'no such port', 'the last error');
  const stopped = loop.stop();
  await clock.advance(1000);
  await stopped;
});

test.run();
