import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { serviceManager } from '../../../drivers/systemd/notify.ts';

/** A real datagram socket: prints one line of JSON per message, with the pid of its sender as systemd sees it. */
const RECEIVER = `
import json, socket, struct, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
name = sys.argv[1]
s.bind(chr(0) + name[1:] if name.startswith('@') else name)
print('"bound"', flush=True)
for _ in sys.stdin:
    data, more, _, _ = s.recvmsg(4096, 256)
    pid = struct.unpack('iii', more[0][2])[0]
    print(json.dumps([data.decode(), pid]), flush=True)
`;

class Receiver {
  readonly #child: ChildProcess;
  readonly #lines: unknown[] = [];
  readonly #ended: Promise<void>;
  #wake: () => void = () => {};

  constructor(address: string) {
    this.#child = spawn('/usr/bin/python3', ['-c', RECEIVER, address], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#ended = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    let rest = '';
    this.#child.stdout?.on('data', (bytes: Buffer) => {
      const lines = (rest + bytes).split('\n');
      rest = lines.pop() ?? '';
      this.#lines.push(...lines.map((line) => JSON.parse(line) as unknown));
      this.#wake();
    });
  }

  async bound(): Promise<void> {
    assert.is(await this.#line(), 'bound', 'the receiver listens');
  }

  /** The next message, and the pid of its sender. */
  async take(): Promise<[string, number]> {
    this.#child.stdin?.write('\n');
    return (await this.#line()) as [string, number];
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async #line(): Promise<unknown> {
    while (this.#lines.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#lines.shift();
  }
}

const dir = mkdtempSync(join(tmpdir(), 'hoistway-notify-'));
test.after(() => rmSync(dir, { recursive: true }));

for (const address of [join(dir, 'notify'), `@hoistway-test-${process.pid}`]) {
  test(`a unit's life reaches ${address.startsWith('@') ? 'an abstract socket' : 'a socket in the file system'}`, async () => {
    const receiver = new Receiver(address);
    try {
      await receiver.bound();
      const manager = serviceManager({ NOTIFY_SOCKET: address, WATCHDOG_USEC: '30000000' });
      assert.is(manager.watchdogMs, 30_000, 'how often it looks');
      manager.ready('watching 2 lifts');
      manager.alive();
      manager.status('线路中断\nbus a');
      manager.stopping();
      const messages = [await receiver.take(), await receiver.take(), await receiver.take(), await receiver.take()];
      assert.equal(
        messages.map(([text]) => text),
        ['READY=1\nSTATUS=watching 2 lifts\n', 'WATCHDOG=1\n', 'STATUS=线路中断; bus a\n', 'STOPPING=1\n'],
        'in order, one datagram each',
      );
      assert.equal(
        [...new Set(messages.map(([, pid]) => pid))],
        [process.pid],
        'from this very process: NotifyAccess=main',
      );
      assert.is(manager.failed, 0, 'all taken');
    } finally {
      await receiver.close();
    }
  });
}

test('a manager that takes nothing neither stops nor slows us, and READY goes again when it does', async () => {
  const address = join(dir, 'late');
  const manager = serviceManager({ NOTIFY_SOCKET: address, WATCHDOG_USEC: '1000000' });
  manager.ready('up');
  manager.alive();
  assert.is(manager.failed, 2, 'nobody listens yet');
  const receiver = new Receiver(address);
  try {
    await receiver.bound();
    manager.alive();
    manager.alive();
    assert.equal(await receiver.take(), ['READY=1\nWATCHDOG=1\n', process.pid], 'READY is made up for');
    assert.equal(await receiver.take(), ['WATCHDOG=1\n', process.pid], 'once');
    const before = manager.failed;
    for (let message = 0; message < 1000; message++) manager.alive();
    assert.ok(manager.failed > before, 'a full socket is counted, and does not block');
  } finally {
    await receiver.close();
  }
});

test('without a socket, or with one that cannot be, nothing is done', () => {
  const none = [{}, { NOTIFY_SOCKET: '' }, { NOTIFY_SOCKET: 'vsock:2:9' }, { NOTIFY_SOCKET: `/${'x'.repeat(108)}` }];
  for (const env of none) {
    const manager = serviceManager({ ...env, WATCHDOG_USEC: '30000000' });
    manager.ready('up');
    manager.alive();
    manager.stopping();
    assert.is(manager.failed, 0, `nothing sent to ${env.NOTIFY_SOCKET ?? 'no socket'}`);
    assert.is(manager.watchdogMs, null, 'nobody watches');
  }
});

test('the watchdog is fed only where it watches this process', async () => {
  const address = join(dir, 'watchdog');
  const receiver = new Receiver(address);
  try {
    await receiver.bound();
    const others = [
      {},
      { WATCHDOG_USEC: '0' },
      { WATCHDOG_USEC: 'soon' },
      { WATCHDOG_USEC: '5000000', WATCHDOG_PID: String(process.pid + 1) },
    ];
    for (const env of others) {
      const manager = serviceManager({ NOTIFY_SOCKET: address, ...env });
      assert.is(manager.watchdogMs, null, `not for ${JSON.stringify(env)}`);
      manager.alive();
    }
    const ours = serviceManager({
      NOTIFY_SOCKET: address,
      WATCHDOG_USEC: '5000000',
      WATCHDOG_PID: String(process.pid),
    });
    assert.is(ours.watchdogMs, 5000, 'for this process');
    ours.status('first');
    assert.equal(await receiver.take(), ['STATUS=first\n', process.pid], 'nothing came before');
  } finally {
    await receiver.close();
  }
});

test.run();
