import { closeSync, readdirSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KeptSerial } from '../../../drivers/serial/kept.ts';
import { openSerial, type SerialEnd } from '../../../drivers/serial/port.ts';
import { openPtyPair } from '../../../hil/wire/pty.ts';
import { openTerminal } from '../../../hil/wire/terminal.ts';
import { sleep, systemClock } from '../../../src/clock.ts';

const settingsOf = (path: string) => ({ path, baud: 9600, parity: 'none', stopBits: 1 }) as const;
const STAMP = { clock: systemClock, bus: 'line-1' };
const descriptors = () => readdirSync('/proc/self/fd').length;
const pause = (ms: number) => sleep(systemClock, ms);

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries === 500) throw new Error(`never: ${what}`);
    await pause(10);
  }
}

interface Opened {
  readonly end: SerialEnd;
  readonly told: string[];
}

/** `onChunk`: what the reader of the line does on bytes */
function open(path: string, onChunk: (end: SerialEnd) => void = () => undefined): Opened {
  const told: string[] = [];
  const end: SerialEnd = openSerial(
    settingsOf(path),
    {
      opened: () => told.push('opened'),
      chunk({ bytes }) {
        told.push(`heard ${[...bytes]}`);
        onChunk(end);
      },
      lost: (why) => told.push(`lost: ${why}`),
    },
    STAMP,
  );
  return { end, told };
}

/** The programs that make a pty close pipes of theirs a moment later: counted when the number has stood for a while. */
async function steadyDescriptors(): Promise<number> {
  for (let [count, times] = [descriptors(), 0]; ; ) {
    await sleep(systemClock, 20);
    const now = descriptors();
    times = now === count ? times + 1 : 0;
    count = now;
    if (times === 10) return count;
  }
}

test('what cannot be opened is told once, with the reason, and leaves no descriptor', async () => {
  const pty = await openPtyPair();
  const holder = open(pty.a);
  await until('open', () => holder.told.length > 0);
  const before = await steadyDescriptors();
  for (const [path, reason] of [
    ['/dev/hoistway-no-such-port', /No such file/],
    ['/dev/null', /Inappropriate ioctl/],
    ['/tmp', /Is a directory/],
    [pty.a, /Cannot lock port/],
  ] as const) {
    for (let times = 0; times < 5; times++) {
      const { end, told } = open(path);
      await until(`${path} is told`, () => told.length > 0);
      end.write(Uint8Array.of(1));
      await end.close();
      assert.is(told.length, 1, `${path}: once`);
      assert.match(told[0] ?? '', /^lost: /, path);
      assert.match(told[0] ?? '', reason, path);
    }
  }
  assert.is(await steadyDescriptors(), before, 'no descriptor is left');
  await holder.end.close();
  await pty.close();
});

test('pulled: told once as gone, and a close right after it resolves when the descriptor is free', async () => {
  const pty = await openPtyPair();
  const before = await steadyDescriptors();
  const { end, told } = open(pty.a);
  await until('open', () => told.length === 1);
  const lost = until('lost', () => told.length === 2);
  await pty.unplug();
  await lost;
  await end.close();
  assert.ok(descriptors() <= before, 'free');
  end.write(Uint8Array.of(1));
  await pause(50);
  assert.equal(told, ['opened', 'lost: the adapter is gone'], 'and nothing after it');
  await pty.close();
});

test('closed while it is opened: nothing is told, and it is free for the next', async () => {
  const pty = await openPtyPair();
  const { end, told } = open(pty.a);
  await end.close();
  const next = open(pty.a);
  await until('open', () => next.told.length > 0);
  assert.equal(next.told, ['opened'], 'it is not locked');
  assert.equal(told, [], 'nothing was told of the first');
  await next.end.close();
  await pty.close();
});

test('closed: bytes that come after it are not told', async () => {
  const { fd, path } = openTerminal();
  const { end, told } = open(path);
  await until('open', () => told.length > 0);
  writeSync(fd, Uint8Array.of(7));
  await until('heard', () => told.length > 1);
  writeSync(fd, Uint8Array.of(8));
  await end.close();
  await pause(50);
  assert.equal(told, ['opened', 'heard 7'], 'the one before it alone');
  closeSync(fd);
});

test('pulled while the bytes that just came are answered: told once, and the port that is opened next is heard', async () => {
  const [first, second] = [openTerminal(), openTerminal()];
  const { told } = open(first.path, (end) => {
    closeSync(first.fd);
    end.write(Uint8Array.of(1));
    end.write(Uint8Array.of(2));
  });
  await until('open', () => told.length > 0);
  writeSync(first.fd, Uint8Array.of(9));
  await until('lost', () => told.length > 2);
  // Its descriptor has the number of the one that is gone.
  const next = open(second.path);
  await until('open', () => next.told.length > 0);
  for (let byte = 1; byte <= 5; byte++) {
    writeSync(second.fd, Uint8Array.of(byte));
    await until(`byte ${byte}`, () => next.told.length > byte);
  }
  assert.equal(next.told, ['opened', ...[1, 2, 3, 4, 5].map((byte) => `heard ${byte}`)], 'the next hears');
  assert.equal(told, ['opened', 'heard 9', 'lost: the adapter is gone'], 'the first was told once');
  await next.end.close();
  closeSync(second.fd);
});

test('a far end that takes nothing: writes are bounded, bytes are still heard, and frames arrive whole and in order', async () => {
  const warnings: string[] = [];
  const warn = ({ message }: Error) => warnings.push(message);
  process.on('warning', warn);
  const { fd, path } = openTerminal();
  const { end, told } = open(path);
  await until('open', () => told.length > 0);
  const frames = 5000;
  for (let at = 0; at < frames; at++) end.write(Uint8Array.of(...[0, 1, 2, 3, 4, 5], at >> 8, at & 255));
  await pause(50);
  writeSync(fd, Uint8Array.of(5));
  await until('heard', () => told.length > 1);
  writeSync(fd, Uint8Array.of(6));
  await until('heard again', () => told.length > 2);
  const arrived: number[] = [];
  const far = new ReadStream(fd);
  far.on('data', (bytes: Buffer) => arrived.push(...bytes));
  await until('all that was taken', () => arrived.length > 1000 && arrived.length % 8 === 0);
  await pause(50);
  end.write(new Uint8Array(8).fill(255));
  await until('the next one', () => arrived.at(-1) === 255);
  const count = arrived.length / 8 - 1;
  const whole = Array.from({ length: count }, (_, at) => [0, 1, 2, 3, 4, 5, at >> 8, at & 255]).flat();
  assert.equal(arrived.slice(0, -8), whole, `the first ${count}, whole and in order`);
  assert.ok(count < frames, 'those for which there was no room were left out');
  assert.equal(told, ['opened', 'heard 5', 'heard 6'], 'heard meanwhile');
  assert.equal(warnings, [], 'no warning of a leak');
  process.off('warning', warn);
  await end.close();
  far.destroy();
});

test('a listener that throws is not taken for a line that is gone', async () => {
  const { fd, path } = openTerminal();
  const { end, told } = open(path, () => {
    throw new Error('a fault of the listener');
  });
  await until('open', () => told.length > 0);
  const thrown = new Promise<Error>((resolve) => process.once('uncaughtException', resolve));
  writeSync(fd, Uint8Array.of(1));
  assert.match((await thrown).message, /of the listener/, 'it reaches the top');
  assert.equal(told, ['opened', 'heard 1'], 'and the port is not lost');
  await end.close();
  closeSync(fd);
});

test('kept: a port that was pulled and put back under another name is opened again, and leaves no descriptor', async () => {
  const pty = await openPtyPair();
  const told: string[] = [];
  const kept = new KeptSerial({
    ...{ settings: settingsOf(pty.a), ...STAMP },
    up: () => told.push('up'),
    down: () => told.push('down'),
    chunk: () => undefined,
  });
  await until('up', () => told.at(-1) === 'up');
  const before = await steadyDescriptors();
  for (let times = 0; times < 3; times++) {
    await pty.unplug();
    await until('down', () => told.at(-1) === 'down');
    await pty.plug();
    await until('up', () => told.at(-1) === 'up');
  }
  assert.is(await steadyDescriptors(), before, 'no descriptor is left');
  await kept.close();
  await pty.close();
});

test.run();
